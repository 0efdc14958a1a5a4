// What an operator must compute: its factors written out as dense matrices, multiplied in a wider
// type, and the one error bound that all operators are held to.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "suite/random.hpp"

namespace strum::test {

/// Rounding of the reference must not matter beside that of the operator.
template <class Scalar>
using Wide = std::conditional_t<std::is_same_v<Scalar, float>, double, long double>;

/// One factor as a dense matrix, from the index formula of its structure. Entries outside the
/// structure are 0, all others are not.
class DenseFactor {
 public:
  DenseFactor(Index rows, Index cols)
      : rows_(rows), cols_(cols), values_(static_cast<std::size_t>(rows * cols)) {}

  [[nodiscard]] Index rows() const { return rows_; }
  [[nodiscard]] Index cols() const { return cols_; }
  double& operator()(Index i, Index j) { return values_[static_cast<std::size_t>(i * cols_ + j)]; }
  double operator()(Index i, Index j) const {
    return values_[static_cast<std::size_t>(i * cols_ + j)];
  }

  [[nodiscard]] DenseFactor transposed() const {
    DenseFactor t(cols_, rows_);
    for (Index i = 0; i < rows_; ++i)
      for (Index j = 0; j < cols_; ++j) t(j, i) = (*this)(i, j);
    return t;
  }

  /// Inner length: the most entries of a row.
  [[nodiscard]] Index inner() const {
    Index most = 0;
    for (Index i = 0; i < rows_; ++i) {
      Index count = 0;
      for (Index j = 0; j < cols_; ++j) count += (*this)(i, j) != 0;
      most = std::max(most, count);
    }
    return most;
  }

  /// Weights that join an input to an output.
  [[nodiscard]] Index entries() const {
    return std::count_if(values_.begin(), values_.end(), [](double w) { return w != 0; });
  }

 private:
  Index rows_, cols_;
  std::vector<double> values_;
};

/// The first is applied first.
using DenseChain = std::vector<DenseFactor>;

inline DenseChain transposed(const DenseChain& chain) {
  DenseChain t;
  for (auto factor = chain.rbegin(); factor != chain.rend(); ++factor)
    t.push_back(factor->transposed());
  return t;
}

/// A·x and |A||x| of some samples, and with them the bound
///
///     |y − y_ref| <= c·eps·(|alpha|·|A||x| + |beta|·|y_old|) + a few smallest normal numbers,
///
/// c the sum of the inner lengths plus a few, |A| the product of the factors' absolute values. An
/// output is a sum of products of one entry per factor; each passes through no more roundings than
/// the inner lengths together, and two or three more where it is scaled. Of a longer batch sample s
/// is sample s mod their number.
template <class Scalar>
class Reference {
 public:
  using Number = Wide<Scalar>;

  Reference(const DenseChain& chain, const Samples<Scalar>& x) : samples_(x.cols) {
    value_.resize(x.values.size());
    for (Index i = 0; i < x.rows; ++i)
      for (Index s = 0; s < x.cols; ++s) value_[at(i, s)] = static_cast<Number>(x(i, s));
    magnitude_ = value_;
    for (Number& m : magnitude_) m = std::abs(m);
    Index roundings = 4;
    for (const DenseFactor& factor : chain) {
      value_ = product(factor, value_, false);
      magnitude_ = product(factor, magnitude_, true);
      roundings += factor.inner();
    }
    relative_ = static_cast<Number>(roundings) * std::numeric_limits<Scalar>::epsilon();
  }

  [[nodiscard]] Number value(Index i, Index s) const { return value_[at(i, s)]; }
  /// (|A||x|) of output i, sample s.
  [[nodiscard]] Number magnitude(Index i, Index s) const { return magnitude_[at(i, s)]; }
  /// c·eps.
  [[nodiscard]] Number relative() const { return relative_; }

  [[nodiscard]] Number bound(Index i, Index s) const {
    return relative_ * magnitude_[at(i, s)] + tiny();
  }
  /// Of alpha·A·x + beta·y_old.
  [[nodiscard]] Number bound(Index i, Index s, Scalar alpha, Scalar beta, Scalar y_old) const {
    const Number size = std::abs(static_cast<Number>(alpha)) * magnitude_[at(i, s)] +
                        std::abs(static_cast<Number>(beta) * static_cast<Number>(y_old));
    return relative_ * size + tiny();
  }

 private:
  [[nodiscard]] static Number tiny() {
    return 4 * static_cast<Number>(std::numeric_limits<Scalar>::min());
  }
  [[nodiscard]] std::size_t at(Index i, Index s) const {
    return static_cast<std::size_t>(i * samples_ + s % samples_);
  }

  [[nodiscard]] std::vector<Number> product(const DenseFactor& factor, const std::vector<Number>& x,
                                            bool absolute) const {
    std::vector<Number> y(static_cast<std::size_t>(factor.rows() * samples_));
    for (Index i = 0; i < factor.rows(); ++i) {
      for (Index j = 0; j < factor.cols(); ++j) {
        const auto w = static_cast<Number>(absolute ? std::abs(factor(i, j)) : factor(i, j));
        if (w == 0) continue;
        Number* const to = y.data() + i * samples_;
        const Number* const from = x.data() + j * samples_;
        for (Index s = 0; s < samples_; ++s) to[s] += w * from[s];
      }
    }
    return y;
  }

  Index samples_;
  std::vector<Number> value_, magnitude_;  // features x samples, samples contiguous
  Number relative_ = 0;
};

}  // namespace strum::test
