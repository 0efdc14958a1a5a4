// One case under Google Benchmark.
#pragma once

#include <benchmark/benchmark.h>

#include "case.hpp"

namespace bench {

/// Makes the operator (unless the case before had the same), times the product, and sets the
/// counters GFLOPS, peak (the fraction of peak()) and GBps (weights, x and y touched once each per
/// product). Rates are per second of the thread's CPU time, as Google Benchmark's "CPU" column.
void run(benchmark::State& state, const Case& c);

}  // namespace bench
