// The loop and the counters that products of all kinds share.
#pragma once

#include <benchmark/benchmark.h>

#include "case.hpp"
#include "limits.hpp"
#include "strum/core/error.hpp"
#include "timing.hpp"

namespace bench {

/// Runs the iterations, and returns the mean seconds of one: of the thread's CPU time, or of the
/// wall clock where the case has more than one thread. Throws ValueError for a product that runs on
/// other threads when it may not.
template <class F>
[[nodiscard]] double time_products(benchmark::State& state, const Case& c, F&& product) {
  const auto clock = c.threads > 1 ? wall_seconds : thread_seconds;
  const double process = process_seconds(), begin = clock();
  for (auto _ : state) {
    product();
    benchmark::ClobberMemory();
  }
  const double seconds = clock() - begin;
  if (c.threads == 1 && process_seconds() - process > 1.1 * seconds + 1e-3)
    strum::detail::fail<strum::ValueError>(name(c), " used more than one thread");
  return seconds / static_cast<double>(state.iterations());
}

/// What a product has to do at least.
struct Work {
  double flops;
  Index weight_bytes, vector_bytes;  // vectors: x and y
};

/// Sets GFLOPS, peak, limit and GBps as run() describes them. R is the real type computed with.
template <class R>
void set_rates(benchmark::State& state, const Work& work, double seconds) {
  state.counters["GFLOPS"] = 1e-9 * work.flops / seconds;
  state.counters["peak"] = work.flops / seconds / peak<R>();
  state.counters["limit"] =
      least_seconds<R>(work.flops, work.weight_bytes, work.vector_bytes) / seconds;
  state.counters["GBps"] =
      1e-9 * static_cast<double>(work.weight_bytes + work.vector_bytes) / seconds;
}

}  // namespace bench
