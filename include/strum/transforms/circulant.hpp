// Circulant: every column is the one before, turned by one place.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/core/any_linear_op.hpp"
#include "strum/transforms/signal_op.hpp"
#include "strum/transforms/toeplitz_convolution.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

/// F(c), the eigenvalues of a circulant matrix, in double.
template <class Scalar>
[[nodiscard]] std::vector<std::complex<double>> circulant_eigenvalues(const Tensor<Scalar>& c) {
  std::vector<std::complex<double>> values(c.data(), c.data() + c.size());
  const MatrixView<std::complex<double>> all(values.data(), c.size(), 1);
  Fft<double>(c.size()).forward(all, all);
  return values;
}

/// The first column of the circulant matrix with these eigenvalues; its real part for real scalars.
template <class Scalar>
[[nodiscard]] Tensor<Scalar> circulant_column(std::vector<std::complex<double>> eigenvalues) {
  const auto n = static_cast<Index>(eigenvalues.size());
  const MatrixView<std::complex<double>> all(eigenvalues.data(), n, 1);
  Fft<double>(n).inverse(all, all);
  Tensor<Scalar> column({n});
  for (Index t = 0; t < n; ++t)
    if constexpr (kIsComplex<Scalar>)
      column[t] = static_cast<Scalar>(eigenvalues[static_cast<std::size_t>(t)]);
    else
      column[t] = static_cast<Scalar>(eigenvalues[static_cast<std::size_t>(t)].real());
  return column;
}

}  // namespace detail

/// C[i, j] = c[(i − j) mod n], so that C·x is the circular convolution of c and x:
///
///     C·x = F⁻¹(F(c) ⊙ F(x)),  F the discrete Fourier transform of length n.
///
/// Parameter: `column (n)` = c, the first column. Its spectrum is prepared once; a product is two
/// transforms of length n (of the next good one above 2n where n is none, see good_length()) and
/// one product of spectra. |error| <= O(log n)·eps·‖c‖₁·‖x‖₂.
/// factorize() inverts it: another Circulant, with the reciprocal spectrum.
template <class ScalarType>
class Circulant : public detail::SignalOp<Circulant<ScalarType>, ScalarType> {
  using Base = detail::SignalOp<Circulant, ScalarType>;

 public:
  using Scalar = ScalarType;

  Circulant() = default;

  /// Throws ShapeError unless `column` is a vector with entries.
  explicit Circulant(const Tensor<Scalar>& column) { this->assign({{"column", column}}); }

  [[nodiscard]] Index rows() const { return this->empty() ? 0 : this->stored().size(); }
  [[nodiscard]] Index cols() const { return rows(); }
  [[nodiscard]] Index flops() const { return convolution_.flops(); }
  [[nodiscard]] std::size_t bytes() const {
    return this->stored_bytes() + spectrum_.size() * sizeof(Real<Scalar>);
  }

  /// From the definition: not by a product.
  [[nodiscard]] auto to_dense() const {
    return this->dense_of(
        [&, n = rows()](Index i, Index j) { return this->stored()[i >= j ? i - j : i - j + n]; });
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Circulant"; }
  [[nodiscard]] Description describe() const { return {std::string(name()), {{"size", {rows()}}}}; }
  [[nodiscard]] static Circulant restore(const Description&, const Parameters<Scalar>& parameters) {
    return Circulant(detail::find_parameter(parameters, "column", name()));
  }

 private:
  friend Base;
  friend detail::StructureAccess;

  /// Without an operator where an eigenvalue is nothing beside the largest.
  [[nodiscard]] detail::ClosedInverse<Scalar> closed_inverse() const {
    if (this->empty()) return {*this, 0, false};
    std::vector<std::complex<double>> values = detail::circulant_eigenvalues(this->stored());
    double largest = 0, least = std::numeric_limits<double>::infinity(), log = 0;
    for (std::complex<double>& value : values) {
      const double size = std::abs(value);
      largest = std::max(largest, size);
      least = std::min(least, size);
      log += std::log(size);
      value = 1.0 / value;
    }
    if (!(least > std::numeric_limits<double>::epsilon() * largest)) return {{}, log, false};
    return {Circulant(detail::circulant_column<Scalar>(std::move(values))), log, false};
  }

  void prepare(const std::vector<detail::StoredParameter<Scalar>>& parameters) {
    const Tensor<Scalar>& c = parameters[0].values;
    detail::check_vector(c, name(), "column");
    if (rows() != c.size()) convolution_ = {c.size(), Scalar(1)};
    spectrum_.resize(static_cast<std::size_t>(convolution_.spectrum_size()));
    convolution_.transform_filter([&](Index d) { return c[d < 0 ? d + c.size() : d]; },
                                  spectrum_.data(), detail::thread_workspace());
  }
  void run(Mode mode, const Scalar* x, Scalar* y, Workspace& workspace) const {
    convolution_.run(mode, spectrum_.data(), x, y, workspace);
  }
  [[nodiscard]] std::size_t run_bytes() const { return convolution_.run_bytes(); }

  /// dc[t] = Σ_{(i − j) mod n = t} dy_i·conj(x_j).
  void accumulate(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                  const std::vector<Scalar*>& grads, Workspace& workspace) const {
    const Index n = rows();
    detail::DiagonalSums<Scalar> sums(convolution_.plan());
    detail::for_each_sample(
        x, dy, [&](const Scalar* in, const Scalar* out) { sums.add(in, n, out, n, workspace); });
    sums.finish(workspace);
    const bool folded = convolution_.length() == n;
    for (Index t = 0; t < n; ++t) grads[0][t] += folded || t == 0 ? sums(t) : sums(t) + sums(t - n);
  }

  detail::ToeplitzConvolution<Scalar> convolution_;
  std::vector<Real<Scalar>> spectrum_;
};

}  // namespace strum::inline STRUM_ABI
