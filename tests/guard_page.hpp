// Memory between two pages that nobody may touch: what reads or writes past either end crashes.
#pragma once

#include <cstddef>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

#include "strum/core/config.hpp"

namespace strum::test {

class GuardedMemory {
 public:
  explicit GuardedMemory(std::size_t bytes) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    inside_ = (bytes + page - 1) / page * page;
    if (inside_ == 0) inside_ = page;
    whole_ = inside_ + 2 * page;
    void* const p = mmap(nullptr, whole_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) throw std::bad_alloc();
    whole_begin_ = static_cast<std::byte*>(p);
    begin_ = whole_begin_ + page;
    if (mprotect(begin_, inside_, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  }
  ~GuardedMemory() { munmap(whole_begin_, whole_); }
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  /// Room for `count` elements right behind the lower guard page.
  template <class T>
  [[nodiscard]] T* at_begin(Index /*count*/) const {
    return reinterpret_cast<T*>(begin_);
  }
  /// Room for `count` elements that end at the upper guard page.
  template <class T>
  [[nodiscard]] T* at_end(Index count) const {
    return reinterpret_cast<T*>(begin_ + inside_) - count;
  }

 private:
  std::byte* whole_begin_ = nullptr;
  std::byte* begin_ = nullptr;
  std::size_t inside_ = 0, whole_ = 0;
};

}  // namespace strum::test
