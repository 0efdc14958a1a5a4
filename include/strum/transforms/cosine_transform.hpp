// CosineTransform: the discrete cosine transforms of types I to IV, of any length.
#pragma once

#include <string_view>

#include "strum/transforms/trigonometric.hpp"

namespace strum::inline STRUM_ABI {

/// Of every column x of a matrix, with n numbers each,
///
///     I    y_k = x_0 + (−1)^k·x_{n−1} + 2·Σ_{0<j<n−1} x_j·cos(πjk/(n − 1))    n >= 2, M = 2(n − 1)
///     II   y_k = 2·Σ x_j·cos(π(2j + 1)k/2n)                                   M = 2n
///     III  y_k = x_0 + 2·Σ_{j>0} x_j·cos(πj(2k + 1)/2n)                       M = 2n
///     IV   y_k = 2·Σ x_j·cos(π(2j + 1)(2k + 1)/4n)                            M = 2n
///
/// as SciPy's dct(), in O(n·log n). Inverses of II and III are each other over M, those of I and IV
/// themselves over M. Norm::backward scales the inverse by 1/M, Norm::forward the forward
/// transform. Norm::ortho makes both orthogonal: 1/√M, and the coefficient with the weight 1 above
/// (y_0 of II, x_0 of III, of I the first and last of x) times √2, its like on the other side (II,
/// I) over √2.
template <class R>
class CosineTransform : public detail::RealToReal<CosineTransform<R>, R> {
 public:
  /// Throws ValueError unless the type is 1, 2, 3 or 4, and ShapeError unless n >= 1 (type 1: 2).
  CosineTransform(int type, Index n) : plan_(detail::Trig::cosine, checked(type, n), n) {}

  [[nodiscard]] int type() const { return plan_.type(); }
  [[nodiscard]] Index length() const { return plan_.length(); }
  [[nodiscard]] static constexpr std::string_view name() { return "CosineTransform"; }

 private:
  friend detail::RealToReal<CosineTransform, R>;

  [[nodiscard]] static int checked(int type, Index n) {
    if (type < 1 || type > 4)
      detail::fail<ValueError>(name(), ": type ", type, " is none of 1, 2, 3, 4");
    if (n < 1 || (type == 1 && n < 2))
      detail::fail<ShapeError>(name(), ": a length of ", n, ", type ", type, " needs ",
                               type == 1 ? 2 : 1);
    (void)detail::checked_product(n, 16, name());  // of which angles are made
    return type;
  }

  [[nodiscard]] auto pass(Norm norm, detail::TransformMode mode) const {
    return plan_.pass(norm, mode);
  }
  [[nodiscard]] std::size_t signal_bytes() const { return plan_.signal_bytes(); }
  void transform(const detail::TrigPass<R>& pass, const R* x, R* y, Workspace& workspace) const {
    plan_.transform(pass, x, y, workspace);
  }

  detail::TrigPlan<R> plan_;
};

}  // namespace strum::inline STRUM_ABI
