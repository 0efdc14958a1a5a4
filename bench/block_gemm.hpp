// A product with Dense or BlockDiagonal as a BLAS sees it: one matrix product per block. Included
// by the files of each instruction set, hence by itself.
#pragma once

#include "strum/core/config.hpp"

namespace bench {

using strum::Index;

/// C = A·B for each block, all column-major: C m x n, A m x k, B k x n. The blocks' matrices lie
/// a_step, b_step, c_step elements apart.
template <class S>
struct BlockGemm {
  Index blocks, m, n, k;
  const S* a;
  const S* b;
  S* c;
  Index lda, ldb, ldc;
  Index a_step, b_step, c_step;
  bool batch_is_m;  // samples are rows of C (batch-contiguous x and y), not columns
};

}  // namespace bench
