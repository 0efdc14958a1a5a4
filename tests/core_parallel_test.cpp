// parallel_for: every piece once, and exceptions come out.
#include "strum/core/parallel.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "thrown.hpp"

namespace strum::test {
namespace {

TEST(ParallelFor, VisitsEveryIndexOnce) {
  for (const Index count : {0, 1, 2, 3, 7, 100, 1000}) {
    std::vector<std::atomic<int>> visits(static_cast<std::size_t>(count));
    parallel_for(count, [&](Index i) { ++visits[static_cast<std::size_t>(i)]; });
    for (const auto& n : visits) EXPECT_EQ(n, 1);
  }
}

TEST(ParallelFor, DoesNothingForNoPieces) {
  parallel_for(0, [](Index) { FAIL(); });
  parallel_for(-5, [](Index) { FAIL(); });
}

TEST(ParallelFor, IsDoneWhenItReturns) {
  std::vector<Index> squares(500);
  parallel_for(500, [&](Index i) { squares[static_cast<std::size_t>(i)] = i * i; });
  for (Index i = 0; i < 500; ++i) EXPECT_EQ(squares[static_cast<std::size_t>(i)], i * i);
}

TEST(ParallelFor, ThrowsWhatAPieceThrows) {
  for (const Index bad : {0, 50, 99}) {
    const auto run = [&] {
      parallel_for(100, [&](Index i) {
        if (i == bad) detail::fail<ValueError>("piece ", i);
      });
    };
    EXPECT_EQ(thrown<ValueError>(run), "piece " + std::to_string(bad));
  }
}

TEST(ParallelFor, ThrowsOneOfSeveral) {
  std::atomic<int> begun = 0;
  EXPECT_THROW(parallel_for(1000,
                            [&](Index) {
                              ++begun;
                              throw std::runtime_error("every piece");
                            }),
               std::runtime_error);
  EXPECT_LT(begun, 1000) << "the pieces not yet begun are left out";
}

TEST(ParallelFor, CanBeUsedAgainAfterAnException) {
  EXPECT_ANY_THROW(parallel_for(10, [](Index) { throw 1; }));
  std::atomic<Index> sum = 0;
  parallel_for(10, [&](Index i) { sum += i; });
  EXPECT_EQ(sum, 45);
}

TEST(ParallelFor, Nests) {
  std::vector<std::atomic<int>> visits(20 * 30);
  parallel_for(20, [&](Index i) {
    parallel_for(30, [&](Index j) { ++visits[static_cast<std::size_t>(i * 30 + j)]; });
  });
  for (const auto& n : visits) EXPECT_EQ(n, 1);
}

TEST(ParallelFor, ExceptionsComeOutOfNestedOnes) {
  EXPECT_EQ(thrown<ShapeError>([] {
              parallel_for(4, [](Index i) {
                parallel_for(4, [i](Index j) {
                  if (i == 2 && j == 3) detail::fail<ShapeError>("inner");
                });
              });
            }),
            "inner");
}

}  // namespace
}  // namespace strum::test
