#include "case.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "peers.hpp"

namespace bench {
namespace {

constexpr Index kSizes[] = {512, 1024, 2048, 4096};
/// Dense products that family.hpp compares with.
constexpr Index kSmallSizes[] = {128, 256};
constexpr Index kBlocks[] = {4, 8, 16, 32, 64, 128, 256};
constexpr Index kBatches[] = {1, 4, 16, 64, 128, 256, 512};
constexpr Index kGridBatches[] = {1, 16, 128, 512};

/// Blocks that no number of lanes divides; n is the multiple nearest to kVariantSize.
constexpr Index kOddBlocks[] = {12, 20, 24, 48, 96, 100};

/// The largest size is also run with layouts and directions that are not the default.
constexpr Index kVariantSize = 4096;
/// 4096 samples apart, entries of x share few sets of L1; one cache line more and they do not.
constexpr Index kPaddedLd = kVariantSize + 16;

/// The first layer of a StructuredFFN with two shares of its blocks.
constexpr Index kFeedForwardIn = 512, kFeedForwardOut = 2048;
constexpr Index kFeedForwardBlocks[] = {4, 16};

/// Weights of 16 MB in f32, too many for L2, where half the bytes should be half the time.
constexpr Index kLargeSize = 16384, kLargeBlock = 256, kLargeMonarchBlock = 128;

/// An operator, and which cases it takes part in beside those in f32.
struct Entry {
  const char* op;
  bool blocks;  // runs over kBlocks
  bool f64, bf16, complex;
  bool variants;  // row-major, padded and transposed products
};

constexpr Entry kEntries[] = {
    {"Dense", false, true, true, false, false},
    {"BlockDiagonal", true, true, true, true, true},
    {"LowRank", true, false, false, false, false},
    {"KroneckerSparse", true, false, false, false, false},
    {"KroneckerSparseChain", true, false, false, false, false},
    {"Monarch", true, true, true, true, true},
};

constexpr bool takes(const Entry& entry, ScalarType scalar) {
  return scalar == ScalarType::f32    ? true
         : scalar == ScalarType::f64  ? entry.f64
         : scalar == ScalarType::bf16 ? entry.bf16
                                      : entry.complex;
}

constexpr bool is_real(ScalarType scalar) {
  return scalar == ScalarType::f32 || scalar == ScalarType::f64;
}

template <class Range>
bool contains(const Range& range, Index value) {
  return std::find(std::begin(range), std::end(range), value) != std::end(range);
}

class List {
 public:
  explicit List(std::string_view isa) : isa_(isa) {}

  /// The case at every batch, by strum and by every library that can.
  void add(Case c) {
    c.isa = isa_;
    for (const Index batch : kBatches) {
      c.batch = batch;
      c.peer.clear();
      cases_.push_back(c);
      for (const Peer& peer : peers()) {
        if (!peer.takes(c) || (c.scalar == ScalarType::f64 && peer.f64 == nullptr) ||
            !is_real(c.scalar))
          continue;
        c.peer = peer.name;
        cases_.push_back(c);
      }
    }
  }

  /// The same product with x and y elsewhere in memory, and the transposed one.
  void add_variants(const Case& c) {
    Case row = c, padded = c, transposed = c;
    row.row_major = true;
    padded.ld = kPaddedLd;
    transposed.transpose = true;
    add(padded);
    add(row);
    add(transposed);
  }

  [[nodiscard]] std::vector<Case> take() { return std::move(cases_); }

 private:
  std::string isa_;
  std::vector<Case> cases_;
};

void add_operator(List& list, const Entry& entry, ScalarType scalar, Index n, Index block) {
  const Case c{.op = entry.op, .peer = "", .scalar = scalar, .m = n, .n = n, .block = block};
  list.add(c);
  if (entry.variants && n == kVariantSize) list.add_variants(c);
}

void add_other_blocks(List& list, ScalarType scalar) {
  Case c{.op = "BlockDiagonal", .peer = "", .scalar = scalar};
  for (const Index block : kOddBlocks) {
    c.block = block;
    c.m = c.n = (kVariantSize + block / 2) / block * block;
    list.add(c);
  }
  for (const Index blocks : kFeedForwardBlocks) {
    c.m = kFeedForwardOut;
    c.n = kFeedForwardIn;
    c.block = c.n / blocks;
    list.add(c);
  }
}

void add_large(List& list, ScalarType scalar) {
  Case c{.op = "BlockDiagonal", .peer = "", .scalar = scalar, .m = kLargeSize, .n = kLargeSize};
  c.block = kLargeBlock;
  list.add(c);
  c.op = "Monarch";
  c.block = kLargeMonarchBlock;
  list.add(c);
}

}  // namespace

std::string operator_name(const Case& c) {
  std::string text = c.op;
  constexpr const char* kNames[] = {"/f32", "/f64", "/bf16", "/c32", "/c64"};
  text += kNames[static_cast<int>(c.scalar)];
  text += "/n:" + std::to_string(c.n);
  if (c.m != c.n) text += "/m:" + std::to_string(c.m);
  if (c.block != 0) text += "/block:" + std::to_string(c.block);
  return text;
}

std::string name(const Case& c) {
  std::string text = operator_name(c) + "/batch:" + std::to_string(c.batch);
  if (!c.peer.empty()) text.insert(c.op.size(), c.peer).insert(c.op.size(), 1, '@');
  if (c.row_major) text += "/layout:row";
  if (c.ld != 0) text += "/ld:" + std::to_string(c.ld);
  if (c.transpose) text += "/op:transpose";
  if (!c.isa.empty()) text += "/isa:" + c.isa;
  if (c.threads != 1) text += "/threads:" + std::to_string(c.threads);
  return text;
}

std::vector<Case> all_cases(std::string_view isa) {
  List list(isa);
  for (const ScalarType scalar :
       {ScalarType::f32, ScalarType::f64, ScalarType::bf16, ScalarType::c32, ScalarType::c64}) {
    for (const Entry& entry : kEntries) {
      if (!takes(entry, scalar)) continue;
      for (const Index n : kSizes) {
        if (!entry.blocks) {
          add_operator(list, entry, scalar, n, 0);
          continue;
        }
        for (const Index block : kBlocks) add_operator(list, entry, scalar, n, block);
      }
    }
    if (scalar == ScalarType::f32)
      for (const Index n : kSmallSizes) list.add({.op = "Dense", .peer = "", .m = n, .n = n});
    if (is_real(scalar)) add_other_blocks(list, scalar);
    if (scalar == ScalarType::f32 || scalar == ScalarType::bf16) add_large(list, scalar);
  }
  return list.take();
}

bool in_grid(const Case& c) {
  if (c.scalar != ScalarType::f32 || c.transpose || c.n > kVariantSize ||
      !contains(kGridBatches, c.batch))
    return false;
  if (c.op == "Dense") return contains(kSizes, c.n);
  if (c.op == "BlockDiagonal") return c.n == kVariantSize && c.m == c.n;
  // Blocks of the smallest power of two that is at least √n.
  return c.op == "Monarch" && !c.row_major && c.ld == 0 && c.block * c.block >= c.n &&
         c.block * c.block < 4 * c.n;
}

}  // namespace bench
