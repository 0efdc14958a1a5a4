// Toeplitz: constant along every diagonal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strum/transforms/signal_op.hpp"
#include "strum/transforms/toeplitz_convolution.hpp"

namespace strum::inline STRUM_ABI {

/// T[i, j] = t[i − j], m x n: t[d] = column[d] and t[−d] = row[d].
///
/// Parameters: `column (m)`, the first column, and `row (n)`, the first row, of which row[0] is not
/// read: the corner is column[0] (as SciPy has it), and row[0] has no gradient. A product is two
/// transforms of a good length >= m + n − 1 and one product of spectra.
/// |error| <= O(log(m + n))·eps·‖t‖₁·‖x‖₂. Systems: solve_toeplitz().
template <class ScalarType>
class Toeplitz : public detail::SignalOp<Toeplitz<ScalarType>, ScalarType> {
  using Base = detail::SignalOp<Toeplitz, ScalarType>;

 public:
  using Scalar = ScalarType;

  Toeplitz() = default;

  /// Throws ShapeError unless both are vectors with entries.
  Toeplitz(const Tensor<Scalar>& column, const Tensor<Scalar>& row) {
    this->assign({{"column", column}, {"row", row}});
  }

  [[nodiscard]] Index rows() const { return this->empty() ? 0 : this->stored(0).size(); }
  [[nodiscard]] Index cols() const { return this->empty() ? 0 : this->stored(1).size(); }
  /// t[d], −cols() < d < rows().
  [[nodiscard]] const Scalar& diagonal(Index d) const {
    return d >= 0 ? this->stored(0)[d] : this->stored(1)[-d];
  }

  /// m + n − 1.
  [[nodiscard]] Index parameter_count() const { return this->empty() ? 0 : rows() + cols() - 1; }
  [[nodiscard]] Index flops() const { return convolution_.flops(); }
  [[nodiscard]] std::size_t bytes() const {
    return this->stored_bytes() + spectrum_.size() * sizeof(Real<Scalar>);
  }

  /// From the definition: not by a product.
  [[nodiscard]] auto to_dense() const {
    return this->dense_of([&](Index i, Index j) { return diagonal(i - j); });
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Toeplitz"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"shape", {rows(), cols()}}}};
  }
  [[nodiscard]] static Toeplitz restore(const Description&, const Parameters<Scalar>& parameters) {
    return Toeplitz(detail::find_parameter(parameters, "column", name()),
                    detail::find_parameter(parameters, "row", name()));
  }

 private:
  friend Base;

  void prepare(const std::vector<detail::StoredParameter<Scalar>>& parameters) {
    const Tensor<Scalar>&column = parameters[0].values, &row = parameters[1].values;
    detail::check_vector(column, name(), "column");
    detail::check_vector(row, name(), "row");
    if (rows() != column.size() || cols() != row.size()) convolution_ = {column.size(), row.size()};
    spectrum_.resize(static_cast<std::size_t>(convolution_.spectrum_size()));
    convolution_.transform_filter([&](Index d) { return d >= 0 ? column[d] : row[-d]; },
                                  spectrum_.data(), detail::thread_workspace());
  }
  void run(Mode mode, const Scalar* x, Scalar* y, Workspace& workspace) const {
    convolution_.run(mode, spectrum_.data(), x, y, workspace);
  }
  [[nodiscard]] std::size_t run_bytes() const { return convolution_.run_bytes(); }

  /// dt[d] = Σ_{i − j = d} dy_i·conj(x_j).
  void accumulate(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                  const std::vector<Scalar*>& grads, Workspace& workspace) const {
    detail::DiagonalSums<Scalar> sums(convolution_.plan());
    detail::for_each_sample(x, dy, [&](const Scalar* in, const Scalar* out) {
      sums.add(in, cols(), out, rows(), workspace);
    });
    sums.finish(workspace);
    for (Index d = 0; d < rows(); ++d) grads[0][d] += sums(d);
    for (Index d = 1; d < cols(); ++d) grads[1][d] += sums(-d);
  }

  detail::ToeplitzConvolution<Scalar> convolution_;
  std::vector<Real<Scalar>> spectrum_;
};

}  // namespace strum::inline STRUM_ABI
