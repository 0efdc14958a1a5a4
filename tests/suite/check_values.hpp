// An operator is a value with visible parameters.
#pragma once

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "suite/check_bits.hpp"
#include "thrown.hpp"

namespace strum::test {

/// Names, shapes and values of the parameters; how many of them count; what set and get refuse.
template <class Scalar>
void check_parameters(const OperatorCase<Scalar>& c) {
  const std::vector<ParameterInfo> listed = c.op->parameters();
  ASSERT_EQ(listed.size(), c.parameters.size());
  for (std::size_t i = 0; i < listed.size(); ++i) {
    const std::string& name = c.parameters[i].first;
    const Tensor<Scalar>& values = c.parameters[i].second;
    EXPECT_EQ(listed[i].name, name);
    EXPECT_EQ(listed[i].shape, values.shape());
    const Tensor<Scalar> got = c.op->get(name);
    ASSERT_EQ(got.shape(), values.shape());
    Index entries = 0;
    for (Index k = 0; k < got.size(); ++k) {
      if (got[k] == Scalar(0) && !c.parameter_count) continue;  // padding
      ++entries;
      ASSERT_EQ(got[k], values[k]) << name << '[' << k << ']';
    }
    if (!c.parameter_count) {
      EXPECT_EQ(entries, c.chain[i].entries()) << name;
    }

    const auto op = c.op->copy();
    Shape wrong = values.shape();
    ++wrong.back();
    const std::string text = c.op->name() + ": " + name + " has shape " + detail::text(wrong) +
                             ", needs " + detail::text(values.shape());
    EXPECT_EQ(thrown<ShapeError>([&] { op->set(name, Tensor<Scalar>(wrong)); }), text);
  }
  if (!listed.empty()) {
    const auto op = c.op->copy();
    const std::string text = c.op->name() + ": there is no parameter 'nonsense'";
    EXPECT_EQ(thrown<ValueError>([&] { (void)op->get("nonsense"); }), text);
    EXPECT_EQ(thrown<ValueError>([&] { op->set("nonsense", Tensor<Scalar>(Shape{1})); }), text);
  } else if (!c.parameter_count) {
    return;
  }

  Index entries = 0;
  for (const DenseFactor& factor : c.chain) entries += factor.entries();
  EXPECT_EQ(c.op->parameter_count(), c.parameter_count.value_or(entries));
  EXPECT_EQ(c.op->flops(), c.flops.value_or(kMultiplyAddFlops<Scalar> * entries));
}

/// Doubling every parameter multiplies every result by an exact power of two, also that of the
/// transposed product, whose packing was already made; and it leaves a copy alone. Where results
/// are not proportional to the parameters they change; the first parameter changes its sign too,
/// since normals of reflections have a direction but no length.
template <class Scalar>
void check_set(const OperatorCase<Scalar>& c) {
  const auto op = c.op->copy();
  op->prepare_transpose();
  const auto copy = op->copy();
  const auto double_all = [&] {
    for (const ParameterInfo& info : op->parameters()) {
      Tensor<Scalar> values = op->get(info.name);
      for (Index i = 0; i < values.size(); ++i) values[i] *= 2;
      if (!c.linear_in_parameters && values.size() > 0) values[0] = -values[0];
      op->set(info.name, values);
      EXPECT_EQ(op->get(info.name), values) << info.name;
    }
  };
  double_all();
  const Scalar factor = std::ldexp(Real<Scalar>(1), static_cast<int>(c.parameters.size()));
  for (const Mode mode : kDirections<Scalar>) {
    const auto x = random_samples<Scalar>(op->in(mode), 9, 51);
    const auto before = plain_result(*c.op, mode, x), after = plain_result(*op, mode, x);
    EXPECT_EQ(plain_result(*copy, mode, x).values, before.values) << "the copy changed";
    if (!c.linear_in_parameters) {
      EXPECT_NE(after.values, before.values) << verb(mode);
      continue;
    }
    for (std::size_t i = 0; i < before.values.size(); ++i)
      ASSERT_EQ(after.values[i], factor * before.values[i]) << verb(mode);
  }
  double_all();
  op->assign(*copy);
  for (const Mode mode : kDirections<Scalar>) {
    const auto x = random_samples<Scalar>(op->in(mode), 9, 52);
    EXPECT_EQ(plain_result(*op, mode, x).values, plain_result(*c.op, mode, x).values)
        << "after assignment";
  }
}

/// A moved-to operator is the old one; a moved-from one is 0 x 0 and can be applied and assigned.
template <class Scalar>
void check_moves(const OperatorCase<Scalar>& c) {
  const auto op = c.op->copy();
  op->prepare_transpose();
  const auto moved = op->take();
  EXPECT_EQ(op->rows(), 0);
  EXPECT_EQ(op->cols(), 0);
  EXPECT_EQ(op->parameter_count(), 0);
  EXPECT_EQ(op->workspace_bytes(8), 0u);
  op->apply(Mode::plain, MatrixView<const Scalar>(nullptr, 0, 3),
            MatrixView<Scalar>(nullptr, 0, 3));
  for (const Mode mode : kDirections<Scalar>) {
    const auto x = random_samples<Scalar>(c.op->in(mode), 9, 53);
    EXPECT_EQ(plain_result(*moved, mode, x).values, plain_result(*c.op, mode, x).values);
  }
  op->assign(*moved);
  EXPECT_EQ(op->rows(), c.op->rows());
  EXPECT_EQ(op->cols(), c.op->cols());
}

/// Made again from its description and parameters it computes the same bits. Expressions have
/// none.
template <class Scalar>
void check_restored(const OperatorCase<Scalar>& c) {
  const auto restored = c.op->restored();
  if (restored == nullptr) return;
  EXPECT_EQ(restored->parameters(), c.op->parameters());
  for (const Mode mode : kDirections<Scalar>) {
    const auto x = random_samples<Scalar>(c.op->in(mode), 9, 54);
    EXPECT_EQ(plain_result(*restored, mode, x).values, plain_result(*c.op, mode, x).values);
  }
}

}  // namespace strum::test
