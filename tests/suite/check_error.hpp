// Is it the right matrix: every element against the reference, within the one bound.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "suite/operator_case.hpp"
#include "suite/placed_matrix.hpp"

namespace strum::test {

inline constexpr std::array kModes = {Mode::plain, Mode::transpose, Mode::adjoint};

/// None, one, less than a vector, a vector and one, a tile of samples, and beyond it twice.
inline constexpr std::array<Index, 10> kBatches = {0, 1, 2, 3, 7, 8, 17, 64, 65, 130};
inline constexpr Index kMostSamples = 130;

/// Different samples among those that are compared with a reference, which is what takes the time.
/// A prime, so that a sample taken for another, a few vectors or a tile away, is another.
inline constexpr Index kDistinct = 19;

inline const char* verb(Mode mode) {
  return mode == Mode::plain       ? "apply"
         : mode == Mode::transpose ? "apply_transpose"
                                   : "apply_adjoint";
}

inline DenseChain chain_of(DenseChain chain, Mode mode) {
  if (transposes(mode)) chain = transposed(chain);
  return conjugates(mode) ? conjugated(std::move(chain)) : chain;
}

inline std::string describe(Mode mode, const MatrixLayout& x, const MatrixLayout& y, Index batch) {
  return std::string(verb(mode)) + ", x " + x.name + ", y " + y.name + ", batch " +
         std::to_string(batch);
}

template <class Scalar>
void expect_within_bound(const MatrixView<const Scalar>& y, const Reference<Scalar>& reference,
                         const std::string& what) {
  for (Index s = 0; s < y.cols(); ++s) {
    for (Index i = 0; i < y.rows(); ++i) {
      const auto error = std::abs(static_cast<Wide<Scalar>>(y(i, s)) - reference.value(i, s));
      if (!(error <= reference.bound(i, s))) {
        ADD_FAILURE() << what << ": row " << i << ", sample " << s << " is " << y(i, s)
                      << ", should be " << reference.value(i, s) << "; bound "
                      << reference.bound(i, s) << ", error " << error;
        return;
      }
    }
  }
}

/// Column- and row-major input and output, every batch, every verb.
template <class Scalar>
void check_error(const OperatorCase<Scalar>& c) {
  for (const Mode mode : kModes) {
    const auto distinct = random_samples<Scalar>(c.op->in(mode), kDistinct, 11);
    const auto x = repeated(distinct, kMostSamples);
    const Reference<Scalar> reference(chain_of(c.chain, mode), distinct, c.normwise);
    for (std::size_t i = 0; i < kPlainLayouts * kPlainLayouts; ++i) {
      const MatrixLayout &x_layout = kLayouts[i / kPlainLayouts],
                         &y_layout = kLayouts[i % kPlainLayouts];
      for (const Index batch : kBatches) {
        const PlacedMatrix<Scalar> in(x_layout, x, 0, batch);
        const PlacedMatrix<Scalar> out(y_layout, c.op->out(mode), batch);
        c.op->apply(mode, in.view(), out.view());
        expect_within_bound<Scalar>(out.view(), reference,
                                    describe(mode, x_layout, y_layout, batch));
      }
    }
  }
}

/// One scaled product against the reference. What must not be read holds NaN: x if alpha is 0, y
/// if beta is.
template <class Scalar>
void check_scaled_once(const Subject<Scalar>& op, Mode mode, Scalar alpha, Scalar beta,
                       const Samples<Scalar>& x, const Reference<Scalar>& reference,
                       const std::array<MatrixLayout, 2>& layouts, Index batch) {
  const Samples<Scalar> old = random_samples<Scalar>(op.out(mode), batch, 12);
  PlacedMatrix<Scalar> in(layouts[0], x.rows, batch);
  if (alpha != Scalar(0)) copy_samples(x, 0, in.view());
  PlacedMatrix<Scalar> out(layouts[1], old.rows, batch);
  if (beta != Scalar(0)) copy_samples(old, 0, out.view());
  op.apply(mode, alpha, in.view(), beta, out.view());

  const MatrixView<Scalar>& y = out.view();
  for (Index s = 0; s < batch; ++s) {
    for (Index i = 0; i < y.rows(); ++i) {
      using Number = Wide<Scalar>;
      const Number wanted =
          Number(alpha) * reference.value(i, s) + Number(beta) * Number(old(i, s));
      const auto error = std::abs(Number(y(i, s)) - wanted);
      const auto bound = reference.bound(i, s, alpha, beta, old(i, s));
      if (!(error <= bound)) {
        ADD_FAILURE() << describe(mode, layouts[0], layouts[1], batch) << ", alpha " << alpha
                      << ", beta " << beta << ": row " << i << ", sample " << s << " is " << y(i, s)
                      << ", should be " << wanted << "; bound " << bound;
        return;
      }
    }
  }
}

template <class Scalar>
void check_scaled(const OperatorCase<Scalar>& c) {
  constexpr std::array<std::array<double, 2>, 9> kFactors = {
      {{1, 0}, {1, 1}, {2.5, 0}, {-0.3, 1}, {1, -0.7}, {-1.1, 0.4}, {0, 0}, {0, 1}, {0, -1.5}}};
  for (const Mode mode : kModes) {
    const auto distinct = random_samples<Scalar>(c.op->in(mode), kDistinct, 11);
    const auto x = repeated(distinct, 65);
    const Reference<Scalar> reference(chain_of(c.chain, mode), distinct, c.normwise);
    // Neither 0 nor 1, they are complex where numbers are.
    const auto factor = [](double f) {
      const auto re = static_cast<Real<Scalar>>(f);
      return number<Scalar>(re, f == 0 || f == 1 ? 0 : re / 2 + 1);
    };
    for (const auto& [alpha, beta] : kFactors)
      for (std::size_t i = 0; i < kPlainLayouts * kPlainLayouts; ++i)
        for (const Index batch : {0, 1, 3, 17, 65})
          check_scaled_once(*c.op, mode, factor(alpha), factor(beta), x, reference,
                            {kLayouts[i / kPlainLayouts], kLayouts[i % kPlainLayouts]}, batch);
  }
}

/// alpha = 0 does not read the weights either.
template <class Scalar>
void check_alpha_zero(const OperatorCase<Scalar>& c) {
  const auto op = c.op->copy();
  for (const ParameterInfo& info : op->parameters()) {
    Tensor<Scalar> nan(info.shape);
    std::fill_n(nan.data(), nan.size(), not_a_number<Scalar>());
    op->set(info.name, nan);
  }
  for (const Mode mode : kModes) {
    const auto x = random_samples<Scalar>(op->in(mode), 3, 13);
    auto y = random_samples<Scalar>(op->out(mode), 3, 14);
    const auto old = y;
    op->apply(mode, Scalar(0), x.view(), Scalar(2), y.view());
    for (std::size_t i = 0; i < y.values.size(); ++i)
      ASSERT_EQ(y.values[i], Scalar(2) * old.values[i]) << verb(mode);
  }
}

/// ⟨A·x, u⟩ = ⟨x, Aᴴ·u⟩, and without conjugates (A·x)ᵀ·u = xᵀ·(Aᵀ·u): each side is off by no more
/// than c·eps·⟨|A||x|, |u|⟩.
template <class Scalar>
void check_dot(const OperatorCase<Scalar>& c) {
  constexpr Index kCount = 5;
  const auto x = random_samples<Scalar>(c.op->cols(), kCount, 15);
  const auto u = random_samples<Scalar>(c.op->rows(), kCount, 16);
  const Reference<Scalar> reference(c.chain, x, c.normwise);
  const Reference<Scalar> backward(transposed(c.chain), u, c.normwise);  // for its c
  for (const Mode mode : {Mode::transpose, Mode::adjoint}) {
    Samples<Scalar> y(c.op->rows(), kCount), z(c.op->cols(), kCount);
    c.op->apply(Mode::plain, x.view(), y.view());
    c.op->apply(mode, u.view(), z.view());
    for (Index s = 0; s < kCount; ++s) {
      using Sum = std::conditional_t<kIsComplex<Scalar>, std::complex<long double>, long double>;
      const auto second = [&](const Scalar& v) {
        return static_cast<Sum>(conjugates(mode) ? conjugate(v) : v);
      };
      Sum difference = 0;
      long double size = 0;
      for (Index i = 0; i < y.rows; ++i) {
        difference += static_cast<Sum>(y(i, s)) * second(u(i, s));
        size += static_cast<long double>(reference.magnitude(i, s)) * std::abs(u(i, s));
      }
      for (Index j = 0; j < z.rows; ++j) difference -= second(z(j, s)) * static_cast<Sum>(x(j, s));
      const long double bound =
          (reference.relative() + backward.relative()) * size +
          8 * static_cast<long double>(std::numeric_limits<Real<Scalar>>::min());
      EXPECT_LE(std::abs(difference), bound) << verb(mode) << ", sample " << s;
    }
  }
}

/// to_dense() is the product of the factors.
template <class Scalar>
void check_to_dense(const OperatorCase<Scalar>& c) {
  Samples<Scalar> identity(c.op->cols(), c.op->cols());
  for (Index j = 0; j < identity.cols; ++j) identity(j, j) = 1;
  const Reference<Scalar> reference(c.chain, identity, c.normwise);
  Samples<Scalar> dense(c.op->rows(), c.op->cols());
  c.op->to_dense(dense.view());
  expect_within_bound<Scalar>(dense.view(), reference, "to_dense");
  const Reference<Scalar> conjugated_reference(conjugated(c.chain), identity, c.normwise);
  for (const auto& view : c.views) {
    Samples<Scalar> other(view.op->rows(), view.op->cols());
    view.op->to_dense(other.view());
    const MatrixView<Scalar> same =
        transposes(view.mode) ? other.view().transposed() : other.view();
    ASSERT_EQ(same.rows(), c.op->rows()) << view.what;
    ASSERT_EQ(same.cols(), c.op->cols()) << view.what;
    expect_within_bound<Scalar>(same, conjugates(view.mode) ? conjugated_reference : reference,
                                view.what + ".to_dense");
  }
}

}  // namespace strum::test
