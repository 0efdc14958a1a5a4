// What a user's program does with strum: makes operators from weights, applies them to a batch by
// pointers and by Eigen matrices, keeps one in a file, fits one to a dense matrix.
#include <Eigen/Core>

#include "reference.hpp"
#include "strum/fit/monarch.hpp"
#include "strum/io/operator_file.hpp"
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
  const Eigen::Map<const Eigen::MatrixXf> samples(x.data(), blocks.cols(), batch);
  const Eigen::MatrixXf product = blocks * samples;
  y.assign(product.data(), product.data() + product.size());
  right = reference::block_diagonal(z, w1, x).agrees("BlockDiagonal", y) && right;

  strum::io::save_operator("consumer.safetensors", "layer", blocks);
  const auto loaded = strum::io::load_operator<float>("consumer.safetensors", "layer");
  if (loaded * samples != product) {
    std::printf("the loaded operator gives another result\n");
    right = false;
  }

  // Compiled, the fit runs on the library's own Eigen; what it returns must be at home in this one.
  auto fit = strum::fit::monarch(monarch.to_dense(), monarch.shape());
  Eigen::MatrixXf dense = fit.op.to_dense();
  const float error = (dense - monarch.to_dense()).norm() / dense.norm();
  dense.resize(2 * dense.rows(), dense.cols());
  if (!(fit.relative_error < 1e-6 && error < 1e-6f)) {
    std::printf("the fit of a Monarch matrix has error %g, said to be %g\n", double{error},
                fit.relative_error);
    right = false;
  }

  std::printf("%s kernels: %s\n", strum::active_isa(), right ? "right" : "WRONG");
  return right ? 0 : 1;
}
