// OwnedSize: a size that an operator without weights holds as a value.
#pragma once

#include <utility>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI::detail {

/// An Index that is 0 after it was moved from, as the size of an operator must be.
class OwnedSize {
 public:
  OwnedSize() = default;
  OwnedSize(Index value) : value_(value) {}
  OwnedSize(const OwnedSize&) = default;
  OwnedSize(OwnedSize&& other) noexcept : value_(std::exchange(other.value_, 0)) {}
  OwnedSize& operator=(OwnedSize other) noexcept {
    value_ = other.value_;
    return *this;
  }
  ~OwnedSize() = default;

  operator Index() const noexcept { return value_; }

 private:
  Index value_ = 0;
};

}  // namespace strum::inline STRUM_ABI::detail
