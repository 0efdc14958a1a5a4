// The body of fit::tensor_train: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "strum/fit/leading_triples.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/one_thread.hpp"
#include "strum/fit/tensor_train.hpp"

namespace strum::inline STRUM_ABI::detail {

inline void check(const fit::TensorTrainShape& s, Index m, Index n) {
  const char* const where = "fit::tensor_train";
  if (s.rank < 1) fail<ValueError>(where, ": rank ", s.rank);
  if (s.inputs.empty() || s.inputs.size() != s.outputs.size())
    fail<ShapeError>(where, ": ", s.inputs.size(), " inputs and ", s.outputs.size(), " outputs");
  Index rows = 1, cols = 1;
  for (std::size_t t = 0; t < s.inputs.size(); ++t) {
    if (s.inputs[t] < 1 || s.outputs[t] < 1)
      fail<ShapeError>(where, ": core ", t, " is ", s.outputs[t], " x ", s.inputs[t]);
    rows = checked_product(rows, s.outputs[t], where);
    cols = checked_product(cols, s.inputs[t], where);
  }
  if (rows != m || cols != n)
    fail<ShapeError>(where, ": the matrix is ", m, " x ", n, ", the cores' product ", rows, " x ",
                     cols);
}

/// What is left of W after some cores, as a matrix of (rank, i_t, o_t) by all later axes, both
/// row-major.
class TensorTrainRest {
 public:
  template <class Scalar>
  TensorTrainRest(const MatrixView<const Scalar>& w, const Scaling& scaling,
                  const fit::TensorTrainShape& shape) {
    const auto k = shape.inputs.size();
    const Index size = shape.inputs[0] * shape.outputs[0];
    values_ = rearranged(
        w, scaling, size, w.size() / size, [&](Index row, Index col) -> std::pair<Index, Index> {
          Index place = 0, unit = 1;  // of axes 1, 2, ..., each (i_t, o_t)
          for (std::size_t t = k; --t > 0;) {
            place += (col % shape.inputs[t] * shape.outputs[t] + row % shape.outputs[t]) * unit;
            unit *= shape.inputs[t] * shape.outputs[t];
            col /= shape.inputs[t];
            row /= shape.outputs[t];
          }
          return {col * shape.outputs[0] + row, place};
        });
  }

  /// The next core, orthonormal columns of (rank in, i, o) by rank out; the rest becomes what is
  /// left behind it, (rank out, i, o) of the next axis, `next` entries, by those that follow.
  [[nodiscard]] Eigen::MatrixXd split(Index rank, Index next) {
    const Index rows = values_.rows(), cols = values_.cols();
    const auto triples = leading_triples_of(values_, std::min({rank, rows, cols}));
    const Index count = std::max(triples.count, Index{1});
    Eigen::MatrixXd core = Eigen::MatrixXd::Zero(rows, count);
    Eigen::MatrixXd rest = Eigen::MatrixXd::Zero(count * next, cols / next);
    for (Index a = 0; a < triples.count; ++a) {
      const Eigen::Map<const Eigen::VectorXd> left(triples.left.data() + a * rows, rows);
      const Eigen::Map<const Eigen::VectorXd> right(triples.right.data() + a * cols, cols);
      const double root = left.norm();  // √σ
      core.col(a) = left / root;
      for (Index i = 0; i < next; ++i)
        rest.row(a * next + i) = right.segment(i * (cols / next), cols / next) * root;
    }
    values_ = std::move(rest);
    return core;
  }

  [[nodiscard]] const Eigen::MatrixXd& values() const { return values_; }

 private:
  Eigen::MatrixXd values_;
};

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<TensorTrain<Scalar>> tensor_train(MatrixView<const Scalar> w, const TensorTrainShape& shape) {
  strum::detail::check(shape, w.rows(), w.cols());
  const strum::detail::Scaling scaling(w, "fit::tensor_train");
  const strum::detail::OneThread one_thread;
  strum::detail::TensorTrainRest rest(w, scaling, shape);
  std::vector<Tensor<Scalar>> cores;
  Index rank = 1;
  for (std::size_t t = 0; t < shape.inputs.size(); ++t) {
    const Index i = shape.inputs[t], o = shape.outputs[t];
    const bool last = t + 1 == shape.inputs.size();
    const Eigen::MatrixXd core =
        last ? rest.values() : rest.split(shape.rank, shape.inputs[t + 1] * shape.outputs[t + 1]);
    // All but the last are orthonormal: it has W's scale.
    const double scale = last ? scaling.factor() * scaling.factor() : 1;
    Tensor<Scalar> tensor({rank, i, o, core.cols()});
    for (Index row = 0; row < core.rows(); ++row)
      for (Index a = 0; a < core.cols(); ++a)
        tensor[row * core.cols() + a] = static_cast<Scalar>(core(row, a) * scale);
    rank = core.cols();
    cores.push_back(std::move(tensor));
  }
  return strum::detail::measured(w, scaling, TensorTrain<Scalar>(cores),
                                 TensorTrain<double>(strum::detail::in_double(cores)));
}

}  // namespace strum::inline STRUM_ABI::fit
