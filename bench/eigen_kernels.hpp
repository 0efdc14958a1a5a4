// Products written with Eigen, for the instruction set this is compiled for.
#pragma once

#include <Eigen/Core>

#include "isa.hpp"
#include "strum/core/isa.hpp"

namespace bench::STRUM_KERNELS {

template <class S>
using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

/// A batch of samples: Columns is 1 (a vector, for which Eigen has its own product) or Dynamic.
template <class S, int Columns>
using Samples = Eigen::Matrix<S, Eigen::Dynamic, Columns>;

template <class S>
auto block(const S* w, Index g, Index size) {
  return Eigen::Map<const Matrix<S>>(w + g * size * size, size, size);
}

/// Eigen's default, column-major weights. Row-major ones: one sample 12 % faster (dense, n = 4096,
/// AVX-512), 16 samples 4 %; blocks of 64, 10 to 30 % slower.
template <class S, int Columns>
void eigen_block_gemm(const BlockGemm<S>& g) {
  using Stride = Eigen::OuterStride<>;
  for (Index i = 0; i < g.blocks; ++i) {
    const Eigen::Map<const Matrix<S>, 0, Stride> a(g.a + i * g.a_step, g.m, g.k, Stride(g.lda));
    const Eigen::Map<const Samples<S, Columns>, 0, Stride> b(g.b + i * g.b_step, g.k, g.n,
                                                             Stride(g.ldb));
    Eigen::Map<Samples<S, Columns>, 0, Stride>(g.c + i * g.c_step, g.m, g.n, Stride(g.ldc))
        .noalias() = a * b;
  }
}

/// The second factor copies its strided inputs and outputs: products of Eigen straight from and to
/// strided maps took 5 to 35 % longer (n = 4096, 64 blocks).
template <class S, int Columns>
void eigen_monarch(Index blocks, Index size, Index batch, const S* w1, const S* w2, const S* x,
                   S* y, S* scratch) {
  using Strided = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  const Index n = blocks * size;
  S* const hidden = scratch;
  Eigen::Map<Samples<S, Columns>> in(hidden + n * batch, size, batch);
  Eigen::Map<Samples<S, Columns>> out(hidden + (n + size) * batch, size, batch);
  eigen_block_gemm<S, Columns>(
      {blocks, size, batch, size, w1, x, hidden, size, n, n, size * size, size, size, false});
  for (Index g = 0; g < blocks; ++g) {
    const Strided stride(n, blocks);
    in = Eigen::Map<const Samples<S, Columns>, 0, Strided>(hidden + g, size, batch, stride);
    out.noalias() = block(w2, g, size) * in;
    Eigen::Map<Samples<S, Columns>, 0, Strided>(y + g, size, batch, stride) = out;
  }
}

template <class S, int Columns>
constexpr EigenKernels<S> make_eigen_kernels() {
  return {.block_gemm = &eigen_block_gemm<S, Columns>, .monarch = &eigen_monarch<S, Columns>};
}

}  // namespace bench::STRUM_KERNELS
