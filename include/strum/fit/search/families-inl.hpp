// The families that the search knows: one line each.
#pragma once

#include "strum/fit/search/block_families-inl.hpp"
#include "strum/fit/search/chain_families-inl.hpp"
#include "strum/fit/search/kronecker_family-inl.hpp"
#include "strum/fit/search/low_rank_family-inl.hpp"
#include "strum/fit/search/monarch_family-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
std::vector<Family<Scalar>> families() {
  using namespace strum::detail;
  return {{"LowRank", &propose_low_ranks<Scalar>},
          {"BlockDiagonal", &propose_block_diagonals<Scalar>},
          {"Monarch", &propose_monarchs<Scalar>},
          {"Kronecker", &propose_kroneckers<Scalar>},
          {"Kronecker sum of terms", &propose_kronecker_terms<Scalar>},
          {"Butterfly", &propose_butterflies<Scalar>},
          {"MonarchChain", &propose_monarch_chains<Scalar>},
          {"TensorTrain", &propose_tensor_trains<Scalar>}};
}

}  // namespace strum::inline STRUM_ABI::fit
