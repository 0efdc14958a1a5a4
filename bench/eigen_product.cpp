#include <vector>

#include "isa.hpp"
#include "product.hpp"
#include "strum/core/buffer.hpp"

namespace bench {
namespace {

template <class S>
class EigenProduct final : public Product<S> {
 public:
  EigenProduct(const Case& c, const Tensors<S>& weights) {
    for (const strum::Tensor<S>& tensor : weights) weights_.push_back(column_major(tensor));
    if (c.op != "Dense" && c.op != "BlockDiagonal" && c.op != "Monarch")
      strum::detail::fail<strum::ValueError>("strum_bench: no operator '", c.op, "' with Eigen");
  }

  void apply(const Case& c, const strum::MatrixView<const S>& x,
             const strum::MatrixView<S>& y) override {
    const IsaKernels<S>& kernels = active_kernels<S>();
    const EigenKernels<S>& eigen = c.batch == 1 ? kernels.eigen_one : kernels.eigen_many;
    const S* const w = weights_[0].data();
    if (c.op == "Dense") {
      eigen.dense(c.n, c.batch, w, x.data(), y.data());
    } else if (c.op == "BlockDiagonal") {
      eigen.block_diagonal(c.n / c.block, c.block, c.batch, w, x.data(), y.data());
    } else {
      const Index scratch = (c.n + 2 * c.block) * c.batch;
      if (scratch_.size() < scratch) scratch_ = strum::Buffer<S>(scratch);
      eigen.monarch(c.n / c.block, c.block, c.batch, w, weights_[1].data(), x.data(), y.data(),
                    scratch_.data());
    }
  }

 private:
  /// (m, n) or (blocks, m, n) with each matrix in Eigen's default layout.
  static strum::Buffer<S> column_major(const strum::Tensor<S>& tensor) {
    strum::Buffer<S> buffer(tensor.size());
    const Index n = tensor.shape().back(), m = tensor.shape()[tensor.shape().size() - 2];
    for (Index first = 0; first < tensor.size(); first += m * n)
      for (Index i = 0; i < m; ++i)
        for (Index j = 0; j < n; ++j) buffer.data()[first + i + j * m] = tensor[first + i * n + j];
    return buffer;
  }

  std::vector<strum::Buffer<S>> weights_;
  strum::Buffer<S> scratch_;
};

}  // namespace

template <class S>
std::unique_ptr<Product<S>> make_eigen(const Case& c, const Tensors<S>& weights) {
  return std::make_unique<EigenProduct<S>>(c, weights);
}

template std::unique_ptr<Product<float>> make_eigen(const Case&, const Tensors<float>&);
template std::unique_ptr<Product<double>> make_eigen(const Case&, const Tensors<double>&);

}  // namespace bench
