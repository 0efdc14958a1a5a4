// Permutation: entries in another order. Copies, without an arithmetic operation.
#pragma once

#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/ops/fixed_op.hpp"
#include "strum/ops/move_blocks.hpp"

namespace strum::inline STRUM_ABI {

/// y[i] = x[p[i]], p a bijection of 0 ... n−1. The transpose is the inverse. No parameters; the
/// indices belong to the description.
///
/// Indices that follow each other are copied as runs: if the permutation moves whole blocks of B
/// entries, n/B numbers are stored and read, not n. Where the samples of an entry are neighbours,
/// its row is copied whole.
template <class ScalarType>
class Permutation : public detail::FixedOp<Permutation<ScalarType>, ScalarType> {
 public:
  using Scalar = ScalarType;

  Permutation() = default;

  /// From p. Throws ValueError unless every index below p.size() occurs once.
  explicit Permutation(const std::vector<Index>& p) {
    const auto n = static_cast<Index>(p.size());
    check_bijection(p);
    Index block = n;  // the greatest common divisor of all places where a run ends
    for (Index i = 1; i < n; ++i)
      if (at(p, i) != at(p, i - 1) + 1) block = std::gcd(block, i);
    block_ = block;
    for (Index i = 0; i < n; i += block) sources_.push_back(at(p, i));
  }

  /// y[i] = x[i].
  [[nodiscard]] static Permutation identity(Index n) {
    return make(n, [](Index i) { return i; });
  }
  /// y[i] = x[n − 1 − i].
  [[nodiscard]] static Permutation reversal(Index n) {
    return make(n, [n](Index i) { return n - 1 - i; });
  }
  /// y[j·a + i] = x[i·b + j] for 0 <= i < a, 0 <= j < b: a row-major a x b matrix becomes its
  /// transpose. Throws ShapeError for negative sizes and those whose product leaves the index type.
  [[nodiscard]] static Permutation stride(Index a, Index b) {
    const Index n = detail::checked_product(a, b, "Permutation::stride");
    return make(n, [a, b](Index i) { return i % a * b + i / a; });
  }
  /// y[i] = x[the bits of i in reverse]. Throws ShapeError unless n is a power of two.
  [[nodiscard]] static Permutation bit_reversal(Index n) {
    if (n < 1 || (n & (n - 1)) != 0)
      detail::fail<ShapeError>("Permutation::bit_reversal: ", n, " is not a power of two");
    return make(n, [n](Index i) {
      Index reversed = 0;
      for (Index bit = 1; bit < n; bit *= 2) reversed = 2 * reversed + ((i & bit) != 0 ? 1 : 0);
      return reversed;
    });
  }

  /// y[p[i]] = x[i].
  [[nodiscard]] Permutation inverse() const {
    std::vector<Index> q(static_cast<std::size_t>(rows()));
    for (Index i = 0; i < rows(); ++i) q[static_cast<std::size_t>(index(i))] = i;
    return Permutation(q);
  }

  /// A·B: first B, then A. Throws ShapeError unless both have the same size.
  [[nodiscard]] friend Permutation compose(const Permutation& a, const Permutation& b) {
    if (a.rows() != b.rows())
      detail::fail<ShapeError>("Permutation: one of ", a.rows(), " entries after one of ",
                               b.rows());
    return make(a.rows(), [&](Index i) { return b.index(a.index(i)); });
  }

  [[nodiscard]] Index rows() const { return static_cast<Index>(sources_.size()) * block_; }
  [[nodiscard]] Index cols() const { return rows(); }
  /// p[i].
  [[nodiscard]] Index index(Index i) const { return at(sources_, i / block_) + i % block_; }
  /// p.
  [[nodiscard]] std::vector<Index> indices() const {
    std::vector<Index> p(static_cast<std::size_t>(rows()));
    for (Index i = 0; i < rows(); ++i) p[static_cast<std::size_t>(i)] = index(i);
    return p;
  }
  /// B, the length of the runs that it copies.
  [[nodiscard]] Index block() const { return block_; }
  [[nodiscard]] std::size_t bytes() const { return sources_.size() * sizeof(Index); }

  [[nodiscard]] static constexpr std::string_view name() { return "Permutation"; }
  [[nodiscard]] Description describe() const {
    Description description{std::string(name()), {{"size", {rows()}}}};
    if (rows() > 0) description.attributes["indices"] = indices();
    return description;
  }
  [[nodiscard]] static Permutation restore(const Description& description,
                                           const Parameters<Scalar>&) {
    const Index n = description.value("size");
    if (n == 0) return {};
    return Permutation(description.list("indices", static_cast<std::size_t>(n)));
  }

 private:
  friend detail::OpAccess;

  static Index at(const std::vector<Index>& list, Index i) {
    return list[static_cast<std::size_t>(i)];
  }

  template <class Source>
  static Permutation make(Index n, const Source& source) {
    if (n < 0) detail::fail<ShapeError>("Permutation: ", n, " entries");
    std::vector<Index> p(static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i) p[static_cast<std::size_t>(i)] = source(i);
    return Permutation(p);
  }

  static void check_bijection(const std::vector<Index>& p) {
    const auto n = static_cast<Index>(p.size());
    std::vector<bool> seen(p.size());
    for (Index i = 0; i < n; ++i) {
      if (at(p, i) < 0 || at(p, i) >= n)
        detail::fail<ValueError>("Permutation: index ", i, " of ", n, " is ", at(p, i));
      if (seen[static_cast<std::size_t>(at(p, i))])
        detail::fail<ValueError>("Permutation: ", at(p, i), " occurs twice among ", n, " indices");
      seen[static_cast<std::size_t>(at(p, i))] = true;
    }
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace&) const {
    detail::BlockMove move{
        .blocks = static_cast<Index>(sources_.size()), .length = block_, .from = sources_.data()};
    if (transposes(mode)) std::swap(move.from, move.to);
    detail::move_blocks(move, alpha, x, beta, y);
  }

  std::vector<Index> sources_;  // p[k·B]
  Index block_ = 1;
};

}  // namespace strum::inline STRUM_ABI
