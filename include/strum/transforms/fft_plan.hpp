// What a transform of one length needs beside its signal: the order of its passes, their twiddles,
// and for lengths with a large prime factor the filter of Bluestein's convolution. Made once per
// length, shared by all transforms of it.
#pragma once

#include <algorithm>
#include <complex>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "strum/core/angles.hpp"
#include "strum/core/buffer.hpp"
#include "strum/core/error.hpp"
#include "strum/core/workspace.hpp"
#include "strum/kernels/signals.hpp"

namespace strum::inline STRUM_ABI::detail {

/// e^{−2πi·numerator/denominator} to a place for real and one for imaginary parts.
template <class R>
void put_root(Index numerator, Index denominator, R& re, R& im) {
  re = static_cast<R>(cos_pi(2 * numerator, denominator));
  im = static_cast<R>(-sin_pi(2 * numerator, denominator));
}

/// The passes of a transform of n complex numbers.
template <class R>
class FftPasses {
 public:
  /// count() is 0 for n = 1, and direct() false where n has a prime factor too large for a pass.
  explicit FftPasses(Index n) {
    Index radices[kernels::kMostPasses];
    const Index count = kernels::signals<R>().fft_radices(n, radices);
    direct_ = count > 0 || n == 1;
    Index stride = 1;
    for (Index i = 0; i < count; ++i) {
      add(n, radices[i], stride);
      stride *= radices[i];
    }
  }

  [[nodiscard]] bool direct() const { return direct_; }
  [[nodiscard]] Index count() const { return static_cast<Index>(passes_.size()); }
  [[nodiscard]] const kernels::FftPass<R>* data() const { return passes_.data(); }

 private:
  void add(Index n, Index r, Index stride) {
    const Index m = n / (r * stride);
    kernels::FftPass<R> pass = {.radix = r,
                                .rest = m,
                                .stride = stride,
                                .twiddles = nullptr,
                                .twiddles_in_parts = nullptr,
                                .roots = nullptr};
    const auto& kernels = kernels::signals<R>();
    pass.twiddles = add_twiddles(r, m, [](Index lane) { return lane; });
    pass.twiddles_in_parts = pass.twiddles;
    if (stride == 1 && kernels.pair_of_lane != nullptr)
      pass.twiddles_in_parts = add_twiddles(r, m, kernels.pair_of_lane);
    if (r % 2 != 0) {
      const Index h = r / 2;
      Buffer<R> roots(2 * h * h);
      for (Index k = 1; k <= h; ++k)
        for (Index j = 1; j <= h; ++j) {
          R* const to = roots.data() + (k - 1) * h + j - 1;
          put_root(j * k, r, to[0], to[h * h]);
          to[h * h] = -to[h * h];
        }
      pass.roots = roots.data();
      tables_.push_back(std::move(roots));
    }
    passes_.push_back(pass);
  }

  /// w^{pk} by blocks of a vector of p, p_of_lane() of the block in each lane.
  template <class Order>
  const R* add_twiddles(Index r, Index m, const Order& p_of_lane) {
    const Index lanes = kernels::signals<R>().lanes, blocks = (m + lanes - 1) / lanes;
    Buffer<R> twiddles(blocks * (r - 1) * 2 * lanes);
    R* to = twiddles.data();
    for (Index block = 0; block < blocks; ++block)
      for (Index k = 1; k < r; ++k, to += 2 * lanes)
        for (Index lane = 0; lane < lanes; ++lane)
          put_root((block * lanes + p_of_lane(lane)) * k, r * m, to[lane], to[lanes + lane]);
    tables_.push_back(std::move(twiddles));
    return tables_.back().data();
  }

  bool direct_ = true;
  std::vector<kernels::FftPass<R>> passes_;
  std::vector<Buffer<R>> tables_;
};

/// What a plan is made for beside complex transforms.
enum class FftUse {
  complex,
  real,       ///< 2·n real numbers
  twisted,    ///< a negacyclic convolution of 2·n real ones
  negacyclic  ///< one of n complex ones
};

/// The smallest length >= at_least that passes take fast: 2^k times 1, 3, 5, 9 or 15.
[[nodiscard]] inline Index smooth_length(Index at_least) {
  constexpr Index kOdd[] = {3, 5, 9, 15};
  Index best = 1;
  while (best < at_least) best *= 2;
  for (const Index odd : kOdd) {
    Index n = odd * 32;  // fewer 2s than a vector has lanes would leave some of them empty
    while (n < at_least) n *= 2;
    best = std::min(best, n);
  }
  return best;
}

/// A transform of n complex numbers, for one of the uses.
template <class R>
class FftPlan {
 public:
  using Complex = std::complex<R>;

  /// The plan for a length and use: a new one, or one that is in use already or was lately.
  static std::shared_ptr<const FftPlan> get(Index n, FftUse use = FftUse::complex) {
    static constexpr std::size_t kKept = 32;
    static std::mutex mutex;
    static std::vector<std::shared_ptr<const FftPlan>> kept;
    {
      const std::lock_guard lock(mutex);
      for (auto plan = kept.begin(); plan != kept.end(); ++plan)
        if ((*plan)->length() == n && (*plan)->use_ == use) {
          std::rotate(kept.begin(), plan, plan + 1);
          return kept.front();
        }
    }
    // Outside of the lock: it takes milliseconds, and Bluestein's plan asks for another.
    auto plan = std::make_shared<const FftPlan>(n, use);
    const std::lock_guard lock(mutex);
    if (kept.size() == kKept) kept.pop_back();
    kept.insert(kept.begin(), plan);
    return plan;
  }

  FftPlan(Index n, FftUse use) : use_(use), passes_(checked(n)) {
    stages_ = {.n = n, .count = passes_.count(), .passes = passes_.data(), .split = nullptr};
    if (!passes_.direct()) {
      if (use == FftUse::complex) make_chirp();
      return;
    }
    if (use == FftUse::real) {
      table_ = Buffer<R>(2 * (n / 2 + 1));
      for (Index k = 0; k <= n / 2; ++k)
        put_root(k, 2 * n, table_.data()[k], table_.data()[n / 2 + 1 + k]);
      stages_.split = table_.data();
    } else if (use != FftUse::complex) {
      const Index turn = use == FftUse::twisted ? 4 * n : 2 * n;
      table_ = Buffer<R>(2 * n);
      for (Index j = 0; j < n; ++j) put_root(-j, turn, table_.data()[j], table_.data()[n + j]);
    }
  }
  FftPlan(const FftPlan&) = delete;
  FftPlan& operator=(const FftPlan&) = delete;

  [[nodiscard]] Index length() const { return stages_.n; }
  /// Whether passes() transform it; else only transform() does.
  [[nodiscard]] bool direct() const { return passes_.direct(); }
  [[nodiscard]] const kernels::FftStages<R>& stages() const { return stages_; }
  /// e^{iπj/(2n)} of FftUse::twisted, e^{iπj/n} of FftUse::negacyclic: real parts, imaginary parts.
  [[nodiscard]] const R* weights() const { return table_.data(); }

  /// Whether signals that lie side by side are transformed so, and not copied apart and back. Two
  /// buffers of a tile, and what the passes read and write, then stay in L2: of 128 row-major
  /// signals of complex floats, a tile takes 0.8 of the time of copies at n = 1024 and 1.1 at 2048.
  [[nodiscard]] bool tile_pays() const {
    constexpr Index kMostBytes = 256 * 1024;
    return direct() && length() * kernels::signals<R>().lanes * Index{4 * sizeof(R)} <= kMostBytes;
  }

  /// Reals of scratch for one signal, or a tile.
  [[nodiscard]] Index scratch(bool tile) const {
    if (direct()) return kernels::signals<R>().fft_scratch(length(), tile && tile_pays());
    return kernels::signals<R>().fft_scratch(chirp_->length(), false) + 2 * chirp_->length();
  }

  /// One contiguous signal, unnormalised but for `scale`; y may be x.
  void transform(bool inverse, R scale, const Complex* x, Complex* y, R* scratch) const {
    const auto* const in = reinterpret_cast<const R*>(x);
    auto* const out = reinterpret_cast<R*>(y);
    if (!direct()) return convolve_chirp(inverse, scale, in, out, scratch);
    kernels::signals<R>().fft_complex({.stages = &stages_,
                                       .x = in,
                                       .y = out,
                                       .batch = 1,
                                       .signals_are_neighbours = false,
                                       .x_step = 1,
                                       .y_step = 1,
                                       .x_pitch = 0,
                                       .y_pitch = 0,
                                       .scale = scale,
                                       .inverse = inverse,
                                       .scratch = scratch});
  }

 private:
  static Index checked(Index n) {
    if (n < 1) fail<ShapeError>("FFT: a length of ", n);
    checked_product(n, Index{64} * Index{sizeof(R)}, "FFT");
    return n;
  }

  /// Bluestein: jk = (j² + k² − (k − j)²)/2, so that with b_j = e^{iπj²/n} the transform is
  /// conj(b_k)·Σ_j (x_j·conj(b_j))·b_{k − j}, a convolution of any longer length.
  void make_chirp() {
    const Index n = length();
    chirp_ = get(smooth_length(2 * n - 1));
    const Index m = chirp_->length();
    table_ = Buffer<R>(6 * m);
    R* const source = table_.data();   // conj(b), multiplied when read
    R* const target = source + 2 * m;  // b, whose conjugate is multiplied when written
    filter_ = target + 2 * m;
    std::fill_n(source, 4 * m, R(0));
    Buffer<Complex> b(m);
    std::fill_n(b.data(), m, Complex());
    // j² mod 2n, by differences: j² itself may leave the index type.
    for (Index j = 0, square = 0; j < n; square = (square + 2 * j + 1) % (2 * n), ++j) {
      put_root(square, 2 * n, source[j], source[m + j]);
      target[j] = source[j];
      target[m + j] = -source[m + j];
      b.data()[j] = {target[j], target[m + j]};
      if (j > 0) b.data()[m - j] = b.data()[j];
    }
    Buffer<R> scratch(chirp_->scratch(false));
    chirp_->spectrum(false, false, nullptr, R(1), reinterpret_cast<const R*>(b.data()), m, filter_,
                     scratch.data());
  }

  void convolve_chirp(bool inverse, R scale, const R* x, R* y, R* scratch) const {
    const Index m = chirp_->length();
    const R* const source = table_.data();
    R* const spectrum = scratch + chirp_->scratch(false);
    chirp_->spectrum(false, inverse, source, R(1), x, length(), spectrum, scratch);
    kernels::signals<R>().multiply_spectra({.n = m,
                                            .packed = false,
                                            .f = filter_,
                                            .x = spectrum,
                                            .y = spectrum,
                                            .correlate = false,
                                            .add = false});
    chirp_->spectrum(true, inverse, source + 2 * m, scale / static_cast<R>(m), spectrum, length(),
                     y, scratch);
  }

  void spectrum(bool inverse, bool conjugated, const R* weights, R scale, const R* x, Index count,
                R* y, R* scratch) const {
    kernels::signals<R>().fft_spectrum({.stages = &stages_,
                                        .kind = kernels::SpectrumKind::complex,
                                        .weights = weights,
                                        .inverse = inverse,
                                        .conjugated = conjugated,
                                        .x = x,
                                        .y = y,
                                        .first = 0,
                                        .count = count,
                                        .scale = scale,
                                        .scratch = scratch});
  }

  FftUse use_;
  FftPasses<R> passes_;
  kernels::FftStages<R> stages_;
  Buffer<R> table_;
  std::shared_ptr<const FftPlan> chirp_;
  R* filter_ = nullptr;
};

}  // namespace strum::inline STRUM_ABI::detail
