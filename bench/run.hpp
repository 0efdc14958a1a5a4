// One case under Google Benchmark.
#pragma once

#include <benchmark/benchmark.h>

#include "case.hpp"

namespace bench {

/// Makes the operator (unless the case before had the same), times the product, and sets the
/// counters GFLOPS, peak (the fraction of peak()), limit (the fraction of what least_seconds()
/// allows) and GBps (weights, x and y touched once each per product). Rates are per second of the
/// thread's CPU time, as Google Benchmark's "CPU" column, or of the wall clock where the case has
/// more than one thread; limits are those of one core. A peer whose y is not strum's, and a product
/// that runs on other threads when it may not, are errors.
void run(benchmark::State& state, const Case& c);

}  // namespace bench
