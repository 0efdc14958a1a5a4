// Fastfood: random-looking matrices from diagonals, a permutation and Hadamard transforms.
#pragma once

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>
#include <vector>

#include "strum/core/arithmetic.hpp"
#include "strum/core/owned_size.hpp"
#include "strum/kernels/signals.hpp"
#include "strum/transforms/signal_op.hpp"

namespace strum::inline STRUM_ABI {

/// Stacks, one below the other, of D₃·H·D₂·P·H·D₁ (Le, Sarlós and Smola 2013), each n x n, n a
/// power of two: H_ij = (−1)^{popcount(i and j)}, unnormalised, (P·x)_i = x_{π(i)}. The input is
/// extended with zeros to n, the output cut to m rows.
///
/// Parameters, by the names of the paper: `B (stacks, n)` = D₁, `G (stacks, n)` = D₂, `S (stacks,
/// n)` = D₃; the permutations belong to the description. 2·n·log₂ n additions and 3n products per
/// stack and product; sums are exact on integers. |error| <= O(log n)·eps·n·max|B|·max|G|·max|S|·
/// ‖x‖₂.
template <class ScalarType>
class Fastfood : public detail::SignalOp<Fastfood<ScalarType>, ScalarType> {
  using Base = detail::SignalOp<Fastfood, ScalarType>;
  using R = Real<ScalarType>;

 public:
  using Scalar = ScalarType;

  Fastfood() = default;

  /// rows x cols from diagonals (stacks, n) and the permutations π of all stacks, each of 0 … n
  /// − 1. Throws ShapeError unless the diagonals are alike, n is a power of two, 1 <= cols <= n and
  /// (stacks − 1)·n < rows <= stacks·n, ValueError for indices that are no permutations.
  Fastfood(Index rows, Index cols, const Tensor<Scalar>& b, const Tensor<Scalar>& g,
           const Tensor<Scalar>& s, const std::vector<Index>& permutation)
      : rows_(rows), cols_(cols), permutation_(permutation) {
    if (b.rank() != 2 || b.size() == 0 ||
        !std::has_single_bit(static_cast<std::size_t>(b.shape()[1])))
      detail::fail<ShapeError>(name(), ": B has shape ", b.shape(),
                               ", needs (stacks, n), n a power of two");
    detail::check_shape(g, b.shape(), name(), "G");
    detail::check_shape(s, b.shape(), name(), "S");
    if (rows < 1 || rows > b.size() || rows <= b.size() - b.shape()[1] || cols < 1 ||
        cols > b.shape()[1])
      detail::fail<ShapeError>(name(), ": ", rows, " x ", cols, " of ", b.shape()[0], " stacks of ",
                               b.shape()[1], " rows and columns");
    check_permutation(b.shape()[0], b.shape()[1]);
    this->assign({{"B", b}, {"G", g}, {"S", s}});
  }

  [[nodiscard]] Index rows() const { return rows_; }
  [[nodiscard]] Index cols() const { return cols_; }
  [[nodiscard]] Index stacks() const { return this->empty() ? 0 : this->stored().shape()[0]; }
  /// n.
  [[nodiscard]] Index size() const { return this->empty() ? 0 : this->stored().shape()[1]; }
  [[nodiscard]] const std::vector<Index>& permutation() const { return permutation_; }

  [[nodiscard]] Index flops() const {
    const Index each =
        size() * (2 * levels() * (kIsComplex<Scalar> ? 2 : 1) + 3 * (kIsComplex<Scalar> ? 6 : 1));
    return stacks() * each;
  }
  [[nodiscard]] std::size_t bytes() const {
    return this->stored_bytes() + permutation_.size() * sizeof(Index);
  }

  /// From the definition: sums of products in order, no transform.
  [[nodiscard]] auto to_dense() const {
    const auto sign = [](Index i, Index j) {
      return std::popcount(static_cast<std::size_t>(i & j)) % 2 == 0 ? R(1) : R(-1);
    };
    return this->dense_of([&, n = size()](Index i, Index j) {
      const Index k = i / n;
      Scalar sum(0);
      for (Index l = 0; l < n; ++l)
        sum += sign(i % n, l) * sign(permutation_[static_cast<std::size_t>(k * n + l)], j) *
               this->stored(1)(k, l);
      return this->stored(2)[i] * sum * this->stored(0)(k, j);
    });
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Fastfood"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"shape", {rows(), cols()}}, {"permutation", permutation_}}};
  }
  [[nodiscard]] static Fastfood restore(const Description& description,
                                        const Parameters<Scalar>& parameters) {
    const auto find = [&](const char* p) -> const Tensor<Scalar>& {
      return detail::find_parameter(parameters, p, name());
    };
    const std::vector<Index>& shape = description.list("shape", 2);
    const Tensor<Scalar>& b = find("B");
    return Fastfood(shape[0], shape[1], b, find("G"), find("S"),
                    description.list("permutation", static_cast<std::size_t>(b.size())));
  }

 private:
  friend Base;

  void check_permutation(Index stacks, Index n) const {
    if (static_cast<Index>(permutation_.size()) != stacks * n)
      detail::fail<ShapeError>(name(), ": permutations of ", permutation_.size(), " numbers for ",
                               stacks, " stacks of ", n);
    std::vector<bool> seen(permutation_.size());
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const Index to = permutation_[i], stack = static_cast<Index>(i) / n;
      const auto at = static_cast<std::size_t>(stack * n + to);
      if (to < 0 || to >= n || seen[at])
        detail::fail<ValueError>(name(), ": in the permutation of stack ", stack, ", ", to,
                                 " is outside or there twice");
      seen[at] = true;
    }
  }
  void prepare(const std::vector<detail::StoredParameter<Scalar>>&) {}

  [[nodiscard]] Index levels() const {
    return std::countr_zero(static_cast<std::size_t>(std::max<Index>(size(), 1)));
  }
  /// x = H·x.
  void hadamard(Scalar* x) const {
    R* const reals = reinterpret_cast<R*>(x);
    kernels::signals<R>().hadamard({.order = 1,
                                    .n = size(),
                                    .signs = nullptr,
                                    .is_complex = kIsComplex<Scalar>,
                                    .x = reals,
                                    .y = reals,
                                    .scale = R(1)});
  }
  /// y = D·x of the first `count` entries of a stack's diagonal.
  void scale(std::size_t d, Index stack, Mode mode, const Scalar* x, Scalar* y, Index count) const {
    const Scalar* const diagonal = this->stored(d).data() + stack * size();
    for (Index i = 0; i < count; ++i)
      y[i] = detail::multiply(
          conjugates(mode) ? Scalar(Eigen::numext::conj(diagonal[i])) : diagonal[i], x[i]);
  }
  /// y_i = x_{π(i)}, or the inverse.
  void permute(Index stack, bool inverse, const Scalar* x, Scalar* y) const {
    const Index* const from = permutation_.data() + stack * size();
    for (Index i = 0; i < size(); ++i)
      if (inverse)
        y[from[i]] = x[i];
      else
        y[i] = x[from[i]];
  }
  /// Rows of a stack that are not cut off.
  [[nodiscard]] Index height(Index stack) const {
    return std::min(size(), rows() - stack * size());
  }

  /// The transpose of a stack is D₁·H·Pᵀ·D₂·H·D₃; those of all stacks are added up.
  void run(Mode mode, const Scalar* x, Scalar* y, Workspace& workspace) const {
    const Index n = size();
    Workspace::Frame frame(workspace);
    Scalar *const u = frame.take<Scalar>(n), *const v = frame.take<Scalar>(n);
    const bool t = transposes(mode);
    for (Index stack = 0; stack * n < rows(); ++stack) {
      const Index in = t ? height(stack) : cols();
      scale(t ? 2 : 0, stack, mode, t ? x + stack * n : x, u, in);
      std::fill(u + in, u + n, Scalar(0));
      hadamard(u);
      if (t) {
        scale(1, stack, mode, u, u, n);
        permute(stack, true, u, v);
      } else {
        permute(stack, false, u, v);
        scale(1, stack, mode, v, v, n);
      }
      hadamard(v);
      if (!t) {
        scale(2, stack, mode, v, y + stack * n, height(stack));
      } else {
        scale(0, stack, mode, v, stack == 0 ? y : v, cols());
        for (Index j = 0; stack > 0 && j < cols(); ++j) y[j] += v[j];
      }
    }
  }
  [[nodiscard]] std::size_t run_bytes() const {
    return 2 * Workspace::rounded(static_cast<std::size_t>(size()) * sizeof(Scalar));
  }

  void accumulate(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                  const std::vector<Scalar*>& grads, Workspace&) const {
    const Index n = size();
    std::vector<Scalar> c(static_cast<std::size_t>(n)), e = c, d = c;
    const auto add = [&](std::size_t i, Index stack, const Scalar* dz, const Scalar* z,
                         Index rows) {
      for (Index j = 0; j < rows; ++j) grads[i][stack * n + j] += dz[j] * Eigen::numext::conj(z[j]);
    };
    detail::for_each_sample(x, dy, [&](const Scalar* in, const Scalar* out) {
      for (Index stack = 0; stack * n < rows(); ++stack) {
        std::fill(e.begin(), e.end(), Scalar(0));
        scale(0, stack, Mode::plain, in, e.data(), cols());
        hadamard(e.data());
        permute(stack, false, e.data(), c.data());
        scale(1, stack, Mode::plain, c.data(), e.data(), n);
        hadamard(e.data());
        add(2, stack, out + stack * n, e.data(), height(stack));
        std::fill(d.begin(), d.end(), Scalar(0));
        scale(2, stack, Mode::conjugate, out + stack * n, d.data(), height(stack));
        hadamard(d.data());
        add(1, stack, d.data(), c.data(), n);
        scale(1, stack, Mode::conjugate, d.data(), e.data(), n);
        permute(stack, true, e.data(), d.data());
        hadamard(d.data());
        add(0, stack, d.data(), in, cols());
      }
    });
  }

  detail::OwnedSize rows_, cols_;
  std::vector<Index> permutation_;
};

}  // namespace strum::inline STRUM_ABI
