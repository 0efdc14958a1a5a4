// The last factor of a chain, in pieces whose outputs the epilogue finds in L1.
#pragma once

#include <algorithm>

#include "strum/kernels/batch_lanes.hpp"
#include "strum/kernels/elementwise.hpp"
#include "strum/kernels/extent.hpp"
#include "strum/kernels/interleaved.hpp"
#include "strum/kernels/panel.hpp"
#include "strum/kernels/slice.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// Outputs of a piece: they stay in L1 beside x and the weights, and every piece costs some 0.1 µs
/// of loops that begin anew. Beside product and function alone, ReLU on blocks of 32 took 3 to 5 %
/// more with 24 KiB, 10 % with 16 and up to 30 % with 8 (L1 of 48 KiB).
inline constexpr Index kPieceBytes = 24 * 1024;

/// Samples that go through small blocks together, a few register tiles of them. With fewer the
/// tiles are smaller or the weights reread more often: 64 x 64 blocks lost 5 % with 12, 10 %
/// with 8.
inline constexpr Index kPieceSamples = 4 * kPanelSamples<float, kPanelVectors>;

/// How a factor is cut: pieces of `samples` samples, and of `blocks` whole blocks α, or, where
/// blocks is 0, of one block's `deltas` indices δ and `rows` indices β. All samples go through
/// kept_rows rows, whose weights stay in cache, before the next ones begin.
struct PiecePlan {
  Index samples, blocks, deltas, rows, kept_rows;
};

template <class T, class W>
PiecePlan plan_pieces(const PackedFactor<W>& factor, Index samples, bool batch_lanes) {
  const FactorShape& f = factor.shape;
  constexpr Index L = kLanes<T>;
  const bool interleaved = factor.layout == Layout::interleaved;
  const bool bundled = factor.layout == Layout::bundled;
  const auto multiple = [](Index size, Index unit) {
    return std::max(size / unit, Index{1}) * unit;
  };

  // The order of the kernels themselves.
  Index most = samples;
  if (batch_lanes)
    most = f.d == 1 ? samples : 2 * L;
  else if (interleaved)
    most = kInterleavedSamples<T>;
  else if (plan_panel<T>(bundled ? f.b * f.d : f.b, samples).order == PanelOrder::samples_outermost)
    most = kPieceSamples;
  const Index chunks = (samples + most - 1) / most;
  const Index together = batch_lanes ? std::min(most, samples) : (samples + chunks - 1) / chunks;
  PiecePlan plan{.samples = together, .blocks = 0, .deltas = f.d, .rows = f.b, .kept_rows = f.b};

  const Index rows = kPieceBytes / Index{sizeof(T)} / together, block = f.b * f.d;
  if (block <= rows || factor.layout == Layout::grouped) {
    const Index unit = factor.layout == Layout::grouped ? group_size<T>(f) : 1;
    plan.blocks = multiple(rows / std::max(block, Index{1}), unit);
  } else if (bundled) {
    plan.kept_rows = plan.rows = multiple(rows, kPanelVectors * L) / f.d;
  } else if (!interleaved) {
    plan.kept_rows = plan.rows = multiple(rows / f.d, kPanelVectors * L);
  } else {
    plan.deltas = L;
    if (!factor.transposed) {
      // A multiple of the tile: row-major Monarch products took 20 % longer with another.
      plan.rows = multiple(rows / L, batch_lanes ? kMostStridedRows : kInterleavedRows);
      const Index row_bytes = std::max(f.c, Index{1}) * L * Index{sizeof(W)};
      plan.kept_rows = multiple(kGroupBytes / row_bytes, plan.rows);
    }
  }
  return plan;
}

/// The epilogue on the rows that a factor writes. y and the epilogue's pointers begin with the
/// factor's first row.
template <class T>
void finish_rows(const FactorShape& f, EpilogueCall<T> y) {
  const auto run = [&](Index first, Index count) {
    y.rows = std::min(count, f.rows - first);
    apply_epilogue(moved(y, first, 0));
  };
  // Rows without a gap between them are one run.
  if (f.y_beta == f.d && (f.a == 1 || f.y_alpha == f.b * f.d)) return run(0, f.a * f.b * f.d);
  for (Index alpha = 0; alpha < f.a; ++alpha) {
    const Index first = alpha * f.y_alpha;
    if (f.y_beta == f.d) {
      run(first, f.b * f.d);
      continue;
    }
    const Index whole = row_count(f, alpha, f.d - 1);  // rows β of which all δ exist
    y.rows = f.d;
    apply_epilogue_runs(moved(y, first, 0), whole, f.y_beta);
    if (whole < f.b) run(first + whole * f.y_beta, f.d);
  }
}

/// Runs `factor` on a tile of samples piece by piece, each followed by the epilogue of y, which
/// describes the whole tile. run(slice, sample, samples) is to compute samples [sample, sample +
/// samples) of a slice.
template <class T, class W, class Run>
void run_in_pieces(const PackedFactor<W>& factor, const EpilogueCall<T>& y, bool batch_lanes,
                   const Run& run) {
  const FactorShape& f = factor.shape;
  if (f.d == 1 && f.y_beta != 1) {  // neighbours in y are from different blocks
    run({factor, 0, 0}, 0, y.batch);
    return apply_epilogue(y);
  }
  const PiecePlan plan = plan_pieces<T>(factor, y.batch, batch_lanes);
  using slicing::Range;
  const auto piece = [&](const Range& alpha, const Range& beta, const Range& delta, Index sample) {
    const FactorSlice<W> part = slice(factor, alpha, beta, delta, kLanes<T>);
    if (part.factor.shape.rows <= 0) return;
    EpilogueCall<T> out = moved(y, part.y, sample);
    out.batch = std::min(plan.samples, y.batch - sample);
    if (plan.blocks > 0 || factor.layout != Layout::panel)
      run(part, sample, out.batch);
    else
      for (Index i = delta.begin; i < delta.end; ++i)
        run(slice(factor, alpha, beta, {i, i + 1}, kLanes<T>), sample, out.batch);
    finish_rows(part.factor.shape, out);
  };
  if (plan.blocks > 0) {
    for (Index sample = 0; sample < y.batch; sample += plan.samples)
      for (Index alpha = 0; alpha < f.a; alpha += plan.blocks)
        piece({alpha, std::min(alpha + plan.blocks, f.a)}, {0, f.b}, {0, f.d}, sample);
    return;
  }
  for (Index alpha = 0; alpha < f.a; ++alpha)
    for (Index delta = 0; delta < f.d; delta += plan.deltas)
      for (Index first = 0; first < f.b; first += plan.kept_rows)
        for (Index sample = 0; sample < y.batch; sample += plan.samples)
          for (Index beta = first; beta < std::min(f.b, first + plan.kept_rows); beta += plan.rows)
            piece({alpha, alpha + 1}, {beta, std::min(beta + plan.rows, f.b)},
                  {delta, std::min(delta + plan.deltas, f.d)}, sample);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
