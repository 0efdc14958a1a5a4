// A matrix that large products read in panels.
#pragma once

#include <functional>

#include <Eigen/Core>

#include "strum/fit/scaling.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Blocks of a matrix, in double: of one in memory, which it refers to, or of W scaled, of which so
/// no copy in double is kept.
class PanelMatrix {
 public:
  explicit PanelMatrix(const Eigen::Ref<const Eigen::MatrixXd>& a)
      : rows_(a.rows()),
        cols_(a.cols()),
        read_([data = a.data(), stride = a.outerStride()](Index i, Index j, Eigen::MatrixXd& to) {
          using Stride = Eigen::OuterStride<>;
          to = Eigen::Map<const Eigen::MatrixXd, 0, Stride>(data + i + j * stride, to.rows(),
                                                            to.cols(), Stride(stride));
        }) {}

  template <class Scalar>
  PanelMatrix(const MatrixView<const Scalar>& w, const Scaling& scaling)
      : rows_(w.rows()),
        cols_(w.cols()),
        read_([w, scale = scaling.matrix()](Index i, Index j, Eigen::MatrixXd& to) {
          for (Index l = 0; l < to.cols(); ++l)
            for (Index k = 0; k < to.rows(); ++k)
              to(k, l) = static_cast<double>(w(i + k, j + l)) * scale;
        }) {}

  [[nodiscard]] Index rows() const { return rows_; }
  [[nodiscard]] Index cols() const { return cols_; }
  /// The m x n block whose first entry is (i, j).
  [[nodiscard]] Eigen::MatrixXd block(Index i, Index j, Index m, Index n) const {
    Eigen::MatrixXd result(m, n);
    read_(i, j, result);
    return result;
  }
  [[nodiscard]] Eigen::MatrixXd whole() const { return block(0, 0, rows_, cols_); }

 private:
  Index rows_, cols_;
  std::function<void(Index, Index, Eigen::MatrixXd&)> read_;
};

}  // namespace strum::inline STRUM_ABI::detail
