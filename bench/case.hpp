// What strum_bench can measure: the list of cases, and how they are named.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strum/core/config.hpp"

namespace bench {

using strum::Index;

/// bf16: weights of bfloat16, x and y of float. c32, c64: std::complex<float> and of double.
enum class ScalarType { f32, f64, bf16, c32, c64 };

/// One product y = A·x to be timed. A is m x n, x and y have `batch` columns.
struct Case {
  std::string op;
  std::string peer;  // the library that does the product; empty: strum
  ScalarType scalar = ScalarType::f32;
  Index m = 0, n = 0;
  Index block = 0;  // columns of a block, or rank; 0 for operators without
  Index batch = 0;
  bool row_major = false;  // x and y contiguous along the batch
  Index ld = 0;            // leading dimension of column-major x and y; 0: no gaps
  bool transpose = false;  // y = Aᵀ·x
  std::string isa = {};    // the instruction set, where the user chose it
  int threads = 1;         // that strum may use

  [[nodiscard]] Index outputs() const { return transpose ? n : m; }
  [[nodiscard]] Index inputs() const { return transpose ? m : n; }
};

/// `Monarch/f32/n:4096/block:64/batch:16`, or `Monarch@Eigen/...` for a peer. Behind n what is not
/// square: /m:. At the end what is not the default, always in the order /layout: /ld: /op: /isa:
/// /threads:.
[[nodiscard]] std::string name(const Case& c);

/// What distinguishes operators, whoever multiplies: `Monarch/f32/n:4096/block:64`.
[[nodiscard]] std::string operator_name(const Case& c);

/// Every case, in an order in which those that share an operator are neighbours, and those that
/// differ in the library only are next to each other. `isa` is set in all of them.
[[nodiscard]] std::vector<Case> all_cases(std::string_view isa);

/// Whether the case is one of the grid that strum's speed is reported on: block-diagonal products
/// of size 4096 in f32, at one to 512 samples, in three layouts; dense ones and Monarch ones to
/// compare with, of four sizes.
[[nodiscard]] bool in_grid(const Case& c);

}  // namespace bench
