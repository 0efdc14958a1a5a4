// The suite that every operator passes. One joins with a list of shapes and one line:
//
//     template <class Scalar>
//     std::vector<OperatorCase<Scalar>> dense_cases();      // tests/cases/dense.hpp
//
//     STRUM_TEST_OPERATOR(Dense, dense_cases);              // tests/operators_suite_test.cpp
//
// A case is an operator of some shape, the dense factors that its formula says it is made of (built
// from the formula, not by asking the operator), and the parameters it was made from; make_case()
// puts them together. The bound on the error, padding, inner lengths and parameter counts follow
// from the factors.
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "suite/check_bits.hpp"
#include "suite/check_error.hpp"
#include "suite/check_memory.hpp"
#include "suite/check_parallel.hpp"
#include "suite/check_refusals.hpp"
#include "suite/check_values.hpp"

namespace strum::test {

class OperatorF32 : public testing::TestWithParam<OperatorCase<float>> {};
class OperatorF64 : public testing::TestWithParam<OperatorCase<double>> {};

// Some program may include the suite and register nothing for one of the scalars.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(OperatorF32);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(OperatorF64);

#define STRUM_OPERATOR_CHECK(Name, check)          \
  TEST_P(OperatorF32, Name) { check(GetParam()); } \
  TEST_P(OperatorF64, Name) { check(GetParam()); } \
  static_assert(true, "")

STRUM_OPERATOR_CHECK(ErrorWithinBound, check_error);
STRUM_OPERATOR_CHECK(ScaledWithinBound, check_scaled);
STRUM_OPERATOR_CHECK(AlphaZeroReadsNoWeights, check_alpha_zero);
STRUM_OPERATOR_CHECK(DotTest, check_dot);
STRUM_OPERATOR_CHECK(ToDense, check_to_dense);

STRUM_OPERATOR_CHECK(SameBitsInAnyLayoutAndBatch, check_layouts_and_batches);
STRUM_OPERATOR_CHECK(SameBitsWithIdleStrides, check_idle_strides);
STRUM_OPERATOR_CHECK(SameBitsThroughViews, check_views);
STRUM_OPERATOR_CHECK(SameBitsFromManyThreads, check_threads);
STRUM_OPERATOR_CHECK(NanAndInfStayInTheirLane, check_nan_and_inf);

STRUM_OPERATOR_CHECK(NoAllocationWithWorkspace, check_own_workspace);
STRUM_OPERATOR_CHECK(NoAllocationInSecondApply, check_second_apply);
STRUM_OPERATOR_CHECK(ScratchDoesNotGrowWithBatch, check_scratch);
STRUM_OPERATOR_CHECK(GuardPages, check_guard_pages);

STRUM_OPERATOR_CHECK(SameBitsOnAnyNumberOfThreads, check_parallel);
STRUM_OPERATOR_CHECK(ScaledOnThreads, check_parallel_scaled);
STRUM_OPERATOR_CHECK(WorkspacesOnThreads, check_parallel_memory);
STRUM_OPERATOR_CHECK(BuiltInThreads, check_built_in_threads);

STRUM_OPERATOR_CHECK(ShapeErrors, check_shape_errors);
STRUM_OPERATOR_CHECK(DisjointBlocksPass, check_disjoint_blocks);
STRUM_OPERATOR_CHECK(OverlapErrors, check_overlap_errors);

STRUM_OPERATOR_CHECK(Parameters, check_parameters);
STRUM_OPERATOR_CHECK(SetParameters, check_set);
STRUM_OPERATOR_CHECK(Moves, check_moves);
STRUM_OPERATOR_CHECK(Restored, check_restored);

/// All of them, or where the environment variable STRUM_TEST_SMALL is set, for processors that are
/// emulated, those of little work: nine in ten of the cases and a fifth of the time.
template <class Scalar>
std::vector<OperatorCase<Scalar>> selected(std::vector<OperatorCase<Scalar>> cases) {
  constexpr Index kLittleWork = 8192;  // operations per sample
  if (std::getenv("STRUM_TEST_SMALL") != nullptr)
    std::erase_if(cases, [](const OperatorCase<Scalar>& c) { return c.op->flops() > kLittleWork; });
  return cases;
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
