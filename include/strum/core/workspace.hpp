// Workspace: scratch memory for `apply`, reused from call to call.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "strum/core/buffer.hpp"
#include "strum/core/config.hpp"
#include "strum/core/error.hpp"

namespace strum::inline STRUM_ABI {

/// A stack of scratch memory. Without one, `apply` uses a thread's own, which grows at a thread's
/// first call with a shape (and number of threads) and never again; with
/// `Workspace(op.workspace_bytes(batch))` it allocates in no call at all. OpenMP makes its threads
/// in the first call of each calling thread that uses them. One thread at a time.
class Workspace {
 public:
  Workspace() = default;

  /// `bytes` in one piece. What cannot do with less grows the workspace; what can (a product, by
  /// running on fewer threads) does with what there is.
  explicit Workspace(std::size_t bytes) : sized_(true) { grow(bytes); }

  /// On memory that was taken from another workspace and outlives this one, in one piece: a
  /// thread's share of its caller's. `lent` is aligned to a cache line.
  Workspace(std::byte* lent, std::size_t bytes)
      : lent_(lent), lent_bytes_(bytes / kAlignment * kAlignment), sized_(true) {}

  Workspace(Workspace&&) = default;
  Workspace& operator=(Workspace&&) = default;

  /// All memory it holds.
  [[nodiscard]] std::size_t bytes() const noexcept {
    std::size_t sum = lent_bytes_;
    for (const auto& chunk : chunks_) sum += chunk.bytes();
    return sum;
  }

  /// Gives what was taken through it back when it goes out of scope. Frames nest.
  class Frame {
   public:
    explicit Frame(Workspace& workspace) noexcept
        : workspace_(workspace), chunk_(workspace.chunk_), used_(workspace.used_) {}
    ~Frame() {
      workspace_.chunk_ = chunk_;
      workspace_.used_ = used_;
    }
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    /// `count` elements aligned to a cache line, not initialised, valid until the frame ends.
    template <class T>
    [[nodiscard]] T* take(Index count) {
      const Index bytes = detail::checked_product(count, Index{sizeof(T)}, "Workspace");
      return reinterpret_cast<T*>(workspace_.take(static_cast<std::size_t>(bytes)));
    }

    /// Bytes that requests should keep to if they can: the largest free piece of a workspace made
    /// with a size. Without a size there is no such limit.
    [[nodiscard]] std::size_t room() const { return workspace_.room(); }

   private:
    Workspace& workspace_;
    std::size_t chunk_, used_;
  };

  /// What a request of this many bytes takes.
  static constexpr std::size_t rounded(std::size_t bytes) {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
  }

 private:
  std::byte* take(std::size_t bytes) {
    bytes = rounded(bytes);
    while (chunk_ < pieces() && used_ + bytes > piece_bytes(chunk_)) {
      ++chunk_;
      used_ = 0;
    }
    // Pieces at least double, so that a growing sequence of requests wastes at most twice the last.
    if (chunk_ == pieces()) grow(std::max(bytes, 2 * this->bytes()));
    std::byte* const p = piece(chunk_) + used_;
    used_ += bytes;
    return p;
  }

  [[nodiscard]] std::size_t room() const {
    if (!sized_) return std::numeric_limits<std::size_t>::max();
    std::size_t most = 0;
    for (std::size_t i = chunk_; i < pieces(); ++i)
      most = std::max(most, piece_bytes(i) - (i == chunk_ ? used_ : 0));
    return most;
  }

  // The lent memory, if there is any, comes before the chunks.
  [[nodiscard]] std::size_t lent_pieces() const { return lent_ == nullptr ? 0 : 1; }
  [[nodiscard]] std::size_t pieces() const { return lent_pieces() + chunks_.size(); }
  [[nodiscard]] std::size_t piece_bytes(std::size_t i) const {
    return i < lent_pieces() ? lent_bytes_ : chunks_[i - lent_pieces()].bytes();
  }
  [[nodiscard]] std::byte* piece(std::size_t i) {
    return i < lent_pieces() ? lent_ : chunks_[i - lent_pieces()].data();
  }

  void grow(std::size_t bytes) { chunks_.emplace_back(static_cast<Index>(rounded(bytes))); }

  std::byte* lent_ = nullptr;
  std::size_t lent_bytes_ = 0;
  std::vector<Buffer<std::byte>> chunks_;
  std::size_t chunk_ = 0, used_ = 0;  // where the free bytes begin
  bool sized_ = false;
};

}  // namespace strum::inline STRUM_ABI
