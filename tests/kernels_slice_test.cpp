// Slices of packed factors: as many as asked for where the factor has them, and each with its own
// part of the weights.
#include "strum/kernels/slice.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "strum/kernels/table.hpp"
#include "strum/ops/factor_chain.hpp"

namespace strum::test {
namespace {

using kernels::Layout;
using Packed = kernels::PackedFactor<float>;

const kernels::KernelTable<float, float>& table() { return kernels::table<float, float>(); }

kernels::PackingUnits units() { return {table().lanes, table().panel_rows}; }

/// A factor packed in some layout; w[α][β][γ][δ] is the number of the weight in that order.
class Factor {
 public:
  Factor(Index a, Index b, Index c, Index d, Layout layout)
      : shape_(detail::factor_shape(a, b, c, d)),
        layout_(layout),
        packed_(static_cast<std::size_t>(table().packed_size(shape_))) {
    std::vector<float> plain(static_cast<std::size_t>(a * b * c * d));
    for (std::size_t i = 0; i < plain.size(); ++i) plain[i] = static_cast<float>(i);
    table().pack(shape_, layout_, order(shape_, plain.data()), packed_.data());
  }

  [[nodiscard]] Packed packed() const { return {shape_, layout_, false, packed_.data()}; }

  /// Whether the parts of the grid hold the weights of the blocks, rows and δ that their outputs
  /// say they are, and every weight once.
  void check(const kernels::SliceGrid& grid) const {
    Index seen = 0;
    for (Index i = 0; i < grid.count(); ++i) {
      const auto part = kernels::slice(packed(), grid, i, units());
      const kernels::FactorShape& p = part.factor.shape;
      const Index alpha0 = part.y / shape_.y_alpha;
      const Index beta0 = part.y % shape_.y_alpha / shape_.y_beta, delta0 = part.y % shape_.d;
      EXPECT_EQ(part.x, alpha0 * shape_.x_alpha + delta0);
      std::vector<float> plain(static_cast<std::size_t>(p.a * p.b * p.c * p.d));
      table().unpack(p, layout_, part.factor.weights, plain.data(), order(p, plain.data()));
      std::size_t n = 0;
      for (Index alpha = alpha0; alpha < alpha0 + p.a; ++alpha)
        for (Index beta = beta0; beta < beta0 + p.b; ++beta)
          for (Index gamma = 0; gamma < p.c; ++gamma)
            for (Index delta = delta0; delta < delta0 + p.d; ++delta) {
              const Index number =
                  ((alpha * shape_.b + beta) * shape_.c + gamma) * shape_.d + delta;
              ASSERT_EQ(plain[n++], static_cast<float>(number)) << "part " << i;
            }
      seen += p.a * p.b * p.c * p.d;
    }
    EXPECT_EQ(seen, shape_.a * shape_.b * shape_.c * shape_.d);
  }

 private:
  static kernels::WeightView<float> order(const kernels::FactorShape& f, const float* data) {
    return {data, f.b * f.c * f.d, f.c * f.d, f.d, 1};
  }

  kernels::FactorShape shape_;
  Layout layout_;
  std::vector<float> packed_;
};

void expect_parts(const Factor& factor, Index wanted, const kernels::SliceGrid& expected) {
  const kernels::SliceGrid grid = kernels::slice_grid(factor.packed(), wanted, units());
  EXPECT_EQ(grid.alpha, expected.alpha);
  EXPECT_EQ(grid.delta, expected.delta);
  EXPECT_EQ(grid.beta, expected.beta);
  factor.check(grid);
}

TEST(Slices, OfBlocksInPanels) {
  expect_parts(Factor(7, 5, 3, 1, Layout::panel), 3, {3, 1, 1});
  expect_parts(Factor(7, 5, 3, 2, Layout::panel), 3, {3, 1, 1});
  expect_parts(Factor(7, 5, 3, 1, Layout::panel), 20, {7, 1, 1});
}

TEST(Slices, OfRowsInPanels) {
  const Index rows = table().panel_rows;
  expect_parts(Factor(1, 3 * rows + 1, 5, 1, Layout::panel), 4, {1, 1, 4});
  expect_parts(Factor(1, 3 * rows + 1, 5, 1, Layout::panel), 3, {1, 1, 3});
  expect_parts(Factor(2, 2 * rows + 7, 5, 1, Layout::panel), 5, {2, 1, 3});
  expect_parts(Factor(2, 2 * rows + 7, 3, 3, Layout::panel), 4, {2, 2, 1});
  expect_parts(Factor(2, 2 * rows + 7, 3, 3, Layout::panel), 12, {2, 3, 2});
}

TEST(Slices, OfLanes) {
  const Index lanes = table().lanes;
  expect_parts(Factor(1, 5, 3, 4 * lanes, Layout::interleaved), 4, {1, 4, 1});
  expect_parts(Factor(1, 5, 3, 4 * lanes + 1, Layout::interleaved), 3, {1, 3, 1});
  expect_parts(Factor(3, 5, 3, 4 * lanes - 1, Layout::interleaved), 2, {2, 1, 1});
  expect_parts(Factor(3, 5, 3, 4 * lanes - 1, Layout::interleaved), 6, {3, 2, 1});
}

TEST(Slices, OfRowsInLanes) {
  const Index lanes = table().lanes;
  expect_parts(Factor(1, 20, 3, 2 * lanes - 1, Layout::interleaved), 6, {1, 2, 3});
  expect_parts(Factor(2, 20, 3, lanes + 1, Layout::interleaved), 8, {2, 2, 2});
}

TEST(Slices, OfGroups) {
  const Index group = table().lanes / 2;
  expect_parts(Factor(4 * group + 1, 2, 2, 1, Layout::grouped), 3, {3, 1, 1});
  expect_parts(Factor(4 * group + 1, 2, 2, 1, Layout::grouped), 9, {5, 1, 1});
}

/// Packed for the transposed factor, the rows of a group do not lie together.
TEST(Slices, OfTransposedFactorsNeverByRows) {
  const Factor factor(1, 20, 3, 2 * table().lanes, Layout::interleaved);
  Packed packed = factor.packed();
  packed.transposed = true;
  const kernels::SliceGrid grid = kernels::slice_grid(packed, 6, units());
  EXPECT_EQ(grid.delta, 2);
  EXPECT_EQ(grid.beta, 1);
}

/// What is cut off from a factor is cut off from its parts.
TEST(Slices, OfPaddedFactors) {
  const Factor factor(4, 5, 3, 1, Layout::panel);
  Packed packed = factor.packed();
  packed.shape.rows = 12;
  packed.shape.cols = 7;
  const auto rows = [&](Index i) {
    return kernels::slice(packed, {4, 1, 1}, i, units()).factor.shape.rows;
  };
  const auto cols = [&](Index i) {
    return kernels::slice(packed, {4, 1, 1}, i, units()).factor.shape.cols;
  };
  EXPECT_EQ((std::vector<Index>{rows(0), rows(1), rows(2), rows(3)}),
            (std::vector<Index>{5, 5, 2, 0}));
  EXPECT_EQ((std::vector<Index>{cols(0), cols(1), cols(2), cols(3)}),
            (std::vector<Index>{3, 3, 1, 0}));
}

}  // namespace
}  // namespace strum::test
