// Layers: what an epilogue costs beside the product and the function alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "case.hpp"
#include "strum/core/epilogue.hpp"

namespace bench {

/// f(A·x + bias), or SiLU(A·x) ⊙ (B·x).
struct LayerCase {
  Case product;
  strum::Activation activation = strum::Activation::identity;
  bool gated = false;
};

/// `Linear:gelu/BlockDiagonal/f32/n:4096/block:64/batch:16`, or `SwiGLU/...`.
[[nodiscard]] std::string name(const LayerCase& c);

/// Layers of size 4096 on some block sizes and batches. `isa` is set in all of them.
[[nodiscard]] std::vector<LayerCase> layer_cases(std::string_view isa);

/// Times the layer, and sets the counters
///
///     product   seconds of the operator alone, or of both
///     function  seconds of the epilogue on as many outputs, in an array that stays in L1
///     ratio     seconds of the layer / (product + function): 1 if fusing them costs nothing
///
/// all in seconds of the thread, the fewest of some rounds that take the three in turn.
void run_layer(benchmark::State& state, const LayerCase& c);

}  // namespace bench
