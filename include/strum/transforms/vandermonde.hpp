// Vandermonde: the powers of some numbers.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "strum/core/arithmetic.hpp"
#include "strum/core/owned_size.hpp"
#include "strum/kernels/signals.hpp"
#include "strum/transforms/planes.hpp"
#include "strum/transforms/signal_op.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

/// x^j, of real numbers right to a rounding, of complex ones to log₂ j products in a wider type.
template <class Wide>
[[nodiscard]] Wide power_of(Wide x, Index j) {
  if constexpr (kIsComplex<Wide>) {
    Wide power(1);
    for (; j > 0; j /= 2) {
      if (j % 2 == 1) power *= x;
      x *= x;
    }
    return power;
  } else {
    return std::pow(x, static_cast<Wide>(j));
  }
}

}  // namespace detail

/// V[i, j] = x_i^j, m x n, 0^0 = 1: values at m points of the polynomial with n coefficients.
///
/// Parameter: `nodes (m)` = x. The matrix is not stored: an entry is the product of three powers
/// from tables, x^t·x^{8k}·x^{256s}, m·(40 + n/256) numbers, so that no power is the result of a
/// long chain of products. m·n multiply-adds and an eighth more per product; componentwise
/// |error| <= (n + 4)·eps·|V||x| (transposed m + 4; complex twice that).
template <class ScalarType>
class Vandermonde : public detail::SignalOp<Vandermonde<ScalarType>, ScalarType> {
  using Base = detail::SignalOp<Vandermonde, ScalarType>;
  using R = Real<ScalarType>;

 public:
  using Scalar = ScalarType;

  Vandermonde() = default;

  /// With n = `cols`. Throws ShapeError unless `nodes` is a vector with entries and cols >= 1.
  Vandermonde(const Tensor<Scalar>& nodes, Index cols) : cols_(cols) {
    if (cols < 1) detail::fail<ShapeError>(name(), ": ", cols, " columns");
    this->assign({{"nodes", nodes}});
  }

  [[nodiscard]] Index rows() const { return this->empty() ? 0 : this->stored().size(); }
  [[nodiscard]] Index cols() const { return cols_; }
  [[nodiscard]] Index flops() const {
    return kMultiplyAddFlops<Scalar> * rows() * (cols() + detail::ceil_div(cols(), Index{8}));
  }
  [[nodiscard]] std::size_t bytes() const {
    return this->stored_bytes() + table_.size() * sizeof(R);
  }

  /// From the definition: not by a product.
  [[nodiscard]] auto to_dense() const {
    return this->dense_of([&](Index i, Index j) {
      return static_cast<Scalar>(
          detail::power_of(static_cast<detail::Wider<Scalar>>(this->stored()[i]), j));
    });
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Vandermonde"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"shape", {rows(), cols()}}}};
  }
  [[nodiscard]] static Vandermonde restore(const Description& description,
                                           const Parameters<Scalar>& parameters) {
    return Vandermonde(detail::find_parameter(parameters, "nodes", name()),
                       description.list("shape", 2)[1]);
  }

 private:
  friend Base;
  static constexpr Index kParts = kIsComplex<Scalar> ? 2 : 1;

  void prepare(const std::vector<detail::StoredParameter<Scalar>>& parameters) {
    const Tensor<Scalar>& x = parameters[0].values;
    detail::check_vector(x, name(), "nodes");
    constexpr Index kNodes = kernels::kPowerNodes;
    const Index groups = detail::ceil_div(x.size(), kNodes);
    table_.assign(static_cast<std::size_t>(
                      detail::checked_product(groups, kParts * kNodes * powers(), name())),
                  R(0));
    for (Index i = 0; i < x.size(); ++i)
      for (Index r = 0; r < powers(); ++r) {
        const Index exponent = r < kernels::kPowerStep ? r
                               : r < kernels::kPowerRows
                                   ? kernels::kPowerStep * (r - kernels::kPowerStep)
                                   : kernels::kPowerBlock * (r - kernels::kPowerRows);
        detail::to_planes(static_cast<Scalar>(
                              detail::power_of(static_cast<detail::Wider<Scalar>>(x[i]), exponent)),
                          table_.data() + (i / kNodes * powers() + r) * kParts * kNodes, kNodes,
                          i % kNodes);
      }
  }
  /// Rows of a table.
  [[nodiscard]] Index powers() const {
    return kernels::kPowerRows + detail::ceil_div(cols(), kernels::kPowerBlock);
  }

  void run(Mode mode, const Scalar* x, Scalar* y, Workspace& workspace) const {
    const bool t = transposes(mode);
    detail::in_planes(x, t ? rows() : cols(), y, t ? cols() : rows(), conjugates(mode), workspace,
                      [&](const R* in, R* out) {
                        kernels::signals<R>().powers({.m = rows(),
                                                      .n = cols(),
                                                      .powers = powers(),
                                                      .table = table_.data(),
                                                      .is_complex = kIsComplex<Scalar>,
                                                      .transpose = t,
                                                      .x = in,
                                                      .y = out});
                      });
  }
  [[nodiscard]] std::size_t run_bytes() const {
    return detail::planes_bytes<Scalar>(rows()) + detail::planes_bytes<Scalar>(cols());
  }

  /// dx_i = dy_i·conj(Σ_j (j + 1)·u_{j+1}·x_i^j).
  void accumulate(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                  const std::vector<Scalar*>& grads, Workspace& workspace) const {
    std::vector<Scalar> u(static_cast<std::size_t>(cols())),
        slope(static_cast<std::size_t>(rows()));
    detail::for_each_sample(x, dy, [&](const Scalar* in, const Scalar* out) {
      for (Index j = 0; j + 1 < cols(); ++j)
        u[static_cast<std::size_t>(j)] = static_cast<R>(j + 1) * in[j + 1];
      run(Mode::plain, u.data(), slope.data(), workspace);
      for (std::size_t i = 0; i < slope.size(); ++i)
        grads[0][i] += out[i] * Eigen::numext::conj(slope[i]);
    });
  }

  detail::OwnedSize cols_;
  std::vector<R> table_;
};

}  // namespace strum::inline STRUM_ABI
