// The allocation counter that other tests rely on sees every way to allocate.
#include "allocation_count.hpp"

#include <functional>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace strum::test {
namespace {

/// So that no compiler leaves an allocation out that nobody looks at.
void* volatile seen = nullptr;

struct alignas(64) CacheLine {
  char bytes[64];
};

std::size_t calls_of(const std::function<void()>& f) {
  const AllocationCount count;
  f();
  return count.calls();
}

TEST(AllocationCount, SeesOperatorNew) {
  EXPECT_EQ(calls_of([] {
              auto* p = new int(1);
              seen = p;
              delete p;
            }),
            1u);
  EXPECT_EQ(calls_of([] {
              auto* p = new double[100];
              seen = p;
              delete[] p;
            }),
            1u);
  EXPECT_EQ(calls_of([] {
              auto* p = new CacheLine;
              seen = p;
              delete p;
            }),
            1u);
}

TEST(AllocationCount, CountsBytes) {
  const AllocationCount count;
  const std::vector<double> values(1000);
  seen = const_cast<double*>(values.data());
  EXPECT_EQ(count.bytes(), 8000u);
}

TEST(AllocationCount, SeesNothingWhereNothingIsAllocated) {
  EXPECT_EQ(calls_of([] { seen = nullptr; }), 0u);
}

#if defined(__GLIBC__)
TEST(AllocationCount, SeesTheCLibrary) {
  const AllocationCount count;
  void* p = std::malloc(10);
  p = std::realloc(p, 1000);
  seen = p;
  std::free(p);
  EXPECT_EQ(count.calls(), 2u);
  p = std::calloc(3, 5);
  seen = p;
  std::free(p);
  EXPECT_EQ(count.calls(), 3u);
  p = std::aligned_alloc(64, 128);
  seen = p;
  std::free(p);
  EXPECT_EQ(count.calls(), 4u);
  ASSERT_EQ(posix_memalign(&p, 64, 100), 0);
  seen = p;
  std::free(p);
  EXPECT_EQ(count.calls(), 5u);
}
#endif

}  // namespace
}  // namespace strum::test
