#include "case.hpp"

#include <utility>

namespace bench {
namespace {

constexpr Index kSizes[] = {512, 1024, 4096};
constexpr Index kBlocks[] = {8, 16, 32, 64, 128, 256};
constexpr Index kBatches[] = {1, 4, 16, 64, 256};

/// The largest size is also run with layouts and directions that are not the default.
constexpr Index kVariantSize = 4096;
/// 4096 samples apart, entries of x share few sets of L1; one cache line more and they do not.
constexpr Index kPaddedLd = kVariantSize + 16;

/// An operator, and which cases it takes part in beside those of strum in f32.
struct Entry {
  const char* op;
  bool blocks;  // runs over kBlocks
  bool f64;
  bool eigen;     // Eigen can do the same
  bool variants;  // row-major, padded and transposed products
};

constexpr Entry kEntries[] = {
    {"Dense", false, true, true, false},
    {"BlockDiagonal", true, true, true, true},
    {"LowRank", true, false, false, false},
    {"KroneckerSparse", true, false, false, false},
    {"KroneckerSparseChain", true, false, false, false},
    {"Monarch", true, true, true, true},
};

class List {
 public:
  explicit List(std::string_view isa) : isa_(isa) {}

  /// The case at every batch.
  void add(Case c) {
    c.isa = isa_;
    for (const Index batch : kBatches) {
      c.batch = batch;
      cases_.push_back(c);
    }
  }

  /// The same product with x and y elsewhere in memory, and the transposed one.
  void add_variants(const Case& c) {
    Case row = c, padded = c, transposed = c;
    row.row_major = true;
    padded.ld = kPaddedLd;
    transposed.transpose = true;
    add(row);
    add(padded);
    add(transposed);
  }

  [[nodiscard]] std::vector<Case> take() { return std::move(cases_); }

 private:
  std::string isa_;
  std::vector<Case> cases_;
};

void add_operator(List& list, const Entry& entry, ScalarType scalar, Index n, Index block) {
  Case c{.op = entry.op, .peer = "", .scalar = scalar, .n = n, .block = block};
  list.add(c);
  if (entry.variants && scalar == ScalarType::f32 && n == kVariantSize) list.add_variants(c);
  if (entry.eigen) {
    c.peer = "Eigen";
    list.add(c);
  }
}

}  // namespace

std::string operator_name(const Case& c) {
  std::string text = c.op;
  if (!c.peer.empty()) text += "@" + c.peer;
  text += c.scalar == ScalarType::f32 ? "/f32" : "/f64";
  text += "/n:" + std::to_string(c.n);
  if (c.block != 0) text += "/block:" + std::to_string(c.block);
  return text;
}

std::string name(const Case& c) {
  std::string text = operator_name(c) + "/batch:" + std::to_string(c.batch);
  if (c.row_major) text += "/layout:row";
  if (c.ld != 0) text += "/ld:" + std::to_string(c.ld);
  if (c.transpose) text += "/op:transpose";
  if (!c.isa.empty()) text += "/isa:" + c.isa;
  return text;
}

std::vector<Case> all_cases(std::string_view isa) {
  List list(isa);
  for (const ScalarType scalar : {ScalarType::f32, ScalarType::f64}) {
    for (const Entry& entry : kEntries) {
      if (scalar == ScalarType::f64 && !entry.f64) continue;
      for (const Index n : kSizes) {
        if (!entry.blocks) {
          add_operator(list, entry, scalar, n, 0);
          continue;
        }
        for (const Index block : kBlocks) add_operator(list, entry, scalar, n, block);
      }
    }
  }
  return list.take();
}

}  // namespace bench
