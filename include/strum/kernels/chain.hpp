// The fused chain: a tile of samples runs through all factors while the intermediate stays in
// cache.
#pragma once

#include "strum/kernels/batch_lanes.hpp"
#include "strum/kernels/bundled.hpp"
#include "strum/kernels/diagonal.hpp"
#include "strum/kernels/epilogue.hpp"
#include "strum/kernels/grouped.hpp"
#include "strum/kernels/interleaved.hpp"
#include "strum/kernels/panel.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// A matrix of features by samples between two factors.
template <class T>
struct Span {
  T* data;
  Index row, col;
};

/// Lanes across δ where they are filled better, down the rows of a block where not; the store of a
/// panel whose outputs lie d > 1 apart goes one by one, hence the quarter in favour of the former.
template <class T>
Layout choose_layout(const FactorShape& f) {
  if (can_group<T>(f)) return Layout::grouped;
  if (f.d == 1) return Layout::panel;
  if (can_bundle<T>(f)) return Layout::bundled;
  constexpr Index L = kLanes<T>;
  const Index interleaved = (f.d + L - 1) / L * f.b, panel = (f.b + L - 1) / L * f.d;
  return interleaved * 4 <= panel * 5 ? Layout::interleaved : Layout::panel;
}

/// Leading dimension of a scratch matrix whose columns are samples: whole cache lines, and an odd
/// number of them, since samples a power of two apart would collide in L1.
template <class T>
Index scratch_stride(Index features) {
  constexpr Index kLine = 64 / Index{sizeof(T)};
  return ((features + kLine - 1) / kLine | 1) * kLine;
}

/// Elements of scratch, and how they are used: one copy of a tile of x, two intermediates in turn,
/// and what the kernels put in order for themselves.
struct ScratchPlan {
  Index samples;              // of a tile
  Index x_size, hidden_size;  // elements of the copy, and of each intermediate
  Index hidden_count;
  Index kernel_size;
};

template <class T, class W>
ScratchPlan plan_scratch(const PackedFactor<W>* factors, Index count, Index batch, Index most) {
  const Index tile = std::min({kSampleTile, most, (batch + kLanes<T> - 1) / kLanes<T> * kLanes<T>});
  Index widest = 0, kernel_size = 0;
  for (Index i = 0; i < count; ++i) {
    const FactorShape& f = factors[i].shape;
    if (i + 1 < count) widest = std::max(widest, f.rows);
    kernel_size = std::max({kernel_size, gathered_size<T>(f, tile), kCopiedSamples * f.c});
  }
  return {.samples = tile,
          .x_size = tile * scratch_stride<T>(factors[0].shape.cols),
          .hidden_size = tile * scratch_stride<T>(widest),
          .hidden_count = std::min(count - 1, Index{2}),
          .kernel_size = kernel_size};
}

template <class T, class W>
Index scratch_size(const PackedFactor<W>* factors, Index count, Index batch, Index tile) {
  if (batch <= 0) return 0;
  const ScratchPlan plan = plan_scratch<T>(factors, count, batch, tile);
  return plan.x_size + plan.hidden_count * plan.hidden_size + plan.kernel_size;
}

/// Lanes hold samples when both matrices are contiguous along the batch and it fills half a vector.
template <class T, class W>
bool lanes_hold_samples(const ChainCall<T, W>& call) {
  const bool rows_contiguous = call.x_row == 1 && call.y_row == 1;
  return call.x_col == 1 && call.y_col == 1 && !rows_contiguous && call.batch * 2 > kLanes<T>;
}

/// Copies a tile so that features are contiguous.
template <class T>
void copy_tile(const Span<const T>& from, Index features, Index samples, const Span<T>& to) {
  constexpr Index L = kLanes<T>;
  for (Index s = 0; s < samples; ++s) {
    const T* const x = from.data + s * from.col;
    T* const y = to.data + s * to.col;
    Index i = 0;
    if (from.row == 1)
      for (; i + L <= features; i += L) store(y + i, load(x + i));
    for (; i < features; ++i) y[i] = x[i * from.row];
  }
}

/// Whether a tile of `samples` samples of x is copied so that features are contiguous and samples
/// do not collide. All kernels but the panel and the diagonal need the former; the interleaved one
/// rereads x once per few rows and so gains by the latter where it does not gather.
template <class T, class W>
bool copies_input(const PackedFactor<W>& first, Index x_row, Index x_col, Index samples) {
  if (first.layout == Layout::panel || is_diagonal(first)) return false;
  return x_row != 1 || (first.layout == Layout::interleaved && samples > 1 &&
                        samples_collide<T>(x_col) && !should_gather<T>(first.shape, x_col));
}

/// Runs one factor whose lanes hold features.
template <class T, class W>
void feature_factor(const PackedFactor<W>& factor, Index samples, const Span<const T>& in,
                    const Span<T>& out, const Scaling<T>& scaling, T* scratch) {
  switch (factor.layout) {
    case Layout::panel:
      return panel_factor(factor, samples, in.data, in.row, in.col, out.data, out.row, out.col,
                          scaling);
    case Layout::interleaved:
      return interleaved_factor(factor, samples, in.data, in.col, out.data, out.row, out.col,
                                scaling, scratch);
    case Layout::bundled:
      return bundled_factor(factor, samples, in.data, in.col, out.data, out.row, out.col, scaling);
    case Layout::grouped:
      if constexpr (LanePermutation<T>::exists)
        grouped_factor(factor, samples, in.data, in.col, out.data, out.row, out.col, scaling);
  }
}

/// Runs samples [0, samples) of the call through all factors.
template <class T, class W>
void apply_tile(const ChainCall<T, W>& call, const ScratchPlan& plan, Index samples,
                bool batch_lanes) {
  Span<const T> in{call.x, call.x_row, call.x_col};
  T* const kernel_scratch = call.scratch + plan.x_size + plan.hidden_count * plan.hidden_size;
  if (!batch_lanes && copies_input<T>(call.factors[0], in.row, in.col, samples)) {
    const Index features = call.factors[0].shape.cols;
    const Span<T> copy{call.scratch, 1, scratch_stride<T>(features)};
    copy_tile(in, features, samples, copy);
    in = {copy.data, copy.row, copy.col};
  }
  for (Index i = 0; i < call.count; ++i) {
    const PackedFactor<W>& factor = call.factors[i];
    const bool last = i + 1 == call.count;
    Span<T> out{call.y, call.y_row, call.y_col};
    Scaling<T> scaling{call.alpha, call.beta, call.alpha == T(1) && call.beta == T(0),
                       factor.conjugate};
    if (!last) {
      T* const hidden = call.scratch + plan.x_size + i % 2 * plan.hidden_size;
      out = batch_lanes ? Span<T>{hidden, plan.samples, 1}
                        : Span<T>{hidden, 1, scratch_stride<T>(factor.shape.rows)};
      scaling = {T(1), T(0), true, factor.conjugate};
    }
    const auto run = [&](const PackedFactor<W>& part, Index count, const Span<const T>& from,
                         const Span<T>& to) {
      if (is_diagonal(part))
        diagonal_factor(part, count, batch_lanes, from.data, from.row, from.col, to.data, to.row,
                        to.col, scaling);
      else if (batch_lanes)
        batch_factor(part, count, from.data, from.row, to.data, to.row, to.col, scaling,
                     kernel_scratch);
      else
        feature_factor<T, W>(part, count, from, to, scaling, kernel_scratch);
    };
    if (kIsComplex<T> || !last || is_idle(call.epilogue)) {
      run(factor, samples, in, out);
    } else if constexpr (!kIsComplex<T>) {
      const EpilogueCall<T> y{factor.shape.rows, samples,    call.y,
                              call.y_row,        call.y_col, call.epilogue};
      run_in_pieces<T>(
          factor, y, batch_lanes, [&](const FactorSlice<W>& part, Index sample, Index count) {
            run(part.factor, count, {in.data + part.x * in.row + sample * in.col, in.row, in.col},
                {out.data + part.y * out.row + sample * out.col, out.row, out.col});
          });
    }
    in = {out.data, out.row, out.col};
  }
}

template <class T, class W>
void apply_chain(const ChainCall<T, W>& call) {
  ScratchPlan plan = plan_scratch<T>(call.factors, call.count, call.batch, call.sample_tile);
  const bool batch_lanes = lanes_hold_samples(call);
  // One factor has no intermediate to keep in cache, and whole rows are walked in order.
  if (batch_lanes && call.count == 1 && is_idle(call.epilogue)) plan.samples = call.batch;
  for (Index first = 0; first < call.batch; first += plan.samples) {
    ChainCall<T, W> tile = call;
    tile.x += first * call.x_col;
    tile.y += first * call.y_col;
    advance(tile.epilogue, 0, first);
    apply_tile(tile, plan, std::min(plan.samples, call.batch - first), batch_lanes);
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
