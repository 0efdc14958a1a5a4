// Hankel: constant along every anti-diagonal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strum/core/owned_size.hpp"
#include "strum/transforms/signal_op.hpp"
#include "strum/transforms/toeplitz_convolution.hpp"

namespace strum::inline STRUM_ABI {

/// H[i, j] = v[i + j], m x n: a Toeplitz matrix of the reversed input. The reversal is not
/// executed; the spectrum of x is conjugated:
///
///     y = F⁻¹(F(v) ⊙ conj(F(conj(x)))),  of a good length >= m + n − 1.
///
/// Parameter: `values (m + n − 1)` = v. Two transforms and one product of spectra per product;
/// |error| <= O(log(m + n))·eps·‖v‖₁·‖x‖₂.
template <class ScalarType>
class Hankel : public detail::SignalOp<Hankel<ScalarType>, ScalarType> {
  using Base = detail::SignalOp<Hankel, ScalarType>;
  using Plan = CyclicConvolution<ScalarType>;

 public:
  using Scalar = ScalarType;

  Hankel() = default;

  /// With m = `rows`. Throws ShapeError unless `values` is a vector of at least m >= 1 entries.
  Hankel(Index rows, const Tensor<Scalar>& values) : rows_(rows) {
    detail::check_vector(values, name(), "values");
    if (rows < 1 || rows > values.size())
      detail::fail<ShapeError>(name(), ": ", rows, " rows of ", values.size(),
                               " values, which are those of rows and columns, and one less");
    this->assign({{"values", values}});
  }

  [[nodiscard]] Index rows() const { return rows_; }
  [[nodiscard]] Index cols() const { return this->empty() ? 0 : this->stored().size() - rows_ + 1; }
  [[nodiscard]] Index flops() const {
    return this->empty() ? 0 : 2 * plan_.transform_flops() + plan_.multiply_flops();
  }
  [[nodiscard]] std::size_t bytes() const {
    return this->stored_bytes() + spectrum_.size() * sizeof(Real<Scalar>);
  }

  /// From the definition: not by a product.
  [[nodiscard]] auto to_dense() const {
    return this->dense_of([&](Index i, Index j) { return this->stored()[i + j]; });
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Hankel"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"shape", {rows(), cols()}}}};
  }
  [[nodiscard]] static Hankel restore(const Description& description,
                                      const Parameters<Scalar>& parameters) {
    return Hankel(description.list("shape", 2)[0],
                  detail::find_parameter(parameters, "values", name()));
  }

 private:
  friend Base;

  void prepare(const std::vector<detail::StoredParameter<Scalar>>& parameters) {
    const Tensor<Scalar>& v = parameters[0].values;
    if (this->empty()) plan_ = Plan(Plan::good_length(v.size()), detail::kCheaperWrap<Scalar>);
    spectrum_.resize(static_cast<std::size_t>(plan_.spectrum_size()));
    plan_.transform(v.data(), v.size(), spectrum_.data(), detail::thread_workspace());
  }

  /// H = Hᵀ but for its size. Of the conjugate, conj(conj(H)·x) = H·conj(x) is what is computed.
  void run(Mode mode, const Scalar* x, Scalar* y, Workspace& workspace) const {
    const bool t = transposes(mode);
    Workspace::Frame frame(workspace);
    auto* const spectrum = frame.take<Real<Scalar>>(plan_.spectrum_size());
    plan_.transform(x, t ? rows() : cols(), spectrum, workspace, !conjugates(mode));
    plan_.multiply(spectrum, spectrum_.data(), spectrum, true);
    plan_.inverse(spectrum, y, 0, t ? cols() : rows(), workspace, conjugates(mode));
  }
  [[nodiscard]] std::size_t run_bytes() const {
    return plan_.workspace_bytes() + Workspace::rounded(spectrum_.size() * sizeof(Real<Scalar>));
  }

  /// dv[s] = Σ_{i + j = s} dy_i·conj(x_j).
  void accumulate(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                  const std::vector<Scalar*>& grads, Workspace& workspace) const {
    std::vector<Real<Scalar>> sum(spectrum_.size()), fx(spectrum_.size()), fy(spectrum_.size());
    detail::for_each_sample(x, dy, [&](const Scalar* in, const Scalar* out) {
      plan_.transform(in, cols(), fx.data(), workspace, true);
      plan_.transform(out, rows(), fy.data(), workspace);
      plan_.multiply_add(fx.data(), fy.data(), sum.data());
    });
    std::vector<Scalar> v(static_cast<std::size_t>(this->stored().size()));
    plan_.inverse(sum.data(), v.data(), 0, static_cast<Index>(v.size()), workspace);
    for (std::size_t s = 0; s < v.size(); ++s) grads[0][s] += v[s];
  }

  detail::OwnedSize rows_;
  Plan plan_;
  std::vector<Real<Scalar>> spectrum_;
};

}  // namespace strum::inline STRUM_ABI
