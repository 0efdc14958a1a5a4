// Loud: what apply must refuse, with which words, and what it must not refuse.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "suite/check_bits.hpp"
#include "thrown.hpp"

namespace strum::test {

template <class Scalar>
void check_shape_errors(const OperatorCase<Scalar>& c) {
  const Index rows = c.op->rows(), cols = c.op->cols();
  std::vector<Scalar> memory(static_cast<std::size_t>(8 * (rows + cols + 2)));
  for (const Mode mode : kModes) {
    const bool t = transposes(mode);
    const Index in = c.op->in(mode), out = c.op->out(mode);
    const std::string where = c.op->name() + "::" + verb(mode);
    const auto text = [&](Index x_rows, Index x_cols, Index y_rows, Index y_cols) {
      Scalar* const y = memory.data() + 3 * (in + 1);
      return thrown<ShapeError>([&] {
        c.op->apply(mode, MatrixView<const Scalar>(memory.data(), x_rows, x_cols),
                    MatrixView<Scalar>(y, y_rows, y_cols));
      });
    };
    EXPECT_EQ(text(in + 1, 2, out, 2), where + ": x has " + std::to_string(in + 1) +
                                           " rows, operator has " + std::to_string(in) +
                                           (t ? " rows" : " columns"));
    EXPECT_EQ(text(in, 2, out + 1, 2), where + ": y has " + std::to_string(out + 1) +
                                           " rows, operator has " + std::to_string(out) +
                                           (t ? " columns" : " rows"));
    EXPECT_EQ(text(in, 3, out, 2), where + ": x has 3 columns, y has 2");
    EXPECT_EQ(text(in, 0, out, 1), where + ": x has 0 columns, y has 1");
    if (in > 0) {
      EXPECT_EQ(text(in - 1, 2, out, 2), where + ": x has " + std::to_string(in - 1) +
                                             " rows, operator has " + std::to_string(in) +
                                             (t ? " rows" : " columns"));
    }
  }
}

/// Blocks of one matrix that have no element in common: above each other, side by side, rows or
/// elements in turn.
template <class Scalar>
void check_disjoint_blocks(const OperatorCase<Scalar>& c) {
  constexpr Index kBatch = 5;
  for (const Mode mode : kDirections<Scalar>) {
    const Index in = c.op->in(mode), out = c.op->out(mode), both = in + out;
    const Index most = std::max(in, out);
    const auto x = random_samples<Scalar>(in, kBatch, 41);
    const auto expected = plain_result(*c.op, mode, x);
    std::vector<Scalar> memory(static_cast<std::size_t>(2 * (both + 1) * 2 * kBatch));
    Scalar* const p = memory.data();
    using View = MatrixView<Scalar>;
    const struct {
      const char* what;
      View x, y;
    } kPairs[] = {
        {"top and bottom", View(p, in, kBatch, 1, both), View(p + in, out, kBatch, 1, both)},
        {"bottom and top", View(p + out, in, kBatch, 1, both), View(p, out, kBatch, 1, both)},
        {"top and bottom, row-major", View(p, in, kBatch, 2 * kBatch, 1),
         View(p + in * 2 * kBatch, out, kBatch, 2 * kBatch, 1)},
        {"left and right", View(p, in, kBatch, 1, most),
         View(p + kBatch * most, out, kBatch, 1, most)},
        {"left and right, row-major", View(p, in, kBatch, 2 * kBatch, 1),
         View(p + kBatch, out, kBatch, 2 * kBatch, 1)},
        {"even and odd elements", View(p, in, kBatch, 2, 2 * most),
         View(p + 1, out, kBatch, 2, 2 * most)},
        {"even and odd samples", View(p, in, kBatch, 1, 2 * most),
         View(p + most, out, kBatch, 1, 2 * most)},
    };
    for (const auto& pair : kPairs) {
      copy_samples(x, 0, pair.x);
      c.op->apply(mode, pair.x, pair.y);
      for (Index s = 0; s < kBatch; ++s)
        for (Index i = 0; i < out; ++i)
          ASSERT_TRUE(same_bits(pair.y(i, s), expected(i, s))) << verb(mode) << ' ' << pair.what;
    }
  }
}

/// An output that shares an element with the input or with itself, and that nothing was written.
template <class Scalar>
void check_overlap_errors(const OperatorCase<Scalar>& c) {
  constexpr Index kBatch = 3;
  for (const Mode mode : kModes) {
    const Index in = c.op->in(mode), out = c.op->out(mode);
    if (in == 0 || out == 0) continue;
    const Index lead = in + out, most = std::max(in, out);
    std::vector<Scalar> memory(static_cast<std::size_t>(3 * (lead + 3) * (kBatch + 1)), Scalar(1));
    const std::vector<Scalar> before = memory;
    Scalar* const p = memory.data();
    using View = MatrixView<Scalar>;
    const struct {
      const char* what;
      View x, y;
    } kPairs[] = {
        {"the same matrix", View(p, in, kBatch), View(p, out, kBatch)},
        {"one row in common", View(p, in, kBatch, 1, lead), View(p + in - 1, out, kBatch, 1, lead)},
        {"one sample in common", View(p, in, kBatch, 1, most),
         View(p + (kBatch - 1) * most, out, kBatch, 1, most)},
        {"the last element in common", View(p, in, 1), View(p + in - 1, out, 1)},
        {"different strides", View(p, in, kBatch, 2, 2 * lead), View(p, out, kBatch, 3, 3 * lead)},
        {"different layouts", View(p, in, kBatch, 1, lead), View(p, out, kBatch, kBatch, 1)},
        {"output with sample stride 0", View(p + most, in, kBatch), View(p, out, kBatch, 1, 0)},
    };
    const std::string text = c.op->name() + "::" + verb(mode) +
                             ": the output shares memory with the input or with itself";
    for (const auto& pair : kPairs) {
      EXPECT_EQ(thrown<OverlapError>([&] { c.op->apply(mode, pair.x, pair.y); }), text)
          << pair.what;
      EXPECT_EQ(
          thrown<OverlapError>([&] { c.op->apply(mode, Scalar(0), pair.x, Scalar(0), pair.y); }),
          text)
          << pair.what << ", alpha 0";
    }
    if (out > 1) {
      EXPECT_EQ(thrown<OverlapError>(
                    [&] { c.op->apply(mode, View(p + 1, in, 1), View(p, out, 1, 0, 1)); }),
                text)
          << "output with row stride 0";
    }
    EXPECT_EQ(memory, before) << "an output that was refused was written to";
  }
}

}  // namespace strum::test
