// SineTransform: the discrete sine transforms of types I to IV, of any length.
#pragma once

#include <string_view>

#include "strum/transforms/trigonometric.hpp"

namespace strum::inline STRUM_ABI {

/// Of every column x of a matrix, with n numbers each,
///
///     I    y_k = 2·Σ x_j·sin(π(j + 1)(k + 1)/(n + 1))                              M = 2(n + 1)
///     II   y_k = 2·Σ x_j·sin(π(2j + 1)(k + 1)/2n)                                  M = 2n
///     III  y_k = (−1)^k·x_{n−1} + 2·Σ_{j<n−1} x_j·sin(π(j + 1)(2k + 1)/2n)         M = 2n
///     IV   y_k = 2·Σ x_j·sin(π(2j + 1)(2k + 1)/4n)                                 M = 2n
///
/// as SciPy's dst(), in O(n·log n). Inverses of II and III are each other over M, those of I and IV
/// themselves over M. Norm::backward scales the inverse by 1/M, Norm::forward the forward
/// transform. Norm::ortho makes both orthogonal: 1/√M, and the last output of II over √2, the last
/// input of III times √2. (SciPy up to 1.10 and others scale the first ones, which is not
/// orthogonal.)
template <class R>
class SineTransform : public detail::RealToReal<SineTransform<R>, R> {
 public:
  /// Throws ValueError unless the type is 1, 2, 3 or 4, and ShapeError unless n >= 1.
  SineTransform(int type, Index n) : plan_(detail::Trig::sine, checked(type, n), n) {}

  [[nodiscard]] int type() const { return plan_.type(); }
  [[nodiscard]] Index length() const { return plan_.length(); }
  [[nodiscard]] static constexpr std::string_view name() { return "SineTransform"; }

 private:
  friend detail::RealToReal<SineTransform, R>;

  [[nodiscard]] static int checked(int type, Index n) {
    if (type < 1 || type > 4)
      detail::fail<ValueError>(name(), ": type ", type, " is none of 1, 2, 3, 4");
    if (n < 1) detail::fail<ShapeError>(name(), ": a length of ", n);
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
