// The suite that every operator passes. One joins with a list of shapes and one line:
//
//     template <class Scalar>
//     std::vector<OperatorCase<Scalar>> dense_cases();      // tests/cases/dense.hpp
//
//     STRUM_TEST_OPERATOR(Dense, dense_cases);              // tests/cases/foundation.cpp
//
// A case is an operator of some shape, the dense factors that its formula says it is made of (built
// from the formula, not by asking the operator), and the parameters it was made from; make_case()
// puts them together. The bound on the error, padding, inner lengths and parameter counts follow
// from the factors. The checks themselves are compiled once, in operators_suite_test.cpp.
#pragma once

#include <complex>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "suite/operator_case.hpp"

namespace strum::test {

/// A case that is cheap to copy: GoogleTest keeps a copy for every check.
template <class Scalar>
class SharedCase {
 public:
  explicit SharedCase(OperatorCase<Scalar> c)
      : case_(std::make_shared<const OperatorCase<Scalar>>(std::move(c))) {}

  const OperatorCase<Scalar>& operator*() const { return *case_; }
  const OperatorCase<Scalar>* operator->() const { return case_.get(); }

  friend void PrintTo(const SharedCase& c, std::ostream* out) { PrintTo(*c, out); }

 private:
  std::shared_ptr<const OperatorCase<Scalar>> case_;
};

class OperatorF32 : public testing::TestWithParam<SharedCase<float>> {};
class OperatorF64 : public testing::TestWithParam<SharedCase<double>> {};
class OperatorC32 : public testing::TestWithParam<SharedCase<std::complex<float>>> {};
class OperatorC64 : public testing::TestWithParam<SharedCase<std::complex<double>>> {};

/// All of them, or where the environment variable STRUM_TEST_SMALL is set, for processors that are
/// emulated, those of little work: nine in ten of the cases and a fifth of the time.
template <class Scalar>
std::vector<SharedCase<Scalar>> selected(std::vector<OperatorCase<Scalar>> cases) {
  constexpr Index kLittleWork = 8192;  // operations per sample
  const bool small = std::getenv("STRUM_TEST_SMALL") != nullptr;
  std::vector<SharedCase<Scalar>> some;
  for (OperatorCase<Scalar>& c : cases)
    if (!small || c.op->flops() <= kLittleWork) some.emplace_back(std::move(c));
  return some;
}

/// Every third case that is quickly checked, beginning with the first of std::complex<float> and
/// the second of std::complex<double>: the real types have been through all of them.
template <class Scalar>
std::vector<SharedCase<Scalar>> every_third(std::vector<OperatorCase<Scalar>> cases) {
  constexpr Index kMuchWork = 200'000;   // operations per sample
  constexpr Index kManyFeatures = 2000;  // whose dense matrices take long
  std::erase_if(cases, [](const OperatorCase<Scalar>& c) {
    return c.op->flops() > kMuchWork || c.op->rows() + c.op->cols() > kManyFeatures;
  });
  std::vector<OperatorCase<Scalar>> some;
  const std::size_t first = std::is_same_v<Real<Scalar>, float> ? 0 : 1;
  for (std::size_t i = first; i < cases.size(); i += 3) some.push_back(std::move(cases[i]));
  return selected(std::move(some));
}

/// What a function returns, called once: GoogleTest asks for the cases again for every check.
template <class Make>
const auto& made_once(Make make) {
  static const auto cases = make();
  return cases;
}

template <class Scalar>
std::string case_name(const testing::TestParamInfo<SharedCase<Scalar>>& info) {
  return info.param->name;
}

}  // namespace strum::test

#define STRUM_TEST_CASES(Name, Suite, Scalar, ...)                                                \
  INSTANTIATE_TEST_SUITE_P(Name, Suite,                                                           \
                           testing::ValuesIn(strum::test::made_once([] { return __VA_ARGS__; })), \
                           strum::test::case_name<Scalar>)

/// Registers an operator: `cases` is a function template that returns its cases for a scalar type.
#define STRUM_TEST_OPERATOR(Name, cases)                                             \
  STRUM_TEST_CASES(Name, OperatorF32, float, strum::test::selected(cases<float>())); \
  STRUM_TEST_CASES(Name, OperatorF64, double, strum::test::selected(cases<double>()))

/// Registers an operator that there is for float only.
#define STRUM_TEST_OPERATOR_F32(Name, cases) \
  STRUM_TEST_CASES(Name, OperatorF32, float, strum::test::selected(cases()))

/// Registers an operator for complex scalars, with every third of the cases for each.
#define STRUM_TEST_OPERATOR_COMPLEX(Name, cases)                            \
  STRUM_TEST_CASES(Name, OperatorC32, std::complex<float>,                  \
                   strum::test::every_third(cases<std::complex<float>>())); \
  STRUM_TEST_CASES(Name, OperatorC64, std::complex<double>,                 \
                   strum::test::every_third(cases<std::complex<double>>()))
