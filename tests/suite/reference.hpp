// What an operator must compute: its factors written out as dense matrices, multiplied in a wider
// type, and the one error bound that all operators are held to.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <optional>
#include <type_traits>
#include <vector>

#include "strum/core/scalar.hpp"
#include "suite/random.hpp"

namespace strum::test {

template <class R>
using WideReal = std::conditional_t<std::is_same_v<R, float>, double, long double>;

/// Rounding of the reference must not matter beside that of the operator.
template <class Scalar>
using Wide = std::conditional_t<kIsComplex<Scalar>, std::complex<WideReal<Real<Scalar>>>,
                                WideReal<Real<Scalar>>>;

/// For what is computed on the way to an entry.
template <class Scalar>
using Exact = std::conditional_t<kIsComplex<Scalar>, std::complex<long double>, long double>;
template <class Scalar>
Exact<Scalar> exact(const Scalar& value) {
  return Exact<Scalar>(value);
}

/// One factor as a dense matrix, from the index formula of its structure. Entries outside the
/// structure are 0, all others are not. Real until a complex entry is set.
class DenseFactor {
 public:
  DenseFactor(Index rows, Index cols)
      : rows_(rows), cols_(cols), values_(static_cast<std::size_t>(rows * cols)) {}

  [[nodiscard]] Index rows() const { return rows_; }
  [[nodiscard]] Index cols() const { return cols_; }

  /// The real part of an entry.
  double& operator()(Index i, Index j) { return values_[at(i, j)]; }
  double operator()(Index i, Index j) const { return values_[at(i, j)]; }
  [[nodiscard]] double imag(Index i, Index j) const {
    return imaginary_.empty() ? 0 : imaginary_[at(i, j)];
  }

  /// Makes a weight of any type an entry.
  template <class Weight>
  void set(Index i, Index j, const Weight& weight) {
    if constexpr (kIsComplex<Weight>) {
      imaginary_.resize(values_.size());
      values_[at(i, j)] = static_cast<double>(weight.real());
      imaginary_[at(i, j)] = static_cast<double>(weight.imag());
    } else {
      values_[at(i, j)] = static_cast<double>(weight);
    }
  }

  /// Makes the entries of another factor those from (row, col) on.
  void place(Index row, Index col, const DenseFactor& part) {
    if (!part.imaginary_.empty()) imaginary_.resize(values_.size());
    for (Index i = 0; i < part.rows(); ++i)
      for (Index j = 0; j < part.cols(); ++j) {
        values_[at(row + i, col + j)] = part(i, j);
        if (!imaginary_.empty()) imaginary_[at(row + i, col + j)] = part.imag(i, j);
      }
  }

  [[nodiscard]] DenseFactor transposed() const {
    DenseFactor t(cols_, rows_);
    t.imaginary_.resize(imaginary_.size());
    for (Index i = 0; i < rows_; ++i)
      for (Index j = 0; j < cols_; ++j) {
        t(j, i) = (*this)(i, j);
        if (!imaginary_.empty()) t.imaginary_[t.at(j, i)] = imaginary_[at(i, j)];
      }
    return t;
  }

  [[nodiscard]] DenseFactor conjugated() const {
    DenseFactor c = *this;
    for (double& part : c.imaginary_) part = -part;
    return c;
  }

  /// Inner length: the most entries of a row.
  [[nodiscard]] Index inner() const {
    Index most = 0;
    for (Index i = 0; i < rows_; ++i) most = std::max(most, entries(i));
    return most;
  }

  /// Weights that join an input to an output.
  [[nodiscard]] Index entries() const {
    Index count = 0;
    for (Index i = 0; i < rows_; ++i) count += entries(i);
    return count;
  }

 private:
  [[nodiscard]] std::size_t at(Index i, Index j) const {
    return static_cast<std::size_t>(i * cols_ + j);
  }
  [[nodiscard]] Index entries(Index i) const {
    Index count = 0;
    for (Index j = 0; j < cols_; ++j) count += (*this)(i, j) != 0 || imag(i, j) != 0;
    return count;
  }

  Index rows_, cols_;
  std::vector<double> values_, imaginary_;
};

/// factor·weight in the wider numbers that references hold.
template <class Weight>
auto scaled(double factor, const Weight& weight) {
  if constexpr (kIsComplex<Weight>)
    return factor * std::complex<double>(weight);
  else
    return factor * static_cast<double>(weight);
}

/// What holds a product that goes through fast transforms: each of them adds to an output errors of
/// the size of the whole vector, so the bound is one on the norm,
///
///     |y − y_ref| <= (2·levels + a few)·eps·norm·‖x‖₂,
///
/// an output's path being `levels` butterflies of two long (log₂ n for one transform of length n;
/// a product with a prepared spectrum is three: there, of the filter, and back), each of which is
/// right to (1 + √5)/2·eps, and `norm` no less than the matrix's spectral norm. A block-diagonal
/// matrix of some `blocks` of equal shape, each transformed by itself, has such a bound per block.
struct NormwiseBound {
  double norm, levels;
  Index blocks = 1;
};

/// The first is applied first.
using DenseChain = std::vector<DenseFactor>;

inline DenseChain transposed(const DenseChain& chain) {
  DenseChain t;
  for (auto factor = chain.rbegin(); factor != chain.rend(); ++factor)
    t.push_back(factor->transposed());
  return t;
}

inline DenseChain conjugated(DenseChain chain) {
  for (DenseFactor& factor : chain) factor = factor.conjugated();
  return chain;
}

/// A·x and |A||x| of some samples, and with them the bound
///
///     |y − y_ref| <= c·eps·(|alpha|·|A||x| + |beta|·|y_old|) + a few smallest normal numbers,
///
/// c the sum of the inner lengths plus a few, |A| the product of the factors' absolute values. An
/// output is a sum of products of one entry per factor; each passes through no more roundings than
/// the inner lengths together, and two or three more where it is scaled. Twice that for complex
/// numbers, whose parts are sums of twice as many products. With a NormwiseBound ‖A‖·‖x‖₂ takes the
/// place of |A||x|. Of a longer batch sample s is sample s mod their number.
template <class Scalar>
class Reference {
 public:
  using Number = Wide<Scalar>;
  using Size = Real<Number>;

  Reference(const DenseChain& chain, const Samples<Scalar>& x,
            const std::optional<NormwiseBound>& normwise = {})
      : samples_(x.cols) {
    value_.resize(x.values.size());
    magnitude_.resize(x.values.size());
    for (Index i = 0; i < x.rows; ++i)
      for (Index s = 0; s < x.cols; ++s) {
        value_[at(i, s)] = static_cast<Number>(x(i, s));
        magnitude_[at(i, s)] = std::abs(value_[at(i, s)]);
      }
    Index roundings = 4;
    for (const DenseFactor& factor : chain) {
      value_ = product(factor, value_, [&](Index i, Index j) {
        if constexpr (kIsComplex<Scalar>)
          return Number(static_cast<Size>(factor(i, j)), static_cast<Size>(factor.imag(i, j)));
        else
          return static_cast<Number>(factor(i, j));
      });
      magnitude_ = product(factor, magnitude_, [&](Index i, Index j) {
        const auto im = static_cast<Size>(kIsComplex<Scalar> ? factor.imag(i, j) : 0);
        return std::hypot(static_cast<Size>(factor(i, j)), im);
      });
      roundings += factor.inner();
    }
    relative_ = static_cast<Size>(kIsComplex<Scalar> ? 2 * roundings : roundings) *
                std::numeric_limits<Real<Scalar>>::epsilon();
    if (normwise) bound_norms(x, *normwise);
  }

  [[nodiscard]] Number value(Index i, Index s) const { return value_[at(i, s)]; }
  /// (|A||x|) of output i, sample s.
  [[nodiscard]] Size magnitude(Index i, Index s) const { return magnitude_[at(i, s)]; }
  /// c·eps.
  [[nodiscard]] Size relative() const { return relative_; }

  [[nodiscard]] Size bound(Index i, Index s) const {
    return relative_ * magnitude_[at(i, s)] + tiny();
  }
  /// Of alpha·A·x + beta·y_old.
  [[nodiscard]] Size bound(Index i, Index s, Scalar alpha, Scalar beta, Scalar y_old) const {
    const Size size = std::abs(static_cast<Number>(alpha)) * magnitude_[at(i, s)] +
                      std::abs(static_cast<Number>(beta) * static_cast<Number>(y_old));
    return relative_ * size + tiny();
  }

 private:
  [[nodiscard]] static Size tiny() {
    return 4 * static_cast<Size>(std::numeric_limits<Real<Scalar>>::min());
  }
  [[nodiscard]] std::size_t at(Index i, Index s) const {
    return static_cast<std::size_t>(i * samples_ + s % samples_);
  }

  void bound_norms(const Samples<Scalar>& x, const NormwiseBound& normwise) {
    relative_ =
        static_cast<Size>(2 * normwise.levels + 4) * std::numeric_limits<Real<Scalar>>::epsilon();
    const Index in = x.rows / normwise.blocks;
    const auto rows = static_cast<Index>(magnitude_.size()) / samples_;
    const Index out = rows / normwise.blocks;
    for (Index s = 0; s < samples_; ++s)
      for (Index block = 0; block < normwise.blocks; ++block) {
        Size squares = 0;
        for (Index j = block * in; j < (block + 1) * in; ++j)
          squares += std::norm(static_cast<Number>(x(j, s)));
        const Size size = static_cast<Size>(normwise.norm) * std::sqrt(squares);
        for (Index i = block * out; i < (block + 1) * out; ++i) magnitude_[at(i, s)] = size;
      }
  }

  /// y = M·x with M(i, j) = entry(i, j).
  template <class T, class Entry>
  [[nodiscard]] std::vector<T> product(const DenseFactor& factor, const std::vector<T>& x,
                                       const Entry& entry) const {
    std::vector<T> y(static_cast<std::size_t>(factor.rows() * samples_));
    for (Index i = 0; i < factor.rows(); ++i) {
      for (Index j = 0; j < factor.cols(); ++j) {
        const T w = entry(i, j);
        if (w == T(0)) continue;
        T* const to = y.data() + i * samples_;
        const T* const from = x.data() + j * samples_;
        for (Index s = 0; s < samples_; ++s) add_product(w, from[s], to[s]);
      }
    }
    return y;
  }

  /// sum += w·x; std::complex's own product takes ten times as long over infinities.
  template <class T>
  static void add_product(const T& w, const T& x, T& sum) {
    if constexpr (kIsComplex<T>)
      sum +=
          T(w.real() * x.real() - w.imag() * x.imag(), w.real() * x.imag() + w.imag() * x.real());
    else
      sum += w * x;
  }

  Index samples_;
  std::vector<Number> value_;  // features x samples, samples contiguous
  std::vector<Size> magnitude_;
  Size relative_ = 0;
};

}  // namespace strum::test
