// What every operator is checked for. The operators are registered in cases/*.cpp.
#include "operator_suite.hpp"

#include "suite/check_bits.hpp"
#include "suite/check_error.hpp"
#include "suite/check_memory.hpp"
#include "suite/check_parallel.hpp"
#include "suite/check_refusals.hpp"
#include "suite/check_values.hpp"

namespace strum::test {

#define STRUM_OPERATOR_CHECK(Name, check)           \
  TEST_P(OperatorF32, Name) { check(*GetParam()); } \
  TEST_P(OperatorF64, Name) { check(*GetParam()); } \
  TEST_P(OperatorC32, Name) { check(*GetParam()); } \
  TEST_P(OperatorC64, Name) { check(*GetParam()); } \
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

}  // namespace strum::test
