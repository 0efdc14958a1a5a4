// Same bits: a sample's result depends on nothing but the sample.
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "suite/check_error.hpp"

namespace strum::test {

/// All samples at once, column-major without gaps: what every other way must reproduce.
template <class Scalar>
Samples<Scalar> plain_result(const Subject<Scalar>& op, Mode mode, const Samples<Scalar>& x) {
  Samples<Scalar> y(op.out(mode), x.cols);
  op.apply(mode, x.view(), y.view());
  return y;
}

/// Applies op to samples [first, first + batch) and compares all memory around y with what it
/// should be.
template <class Scalar>
void expect_same_bits(const Subject<Scalar>& op, Mode mode, const Samples<Scalar>& x,
                      const Samples<Scalar>& expected, const MatrixLayout& x_layout,
                      const MatrixLayout& y_layout, Index first, Index batch) {
  const PlacedMatrix<Scalar> in(x_layout, x, first, batch);
  const PlacedMatrix<Scalar> unchanged(x_layout, x, first, batch);
  const PlacedMatrix<Scalar> out(y_layout, expected.rows, batch);
  const PlacedMatrix<Scalar> wanted(y_layout, expected, first, batch);
  op.apply(mode, in.view(), out.view());
  EXPECT_TRUE(out.same_memory(wanted))
      << describe(mode, x_layout, y_layout, batch) << ", samples from " << first
      << " on: " << first_difference(out.view(), expected, first);
  EXPECT_TRUE(in.same_memory(unchanged))
      << describe(mode, x_layout, y_layout, batch) << ": x was written to";
}

template <class Scalar>
void check_layouts_and_batches(const OperatorCase<Scalar>& c) {
  for (const Mode mode : kDirections<Scalar>) {
    const auto x = random_samples<Scalar>(c.op->in(mode), kMostSamples, 21);
    const auto expected = plain_result(*c.op, mode, x);
    const auto expect = [&](const MatrixLayout& from, const MatrixLayout& to, Index first,
                            Index batch) {
      expect_same_bits(*c.op, mode, x, expected, from, to, first, batch);
    };
    for (const MatrixLayout& from : kLayouts)
      for (const MatrixLayout& to : kLayouts) expect(from, to, 5, 17);
    for (const MatrixLayout& layout : kLayouts)
      for (const Index batch : {1, 2, 65}) expect(layout, layout, 9, batch);
    for (std::size_t i = 0; i < kPlainLayouts * kPlainLayouts; ++i)
      for (const Index batch : kBatches)
        expect(kLayouts[i / kPlainLayouts], kLayouts[i % kPlainLayouts], kMostSamples - batch,
               batch);
  }
}

/// The stride of an extent of 1 means nothing, and one sample may be read as many (stride 0).
template <class Scalar>
void check_idle_strides(const OperatorCase<Scalar>& c) {
  for (const Mode mode : kDirections<Scalar>) {
    auto x = random_samples<Scalar>(c.op->in(mode), 20, 22);
    for (Index s = 1; s < x.cols; ++s)
      for (Index i = 0; i < x.rows; ++i) x(i, s) = x(i, 0);
    const auto expected = plain_result(*c.op, mode, x);
    const Index rows = expected.rows;
    for (const Index stride : {Index{0}, Index{1}, Index{-7}, Index{1} << 40}) {
      Samples<Scalar> y(rows, 1);
      c.op->apply(mode, MatrixView<const Scalar>(x.values.data(), x.rows, 1, 1, stride),
                  MatrixView<Scalar>(y.values.data(), rows, 1, 1, stride));
      for (Index i = 0; i < rows; ++i)
        ASSERT_TRUE(same_bits(y(i, 0), expected(i, 0))) << verb(mode) << ", stride " << stride;
    }
    Samples<Scalar> y(rows, x.cols);
    c.op->apply(mode, MatrixView<const Scalar>(x.values.data(), x.rows, x.cols, 1, 0), y.view());
    ASSERT_EQ(y.values, expected.values) << verb(mode) << ", one sample read as many";
  }
}

/// The result of the operator in a mode that may have no verb of its own: conj(A)·x is
/// conj(A·conj(x)), bit by bit.
template <class Scalar>
Samples<Scalar> result_in(const Subject<Scalar>& op, Mode mode, Samples<Scalar> x) {
  if (!kIsComplex<Scalar>)
    return plain_result(op, transposes(mode) ? Mode::transpose : Mode::plain, x);
  if (mode != Mode::conjugate) return plain_result(op, mode, x);
  for (Scalar& value : x.values) value = conjugate(value);
  auto y = plain_result(op, Mode::plain, x);
  for (Scalar& value : y.values) value = conjugate(value);
  return y;
}

/// AnyLinearOp, transpose(), adjoint() and what they combine to are the operator itself.
template <class Scalar>
void check_views(const OperatorCase<Scalar>& c) {
  const MatrixLayout &col = kLayouts[0], &row = kLayouts[1];
  for (const auto& view : c.views) {
    SCOPED_TRACE(view.what);
    EXPECT_EQ(view.op->parameter_count(), c.op->parameter_count());
    EXPECT_EQ(view.op->flops(), c.op->flops());
    for (const Mode mode : kModes) {
      const Mode inside = compose(view.mode, mode);
      ASSERT_EQ(view.op->out(mode), c.op->out(inside));
      ASSERT_EQ(view.op->in(mode), c.op->in(inside));
      const auto x = random_samples<Scalar>(view.op->in(mode), 17, 23);
      const auto expected = result_in(*c.op, inside, x);
      for (const Index batch : {0, 1, 17}) {
        expect_same_bits(*view.op, mode, x, expected, col, col, 17 - batch, batch);
        expect_same_bits(*view.op, mode, x, expected, row, row, 17 - batch, batch);
      }
    }
  }
}

/// NaN and infinity reach the outputs that their input is joined to, of their own sample, and no
/// other: padded lanes and neighbouring blocks stay clean.
template <class Scalar>
void check_nan_and_inf(const OperatorCase<Scalar>& c) {
  constexpr Index kCount = 17, kSample = 6;
  for (const Mode mode : kDirections<Scalar>) {
    const auto x = random_samples<Scalar>(c.op->in(mode), kCount, 24);
    const auto clean = plain_result(*c.op, mode, x);
    for (const Index j : {Index{0}, x.rows / 2, x.rows - 1}) {
      if (j < 0 || j >= x.rows) continue;
      Samples<Scalar> unit(x.rows, 1);
      unit(j, 0) = 1;
      const Reference<Scalar> reach(chain_of(c.chain, mode), unit, c.normwise);
      using Limits = std::numeric_limits<Real<Scalar>>;
      for (const Scalar bad :
           {number<Scalar>(Limits::quiet_NaN(), 1), number<Scalar>(Limits::infinity(), 1)}) {
        for (std::size_t i = 0; i < kPlainLayouts; ++i) {
          auto spoilt = x;
          spoilt(j, kSample) = bad;
          const PlacedMatrix<Scalar> in(kLayouts[i], spoilt, 0, kCount);
          const PlacedMatrix<Scalar> out(kLayouts[i], clean.rows, kCount);
          c.op->apply(mode, in.view(), out.view());
          for (Index s = 0; s < kCount; ++s)
            for (Index r = 0; r < clean.rows; ++r) {
              const bool joined = s == kSample && (c.stores_zeros || reach.magnitude(r, 0) != 0);
              const Scalar got = out.view()(r, s);
              const bool bad_there = c.parts_apart ? is_partly_spoilt(got) : is_spoilt(got);
              ASSERT_TRUE(joined ? bad_there || same_bits(got, bad) : same_bits(got, clean(r, s)))
                  << verb(mode) << ' ' << kLayouts[i].name << ": " << bad << " in row " << j
                  << " makes row " << r << ", sample " << s << " (the spoilt one is " << kSample
                  << ") " << got;
            }
        }
      }
    }
  }
}

/// The first transposed product makes a packing; many threads may ask for it at once.
template <class Scalar>
void check_threads(const OperatorCase<Scalar>& c) {
  constexpr std::size_t kThreads = 4;
  const auto x = random_samples<Scalar>(c.op->rows(), 9, 25);
  const Mode mode = kDirections<Scalar>[1];
  const auto expected = plain_result(*c.op, mode, x);
  const std::unique_ptr<const Subject<Scalar>> fresh = c.op->copy();
  std::vector<Samples<Scalar>> results(kThreads, Samples<Scalar>(c.op->cols(), 9));
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] { fresh->apply(mode, x.view(), results[t].view()); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_EQ(result.values, expected.values);
}

}  // namespace strum::test
