// What was planted under stride permutations of rows and columns comes back, for every structure
// with a direct fit.
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fit_reference.hpp"
#include "strum/fit.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXd;
using View = MatrixView<const double>;
using AnyFit = fit::Fit<AnyLinearOp<double>>;

struct Structure {
  std::string name;
  Index rows, cols;
  std::function<AnyFit(View)> fit;
};

std::vector<Structure> structures() {
  return {
      {"low rank", 24, 36, [](View w) { return fit::any(fit::low_rank(w, 3)); }},
      {"block-diagonal", 24, 36, [](View w) { return fit::any(fit::block_diagonal(w, 4)); }},
      {"BlockDense", 24, 36, [](View w) { return fit::any(fit::block_dense(w, 4, 8)); }},
      {"BlockLowRank", 24, 36, [](View w) { return fit::any(fit::block_low_rank(w, 4, 8)); }},
      {"Monarch", 24, 36,
       [](View w) { return fit::any(fit::monarch(w, MonarchShape::of_rank(24, 36, 4, 3, 2))); }},
      {"two-core BTT", 24, 36,
       [](View w) {
         return fit::any(fit::two_core_block_tensor_train(w, TwoCoreShape{4, 9, 3, 8, 2}));
       }},
      {"Kronecker", 24, 36,
       [](View w) {
         return fit::any(fit::kronecker(w, fit::KroneckerShape{4, 9, 6, 4}));
       }},
      {"tensor train", 24, 36,
       [](View w) {
         return fit::any(fit::tensor_train(w, fit::TensorTrainShape{{4, 3, 3}, {2, 4, 3}, 2}));
       }},
      {"chain", 24, 24,
       [](View w) {
         return fit::any(fit::monarch_chain(w, {2, 3, 4}));
       }},
      {"butterfly", 16, 16, [](View w) { return fit::any(fit::butterfly(w)); }},
      {"block butterfly", 24, 24, [](View w) { return fit::any(fit::block_butterfly(w, 3)); }}};
}

View view(const MatrixXd& w) { return {w.data(), w.rows(), w.cols()}; }

TEST(FitOverStrides, RecoversEveryStructure) {
  for (const Structure& s : structures()) {
    SCOPED_TRACE(s.name);
    // What a fit makes of noise is of its structure.
    const MatrixXd noise = fit_reference::gaussian(s.rows, s.cols, 3);
    const MatrixXd planted = s.fit(view(noise)).op.to_dense();
    const auto p = Permutation<double>::stride(4, s.rows / 4);
    const auto q = Permutation<double>::stride(2, s.cols / 2);
    const MatrixXd w = (p * Dense<double>(view(planted)) * q.transpose()).to_dense();
    const AnyFit found = fit::over_strides(w, s.fit);
    EXPECT_LE(found.relative_error, 1e-10);
    EXPECT_LE((MatrixXd(found.op.to_dense()) - w).norm(), 1e-10 * w.norm());
  }
}

TEST(FitOverStrides, KeepsToTheOrderWhereThatIsGoodEnough) {
  const MatrixXd noise = fit_reference::gaussian(24, 36, 4);
  const auto kronecker = [](View w) {
    return fit::any(fit::kronecker(w, fit::KroneckerShape{4, 9, 6, 4}));
  };
  const MatrixXd w = kronecker(view(noise)).op.to_dense();
  EXPECT_EQ(fit::over_strides(w, kronecker).op.name(), "Kronecker");
  const auto any_order = fit::over_strides(noise, kronecker);
  EXPECT_LE(any_order.relative_error, kronecker(view(noise)).relative_error);
  EXPECT_NEAR((MatrixXd(any_order.op.to_dense()) - noise).norm() / noise.norm(),
              any_order.relative_error, 1e-12);
}

}  // namespace
}  // namespace strum::test
