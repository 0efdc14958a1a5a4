#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>

#include "block_weights.hpp"
#include "peers.hpp"
#include "strum/core/isa.hpp"
#include "timing.hpp"

namespace bench {
namespace {

using dnnl::memory;

/// The CPU with strum's instruction set, one thread (oneDNN runs on OpenMP's).
struct Cpu {
  dnnl::engine engine;
  dnnl::stream stream;

  static Cpu make() {
    const std::string_view isa = strum::active_isa();
    if (isa == "avx2") dnnl::set_max_cpu_isa(dnnl::cpu_isa::avx2);
    if (isa == "sse2") dnnl::set_max_cpu_isa(dnnl::cpu_isa::sse41);
    omp_set_num_threads(1);
    dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return {engine, dnnl::stream(engine)};
  }
};

Cpu& cpu() {
  static Cpu made = Cpu::make();
  return made;
}

/// A row-major rows x cols matrix, or one for each block.
struct Matrix {
  Index blocks, rows, cols, step, ld;

  [[nodiscard]] memory::desc desc() const { return make({step, ld, 1}); }
  [[nodiscard]] memory::desc transposed() const { return make({rows * cols, 1, rows}); }
  [[nodiscard]] memory::desc any() const {
    return {dims(), memory::data_type::f32, memory::format_tag::any};
  }

 private:
  [[nodiscard]] memory::dims dims() const {
    return blocks == 1 ? memory::dims{rows, cols} : memory::dims{blocks, rows, cols};
  }
  [[nodiscard]] memory::desc make(memory::dims strides) const {
    if (blocks == 1) strides.erase(strides.begin());
    return {dims(), memory::data_type::f32, strides};
  }
};

/// A matmul with the weights in one format.
struct Matmul {
  dnnl::matmul primitive;
  std::unordered_map<int, memory> operands;
  std::string implementation;

  void run() const { primitive.execute(cpu().stream, operands); }
};

class OneDnnProduct final : public Product<float> {
 public:
  explicit OneDnnProduct(const Tensors<float>& weights) : weights_(weights[0]) {}

  /// C = A·B, column-major, is Cᵀ = Bᵀ·Aᵀ, row-major as oneDNN has it. Debian's 2.6 has its best
  /// implementation for few formats of the other operands, hence the trial of three for the
  /// weights: as they are, transposed, and the one that it asks for.
  void bind(const Case& c, const strum::MatrixView<const float>& x,
            const strum::MatrixView<float>& y) override {
    const BlockGemm<float> g = weights_.gemm(c, x, y);
    const Matrix source{g.blocks, g.n, g.k, g.b_step, g.ldb};
    const Matrix factor{g.blocks, g.k, g.m, g.a_step, g.lda};
    const Matrix result{g.blocks, g.n, g.m, g.c_step, g.ldc};
    const Matrix& weights = g.batch_is_m ? source : factor;
    std::vector<Matmul> ways;
    for (const memory::desc& format : {weights.desc(), weights.transposed(), weights.any()}) {
      const memory::desc& src = g.batch_is_m ? format : source.desc();
      const memory::desc& wei = g.batch_is_m ? factor.desc() : format;
      ways.push_back(make(g, {src, wei, result.desc()}, weights.desc()));
    }
    chosen_ = ways[fastest(ways, [](const Matmul& way) {
      return fewest_seconds(
          thread_seconds, [&] { way.run(); }, 3, 1e-3);
    })];
  }

  void run() override {
    chosen_->run();
    cpu().stream.wait();
  }

  [[nodiscard]] std::string way() const override { return chosen_->implementation; }

 private:
  static Matmul make(const BlockGemm<float>& g, const dnnl::matmul::desc& desc,
                     const memory::desc& plain) {
    const dnnl::engine& engine = cpu().engine;
    const dnnl::matmul::primitive_desc chosen(desc, engine);
    const auto view = [&](const memory::desc& format, const float* data) {
      return memory(format, engine, const_cast<float*>(data));
    };
    memory a = view(chosen.weights_desc(), g.a), b = view(chosen.src_desc(), g.b);
    memory& weights = g.batch_is_m ? b : a;
    if (weights.get_desc() != plain) {
      memory packed(weights.get_desc(), engine);
      memory unpacked = view(plain, g.batch_is_m ? g.b : g.a);
      dnnl::reorder(unpacked, packed).execute(cpu().stream, unpacked, packed);
      cpu().stream.wait();
      weights = packed;
    }
    return {
        dnnl::matmul(chosen),
        {{DNNL_ARG_SRC, b}, {DNNL_ARG_WEIGHTS, a}, {DNNL_ARG_DST, view(chosen.dst_desc(), g.c)}},
        chosen.impl_info_str()};
  }

  BlockWeights<float> weights_;
  std::optional<Matmul> chosen_;
};

ProductPtr<float> make(const Case&, const Tensors<float>& weights) {
  return std::make_unique<OneDnnProduct>(weights);
}

std::string version() {
  const dnnl_version_t* const v = dnnl::version();
  return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
}

bool takes(const Case& c) { return is_block_gemm(c) && c.scalar == ScalarType::f32; }

}  // namespace

const Peer peer_onednn = {"oneDNN", &version, &takes, &make, nullptr};

}  // namespace bench
