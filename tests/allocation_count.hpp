// Counts every allocation of the program: malloc and its relatives, and through them operator new.
// Include it in one file of a test program; it replaces the C library's functions there.
//
// With glibc they are replaced by functions of the same name that count and pass the call on. The
// sanitizers have replaced them already and call back instead. Elsewhere operator new is counted
// alone.
#pragma once

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <new>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define STRUM_TEST_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STRUM_TEST_SANITIZED 1
#endif
#if defined(STRUM_TEST_SANITIZED)
// Declared in <sanitizer/allocator_interface.h>, which gcc does not install.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void*,
                                                                             std::size_t),
                                                         void (*free_hook)(const volatile void*));
#endif

namespace strum::test {

inline constinit std::atomic<std::size_t> allocation_calls = 0;
inline constinit std::atomic<std::size_t> allocation_bytes = 0;

inline void count_allocation(std::size_t bytes) {
  allocation_calls.fetch_add(1, std::memory_order_relaxed);
  allocation_bytes.fetch_add(bytes, std::memory_order_relaxed);
}

#if defined(STRUM_TEST_SANITIZED)
inline const int allocation_hooks = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t bytes) { count_allocation(bytes); },
    [](const volatile void*) {});
#endif

/// What all threads have allocated since it was made.
class AllocationCount {
 public:
  [[nodiscard]] std::size_t calls() const { return allocation_calls - calls_; }
  [[nodiscard]] std::size_t bytes() const { return allocation_bytes - bytes_; }

 private:
  std::size_t calls_ = allocation_calls, bytes_ = allocation_bytes;
};

}  // namespace strum::test

#if defined(STRUM_TEST_SANITIZED)
// The hooks do it.
#elif defined(__GLIBC__)

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

// Default visibility: the C++ library's operator new must find these, not the C library's.
#define STRUM_TEST_REPLACE __attribute__((visibility("default")))

STRUM_TEST_REPLACE void* malloc(std::size_t bytes) noexcept {
  strum::test::count_allocation(bytes);
  return __libc_malloc(bytes);
}
STRUM_TEST_REPLACE void* calloc(std::size_t count, std::size_t bytes) noexcept {
  strum::test::count_allocation(count * bytes);
  return __libc_calloc(count, bytes);
}
STRUM_TEST_REPLACE void* realloc(void* old, std::size_t bytes) noexcept {
  strum::test::count_allocation(bytes);
  return __libc_realloc(old, bytes);
}
STRUM_TEST_REPLACE void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
  strum::test::count_allocation(bytes);
  return __libc_memalign(alignment, bytes);
}
STRUM_TEST_REPLACE void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  strum::test::count_allocation(bytes);
  return __libc_memalign(alignment, bytes);
}
STRUM_TEST_REPLACE int posix_memalign(void** result, std::size_t alignment,
                                      std::size_t bytes) noexcept {
  strum::test::count_allocation(bytes);
  *result = __libc_memalign(alignment, bytes);
  return *result != nullptr ? 0 : ENOMEM;
}
#undef STRUM_TEST_REPLACE
}

#else

void* operator new(std::size_t bytes) {
  strum::test::count_allocation(bytes);
  if (void* p = std::malloc(bytes == 0 ? 1 : bytes)) return p;
  throw std::bad_alloc();
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  strum::test::count_allocation(bytes);
  const auto line = static_cast<std::size_t>(alignment);
  if (void* p = std::aligned_alloc(line, (bytes + line - 1) / line * line)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

#endif
