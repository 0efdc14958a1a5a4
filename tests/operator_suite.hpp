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
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "suite/operator_case.hpp"

namespace strum::test {

class OperatorF32 : public testing::TestWithParam<OperatorCase<float>> {};
class OperatorF64 : public testing::TestWithParam<OperatorCase<double>> {};
class OperatorC32 : public testing::TestWithParam<OperatorCase<std::complex<float>>> {};
class OperatorC64 : public testing::TestWithParam<OperatorCase<std::complex<double>>> {};

/// All of them, or where the environment variable STRUM_TEST_SMALL is set, for processors that are
/// emulated, those of little work: nine in ten of the cases and a fifth of the time.
template <class Scalar>
std::vector<OperatorCase<Scalar>> selected(std::vector<OperatorCase<Scalar>> cases) {
  constexpr Index kLittleWork = 8192;  // operations per sample
  if (std::getenv("STRUM_TEST_SMALL") != nullptr)
    std::erase_if(cases, [](const OperatorCase<Scalar>& c) { return c.op->flops() > kLittleWork; });
  return cases;
}

/// Every third case, beginning with the first of std::complex<float> and the second of
/// std::complex<double>: the real types have been through all of them.
template <class Scalar>
std::vector<OperatorCase<Scalar>> every_third(std::vector<OperatorCase<Scalar>> cases) {
  std::vector<OperatorCase<Scalar>> some;
  const std::size_t first = std::is_same_v<Real<Scalar>, float> ? 0 : 1;
  for (std::size_t i = first; i < cases.size(); i += 3) some.push_back(std::move(cases[i]));
  return selected(std::move(some));
}

template <class Scalar>
std::string case_name(const testing::TestParamInfo<OperatorCase<Scalar>>& info) {
  return info.param.name;
}

}  // namespace strum::test

/// Registers an operator: `cases` is a function template that returns its cases for a scalar type.
#define STRUM_TEST_OPERATOR(Name, cases)                                                      \
  INSTANTIATE_TEST_SUITE_P(Name, OperatorF32,                                                 \
                           testing::ValuesIn(strum::test::selected<float>(cases<float>())),   \
                           strum::test::case_name<float>);                                    \
  INSTANTIATE_TEST_SUITE_P(Name, OperatorF64,                                                 \
                           testing::ValuesIn(strum::test::selected<double>(cases<double>())), \
                           strum::test::case_name<double>)

/// Registers an operator that there is for float only.
#define STRUM_TEST_OPERATOR_F32(Name, cases)                                         \
  INSTANTIATE_TEST_SUITE_P(Name, OperatorF32,                                        \
                           testing::ValuesIn(strum::test::selected<float>(cases())), \
                           strum::test::case_name<float>)

/// Registers an operator for complex scalars, with every third of the cases for each.
#define STRUM_TEST_OPERATOR_COMPLEX(Name, cases)                                  \
  INSTANTIATE_TEST_SUITE_P(                                                       \
      Name, OperatorC32,                                                          \
      testing::ValuesIn(strum::test::every_third(cases<std::complex<float>>())),  \
      strum::test::case_name<std::complex<float>>);                               \
  INSTANTIATE_TEST_SUITE_P(                                                       \
      Name, OperatorC64,                                                          \
      testing::ValuesIn(strum::test::every_third(cases<std::complex<double>>())), \
      strum::test::case_name<std::complex<double>>)
