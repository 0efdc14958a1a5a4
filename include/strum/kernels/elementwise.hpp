// An epilogue on a matrix: vectors of outputs are loaded, carried through bias, activation, gate
// and residual, and stored. What a lane computes does not depend on what the other lanes hold, so
// that features, samples or strided elements may fill them.
#pragma once

#include <algorithm>
#include <array>

#include "strum/kernels/activation.hpp"
#include "strum/kernels/factor.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// `lines` lines of `count` elements that fill one vector after another: elements of one sample, or
/// of one feature. Steps lead from element to element, pitches from line to line.
template <class T>
struct Lines {
  Index count, lines;
  T* y;
  Index y_step, y_pitch;
  const T* bias;
  Index bias_step, bias_pitch;  // step 1: a bias per element; 0: the same for all
  const T* gate;
  Index gate_step, gate_pitch;
  const T* residual;
  Index residual_step, residual_pitch;
};

/// Up to a vector of elements, `step` apart.
template <bool Unit, class T>
STRUM_ALWAYS_INLINE Vec<T> load_line(const T* p, Index step, Index count) {
  if constexpr (!Unit)
    return load_strided(p, step, count);
  else
    return count == kLanes<T> ? load(p) : load_partial(p, count);
}

template <Activation A, class T>
STRUM_ALWAYS_INLINE Vec<T> activated(Vec<T> v) {
  if constexpr (A == Activation::relu || A == Activation::squared_relu) return relu(v);
  if constexpr (A == Activation::gelu) return gelu(v);
  if constexpr (A == Activation::gelu_tanh) return gelu_tanh(v);
  if constexpr (A == Activation::silu) return silu(v);
  return v;
}

/// Elements [i, i + count) of the first line. Extras: there is a gate or a residual.
template <Activation A, bool Unit, bool Extras, class T>
STRUM_ALWAYS_INLINE void epilogue_vector(const Lines<T>& line, Index i, Index count) {
  Vec<T> v = load_line<Unit>(line.y + i * line.y_step, line.y_step, count);
  Vec<T> residual = zero<T>();
  bool add = Extras && line.residual != nullptr;
  if (add)
    residual = load_line<Unit>(line.residual + i * line.residual_step, line.residual_step, count);
  if (A == Activation::identity && add && line.gate == nullptr) {
    v = v + residual;
    add = false;
  }
  if (line.bias != nullptr)
    v = v +
        (line.bias_step == 0 ? broadcast(*line.bias) : load_line<true>(line.bias + i, 1, count));
  v = activated<A>(v);
  // A product that is followed by a sum is one fused operation, by our choice and not a compiler's.
  if constexpr (A == Activation::squared_relu) {
    if (Extras && line.gate != nullptr)
      v = v * v;
    else
      v = add ? fma(v, v, residual) : Vec<T>(v * v);
  }
  if (Extras && line.gate != nullptr) {
    const Vec<T> gate = load_line<Unit>(line.gate + i * line.gate_step, line.gate_step, count);
    v = add ? fma(v, gate, residual) : Vec<T>(v * gate);
  } else if (A != Activation::squared_relu && add) {
    v = v + residual;
  }
  T* const y = line.y + i * line.y_step;
  if constexpr (!Unit)
    store_strided(y, line.y_step, v, count);
  else if (count == kLanes<T>)
    store(y, v);
  else
    store_partial(y, v, count);
}

template <Activation A, bool Unit, bool Extras, class T>
STRUM_FLATTEN void epilogue_lines(const Lines<T>& all) {
  constexpr Index L = kLanes<T>;
  Lines<T> line = all;
  for (Index left = all.lines; left > 0; --left) {
    Index i = 0;
    for (; i + L <= line.count; i += L) epilogue_vector<A, Unit, Extras>(line, i, L);
    if (i < line.count) epilogue_vector<A, Unit, Extras>(line, i, line.count - i);
    line.y += line.y_pitch;
    if (line.bias != nullptr) line.bias += line.bias_pitch;
    if (Extras && line.gate != nullptr) line.gate += line.gate_pitch;
    if (Extras && line.residual != nullptr) line.residual += line.residual_pitch;
  }
}

/// Does the lines by code for [activation][unit steps without extras, with them, any steps]: loads
/// one by one hide what a test for extras costs.
template <class T>
void run_lines(Activation activation, const Lines<T>& lines) {
  using Run = void (*)(const Lines<T>&);
  constexpr int kActivations = static_cast<int>(Activation::silu) + 1;
  static constexpr auto kRuns = []<int... I>(std::integer_sequence<int, I...>) {
    return std::array<Run, sizeof...(I)>{
        &epilogue_lines<static_cast<Activation>(I / 3), I % 3 != 2, I % 3 != 0, T>...};
  }
  (std::make_integer_sequence<int, 3 * kActivations>{});
  const bool gate = lines.gate != nullptr, residual = lines.residual != nullptr;
  const bool unit = lines.y_step == 1 && (!gate || lines.gate_step == 1) &&
                    (!residual || lines.residual_step == 1);
  const int i = static_cast<int>(activation) * 3 + (!unit ? 2 : gate || residual ? 1 : 0);
  kRuns[static_cast<std::size_t>(i)](lines);
}

template <class T>
STRUM_ALWAYS_INLINE bool is_idle(const Epilogue<T>& e) {
  return e.bias == nullptr && e.activation == Activation::identity && e.gate == nullptr &&
         e.residual == nullptr;
}

/// The call whose first element is (row, sample) of this one.
template <class T>
STRUM_ALWAYS_INLINE EpilogueCall<T> moved(EpilogueCall<T> call, Index row, Index sample) {
  call.y += row * call.y_row + sample * call.y_col;
  advance(call.epilogue, row, sample);
  return call;
}

/// The epilogue on `runs` runs of call.rows rows each, the first rows of which lie `distance` rows
/// apart. Lines go along the features unless y is contiguous along the batch.
template <class T>
void apply_epilogue_runs(EpilogueCall<T> call, Index runs, Index distance) {
  const Epilogue<T>& e = call.epilogue;
  if (is_idle(e) || call.rows <= 0) return;
  Lines<T> lines{.count = call.rows,
                 .lines = runs,
                 .y = call.y,
                 .y_step = call.y_row,
                 .y_pitch = distance * call.y_row,
                 .bias = e.bias,
                 .bias_step = 1,
                 .bias_pitch = distance,
                 .gate = e.gate,
                 .gate_step = e.gate_row,
                 .gate_pitch = distance * e.gate_row,
                 .residual = e.residual,
                 .residual_step = e.residual_row,
                 .residual_pitch = distance * e.residual_row};
  if (call.y_row != 1 && call.y_col == 1) {  // lanes hold samples
    lines.count = call.batch;
    lines.lines = call.rows;
    lines.y_step = call.y_col;
    lines.y_pitch = call.y_row;
    lines.bias_step = 0;
    lines.bias_pitch = 1;
    lines.gate_step = e.gate_col;
    lines.gate_pitch = e.gate_row;
    lines.residual_step = e.residual_col;
    lines.residual_pitch = e.residual_row;
    for (; runs > 0; --runs) {
      run_lines(e.activation, lines);
      call = moved(call, distance, 0);
      lines.y = call.y;
      lines.bias = e.bias;
      lines.gate = e.gate;
      lines.residual = e.residual;
    }
    return;
  }
  if (runs == 1) {
    lines.lines = call.batch;
    lines.y_pitch = call.y_col;
    lines.bias_pitch = 0;
    lines.gate_pitch = e.gate_col;
    lines.residual_pitch = e.residual_col;
    return run_lines(e.activation, lines);
  }
  for (Index sample = 0; sample < call.batch; ++sample) {
    run_lines(e.activation, lines);
    lines.y += call.y_col;
    if (lines.gate != nullptr) lines.gate += e.gate_col;
    if (lines.residual != nullptr) lines.residual += e.residual_col;
  }
}

template <class T>
void apply_epilogue(const EpilogueCall<T>& call) {
  apply_epilogue_runs(call, Index{1}, Index{0});
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
