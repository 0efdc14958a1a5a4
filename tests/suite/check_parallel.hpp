// Threads: the same bits on any number of them, and neither more memory nor allocations than
// promised.
#pragma once

#include <algorithm>
#include <array>
#include <string>

#include <gtest/gtest.h>

#include "suite/check_memory.hpp"
#include "thread_pool.hpp"

namespace strum::test {

/// Below and above the samples from which on they are what is split: both ways to cut a product.
inline constexpr std::array<Index, 5> kParallelBatches = {1, 3, 17, 40, 64};

/// One sample's bits on this many threads, from and to the layouts that Eigen and NumPy make.
template <class Scalar>
void expect_same_bits_on(int threads, const ParallelFor& pool, const Subject<Scalar>& op, Mode mode,
                         const Samples<Scalar>& x, const Samples<Scalar>& expected) {
  SCOPED_TRACE(std::to_string(threads) + " threads");
  const CutAlways cut(threads, pool);
  for (std::size_t i = 0; i < kPlainLayouts * kPlainLayouts; ++i)
    for (const Index batch : kParallelBatches)
      expect_same_bits(op, mode, x, expected, kLayouts[i / kPlainLayouts],
                       kLayouts[i % kPlainLayouts], x.cols - batch, batch);
}

/// The pieces in an order that shows whether one needs another; side by side; and all layouts.
template <class Scalar>
void check_parallel(const OperatorCase<Scalar>& c) {
  for (const Mode mode : kDirections<Scalar>) {
    const auto x = random_samples<Scalar>(c.op->in(mode), 64, 41);
    const auto expected = plain_result(*c.op, mode, x);
    for (const int threads : {1, 2, 3, 4})
      expect_same_bits_on(threads, run_backwards, *c.op, mode, x, expected);
    ThreadPool pool(3);
    expect_same_bits_on(
        3, [&](Index count, const auto& body) { pool.run(count, body); }, *c.op, mode, x, expected);

    const CutAlways cut(3, run_backwards);
    for (const MatrixLayout& from : kLayouts)
      for (const MatrixLayout& to : kLayouts)
        for (const Index batch : {5, 50})
          expect_same_bits(*c.op, mode, x, expected, from, to, 0, batch);
  }
}

/// alpha and beta reach every output once, however it is cut.
template <class Scalar>
void check_parallel_scaled(const OperatorCase<Scalar>& c) {
  for (const Mode mode : kDirections<Scalar>)
    for (const Index batch : {2, 64}) {
      const auto x = random_samples<Scalar>(c.op->in(mode), batch, 42);
      const auto before = random_samples<Scalar>(c.op->out(mode), batch, 43);
      auto expected = before, y = before;
      c.op->apply(mode, Scalar(2), x.view(), Scalar(-3), expected.view());
      const CutAlways cut(4, run_backwards);
      c.op->apply(mode, Scalar(2), x.view(), Scalar(-3), y.view());
      EXPECT_EQ(y.values, expected.values) << verb(mode) << ", batch " << batch;
    }
}

/// Workspaces for several threads are enough; those for one are, too, and do not grow.
template <class Scalar>
void check_parallel_memory(const OperatorCase<Scalar>& c) {
  c.op->prepare_transpose();
  const std::size_t tile = c.op->workspace_bytes(64);
  for (const Mode mode : kDirections<Scalar>) {
    const auto x = random_samples<Scalar>(c.op->in(mode), 64, 44);
    for (const Index batch : {1, 3, 17, 64}) {
      Workspace small(c.op->workspace_bytes(batch));
      const std::size_t small_bytes = small.bytes();
      for (const int threads : {2, 4}) {
        const CutAlways cut(threads, run_backwards);
        EXPECT_LE(c.op->workspace_bytes(4096), 2 * static_cast<std::size_t>(threads) * tile);
        for (std::size_t i = 0; i < kPlainLayouts * kPlainLayouts; ++i) {
          const MatrixLayout &from = kLayouts[i / kPlainLayouts], &to = kLayouts[i % kPlainLayouts];
          SCOPED_TRACE(describe(mode, from, to, batch) + ", " + std::to_string(threads) +
                       " threads");
          Workspace workspace(c.op->workspace_bytes(batch));
          const std::size_t bytes = workspace.bytes();
          EXPECT_EQ(allocations_of(*c.op, mode, from, to, x, batch, workspace), 0u);
          EXPECT_EQ(workspace.bytes(), bytes);
          EXPECT_EQ(allocations_of(*c.op, mode, from, to, x, batch, small), 0u);
          EXPECT_EQ(small.bytes(), small_bytes);
        }
      }
    }
  }
}

/// On the built-in threads: the same bits, and no allocation in a second call.
template <class Scalar>
void check_built_in_threads(const OperatorCase<Scalar>& c) {
  for (const Mode mode : kDirections<Scalar>)
    for (const Index batch : {3, 64}) {
      const auto x = random_samples<Scalar>(c.op->in(mode), batch, 45);
      const auto expected = plain_result(*c.op, mode, x);
      Samples<Scalar> y(c.op->out(mode), batch);
      const CutAlways cut(2, nullptr);
      c.op->apply(mode, x.view(), y.view());
      const AllocationCount count;
      c.op->apply(mode, x.view(), y.view());
      EXPECT_EQ(count.calls(), 0u) << verb(mode) << ", batch " << batch;
      EXPECT_EQ(y.values, expected.values) << verb(mode) << ", batch " << batch;
    }
}

}  // namespace strum::test
