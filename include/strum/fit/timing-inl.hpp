// The body of timing.hpp: compiled once in the library, inline header-only.
#pragma once

#include <time.h>

#include <algorithm>
#include <array>

#include "strum/core/parallel.hpp"
#include "strum/core/tensor.hpp"
#include "strum/fit/timing.hpp"

namespace strum::inline STRUM_ABI::detail {

// Long against reading the clock (a microsecond) and the cost of a cold cache at the first call,
// short enough for all turns of a dozen operators to be over in a second.
inline constexpr double kSecondsPerTurn = 2e-3;
inline constexpr std::size_t kTurns = 7;

/// Processor time of this thread: on a machine with other work to do, time on the clock counts that
/// as well (with eight busy processes on two cores, ratios came out wrong by up to ten).
[[nodiscard]] inline double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// While it lives, products stay on the calling thread.
class SingleThread {
 public:
  SingleThread() : before_(stay_on_thread(true)) {}
  ~SingleThread() { stay_on_thread(before_); }
  SingleThread(const SingleThread&) = delete;
  SingleThread& operator=(const SingleThread&) = delete;

 private:
  bool before_;
};

template <class F>
[[nodiscard]] double seconds_of(const F& function, long calls) {
  const double begin = thread_seconds();
  for (long i = 0; i < calls; ++i) function();
  return thread_seconds() - begin;
}

/// Calls that take about kSecondsPerTurn. Also the warm-up: scratch memory is allocated here.
template <class F>
[[nodiscard]] long calls_per_turn(const F& function) {
  long calls = 1;
  double taken = seconds_of(function, calls);
  while (taken < kSecondsPerTurn / 4) {
    calls *= 2;
    taken = seconds_of(function, calls);
  }
  return std::max(1L, static_cast<long>(static_cast<double>(calls) * kSecondsPerTurn / taken));
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
std::vector<std::vector<double>> microseconds_per_sample(
    const std::vector<const AnyLinearOp<Scalar>*>& ops, const std::vector<Index>& batches) {
  using namespace strum::detail;
  std::vector<std::vector<double>> result(ops.size());
  if (ops.empty()) return result;
  const Index rows = ops[0]->rows(), cols = ops[0]->cols();
  for (const AnyLinearOp<Scalar>* op : ops)
    if (op->rows() != rows || op->cols() != cols)
      fail<ShapeError>("fit::microseconds_per_sample: operators of ", rows, " x ", cols, " and ",
                       op->rows(), " x ", op->cols());
  const SingleThread single_thread;
  for (const Index batch : batches) {
    if (batch < 1) fail<ValueError>("fit::microseconds_per_sample: batch ", batch);
    Tensor<Scalar> x({batch, cols}), y({batch, rows});
    for (Index i = 0; i < x.size(); ++i) x[i] = Scalar(1) / static_cast<Scalar>(1 + i % 17);
    const MatrixView<const Scalar> in(x.data(), cols, batch);
    const MatrixView<Scalar> out(y.data(), rows, batch);
    const auto product = [&](std::size_t i) { return [&, i] { ops[i]->apply(in, out); }; };
    std::vector<long> calls;
    for (std::size_t i = 0; i < ops.size(); ++i) calls.push_back(calls_per_turn(product(i)));
    std::vector<std::array<double, kTurns>> taken(ops.size());
    for (std::size_t turn = 0; turn < kTurns; ++turn)
      for (std::size_t i = 0; i < ops.size(); ++i)
        taken[i][turn] = seconds_of(product(i), calls[i]) / static_cast<double>(calls[i]);
    for (std::size_t i = 0; i < ops.size(); ++i) {
      std::nth_element(taken[i].begin(), taken[i].begin() + kTurns / 2, taken[i].end());
      result[i].push_back(taken[i][kTurns / 2] * 1e6 / static_cast<double>(batch));
    }
  }
  return result;
}

}  // namespace strum::inline STRUM_ABI::fit
