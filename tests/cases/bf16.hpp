// Operators of float whose weights are stored as bfloat16: for each a few shapes that between them
// reach every kernel and layout, its tails, and padding.
#pragma once

#include <vector>

#include "cases/block_diagonal.hpp"
#include "cases/dense.hpp"
#include "cases/kronecker_sparse.hpp"
#include "cases/low_rank.hpp"
#include "cases/monarch.hpp"

namespace strum::test {

inline std::vector<OperatorCase<float>> dense_bf16_cases() {
  std::vector<OperatorCase<float>> cases;
  for (const auto& [m, n] :
       std::vector<std::pair<Index, Index>>{{1, 1}, {7, 11}, {37, 1}, {150, 70}, {257, 9}, {0, 4}})
    cases.push_back(dense_case<float, bfloat16>(m, n));
  return cases;
}

inline std::vector<OperatorCase<float>> block_diagonal_bf16_cases() {
  std::vector<OperatorCase<float>> cases = {
      block_diagonal_case<float, 8, bfloat16>(BlockDiagonalShape::exact(5, 8, 8)),
      block_diagonal_case<float, 17, bfloat16>({3, 17, 17, 40, 45})};
  for (const BlockDiagonalShape& shape : std::vector<BlockDiagonalShape>{{4, 5, 6, 9, 23},
                                                                         {37, 2, 2, 74, 74},
                                                                         {41, 2, 3, 75, 110},
                                                                         {23, 7, 2, 161, 46},
                                                                         {2, 70, 40, 140, 80}})
    cases.push_back(block_diagonal_case<float, Dynamic, bfloat16>(shape));
  return cases;
}

inline std::vector<OperatorCase<float>> low_rank_bf16_cases() {
  return {low_rank_case<float, bfloat16>(13, 3, 11), low_rank_case<float, bfloat16>(67, 33, 65),
          low_rank_case<float, bfloat16>(6, 0, 5)};
}

inline std::vector<OperatorCase<float>> kronecker_sparse_bf16_cases() {
  std::vector<OperatorCase<float>> cases;
  for (const std::vector<Shape>& shapes :
       std::vector<std::vector<Shape>>{{{5, 1, 1, 7}},
                                       {{2, 3, 4, 3}},
                                       {{1, 5, 7, 16}},
                                       {{3, 2, 2, 33}},
                                       {{2, 70, 5, 3}},
                                       {{1, 7, 9, 64}},
                                       {{1, 65, 64, 16}},
                                       {{8, 2, 2, 1}, {4, 2, 2, 2}, {2, 2, 2, 4}, {1, 2, 2, 8}}})
    cases.push_back(kronecker_sparse_case<float, bfloat16>(shapes));
  return cases;
}

inline std::vector<OperatorCase<float>> monarch_bf16_cases() {
  std::vector<OperatorCase<float>> cases;
  for (const MonarchShape& shape :
       std::vector<MonarchShape>{MonarchShape::square(256),
                                 MonarchShape::exact(4, 6, 5, 3, 7, 8),
                                 MonarchShape::layer(130, 61, 16),
                                 {3, 20, 7, 20, 3, 3, 47, 16},
                                 {17, 3, 2, 17, 2, 3, 33, 19, MonarchInput::strided}})
    cases.push_back(monarch_case<float, bfloat16>(shape));
  return cases;
}

}  // namespace strum::test
