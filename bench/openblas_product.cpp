// OpenBLAS picks its kernels while it is loaded, and an environment variable can say which. So it
// is loaded when the program runs, after the variable has been set to strum's instruction set: an
// OPENBLAS_CORETYPE=Haswell that happens to be around halves its speed on an AVX-512 machine.
#include <cstdlib>
#include <string_view>
#include <type_traits>

#include <cblas.h>
#include <dlfcn.h>

#include "block_weights.hpp"
#include "peers.hpp"
#include "strum/core/isa.hpp"
#include "timing.hpp"

namespace bench {
namespace {

struct OpenBlas {
  decltype(&cblas_sgemm) sgemm;
  decltype(&cblas_dgemm) dgemm;
  decltype(&cblas_sgemv) sgemv;
  decltype(&cblas_dgemv) dgemv;
  decltype(&openblas_get_config) config;
  decltype(&openblas_get_corename) core;
};

const char* core_for(std::string_view isa) {
  if (isa == "avx512") return "SkylakeX";
  if (isa == "avx2") return "Haswell";
  if (isa == "sse2") return "Nehalem";
  return nullptr;
}

OpenBlas load() {
  if (const char* const core = core_for(strum::active_isa())) setenv("OPENBLAS_CORETYPE", core, 1);
  setenv("OPENBLAS_NUM_THREADS", "1", 1);  // else it starts threads that spin for a while
  void* const library = dlopen(STRUM_BENCH_OPENBLAS, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) strum::detail::fail<strum::ValueError>("strum_bench: ", dlerror());
  const auto symbol = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
    if (function == nullptr)
      strum::detail::fail<strum::ValueError>("strum_bench: no ", name, " in ",
                                             STRUM_BENCH_OPENBLAS);
  };
  OpenBlas blas{};
  symbol(blas.sgemm, "cblas_sgemm");
  symbol(blas.dgemm, "cblas_dgemm");
  symbol(blas.sgemv, "cblas_sgemv");
  symbol(blas.dgemv, "cblas_dgemv");
  symbol(blas.config, "openblas_get_config");
  symbol(blas.core, "openblas_get_corename");
  decltype(&openblas_set_num_threads) set_num_threads = nullptr;
  symbol(set_num_threads, "openblas_set_num_threads");
  set_num_threads(1);
  return blas;
}

const OpenBlas& openblas() {
  static const OpenBlas loaded = load();
  return loaded;
}

template <class S>
class OpenBlasProduct final : public Product<S> {
 public:
  OpenBlasProduct(const Case&, const Tensors<S>& weights) : weights_(weights[0]) {}

  void bind(const Case& c, const strum::MatrixView<const S>& x,
            const strum::MatrixView<S>& y) override {
    gemm_ = weights_.gemm(c, x, y);
    way_ = Way::gemm;
    if (c.batch > 1) return;
    dots_ = weights_.transposed(c);
    static constexpr Way kWays[] = {Way::columns, Way::dots};
    way_ = kWays[fastest(kWays, [&](Way way) {
      way_ = way;
      return fewest_seconds(
          thread_seconds, [this] { run(); }, 3, 1e-3);
    })];
  }

  void run() override {
    for (Index i = 0; i < gemm_.blocks; ++i) multiply(i);
  }

  [[nodiscard]] std::string way() const override {
    return way_ == Way::gemm ? "" : way_ == Way::columns ? "gemv" : "gemv, transposed";
  }

 private:
  enum class Way { gemm, columns, dots };

  void multiply(Index i) const {
    const auto m = static_cast<blasint>(gemm_.m), n = static_cast<blasint>(gemm_.n),
               k = static_cast<blasint>(gemm_.k), lda = static_cast<blasint>(gemm_.lda),
               ldb = static_cast<blasint>(gemm_.ldb), ldc = static_cast<blasint>(gemm_.ldc);
    const S* const b = gemm_.b + i * gemm_.b_step;
    S* const c = gemm_.c + i * gemm_.c_step;
    const auto [gemm, gemv] = functions();
    if (way_ == Way::gemm)
      gemm(CblasColMajor, CblasNoTrans, CblasNoTrans, m, n, k, S(1), gemm_.a + i * gemm_.a_step,
           lda, b, ldb, S(0), c, ldc);
    else if (way_ == Way::columns)
      gemv(CblasColMajor, CblasNoTrans, m, k, S(1), gemm_.a + i * gemm_.a_step, lda, b, 1, S(0), c,
           1);
    else
      gemv(CblasColMajor, CblasTrans, k, m, S(1), dots_ + i * gemm_.a_step, k, b, 1, S(0), c, 1);
  }

  static auto functions() {
    if constexpr (std::is_same_v<S, float>)
      return std::pair(openblas().sgemm, openblas().sgemv);
    else
      return std::pair(openblas().dgemm, openblas().dgemv);
  }

  BlockWeights<S> weights_;
  BlockGemm<S> gemm_{};
  const S* dots_ = nullptr;
  Way way_ = Way::gemm;
};

template <class S>
ProductPtr<S> make(const Case& c, const Tensors<S>& weights) {
  return std::make_unique<OpenBlasProduct<S>>(c, weights);
}

std::string version() {
  const std::string config = openblas().config();
  return config.substr(0, config.find(' ', config.find(' ') + 1)) + ", " + openblas().core();
}

}  // namespace

const Peer peer_openblas = {"OpenBLAS", &version, &is_block_gemm, &make<float>, &make<double>};

}  // namespace bench
