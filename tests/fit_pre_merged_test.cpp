// A structured operator beside its dense matrix: the choice, and that it stays.
#include <vector>

#include <gtest/gtest.h>
#include <Eigen/Core>

#include "strum/algebra/simplify.hpp"
#include "strum/fit/pre_merged.hpp"
#include "strum/ops/low_rank.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXf;
using Choice = PreMerged<float>::Choice;

AnyLinearOp<float> low_rank() {
  return LowRank<float>(random_tensor<float>({33, 5}, 1).matrix(),
                        random_tensor<float>({5, 20}, 2).matrix());
}

TEST(PreMerged, IsOneOfItsTwoProductsBitByBit) {
  const AnyLinearOp<float> op = low_rank();
  const Dense<float> dense(op.to_dense());
  Choice choice(10);
  choice[1] = choice[4] = choice[9] = true;  // 2 and 3, 16 to 31, 512 and more samples
  const PreMerged<float> merged(op, choice);
  for (const Index batch : {1, 2, 3, 4, 15, 16, 31, 32, 511, 512, 600}) {
    const bool is_dense = batch / 2 == 1 || (batch >= 16 && batch < 32) || batch >= 512;
    EXPECT_EQ(merged.merges(batch), is_dense) << batch;
    const MatrixXf x = MatrixXf::Random(20, batch), z = MatrixXf::Random(33, batch);
    EXPECT_EQ(MatrixXf(merged * x), is_dense ? MatrixXf(dense * x) : MatrixXf(op * x)) << batch;
    EXPECT_EQ(MatrixXf(merged.transpose() * z),
              is_dense ? MatrixXf(dense.transpose() * z) : MatrixXf(op.transpose() * z));
  }
}

TEST(PreMerged, KeepsWhatWasMeasured) {
  const PreMerged<float> measured = fit::pre_merged(low_rank());
  const AnyLinearOp<float> copy = measured;
  ASSERT_NE(copy.target<PreMerged<float>>(), nullptr);
  EXPECT_EQ(copy.target<PreMerged<float>>()->choice(), measured.choice());
  EXPECT_EQ(copy.parameter_count(), low_rank().parameter_count());
  EXPECT_GT(copy.bytes(), low_rank().bytes());
  EXPECT_EQ(copy.name(), "PreMerged LowRank");
}

TEST(PreMerged, IsPinned) {
  const PreMerged<float> never(low_rank(), Choice(10, false)), always(low_rank(), Choice(10, true));
  for (const Index batch : {1, 7, 1000}) {
    EXPECT_FALSE(never.merges(batch));
    EXPECT_TRUE(always.merges(batch));
  }
}

TEST(PreMerged, StaysWhatItIsInExpressions) {
  Choice choice(10);
  choice[0] = true;
  const AnyLinearOp<float> merged = PreMerged<float>(low_rank(), choice);
  const MatrixXf x = MatrixXf::Random(20, 1), z = MatrixXf::Random(33, 1);
  EXPECT_EQ(MatrixXf(simplify(merged) * x), MatrixXf(merged * x));
  EXPECT_EQ(simplify(merged).name(), "PreMerged LowRank");
  const MatrixXf turned = simplify(merged.transpose()) * z, wanted = merged.transpose() * z;
  EXPECT_LE((turned - wanted).norm(), 1e-5F * wanted.norm());
}

TEST(PreMerged, EmptyAndMalformed) {
  EXPECT_EQ(PreMerged<float>().rows(), 0);
  EXPECT_FALSE(PreMerged<float>().merges(7));
  const std::string text =
      thrown<ShapeError>([] { (void)PreMerged<float>(low_rank(), Choice(3)); });
  EXPECT_EQ(text, "PreMerged: a choice of 3 entries, needs 10");
}

}  // namespace
}  // namespace strum::test
