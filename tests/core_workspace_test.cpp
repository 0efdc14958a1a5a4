// Workspace: a stack of scratch memory that grows only when it must.
#include "strum/core/workspace.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include <gtest/gtest.h>

#include "allocation_count.hpp"

namespace strum::test {
namespace {

bool aligned(const void* p) { return reinterpret_cast<std::uintptr_t>(p) % kAlignment == 0; }

TEST(Workspace, DoesNotAllocateWithinItsSize) {
  Workspace workspace(Workspace::rounded(100 * sizeof(float)) + Workspace::rounded(7));
  const std::size_t bytes = workspace.bytes();
  const AllocationCount count;
  for (int i = 0; i < 3; ++i) {
    Workspace::Frame frame(workspace);
    auto* const floats = frame.take<float>(100);
    auto* const chars = frame.take<char>(7);
    EXPECT_TRUE(aligned(floats));
    EXPECT_TRUE(aligned(chars));
    EXPECT_GE(static_cast<void*>(chars), static_cast<void*>(floats + 100));
  }
  EXPECT_EQ(count.calls(), 0u);
  EXPECT_EQ(workspace.bytes(), bytes);
}

TEST(Workspace, StandsOnMemoryOfAnother) {
  Workspace workspace(1024);
  Workspace::Frame frame(workspace);
  auto* const lent = frame.take<std::byte>(512);
  const AllocationCount count;
  Workspace part(lent, 512);
  EXPECT_EQ(part.bytes(), 512u);
  {
    Workspace::Frame inner(part);
    EXPECT_EQ(inner.room(), 512u);
    EXPECT_EQ(inner.take<std::byte>(512), lent);
    EXPECT_EQ(inner.room(), 0u);
  }
  EXPECT_EQ(count.calls(), 0u);
  Workspace::Frame inner(part);
  EXPECT_EQ(inner.take<std::byte>(64), lent);
  EXPECT_NE(inner.take<std::byte>(512), nullptr);  // of its own
  EXPECT_GT(part.bytes(), 512u);
}

TEST(Workspace, GivesTheSameMemoryAgain) {
  Workspace workspace(1024);
  void* first = nullptr;
  {
    Workspace::Frame frame(workspace);
    first = frame.take<double>(10);
  }
  Workspace::Frame frame(workspace);
  EXPECT_EQ(frame.take<double>(10), first);
}

TEST(Workspace, FramesNest) {
  Workspace workspace(4096);
  Workspace::Frame outer(workspace);
  int* const kept = outer.take<int>(16);
  for (int i = 0; i < 16; ++i) kept[i] = i;
  void* inner_memory = nullptr;
  {
    Workspace::Frame inner(workspace);
    int* const scratch = inner.take<int>(16);
    inner_memory = scratch;
    for (int i = 0; i < 16; ++i) scratch[i] = -1;
  }
  EXPECT_EQ(outer.take<int>(16), inner_memory);
  for (int i = 0; i < 16; ++i) EXPECT_EQ(kept[i], i);
}

TEST(Workspace, GrowthLeavesWhatWasTakenInPlace) {
  Workspace workspace(64);
  Workspace::Frame outer(workspace);
  int* const kept = outer.take<int>(16);
  for (int i = 0; i < 16; ++i) kept[i] = i;
  {
    Workspace::Frame inner(workspace);
    int* const more = inner.take<int>(5000);
    for (int i = 0; i < 5000; ++i) more[i] = -1;
  }
  int* const again = outer.take<int>(5000);
  for (int i = 0; i < 5000; ++i) again[i] = -2;
  for (int i = 0; i < 16; ++i) EXPECT_EQ(kept[i], i);
}

TEST(Workspace, GrowsOnceForARepeatedRequest) {
  Workspace workspace;
  EXPECT_EQ(workspace.bytes(), 0u);
  const auto work = [&] {
    Workspace::Frame frame(workspace);
    (void)frame.take<float>(1000);
    Workspace::Frame inner(workspace);
    (void)inner.take<float>(3000);
  };
  work();
  const std::size_t bytes = workspace.bytes();
  const AllocationCount count;
  for (int i = 0; i < 10; ++i) work();
  EXPECT_EQ(count.calls(), 0u);
  EXPECT_EQ(workspace.bytes(), bytes);
}

TEST(Workspace, WastesAtMostTwiceWhatAGrowingSequenceNeeds) {
  Workspace workspace;
  std::size_t most = 0;
  for (Index size = 64; size < 100000; size += 64) {
    Workspace::Frame frame(workspace);
    (void)frame.take<char>(size);
    most = static_cast<std::size_t>(size);
  }
  EXPECT_LE(workspace.bytes(), 5 * most);
}

TEST(Workspace, MovesWithItsMemory) {
  Workspace a(256);
  Workspace b = std::move(a);
  EXPECT_EQ(b.bytes(), 256u);
  EXPECT_EQ(a.bytes(), 0u);
  Workspace::Frame frame(a);
  EXPECT_NE(frame.take<int>(1), nullptr);
}

TEST(Workspace, RefusesWhatIsNotASize) {
  Workspace workspace;
  Workspace::Frame frame(workspace);
  EXPECT_THROW((void)frame.take<double>(-1), ShapeError);
  EXPECT_THROW((void)frame.take<double>(std::numeric_limits<Index>::max()), ShapeError);
}

}  // namespace
}  // namespace strum::test
