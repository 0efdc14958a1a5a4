// What strum_bench can measure: the list of cases, and how they are named.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strum/core/config.hpp"

namespace bench {

using strum::Index;

enum class ScalarType { f32, f64 };

/// One product y = A·x to be timed. A is n x n, x and y are n x batch.
struct Case {
  std::string op;
  std::string peer;  // the library that does the product; empty: strum
  ScalarType scalar = ScalarType::f32;
  Index n = 0;
  Index block = 0;  // block size, or rank; 0 for operators without
  Index batch = 0;
  bool row_major = false;  // x and y contiguous along the batch
  Index ld = 0;            // leading dimension of column-major x and y; 0: no gaps
  bool transpose = false;  // y = Aᵀ·x
  std::string isa = {};    // the instruction set, where the user chose it
};

/// `Monarch/f32/n:4096/block:64/batch:16`, or `Monarch@Eigen/...` for a peer, and behind it what is
/// not the default, always in the order /layout: /ld: /op: /weights: /isa: /threads:.
[[nodiscard]] std::string name(const Case& c);

/// What distinguishes operators: the part of the name before the batch.
[[nodiscard]] std::string operator_name(const Case& c);

/// Every case, in an order in which those that share an operator are neighbours. `isa` is set in
/// all of them.
[[nodiscard]] std::vector<Case> all_cases(std::string_view isa);

}  // namespace bench
