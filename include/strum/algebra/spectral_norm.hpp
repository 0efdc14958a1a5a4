// The largest singular value of any operator.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "strum/algebra/operator_blocks.hpp"

namespace strum::inline STRUM_ABI {

/// When the power iteration of spectral_norm() stops.
struct PowerIteration {
  /// The residual that it stops at, relative to the eigenvalue of AᴴA: ‖AᴴA·v − θ·v‖ <=
  /// tolerance·θ, v of length 1, θ = ‖A·v‖².
  double tolerance = 1e-4;
  /// Products with A and with Aᴴ. If that is not enough, Error is thrown.
  Index max_products = 10000;
};

namespace detail {

/// Operators are visible() ones.
template <class Scalar>
class SpectralNormOf {
  using Any = AnyLinearOp<Scalar>;
  using Kind = ExpressionKind;
  using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

 public:
  explicit SpectralNormOf(const PowerIteration& how) : how_(how) {}

  [[nodiscard]] double norm(Any op) const {
    if (op.rows() == 0 || op.cols() == 0 || op.template target<Zero<Scalar>>() != nullptr) return 0;
    if (is_unitary(op) || op.template target<Identity<Scalar>>() != nullptr) return 1;
    if (const auto* chain = StructureAccess::factor_chain(op); is_diagonal(chain)) {
      double most = 0;
      const auto factors = loose_factors(*chain);
      for (const Scalar& value : factors[0].weights)
        most = std::max(most, static_cast<double>(std::abs(value)));
      return most;
    }
    if (const auto* k = op.template target<Kronecker<Scalar>>()) {
      double product = 1;
      for (const ParameterInfo& info : k->parameters())
        product *= norm(Dense<Scalar>(k->get(info.name).matrix()));
      return product;
    }
    Any copy = op;
    auto parts = StructureAccess::take_parts(copy);
    if (parts.kind == Kind::transposed) return norm(std::move(parts.operands[0]));
    if (parts.kind == Kind::scaled)
      return static_cast<double>(std::abs(parts.factor)) * norm(std::move(parts.operands[0]));
    if (parts.kind != Kind::direct_sum) return by_products(op);
    double most = 0;
    for (Any& operand : parts.operands) most = std::max(most, norm(std::move(operand)));
    return most;
  }

 private:
  /// v := AᴴA·v / ‖AᴴA·v‖ from a vector that is the same in every run.
  [[nodiscard]] double by_products(const Any& op) const {
    std::mt19937 random(1);
    Vector v(op.cols()), w(op.rows()), next(op.cols());
    for (Scalar& entry : v)
      entry = Scalar(static_cast<Real<Scalar>>(random()) / Real<Scalar>(0x1p31) - Real<Scalar>(1));
    v.normalize();
    double residual = 0;
    for (Index i = 0; i < how_.max_products; ++i) {
      op.apply(v, w);
      op.apply_adjoint(w, next);
      const auto theta = w.squaredNorm();
      residual = static_cast<double>((next - theta * v).norm());
      if (residual <= how_.tolerance * static_cast<double>(theta))
        return std::sqrt(static_cast<double>(theta));
      v = next / next.norm();
    }
    fail<Error>("spectral_norm: ", op.name(), ": ", how_.max_products,
                " products were not enough for a tolerance of ", how_.tolerance);
  }

  PowerIteration how_;
};

}  // namespace detail

/// ‖A‖₂, the largest singular value: exact up to rounding for Diagonal, Permutation, Identity and
/// orthogonal operators, from the factors' for Kronecker, from the operands' for c·A, Aᵀ, Aᴴ and
/// A ⊕ B; else by power iteration on AᴴA until `how` is met. Then there is a singular value within
/// tolerance/2 of the result, relatively, and the result is not larger than ‖A‖₂ by more than
/// rounding. (The start is random: that the value is not the largest is unlikely, not impossible.
/// Where the largest values are close the iteration is slow; algebra/spectra.hpp is faster.) Throws
/// Error where max_products do not suffice.
template <ComposableOp Op>
[[nodiscard]] auto spectral_norm(const Op& op, const PowerIteration& how = {}) {
  using Scalar = detail::ScalarOf<Op>;
  return static_cast<Real<Scalar>>(detail::SpectralNormOf<Scalar>(how).norm(detail::visible(op)));
}

}  // namespace strum::inline STRUM_ABI
