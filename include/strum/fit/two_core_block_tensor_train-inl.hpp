// The body of fit::two_core_block_tensor_train: compiled once in the library, inline header-only.
#pragma once

#include <string_view>
#include <utility>

#include "strum/core/parallel.hpp"
#include "strum/fit/leading_triples.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/one_thread.hpp"
#include "strum/fit/two_core_block_tensor_train.hpp"

namespace strum::inline STRUM_ABI::detail {

/// W1 and W2 whose sub-matrices at rows o0·n1 and columns i1·m0 are the truncated singular value
/// decompositions of W's. W has the shape's size.
template <class Scalar>
[[nodiscard]] std::pair<Tensor<Scalar>, Tensor<Scalar>> two_core_projection(
    const MatrixView<const Scalar>& w, const Scaling& scaling, const TwoCoreShape& s) {
  Tensor<Scalar> w1({s.m1, s.m0, s.n0 * s.rank}), w2({s.n0, s.m1 * s.rank, s.n1});
  parallel_for(s.n0 * s.m1, [&](Index pair) {
    const OneThread one_thread;
    const Index o0 = pair / s.m1, i1 = pair % s.m1;
    Eigen::MatrixXd sub(s.n1, s.m0);
    for (Index i0 = 0; i0 < s.m0; ++i0)
      for (Index o1 = 0; o1 < s.n1; ++o1)
        sub(o1, i0) = static_cast<double>(w(o0 * s.n1 + o1, i1 * s.m0 + i0)) * scaling.matrix();
    const auto triples = leading_triples_of(sub, s.rank);
    for (Index a = 0; a < triples.count; ++a) {
      for (Index i0 = 0; i0 < s.m0; ++i0)
        w1(i1, i0, o0 * s.rank + a) = stored_entry<Scalar>(triples.right, a * s.m0 + i0, scaling);
      for (Index o1 = 0; o1 < s.n1; ++o1)
        w2(o0, i1 * s.rank + a, o1) = stored_entry<Scalar>(triples.left, a * s.n1 + o1, scaling);
    }
  });
  return {std::move(w1), std::move(w2)};
}

template <class Scalar>
void check_two_core(const MatrixView<const Scalar>& w, const TwoCoreShape& s,
                    std::string_view where) {
  if (s.m1 < 1 || s.m0 < 1 || s.n0 < 1 || s.n1 < 1 || s.rank < 1 ||
      w.rows() != checked_product(s.n0, s.n1, where) ||
      w.cols() != checked_product(s.m1, s.m0, where))
    fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols(), ", the shape (", s.n0,
                     "·", s.n1, ") x (", s.m1, "·", s.m0, ") of rank ", s.rank);
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<TwoCoreBlockTensorTrain<Scalar>> two_core_block_tensor_train(MatrixView<const Scalar> w,
                                                                 const TwoCoreShape& s) {
  const char* const where = "fit::two_core_block_tensor_train";
  strum::detail::check_two_core(w, s, where);
  const strum::detail::Scaling scaling(w, where);
  const auto [w1, w2] = strum::detail::two_core_projection(w, scaling, s);
  const TwoCoreBlockTensorTrain<double> exact(w1.template cast<double>(),
                                              w2.template cast<double>());
  return strum::detail::measured(w, scaling, TwoCoreBlockTensorTrain<Scalar>(w1, w2), exact);
}

}  // namespace strum::inline STRUM_ABI::fit
