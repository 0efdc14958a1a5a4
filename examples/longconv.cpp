// longconv: two minutes of music in a hall, block by block as they are played and all at once.
//
// A recording made on the spot (48 kHz, plucked strings) passes through an impulse response of two
// seconds, 96000 taps: by StreamingConvolution in blocks of 64 to 512 samples, each of which comes
// back complete before the next one is there, and by the batch's convolution, which sees all of it.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

#include "strum/core/isa.hpp"
#include "strum/core/parallel.hpp"
#include "strum/transforms/long_convolution.hpp"
#include "strum/transforms/streaming_convolution.hpp"

namespace {

using strum::Index;
using Signal = strum::Tensor<float>;  // (channels, samples)

constexpr Index kRate = 48000, kSeconds = 120, kTaps = 2 * kRate;

/// Karplus and Strong's strings: noise that goes round in a delay line and is smoothed on its way.
/// One is plucked every quarter of a second, and rings for two seconds.
Signal recording() {
  Signal x({1, kSeconds * kRate});
  std::mt19937 random(1);
  std::uniform_real_distribution<float> noise(-0.25F, 0.25F);
  std::uniform_int_distribution<int> note(0, 24);
  for (Index start = 0; start < x.size(); start += kRate / 4) {
    std::vector<float> string(
        static_cast<std::size_t>(kRate / (110 * std::exp2(note(random) / 12.0))));
    for (float& v : string) v = noise(random);
    for (Index t = 0; t < std::min(2 * kRate, x.size() - start); ++t) {
      float& v = string[std::size_t(t) % string.size()];
      x[start + t] += v;
      v = 0.498F * (v + string[std::size_t(t + 1) % string.size()]);
    }
  }
  return x;
}

/// Noise that has faded by 60 dB at its end.
Signal impulse_response() {
  Signal k({1, kTaps});
  std::mt19937 random(2);
  std::normal_distribution<float> noise(0, 0.01F);
  for (Index t = 0; t < kTaps; ++t)
    k[t] = noise(random) * std::pow(10.0F, -3 * static_cast<float>(t) / static_cast<float>(kTaps));
  return k;
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// max |a − b| / max |b|.
double largest_difference(const Signal& a, const Signal& b) {
  double difference = 0, size = 0;
  for (Index t = 0; t < b.size(); ++t) {
    difference = std::max(difference, std::abs(double(a[t]) - double(b[t])));
    size = std::max(size, std::abs(double(b[t])));
  }
  return difference / size;
}

/// Plays a recording block by block, and prints how that went.
void play(strum::StreamingConvolution<float>& hall, const Signal& x, Index block,
          const Signal& expected) {
  hall.reset();
  Signal y(x.shape());
  std::vector<double> pushes;
  pushes.reserve(std::size_t(x.size() / block + 1));
  const Clock::time_point start = Clock::now();
  for (Index first = 0; first < x.size(); first += block) {
    const Index count = std::min(block, x.size() - first);
    const Clock::time_point begin = Clock::now();
    hall.push({x.data() + first, 1, count}, {y.data() + first, 1, count});
    pushes.push_back(1e6 * seconds_since(begin));
  }
  const double seconds = seconds_since(start);
  std::sort(pushes.begin(), pushes.end());
  std::printf("%9td %9.0f x %9.1f us %12.1f us %9.1f us %13.1e\n", block,
              double(kSeconds) / seconds, 1e6 * seconds / double(pushes.size()),
              pushes[pushes.size() * 999 / 1000], pushes.back(), largest_difference(y, expected));
}

}  // namespace

int main() {
  const Signal x = recording(), k = impulse_response();
  std::printf("%td s at %td Hz through %td taps, one thread, %s\n\n", kSeconds, kRate, kTaps,
              strum::active_isa());
  std::printf("    block   real time   mean push   1 in 1000 over   the worst   off the batch\n");

  strum::set_num_threads(1);
  const strum::LongConvolution<float> batch(strum::ConvolutionMode::causal, x.size(), k);
  Signal expected(x.shape());
  const strum::MatrixView<const float> in(x.data(), x.size(), 1);
  const strum::MatrixView<float> out(expected.data(), x.size(), 1);
  batch.apply(in, out);  // the first takes memory
  const Clock::time_point start = Clock::now();
  batch.apply(in, out);
  std::printf("      all %9.0f x\n", double(kSeconds) / seconds_since(start));

  strum::StreamingConvolution<float> hall(k);
  for (const Index block : {64, 128, 256, 512}) play(hall, x, block, expected);
  std::printf("\n%.0f operations per sample; 64 samples last %.0f us.\n", hall.flops_per_sample(),
              64e6 / double(kRate));
  return 0;
}
