// The table of the instruction set this is compiled for.
#pragma once

#include "kernels.hpp"
#include "strum/kernels/panel.hpp"
#include "strum/ops/sample_tile.hpp"

namespace bench::tune::STRUM_KERNELS {

namespace ours = strum::STRUM_KERNELS;

/// Samples in tiles as apply() makes them.
template <class S>
void run(const BlockProduct<S>& p, PanelPlan plan) {
  constexpr Index kTile = strum::detail::kSmallSampleTile;
  for (Index first = 0; first < p.batch; first += kTile) {
    ours::PanelCall<S, S> call{.w = p.w,
                               .w_gamma = 0,
                               .w_block = p.size * p.size,
                               .w_inner = p.size,
                               .x = p.x + first * p.ld,
                               .x_gamma = 1,
                               .x_sample = p.ld,
                               .x_block = p.size,
                               .y = p.y + first * p.ld,
                               .y_row = 1,
                               .y_sample = p.ld,
                               .y_block = p.size,
                               .rows = p.size,
                               .inner = p.size,
                               .blocks = p.blocks,
                               .scaling = {S(1), S(0), true}};
    ours::panel_run(call, p.size, std::min(kTile, p.batch - first), plan);
  }
}

template <class S>
PanelPlan default_plan(Index vectors, Index samples) {
  return ours::default_panel_plan<S>(vectors, samples);
}

template <class S, int... V>
constexpr PanelKernels<S> make_panel_kernels(std::integer_sequence<int, V...>) {
  return {.lanes = ours::kLanes<S>,
          .most_samples = {ours::kPanelSamples<S, V + 1>...},
          .default_plan = &default_plan<S>,
          .select = &ours::plan_panel<S>,
          .run = &run<S>};
}

constexpr Kernels make_kernels() {
  constexpr std::make_integer_sequence<int, ours::kPanelVectors> kVectors;
  return {.isa = STRUM_TO_STRING(STRUM_ISA_NAME),
          .f32 = make_panel_kernels<float>(kVectors),
          .f64 = make_panel_kernels<double>(kVectors)};
}

}  // namespace bench::tune::STRUM_KERNELS
