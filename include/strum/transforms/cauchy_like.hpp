// CauchyLike: entries divided by differences.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "strum/core/arithmetic.hpp"
#include "strum/kernels/signals.hpp"
#include "strum/transforms/planes.hpp"
#include "strum/transforms/signal_op.hpp"

namespace strum::inline STRUM_ABI {

/// C[i, j] = Σ_ρ a[ρ, i]·b[ρ, j]/(x_i − y_j), m x n; r = 1 and a = b = 1 is the Cauchy matrix.
///
/// Parameters: `a (r, m)`, `b (r, n)`, `x (m)`, `y (n)`, no x_i equal to a y_j. The matrix is not
/// stored: m·n·r multiply-adds and m·n divisions per product. Componentwise |error| <=
/// O(n + r)·eps·Σ_ρ |a||b|/|x − y|·|u|.
template <class ScalarType>
class CauchyLike : public detail::SignalOp<CauchyLike<ScalarType>, ScalarType> {
  using Base = detail::SignalOp<CauchyLike, ScalarType>;
  using R = Real<ScalarType>;
  using Stored = std::vector<detail::StoredParameter<ScalarType>>;

 public:
  using Scalar = ScalarType;

  CauchyLike() = default;

  /// Throws ShapeError unless a is (r, m), b (r, n), x (m) and y (n), none of them empty, and
  /// ValueError, naming them, for an x_i that is a y_j; so does set().
  CauchyLike(const Tensor<Scalar>& a, const Tensor<Scalar>& b, const Tensor<Scalar>& x,
             const Tensor<Scalar>& y) {
    detail::check_vector(x, name(), "x");
    detail::check_vector(y, name(), "y");
    if (a.rank() != 2 || a.size() == 0)
      detail::fail<ShapeError>(name(), ": a has shape ", a.shape(),
                               ", needs (r, m), neither of them 0");
    detail::check_shape(a, {a.shape()[0], x.size()}, name(), "a");
    detail::check_shape(b, {a.shape()[0], y.size()}, name(), "b");
    this->assign({{"a", a}, {"b", b}, {"x", x}, {"y", y}});
  }

  [[nodiscard]] Index rows() const { return this->empty() ? 0 : this->stored(2).size(); }
  [[nodiscard]] Index cols() const { return this->empty() ? 0 : this->stored(3).size(); }
  /// r.
  [[nodiscard]] Index rank() const { return this->empty() ? 0 : this->stored(0).shape()[0]; }

  /// A division is one operation (complex: ten).
  [[nodiscard]] Index flops() const {
    return rows() * cols() * (rank() * kMultiplyAddFlops<Scalar> + (kIsComplex<Scalar> ? 12 : 3));
  }
  [[nodiscard]] std::size_t bytes() const {
    return this->stored_bytes() * (kIsComplex<Scalar> ? 2 : 1);
  }

  /// From the definition: not by a product.
  [[nodiscard]] auto to_dense() const {
    return this->dense_of([&](Index i, Index j) { return entry(i, j); });
  }

  [[nodiscard]] static constexpr std::string_view name() { return "CauchyLike"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"shape", {rows(), cols()}}, {"rank", {rank()}}}};
  }
  [[nodiscard]] static CauchyLike restore(const Description&,
                                          const Parameters<Scalar>& parameters) {
    const auto find = [&](const char* p) -> const Tensor<Scalar>& {
      return detail::find_parameter(parameters, p, name());
    };
    return CauchyLike(find("a"), find("b"), find("x"), find("y"));
  }

 private:
  friend Base;

  [[nodiscard]] Scalar entry(Index i, Index j) const {
    Scalar sum(0);
    for (Index r = 0; r < rank(); ++r) sum += this->stored(0)(r, i) * this->stored(1)(r, j);
    return sum / (this->stored(2)[i] - this->stored(3)[j]);
  }

  void prepare(const Stored& parameters) {
    check_nodes(parameters[2].values, parameters[3].values);
    if constexpr (kIsComplex<Scalar>) {
      planes_.resize(parameters.size());
      for (std::size_t p = 0; p < parameters.size(); ++p) {
        const Tensor<Scalar>& values = parameters[p].values;
        const Index n = values.shape().back();
        planes_[p].resize(static_cast<std::size_t>(2 * values.size()));
        for (Index i = 0; i < values.size(); ++i)
          detail::to_planes(values[i], planes_[p].data() + i / n * 2 * n, n, i % n);
      }
    }
  }
  static void check_nodes(const Tensor<Scalar>& x, const Tensor<Scalar>& y) {
    const auto less = [](const Scalar& a, const Scalar& b) {
      if constexpr (kIsComplex<Scalar>)
        return a.real() != b.real() ? a.real() < b.real() : a.imag() < b.imag();
      else
        return a < b;
    };
    std::vector<Scalar> sorted(y.data(), y.data() + y.size());
    for (const Scalar& node : sorted)
      if (node != node) return;  // NaN has no order, and makes no quotient that is not NaN
    std::sort(sorted.begin(), sorted.end(), less);
    for (Index i = 0; i < x.size(); ++i)
      if (x[i] == x[i] && std::binary_search(sorted.begin(), sorted.end(), x[i], less))
        detail::fail<ValueError>(name(), ": x[", i, "] is y[",
                                 std::find(y.data(), y.data() + y.size(), x[i]) - y.data(), "]");
  }

  /// Parameter p as the kernel takes it.
  [[nodiscard]] const R* planes(std::size_t p) const {
    if constexpr (kIsComplex<Scalar>)
      return planes_[p].data();
    else
      return this->stored(p).data();
  }

  /// Numbers v = b ⊙ u of every ρ first, then the quotients.
  void run(Mode mode, const Scalar* x, Scalar* y, Workspace& workspace) const {
    const bool t = transposes(mode);
    const Index in = t ? rows() : cols(), out = t ? cols() : rows();
    const Tensor<Scalar>& inner = this->stored(t ? 0 : 1);
    constexpr Index kParts = kIsComplex<Scalar> ? 2 : 1;
    Workspace::Frame frame(workspace);
    R* const v = frame.take<R>(kParts * rank() * in);
    for (Index r = 0; r < rank(); ++r)
      for (Index j = 0; j < in; ++j) {
        const Scalar u = conjugates(mode) ? Scalar(Eigen::numext::conj(x[j])) : x[j];
        detail::to_planes(detail::multiply(inner(r, j), u), v + r * kParts * in, in, j);
      }
    detail::in_planes(x, 0, y, out, conjugates(mode), workspace, [&](const R*, R* result) {
      kernels::signals<R>().cauchy({.m = out,
                                    .n = in,
                                    .rank = rank(),
                                    .is_complex = kIsComplex<Scalar>,
                                    .negative = t,
                                    .x = planes(t ? 3 : 2),
                                    .y = planes(t ? 2 : 3),
                                    .a = planes(t ? 1 : 0),
                                    .v = v,
                                    .result = result});
    });
  }
  [[nodiscard]] std::size_t run_bytes() const {
    const Index most = std::max(rows(), cols());
    return Workspace::rounded(static_cast<std::size_t>(rank() * most) * sizeof(Scalar)) +
           detail::planes_bytes<Scalar>(most);
  }

  /// By the entries: with q = 1/(x_i − y_j), da_ρi = dy_i·conj(Σ_j b_ρj·q·u_j) and so on; dx_i =
  /// −dy_i·conj(Σ_j C_ij·q·u_j), dy_j the opposite.
  void accumulate(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                  const std::vector<Scalar*>& grads, Workspace&) const {
    const Index m = rows(), n = cols();
    const auto conj = [](const Scalar& value) { return Scalar(Eigen::numext::conj(value)); };
    detail::for_each_sample(x, dy, [&](const Scalar* in, const Scalar* out) {
      for (Index i = 0; i < m; ++i)
        for (Index j = 0; j < n; ++j) {
          const Scalar quotient = Scalar(1) / (this->stored(2)[i] - this->stored(3)[j]);
          const Scalar d = out[i] * conj(quotient * in[j]);
          Scalar sum(0);
          for (Index r = 0; r < rank(); ++r) {
            const Scalar &a = this->stored(0)(r, i), &b = this->stored(1)(r, j);
            grads[0][r * m + i] += d * conj(b);
            grads[1][r * n + j] += d * conj(a);
            sum += a * b;
          }
          const Scalar node = d * conj(sum * quotient);
          grads[2][i] -= node;
          grads[3][j] += node;
        }
    });
  }

  std::vector<std::vector<R>> planes_;  // of complex parameters
};

}  // namespace strum::inline STRUM_ABI
