#include "run.hpp"

#include <complex>
#include <exception>

#include "limits.hpp"
#include "problem.hpp"
#include "strum/core/scalar.hpp"
#include "timing.hpp"

namespace bench {
namespace {

template <class S, class W>
void set_counters(benchmark::State& state, const Case& c, Index weights, double seconds) {
  const Index weight_bytes = weights * Index{sizeof(W)};
  const Index vectors = (c.m + c.n) * c.batch * Index{sizeof(S)};
  const auto flops = static_cast<double>(strum::kMultiplyAddFlops<S> * weights * c.batch);
  using R = strum::Real<S>;
  state.counters["GFLOPS"] = 1e-9 * flops / seconds;
  state.counters["peak"] = flops / seconds / peak<R>();
  state.counters["limit"] = least_seconds<R>(flops, weight_bytes, vectors) / seconds;
  state.counters["GBps"] = 1e-9 * static_cast<double>(weight_bytes + vectors) / seconds;
}

template <class S, class W = S>
void run_scalar(benchmark::State& state, const Case& c) {
  static Problem<S, W> problem;
  Product<S>& product = problem.product(c);
  Batch<S> batch(c);
  product.bind(c, batch.x(), batch.y());
  product.run();  // scratch, and packings made at first use
  problem.check(c, batch.x(), batch.y());

  const auto clock = c.threads > 1 ? wall_seconds : thread_seconds;
  const double process = process_seconds(), begin = clock();
  for (auto _ : state) {
    product.run();
    benchmark::ClobberMemory();
  }
  const double seconds = clock() - begin;
  if (c.threads == 1 && process_seconds() - process > 1.1 * seconds + 1e-3)
    strum::detail::fail<strum::ValueError>(name(c), " used more than one thread");

  state.SetLabel(product.way());
  set_counters<S, W>(state, c, problem.weight_count(),
                     seconds / static_cast<double>(state.iterations()));
}

}  // namespace

void run(benchmark::State& state, const Case& c) {
  try {
    if (c.scalar == ScalarType::f32)
      run_scalar<float>(state, c);
    else if (c.scalar == ScalarType::f64)
      run_scalar<double>(state, c);
    else if (c.scalar == ScalarType::bf16)
      run_scalar<float, strum::bfloat16>(state, c);
    else if (c.scalar == ScalarType::c32)
      run_scalar<std::complex<float>>(state, c);
    else
      run_scalar<std::complex<double>>(state, c);
  } catch (const std::exception& error) {
    state.SkipWithError(error.what());
  }
}

}  // namespace bench
