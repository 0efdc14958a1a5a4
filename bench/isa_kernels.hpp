// Everything that is compiled once per instruction set, as the table the choice is made from.
#pragma once

#include "bandwidth.hpp"
#include "eigen_kernels.hpp"
#include "multiply_adds.hpp"

namespace bench::STRUM_KERNELS {

template <class S>
constexpr IsaKernels<S> make_kernels() {
  return {.multiply_adds = &multiply_adds<S>,
          .flops_per_iteration = 2 * kChains * simd::kLanes<S>,
          .eigen_one = make_eigen_kernels<S, 1>(),
          .eigen_many = make_eigen_kernels<S, Eigen::Dynamic>()};
}

constexpr IsaTable make_table() {
  return {
      .f32 = make_kernels<float>(), .f64 = make_kernels<double>(), .read = &read, .copy = &copy};
}

}  // namespace bench::STRUM_KERNELS
