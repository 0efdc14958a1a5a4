// What a user's first program does: make operators from weights, apply them to a batch by pointers
// and by Eigen matrices.
#include <Eigen/Core>

#include "reference.hpp"
#include "strum/strum.hpp"

int main() {
  const reference::Sizes z;
  const auto w1 = reference::numbers(z.k * z.q * z.p, 1);
  const auto w2 = reference::numbers(z.l * z.s * z.r, 2);
  const auto x = reference::numbers(z.k * z.p * z.batch, 3);
  const auto index = [](std::size_t n) { return static_cast<strum::Index>(n); };
  const strum::Index batch = index(z.batch);

  const strum::Monarch<float> monarch(
      strum::MonarchShape::exact(index(z.k), index(z.q), index(z.p), index(z.l), index(z.s),
                                 index(z.r)),
      w1.data(), w2.data());
  std::vector<float> y(z.s * z.l * z.batch);
  monarch.apply(strum::MatrixView<const float>(x.data(), monarch.cols(), batch),
                strum::MatrixView<float>(y.data(), monarch.rows(), batch));
  bool right = reference::monarch(z, w1, w2, x).agrees("Monarch", y);

  const strum::BlockDiagonal<float> blocks(
      strum::BlockDiagonalShape::exact(index(z.k), index(z.q), index(z.p)), w1.data());
  const Eigen::MatrixXf product =
      blocks * Eigen::Map<const Eigen::MatrixXf>(x.data(), blocks.cols(), batch);
  y.assign(product.data(), product.data() + product.size());
  right = reference::block_diagonal(z, w1, x).agrees("BlockDiagonal", y) && right;

  std::printf("%s kernels: %s\n", strum::active_isa(), right ? "right" : "WRONG");
  return right ? 0 : 1;
}
