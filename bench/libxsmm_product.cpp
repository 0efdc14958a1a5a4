#include <type_traits>
#include <vector>

#include <libxsmm.h>

#include "block_weights.hpp"
#include "peers.hpp"
#include "strum/core/isa.hpp"
#include "timing.hpp"

namespace bench {
namespace {

template <class S>
using Kernel =
    std::conditional_t<std::is_same_v<S, float>, libxsmm_smmfunction, libxsmm_dmmfunction>;

/// libxsmm_init() compiles for the CPU; this for the instruction set of strum.
void initialize() {
  [[maybe_unused]] static const bool done = [] {
    libxsmm_init();
    const std::string_view isa = strum::active_isa();
    if (isa == "avx2") libxsmm_set_target_arch("hsw");
    if (isa == "sse2") libxsmm_set_target_arch("wsm");
    return true;
  }();
}

/// Compiles a kernel C = A·B for m x n x k and the strides of g, or finds it compiled.
template <class S>
Kernel<S> compile(const BlockGemm<S>& g, Index m, Index n) {
  const auto size = [](Index i) { return static_cast<libxsmm_blasint>(i); };
  const libxsmm_blasint lda = size(g.lda), ldb = size(g.ldb), ldc = size(g.ldc);
  const S alpha = 1, beta = 0;
  const int flags = LIBXSMM_GEMM_FLAG_NONE, prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
  Kernel<S> kernel = nullptr;
  if constexpr (std::is_same_v<S, float>)
    kernel = libxsmm_smmdispatch(size(m), size(n), size(g.k), &lda, &ldb, &ldc, &alpha, &beta,
                                 &flags, &prefetch);
  else
    kernel = libxsmm_dmmdispatch(size(m), size(n), size(g.k), &lda, &ldb, &ldc, &alpha, &beta,
                                 &flags, &prefetch);
  if (kernel == nullptr)
    strum::detail::fail<strum::ValueError>("strum_bench: libxsmm has no kernel for ", m, " x ", n,
                                           " x ", g.k);
  return kernel;
}

/// How the samples are cut into tiles, and which loop is outside.
struct Tiling {
  Index samples;
  bool samples_outside;
};

template <class S>
class XsmmProduct final : public Product<S> {
 public:
  XsmmProduct(const Tensors<S>& weights, bool tiled) : weights_(weights[0]), tiled_(tiled) {}

  void bind(const Case& c, const strum::MatrixView<const S>& x,
            const strum::MatrixView<S>& y) override {
    gemm_ = weights_.gemm(c, x, y);
    batch_ = c.batch;
    if (!tiled_) return use({c.batch, false});
    std::vector<Tiling> tilings;
    for (const Index samples : {4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256})
      if (samples < c.batch)
        for (const bool outside : {false, true}) tilings.push_back({samples, outside});
    tilings.push_back({c.batch, false});
    use(tilings[fastest(tilings, [this](const Tiling& tiling) {
      use(tiling);
      return fewest_seconds(
          thread_seconds, [this] { run(); }, 3, 3e-4);
    })]);
  }

  void run() override {
    const Index tile = tiling_.samples;
    if (tiling_.samples_outside) {
      for (Index s = 0; s < batch_; s += tile)
        for (Index i = 0; i < gemm_.blocks; ++i) multiply(i, s);
    } else {
      for (Index i = 0; i < gemm_.blocks; ++i)
        for (Index s = 0; s < batch_; s += tile) multiply(i, s);
    }
  }

  [[nodiscard]] std::string way() const override {
    if (!tiled_) return "";
    return std::to_string(tiling_.samples) + " samples" +
           (tiling_.samples_outside ? ", outside" : ", inside");
  }

 private:
  void use(const Tiling& tiling) {
    tiling_ = tiling;
    const auto kernel = [&](Index samples) {
      return gemm_.batch_is_m ? compile(gemm_, samples, gemm_.n) : compile(gemm_, gemm_.m, samples);
    };
    whole_ = kernel(tiling.samples);
    rest_ = batch_ % tiling.samples == 0 ? whole_ : kernel(batch_ % tiling.samples);
  }

  void multiply(Index i, Index sample) const {
    const S* a = gemm_.a + i * gemm_.a_step;
    const S* b = gemm_.b + i * gemm_.b_step;
    if (gemm_.batch_is_m)
      a += sample;
    else
      b += sample * gemm_.ldb;
    S* const c = gemm_.c + i * gemm_.c_step + sample * (gemm_.batch_is_m ? 1 : gemm_.ldc);
    (sample + tiling_.samples <= batch_ ? whole_ : rest_)(a, b, c);
  }

  BlockWeights<S> weights_;
  bool tiled_;
  BlockGemm<S> gemm_{};
  Index batch_ = 0;
  Tiling tiling_{};
  Kernel<S> whole_ = nullptr, rest_ = nullptr;
};

template <class S, bool kTiled>
ProductPtr<S> make(const Case&, const Tensors<S>& weights) {
  initialize();
  return std::make_unique<XsmmProduct<S>>(weights, kTiled);
}

/// Not Dense: it is for small matrices.
bool takes(const Case& c) { return c.op == "BlockDiagonal"; }

bool takes_tiled(const Case& c) { return takes(c) && c.batch > 4; }

std::string version() {
  initialize();
  return LIBXSMM_VERSION + std::string(", ") + libxsmm_get_target_arch();
}

}  // namespace

const Peer peer_libxsmm = {"libxsmm", &version, &takes, &make<float, false>, &make<double, false>};
const Peer peer_libxsmm_tiled = {"libxsmm-tiled", &version, &takes_tiled, &make<float, true>,
                                 &make<double, true>};

}  // namespace bench
