#include "layers.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "problem.hpp"
#include "strum/strum.hpp"
#include "timing.hpp"

namespace bench {
namespace {

using strum::Activation;

constexpr const char* kActivations[] = {"identity", "relu",      "squared_relu",
                                        "gelu",     "gelu_tanh", "silu"};

constexpr Index kSize = 4096;
constexpr Index kBlocks[] = {32, 64, 128};
constexpr Index kBatches[] = {1, 16, 128};

constexpr int kRounds = 9;
constexpr double kLeastSeconds = 1e-3;

template <class S>
double seconds_of(const auto& f) {
  return fewest_seconds(thread_seconds, f, 1, kLeastSeconds);
}

/// The epilogue of the case on 16 KiB: the values are brought back each time, lest a function
/// applied over and over leads to denormals, and the time of that is taken off.
template <class S>
class Function {
 public:
  explicit Function(const LayerCase& c)
      : gated_(c.gated), activation_(c.activation), from_(kCount), y_(kCount), other_(kCount) {
    fill_random(from_.data(), kCount, 1, 2.0);
    fill_random(other_.data(), kCount, 2, 2.0);
  }

  double seconds(Index outputs) {
    const double both = seconds_of<S>([&] {
      copy();
      strum::kernels::Epilogue<S> e{.activation = activation_};
      if (gated_)
        e.gate = other_.data(), e.gate_row = 1;
      else
        e.bias = other_.data();
      strum::kernels::table<S, S>().apply_epilogue({kCount, 1, y_.data(), 1, kCount, e});
    });
    const double copied = seconds_of<S>([&] { copy(); });
    return (both - copied) * static_cast<double>(outputs) / static_cast<double>(kCount);
  }

 private:
  static constexpr Index kCount = 16 * 1024 / sizeof(S);

  void copy() {
    std::copy_n(from_.data(), kCount, y_.data());
    benchmark::ClobberMemory();
  }

  bool gated_;
  Activation activation_;
  strum::Buffer<S> from_, y_, other_;
};

template <class S, class Op>
void run_op(benchmark::State& state, const LayerCase& c, const Op& op, const Op& other) {
  Batch<S> batch(c.product);
  strum::Tensor<S> bias({op.rows()});
  fill_random(bias.data(), bias.size(), 3, 1.0);
  const strum::Linear<Op> linear(op, bias, c.activation);
  const auto gated = strum::swiglu(op, other);
  const auto layer = [&] {
    if (c.gated)
      gated.apply(batch.x(), batch.y());
    else
      linear.apply(batch.x(), batch.y());
  };
  const auto product = [&] {
    op.apply(batch.x(), batch.y());
    if (c.gated) other.apply(batch.x(), batch.y());
  };
  Function<S> function(c);
  layer();

  double fused = std::numeric_limits<double>::infinity(), bare = fused, alone = fused;
  for (int round = 0; round < kRounds; ++round) {
    bare = std::min(bare, seconds_of<S>(product));
    fused = std::min(fused, seconds_of<S>(layer));
    alone = std::min(alone, function.seconds(op.rows() * c.product.batch));
  }
  for (auto _ : state) {
    layer();
    benchmark::ClobberMemory();
  }
  state.counters["product"] = bare;
  state.counters["function"] = alone;
  state.counters["ratio"] = fused / (bare + alone);
}

template <class S>
void run_scalar(benchmark::State& state, const LayerCase& c) {
  const Tensors<S> weights = make_weights<S>(c.product);
  if (c.product.op == "Monarch") {
    const strum::Monarch<S> op(weights[0], weights[1]), other(weights[0], weights[1]);
    run_op<S>(state, c, op, other);
  } else {
    const strum::BlockDiagonal<S> op(weights[0]), other(weights[0]);
    run_op<S>(state, c, op, other);
  }
}

}  // namespace

std::string name(const LayerCase& c) {
  const std::string layer =
      c.gated ? "SwiGLU" : std::string("Linear:") + kActivations[static_cast<int>(c.activation)];
  return layer + "/" + name(c.product);
}

std::vector<LayerCase> layer_cases(std::string_view isa) {
  std::vector<LayerCase> cases;
  const auto add = [&](const char* op, ScalarType scalar, Index block) {
    for (const Index batch : kBatches)
      for (const bool row_major : {false, true}) {
        if (row_major && batch == 1) continue;
        LayerCase c{.product = {.op = op,
                                .peer = "",
                                .scalar = scalar,
                                .m = kSize,
                                .n = kSize,
                                .block = block,
                                .batch = batch,
                                .row_major = row_major,
                                .isa = std::string(isa)}};
        for (const Activation activation :
             {Activation::identity, Activation::relu, Activation::silu, Activation::gelu}) {
          c.activation = activation;
          cases.push_back(c);
        }
        c.gated = true;
        c.activation = Activation::silu;
        cases.push_back(c);
      }
  };
  for (const Index block : kBlocks) add("BlockDiagonal", ScalarType::f32, block);
  add("Monarch", ScalarType::f32, 64);
  add("BlockDiagonal", ScalarType::f64, 64);
  return cases;
}

void run_layer(benchmark::State& state, const LayerCase& c) {
  if (c.product.scalar == ScalarType::f32)
    run_scalar<float>(state, c);
  else
    run_scalar<double>(state, c);
}

}  // namespace bench
