// Buffer: memory that strum owns, aligned for every instruction set it knows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

#include "strum/core/config.hpp"
#include "strum/core/error.hpp"

namespace strum::inline STRUM_ABI {

/// One cache line, and the widest vector (AVX-512).
inline constexpr std::size_t kAlignment = 64;

/// An owning array of `size` elements, aligned to a cache line, not initialised. Its layout and its
/// allocator do not depend on the -m flags of the including file (those of an Eigen matrix do).
template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Buffer() = default;
  explicit Buffer(Index size) : size_(size) {
    if (size > 0) {
      const Index bytes = detail::checked_product(size, Index{sizeof(T)}, "Buffer");
      data_ = static_cast<T*>(
          ::operator new (static_cast<std::size_t>(bytes), std::align_val_t{kAlignment}));
    } else if (size < 0) {
      detail::fail<ShapeError>("Buffer: negative size ", size);
    }
  }
  Buffer(const Buffer& other) : Buffer(other.size_) {
    std::copy_n(other.data_, static_cast<std::size_t>(size_), data_);
  }
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~Buffer() {
    if (data_ != nullptr) ::operator delete (data_, std::align_val_t{kAlignment});
  }

  [[nodiscard]] T* data() noexcept { return data_; }
  [[nodiscard]] const T* data() const noexcept { return data_; }
  [[nodiscard]] Index size() const noexcept { return size_; }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return static_cast<std::size_t>(size_) * sizeof(T);
  }

 private:
  T* data_ = nullptr;
  Index size_ = 0;
};

}  // namespace strum::inline STRUM_ABI
