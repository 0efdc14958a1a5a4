// The libraries that strum is compared with: those found when this was built.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "product.hpp"

namespace bench {

/// How a library takes part. All are held to one thread by their own calls.
struct Peer {
  std::string_view name;       // as in Case::peer
  std::string (*version)();    // with the instruction set that it chose, if it tells
  bool (*takes)(const Case&);  // whether it can do the product
  ProductPtr<float> (*f32)(const Case&, const Tensors<float>&);
  ProductPtr<double> (*f64)(const Case&, const Tensors<double>&);  // null: single precision only
};

[[nodiscard]] const std::vector<Peer>& peers();

/// Throws ValueError for a library that is not there.
[[nodiscard]] const Peer& find_peer(std::string_view name);

/// Products with Dense and BlockDiagonal, which all libraries have.
[[nodiscard]] inline bool is_block_gemm(const Case& c) {
  return c.op == "Dense" || c.op == "BlockDiagonal";
}

/// Eigen as one would write it: a dense `W * x`; a loop over blocks with a product for each. Built
/// for the instruction set that strum uses.
extern const Peer peer_eigen;

/// OpenBLAS: a loop over blocks with sgemm for each, sgemv for one sample.
extern const Peer peer_openblas;

/// oneDNN: matmul, batched over the blocks; weights packed in the format that it asks for.
extern const Peer peer_onednn;

/// libxsmm: a kernel compiled for the block's sizes and the batch, in a loop over the blocks.
extern const Peer peer_libxsmm;

/// libxsmm: kernels for a tile of the samples; the best of several tiles and loop orders.
extern const Peer peer_libxsmm_tiled;

}  // namespace bench
