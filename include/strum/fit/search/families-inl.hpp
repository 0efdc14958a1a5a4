// The families that the search knows: one line each.
#pragma once

#include "strum/fit/search/block_families-inl.hpp"
#include "strum/fit/search/chain_families-inl.hpp"
#include "strum/fit/search/diagonal_families-inl.hpp"
#include "strum/fit/search/kronecker_family-inl.hpp"
#include "strum/fit/search/low_rank_family-inl.hpp"
#include "strum/fit/search/monarch_family-inl.hpp"
#include "strum/fit/search/sum_families-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
std::vector<Family<Scalar>> families() {
  using namespace strum::detail;
  return {{"LowRank", &propose_low_ranks<Scalar>},
          {"BlockDiagonal", &propose_block_diagonals<Scalar>},
          {"RaggedBlockDiagonal", &propose_ragged_blocks<Scalar>},
          {"BlockDense", &propose_block_denses<Scalar>},
          {"BlockLowRank", &propose_block_low_ranks<Scalar>},
          {"Monarch", &propose_monarchs<Scalar>},
          {"Kronecker", &propose_kroneckers<Scalar>},
          {"Kronecker terms", &propose_kronecker_terms<Scalar>},
          {"Butterfly", &propose_butterflies<Scalar>},
          {"MonarchChain", &propose_monarch_chains<Scalar>},
          {"TensorTrain", &propose_tensor_trains<Scalar>},
          {"Circulant", &propose_circulants<Scalar>},
          {"Toeplitz", &propose_toeplitzes<Scalar>},
          {"Hankel", &propose_hankels<Scalar>},
          {"Blast", &propose_blasts<Scalar>},
          {"LowRank + Sparse", &propose_sparse_sums<Scalar>},
          {"LowRank + BlockDiagonal", &propose_block_sums<Scalar>},
          {"LowRank + Diagonal", &propose_diagonal_sums<Scalar>},
          {"LowRank + Monarch", &propose_monarch_sums<Scalar>}};
}

}  // namespace strum::inline STRUM_ABI::fit
