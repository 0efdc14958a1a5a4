// Memory: what apply allocates (nothing) and touches (its matrices and no more).
#pragma once

#include <array>
#include <cstddef>
#include <thread>

#include <gtest/gtest.h>

#include "allocation_count.hpp"
#include "guard_page.hpp"
#include "strum/core/parallel.hpp"
#include "suite/check_bits.hpp"

namespace strum::test {

/// Allocations of one call with this workspace.
template <class Scalar>
std::size_t allocations_of(const Subject<Scalar>& op, Mode mode, const MatrixLayout& from,
                           const MatrixLayout& to, const Samples<Scalar>& x, Index batch,
                           Workspace& workspace) {
  const PlacedMatrix<Scalar> in(from, x, 0, batch), out(to, op.out(mode), batch);
  const AllocationCount count;
  op.apply(mode, in.view(), out.view(), &workspace);
  return count.calls();
}

/// None in the first call with a workspace of the size that the operator asks for, which is also
/// enough: the workspace does not grow.
template <class Scalar>
void check_own_workspace(const OperatorCase<Scalar>& c) {
  for (const Mode mode : kModes) {
    const auto x = random_samples<Scalar>(c.op->in(mode), kMostSamples, 31);
    const auto expect_none = [&](const MatrixLayout& from, const MatrixLayout& to, Index batch) {
      const auto fresh = c.op->copy();
      if (transposes(mode)) fresh->prepare_transpose();
      Workspace workspace(fresh->workspace_bytes(batch));
      const std::size_t bytes = workspace.bytes();
      EXPECT_EQ(allocations_of(*fresh, mode, from, to, x, batch, workspace), 0u)
          << describe(mode, from, to, batch);
      EXPECT_EQ(workspace.bytes(), bytes) << describe(mode, from, to, batch);
    };
    for (const MatrixLayout& from : kLayouts)
      for (const MatrixLayout& to : kLayouts) expect_none(from, to, 17);
    for (std::size_t i = 0; i < kPlainLayouts * kPlainLayouts; ++i)
      for (const Index batch : kBatches)
        expect_none(kLayouts[i / kPlainLayouts], kLayouts[i % kPlainLayouts], batch);
  }
}

/// None in a second call of the same shape with the thread's own workspace, plain and scaled.
template <class Scalar>
void check_second_apply(const OperatorCase<Scalar>& c) {
  for (const Mode mode : kModes) {
    for (const Index batch : {1, 3, 17, 65}) {
      const auto x = random_samples<Scalar>(c.op->in(mode), batch, 32);
      for (std::size_t i = 0; i < kPlainLayouts * kPlainLayouts; ++i) {
        const MatrixLayout &from = kLayouts[i / kPlainLayouts], &to = kLayouts[i % kPlainLayouts];
        const PlacedMatrix<Scalar> in(from, x, 0, batch), y(to, c.op->out(mode), batch);
        c.op->apply(mode, in.view(), y.view());
        const AllocationCount count;
        c.op->apply(mode, in.view(), y.view());
        c.op->apply(mode, Scalar(2), in.view(), Scalar(0), y.view());
        c.op->apply(mode, Scalar(2), in.view(), Scalar(1), y.view());
        EXPECT_EQ(count.calls(), 0u) << describe(mode, from, to, batch);
      }
    }
    for (const auto& view : c.views) {
      const auto x = random_samples<Scalar>(view.op->in(mode), 7, 33);
      Samples<Scalar> y(view.op->out(mode), 7);
      view.op->apply(mode, x.view(), y.view());
      const AllocationCount count;
      view.op->apply(mode, x.view(), y.view());
      EXPECT_EQ(count.calls(), 0u) << view.what << ' ' << verb(mode);
    }
  }
}

/// While it lives, strum works on the calling thread only.
class OneThread {
 public:
  OneThread() { set_num_threads(1); }
  ~OneThread() { set_num_threads(0); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;
};

/// Bytes that the first call in a new thread, whose workspace is empty, allocates.
template <class Scalar>
std::size_t first_call_bytes(const Subject<Scalar>& op, Mode mode, const MatrixLayout& layout,
                             Index batch) {
  const auto x = random_samples<Scalar>(op.in(mode), batch, 34);
  const PlacedMatrix<Scalar> in(layout, x, 0, batch), y(layout, op.out(mode), batch);
  std::size_t bytes = 0;
  std::thread([&] {
    const AllocationCount count;
    op.apply(mode, in.view(), y.view());
    bytes = count.bytes();
  }).join();
  return bytes;
}

/// Scratch is a tile's, whatever the batch; for each thread, so it is measured on one.
template <class Scalar>
void check_scratch(const OperatorCase<Scalar>& c) {
  const OneThread one_thread;
  constexpr Index kSmall = 128, kLarge = 4096;
  EXPECT_EQ(c.op->workspace_bytes(kLarge), c.op->workspace_bytes(kSmall));
  EXPECT_EQ(c.op->workspace_bytes(0), 0u);
  c.op->prepare_transpose();
  if (c.op->rows() + c.op->cols() > 100) return;  // the measurement takes long, and says the same
  for (const Mode mode : kDirections<Scalar>)
    for (std::size_t i = 0; i < kPlainLayouts; ++i) {
      const std::size_t small = first_call_bytes(*c.op, mode, kLayouts[i], kSmall);
      const std::size_t large = first_call_bytes(*c.op, mode, kLayouts[i], kLarge);
      EXPECT_LE(large, small) << verb(mode) << ' ' << kLayouts[i].name;
    }
}

/// x and y end (or begin) where their memory does. What lies between the elements of a layout with
/// gaps belongs to the same page, so it is the tight ends that matter.
template <class Scalar>
class GuardedApply {
 public:
  GuardedApply(const Subject<Scalar>& op, Mode mode, Index most)
      : op_(op),
        mode_(mode),
        x_(random_samples<Scalar>(op.in(mode), most, 35)),
        expected_(plain_result(op, mode, x_)),
        x_memory_(room(op.in(mode), most)),
        y_memory_(room(op.out(mode), most)) {}

  void check(const MatrixLayout& from, const MatrixLayout& to, Index batch, bool end) const {
    const auto x = place(x_memory_, from, op_.in(mode_), batch, end);
    const auto y = place(y_memory_, to, op_.out(mode_), batch, end);
    copy_samples(x_, 0, x);
    op_.apply(mode_, x, y);
    for (Index s = 0; s < batch; ++s)
      for (Index i = 0; i < y.rows(); ++i)
        ASSERT_TRUE(same_bits(y(i, s), expected_(i, s)))
            << describe(mode_, from, to, batch) << (end ? ", before" : ", behind")
            << " a guard: " << first_difference(y, expected_, 0);
  }

 private:
  static std::size_t room(Index rows, Index cols) {
    Index most = 0;
    for (const MatrixLayout& layout : kLayouts) most = std::max(most, span_of(layout, rows, cols));
    return static_cast<std::size_t>(most) * sizeof(Scalar);
  }
  static MatrixView<Scalar> place(const GuardedMemory& memory, const MatrixLayout& layout,
                                  Index rows, Index cols, bool end) {
    const Index span = span_of(layout, rows, cols);
    return view_in(end ? memory.at_end<Scalar>(span) : memory.at_begin<Scalar>(span), layout, rows,
                   cols);
  }

  const Subject<Scalar>& op_;
  Mode mode_;
  Samples<Scalar> x_, expected_;
  GuardedMemory x_memory_, y_memory_;
};

template <class Scalar>
void check_guard_pages(const OperatorCase<Scalar>& c) {
  for (const Mode mode : kDirections<Scalar>) {
    const GuardedApply<Scalar> guarded(*c.op, mode, 65);
    for (const bool end : {false, true}) {
      for (const MatrixLayout& from : kLayouts)
        for (const MatrixLayout& to : kLayouts) guarded.check(from, to, 17, end);
      for (std::size_t i = 0; i < kPlainLayouts * kPlainLayouts; ++i)
        for (const Index batch : {1, 2, 3, 7, 64, 65})
          guarded.check(kLayouts[i / kPlainLayouts], kLayouts[i % kPlainLayouts], batch, end);
    }
  }
}

}  // namespace strum::test
