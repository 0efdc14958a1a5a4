#include <vector>

#include <Eigen/Core>

#include "block_weights.hpp"
#include "isa.hpp"
#include "peers.hpp"
#include "strum/core/buffer.hpp"

namespace bench {
namespace {

template <class S>
class EigenProduct final : public Product<S> {
 public:
  EigenProduct(const Case& c, const Tensors<S>& weights) : monarch_(c.op == "Monarch") {
    for (const strum::Tensor<S>& tensor : weights) weights_.emplace_back(tensor);
  }

  void bind(const Case& c, const strum::MatrixView<const S>& x,
            const strum::MatrixView<S>& y) override {
    case_ = c;
    const IsaKernels<S>& kernels = active_kernels<S>();
    eigen_ = c.batch == 1 ? &kernels.eigen_one : &kernels.eigen_many;
    first_ = weights_[0].gemm(c, x, y);
    if (!monarch_) return;
    second_ = weights_[1].gemm(c, x, y).a;
    const Index scratch = (c.n + 2 * c.block) * c.batch;
    if (scratch_.size() < scratch) scratch_ = strum::Buffer<S>(scratch);
  }

  void run() override {
    if (monarch_)
      eigen_->monarch(first_.blocks, case_.block, case_.batch, first_.a, second_, first_.b,
                      first_.c, scratch_.data());
    else
      eigen_->block_gemm(first_);
  }

 private:
  bool monarch_;
  std::vector<BlockWeights<S>> weights_;
  Case case_;
  const EigenKernels<S>* eigen_ = nullptr;
  BlockGemm<S> first_{};
  const S* second_ = nullptr;
  strum::Buffer<S> scratch_;
};

template <class S>
ProductPtr<S> make(const Case& c, const Tensors<S>& weights) {
  return std::make_unique<EigenProduct<S>>(c, weights);
}

bool takes(const Case& c) {
  const bool plain = !c.row_major && c.ld == 0 && !c.transpose;
  return is_block_gemm(c) || (c.op == "Monarch" && plain);
}

std::string version() {
  return std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
         std::to_string(EIGEN_MINOR_VERSION);
}

}  // namespace

const Peer peer_eigen = {"Eigen", &version, &takes, &make<float>, &make<double>};

}  // namespace bench
