// Fits under permutations: what was planted in groups of rows and columns comes back.
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "fit_reference.hpp"
#include "strum/fit/grouped_monarch.hpp"
#include "strum/fit/monarch.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXd;
using fit::contiguous_groups;
using fit::IndexGroups;
using fit::strided_groups;
using fit_reference::gaussian;

/// A matrix whose sub-matrix of every two groups has this rank.
MatrixXd planted(const IndexGroups& rows, const IndexGroups& cols, Index rank, Index m, Index n) {
  MatrixXd w = MatrixXd::Zero(m, n);
  std::uint32_t seed = 0;
  for (const auto& i : rows)
    for (const auto& j : cols) {
      const auto p = static_cast<Index>(i.size()), q = static_cast<Index>(j.size());
      ++seed;
      w(i, j) = gaussian(p, rank, seed) * gaussian(rank, q, seed + 10000);
    }
  return w;
}

void expect_recovered(const MatrixXd& w, const IndexGroups& rows, const IndexGroups& cols,
                      Index rank) {
  const auto fit = fit::grouped_monarch(w, rows, cols, rank);
  EXPECT_LE(fit.relative_error, 1e-10);
  EXPECT_NEAR((MatrixXd(fit.op.to_dense()) - w).norm() / w.norm(), fit.relative_error, 1e-12);
  EXPECT_EQ(fit.parameter_count, rank * (w.cols() * static_cast<Index>(rows.size()) +
                                         w.rows() * static_cast<Index>(cols.size())));
  const auto narrow = fit::grouped_monarch(Eigen::MatrixXf(w.cast<float>()), rows, cols, rank);
  EXPECT_LE(narrow.relative_error, 1e-6);
}

TEST(FitGroupedMonarch, RecoversEveryOrderOfRowsAndColumns) {
  const Index m = 36, n = 40;
  for (const auto& rows : {contiguous_groups(m, 4), strided_groups(m, 4), strided_groups(m, 6, 3),
                           strided_groups(m, 5), strided_groups(m, 5, 2)})
    for (const auto& cols : {contiguous_groups(n, 5), strided_groups(n, 4), strided_groups(n, 3, 2),
                             contiguous_groups(n, 6, 2)})
      for (const Index rank : {1, 2})
        expect_recovered(planted(rows, cols, rank, m, n), rows, cols, rank);
}

TEST(FitGroupedMonarch, IsTheMonarchProjectionWhereThatHasTheGroups) {
  const MatrixXd w = gaussian(12, 20, 1);
  const auto shape = MonarchShape::of_rank(12, 20, 5, 4, 2, MonarchInput::strided);
  const auto grouped = fit::grouped_monarch(w, strided_groups(12, 4), strided_groups(20, 5), 2);
  const auto monarch = fit::monarch(w, shape);
  EXPECT_NEAR(grouped.relative_error, monarch.relative_error, 1e-12);
  EXPECT_EQ(grouped.parameter_count, monarch.parameter_count);
}

TEST(FitGroupedMonarch, RefusesWhatIsNoGrouping) {
  const MatrixXd w = gaussian(4, 6, 1);
  const IndexGroups rows = {{0, 2}, {1, 3}}, cols = {{0, 1, 2}, {3, 4, 5}};
  const IndexGroups twice = {{0, 1, 2}, {3, 4, 4}}, few = {{0, 1}, {3, 4, 5}};
  EXPECT_THROW((void)fit::grouped_monarch(w, rows, twice, 1), ValueError);
  EXPECT_THROW((void)fit::grouped_monarch(w, rows, few, 1), ValueError);
  EXPECT_THROW((void)fit::grouped_monarch(w, {{0, 2}, {1, 7}}, cols, 1), ValueError);
  EXPECT_THROW((void)fit::grouped_monarch(w, rows, cols, 0), ValueError);
  EXPECT_THROW((void)fit::grouped_block_diagonal(w, {{0, 1, 2, 3}}, cols), ShapeError);
  EXPECT_THROW((void)strided_groups(5, 2, 2), ShapeError);
  EXPECT_THROW((void)contiguous_groups(4, 0), ShapeError);
}

TEST(FitGroupedBlockDiagonal, FindsAPermutedOneByCorrelation) {
  const Index blocks = 4, rows = 6, cols = 5;
  MatrixXd w = MatrixXd::Zero(blocks * rows, blocks * cols);
  for (Index b = 0; b < blocks; ++b)
    w.block(b * rows, b * cols, rows, cols) = gaussian(rows, cols, static_cast<std::uint32_t>(b));
  Eigen::PermutationMatrix<Eigen::Dynamic> p(w.rows()), q(w.cols());
  p.setIdentity();
  q.setIdentity();
  std::mt19937 generator(3);
  std::shuffle(p.indices().data(), p.indices().data() + w.rows(), generator);
  std::shuffle(q.indices().data(), q.indices().data() + w.cols(), generator);
  w = p * w * q;
  const IndexGroups of_cols = fit::correlated_groups(w, blocks);
  const IndexGroups of_rows = fit::matching_groups(w, of_cols);
  const auto fit = fit::grouped_block_diagonal(w, of_rows, of_cols);
  EXPECT_EQ(fit.relative_error, 0);
  EXPECT_EQ(fit.parameter_count, blocks * rows * cols);
  EXPECT_EQ(MatrixXd(fit.op.to_dense()), w);
  const auto worse = fit::grouped_block_diagonal(w, contiguous_groups(24, 4), of_cols);
  EXPECT_NEAR((MatrixXd(worse.op.to_dense()) - w).norm() / w.norm(), worse.relative_error, 1e-12);
}

}  // namespace
}  // namespace strum::test
