// ToeplitzLike: matrices of low displacement rank, as sums of products of f-circulants.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "strum/transforms/signal_op.hpp"
#include "strum/transforms/toeplitz_convolution.hpp"

namespace strum::inline STRUM_ABI {

/// W = Σ_i K(Z_f, G_i)·K(Z_g, H_i)ᵀ,  K(Z, v) = [v, Z·v, Z²·v, …], n columns,
/// Z_f·v = (f·v_{n−1}, v_0, …, v_{n−2});
///
/// K(Z_f, v)[a, j] = v[a − j] for a >= j, else f·v[n + a − j], an f-circulant. The matrices of
/// displacement rank r (Sindhwani, Sainath and Kumar 2015; Thomas et al. 2018); f = 1, g = −1 reach
/// every Toeplitz matrix with r = 2. (For complex scalars the second factor is transposed, not its
/// adjoint.)
///
/// Parameters: `G (r, n)`, `H (r, n)` and `corners (2)` = (f, g), any numbers. 2r + 2 transforms
/// and 2r products of spectra per product, of length n where the corner is 1 or −1 and n is a good
/// length, of the next good one above 2n where not: a general f is an entry of a linear
/// convolution, not a scaling by f^(j/n), which for |f| far from 1 loses digits and at 0 all of
/// them. |error| <= O(log n)·eps·Σ_i (1 + |f|)·‖G_i‖₁·(1 + |g|)·‖H_i‖₁·‖x‖₂.
template <class ScalarType>
class ToeplitzLike : public detail::SignalOp<ToeplitzLike<ScalarType>, ScalarType> {
  using Base = detail::SignalOp<ToeplitzLike, ScalarType>;
  using R = Real<ScalarType>;
  using Convolution = detail::ToeplitzConvolution<ScalarType>;

 public:
  using Scalar = ScalarType;

  ToeplitzLike() = default;

  /// Throws ShapeError unless G and H are (r, n) alike, r and n at least 1.
  ToeplitzLike(const Tensor<Scalar>& g, const Tensor<Scalar>& h, Scalar corner_f, Scalar corner_g)
      : ToeplitzLike(g, h, Tensor<Scalar>({2}, {corner_f, corner_g})) {}

  [[nodiscard]] Index rows() const { return this->empty() ? 0 : this->stored().shape()[1]; }
  [[nodiscard]] Index cols() const { return rows(); }
  /// r.
  [[nodiscard]] Index rank() const { return this->empty() ? 0 : this->stored().shape()[0]; }

  [[nodiscard]] Index flops() const {
    if (this->empty()) return 0;
    Index sum = (rank() - 1) * left_.spectrum_size();
    for (const Convolution* side : {&left_, &right_})
      sum += (rank() + 1) * side->plan().transform_flops() + rank() * side->plan().multiply_flops();
    return sum;
  }
  [[nodiscard]] std::size_t bytes() const {
    return this->stored_bytes() + (left_spectra_.size() + right_spectra_.size()) * sizeof(R);
  }

  /// From the definition: not by a product.
  [[nodiscard]] auto to_dense() const {
    using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
    const Index n = rows();
    Matrix dense = Matrix::Zero(n, n), k(n, n), l(n, n);
    for (Index i = 0; i < rank(); ++i) {
      for (Index j = 0; j < n; ++j)
        for (Index a = 0; a < n; ++a) {
          k(a, j) = krylov(this->stored(0).data() + i * n, corner(0), n, a - j);
          l(a, j) = krylov(this->stored(1).data() + i * n, corner(1), n, a - j);
        }
      dense.noalias() += k * l.transpose();
    }
    return dense;
  }

  [[nodiscard]] static constexpr std::string_view name() { return "ToeplitzLike"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"size", {rows()}}, {"rank", {rank()}}}};
  }
  [[nodiscard]] static ToeplitzLike restore(const Description&,
                                            const Parameters<Scalar>& parameters) {
    const auto find = [&](const char* p) -> const Tensor<Scalar>& {
      return detail::find_parameter(parameters, p, name());
    };
    return ToeplitzLike(find("G"), find("H"), find("corners"));
  }

 private:
  friend Base;
  using Stored = std::vector<detail::StoredParameter<Scalar>>;

  ToeplitzLike(const Tensor<Scalar>& g, const Tensor<Scalar>& h, const Tensor<Scalar>& corners) {
    if (g.rank() != 2 || g.size() == 0)
      detail::fail<ShapeError>(name(), ": G has shape ", g.shape(),
                               ", needs (r, n), neither of them 0");
    detail::check_shape(h, g.shape(), name(), "H");
    detail::check_shape(corners, {2}, name(), "corners");
    this->assign({{"G", g}, {"H", h}, {"corners", corners}});
  }

  [[nodiscard]] const Scalar& corner(Index i) const { return this->stored(2)[i]; }

  /// K(Z_f, v)[a, j], d = a − j.
  [[nodiscard]] static Scalar krylov(const Scalar* v, const Scalar& f, Index n, Index d) {
    return d >= 0 ? v[d] : f * v[n + d];
  }

  void prepare(const Stored& parameters) {
    const Tensor<Scalar>& corners = parameters[2].values;
    prepare_side(parameters[0].values, corners[0], left_, left_spectra_);
    prepare_side(parameters[1].values, corners[1], right_, right_spectra_);
  }
  static void prepare_side(const Tensor<Scalar>& v, const Scalar& f, Convolution& convolution,
                           std::vector<R>& spectra) {
    const Index r = v.shape()[0], n = v.shape()[1];
    convolution = {n, f};
    const Index size = convolution.spectrum_size();
    spectra.resize(static_cast<std::size_t>(detail::checked_product(r, size, name())));
    for (Index i = 0; i < r; ++i)
      convolution.transform_filter([&](Index d) { return krylov(v.data() + i * n, f, n, d); },
                                   spectra.data() + i * size, detail::thread_workspace());
  }

  /// W·x = Σ_i K_f(G_i)·(K_g(H_i)ᵀ·x); Wᵀ is W with G and H, f and g exchanged.
  void run(Mode mode, const Scalar* x, Scalar* y, Workspace& workspace) const {
    const bool t = transposes(mode), turned = conjugates(mode);
    const Convolution &first = t ? left_ : right_, &second = t ? right_ : left_;
    const R* const first_spectra = (t ? left_spectra_ : right_spectra_).data();
    const R* const second_spectra = (t ? right_spectra_ : left_spectra_).data();
    const Index n = rows(), in = first.spectrum_size(), out = second.spectrum_size();
    Workspace::Frame frame(workspace);
    R* const fx = frame.take<R>(in);
    R* const each = frame.take<R>(std::max(in, out));
    R* const sum = frame.take<R>(out);
    Scalar* const z = frame.take<Scalar>(n);
    // A transposed product conjugates before and after, see convolve(); conj(W) does once more.
    first.plan().transform(x, n, fx, workspace, !turned);
    for (Index i = 0; i < rank(); ++i) {
      first.plan().multiply(first_spectra + i * in, fx, each, true);
      first.plan().inverse(each, z, 0, n, workspace, !turned);
      second.plan().transform(z, n, each, workspace, turned);
      if (i == 0)
        second.plan().multiply(second_spectra, each, sum);
      else
        second.plan().multiply_add(second_spectra + i * out, each, sum);
    }
    second.plan().inverse(sum, y, 0, n, workspace, turned);
  }
  [[nodiscard]] std::size_t run_bytes() const {
    const auto reals = [](Index count) {
      return Workspace::rounded(static_cast<std::size_t>(count) * sizeof(R));
    };
    const Index l = left_.spectrum_size(), r = right_.spectrum_size(), most = std::max(l, r);
    return 3 * reals(most) + Workspace::rounded(static_cast<std::size_t>(rows()) * sizeof(Scalar)) +
           std::max(left_.run_bytes(), right_.run_bytes());
  }

  /// With z_i = K_g(H_i)ᵀ·x and z̄_i = K_f(G_i)ᴴ·dy: dK_f(G_i) = dy·z_iᴴ and dK_g(H_i) =
  /// conj(x)·z̄_iᵀ, whose sums along diagonals are those of the vectors, wrapped with the corners.
  void accumulate(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                  const std::vector<Scalar*>& grads, Workspace& workspace) const {
    const Index n = rows();
    const Convolution linear(n, n);
    std::vector<Scalar> z(static_cast<std::size_t>(n));
    for (Index i = 0; i < rank(); ++i) {
      detail::DiagonalSums<Scalar> left(linear.plan()), right(linear.plan());
      detail::for_each_sample(x, dy, [&](const Scalar* in, const Scalar* out) {
        right_.run(Mode::transpose, right_spectra_.data() + i * right_.spectrum_size(), in,
                   z.data(), workspace);
        left.add(z.data(), n, out, n, workspace);
        left_.run(Mode::adjoint, left_spectra_.data() + i * left_.spectrum_size(), out, z.data(),
                  workspace);
        right.add(z.data(), n, in, n, workspace, true);
      });
      left.finish(workspace);
      right.finish(workspace);
      add_side(left, 0, i, grads);
      add_side(right, 1, i, grads);
    }
  }

  /// From the gradients of K's diagonals to those of its vector and of its corner.
  void add_side(const detail::DiagonalSums<Scalar>& sums, Index side, Index i,
                const std::vector<Scalar*>& grads) const {
    const Index n = rows();
    const Scalar* const v = this->stored(static_cast<std::size_t>(side)).data() + i * n;
    Scalar* const dv = grads[static_cast<std::size_t>(side)] + i * n;
    for (Index d = 0; d < n; ++d) {
      dv[d] += sums(d);
      if (d == 0) continue;
      dv[d] += Eigen::numext::conj(corner(side)) * sums(d - n);
      grads[2][side] += Eigen::numext::conj(v[d]) * sums(d - n);
    }
  }

  Convolution left_, right_;
  std::vector<R> left_spectra_, right_spectra_;
};

}  // namespace strum::inline STRUM_ABI
