#include "run.hpp"

#include <complex>
#include <exception>

#include "problem.hpp"
#include "rates.hpp"
#include "strum/core/scalar.hpp"

namespace bench {
namespace {

template <class S, class W>
Work work_of(const Case& c, Index weights) {
  return {.flops = static_cast<double>(strum::kMultiplyAddFlops<S> * weights * c.batch),
          .weight_bytes = weights * Index{sizeof(W)},
          .vector_bytes = (c.m + c.n) * c.batch * Index{sizeof(S)}};
}

template <class S, class W = S>
void run_scalar(benchmark::State& state, const Case& c) {
  static Problem<S, W> problem;
  Product<S>& product = problem.product(c);
  Batch<S> batch(c);
  product.bind(c, batch.x(), batch.y());
  product.run();  // scratch, and packings made at first use
  problem.check(c, batch.x(), batch.y());

  const double seconds = time_products(state, c, [&] { product.run(); });
  state.SetLabel(product.way());
  set_rates<strum::Real<S>>(state, work_of<S, W>(c, problem.weight_count()), seconds);
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
