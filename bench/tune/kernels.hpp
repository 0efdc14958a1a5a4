// What strum_tune compiles once per instruction set, with the flags of src/: the panel kernel with
// the plan as an argument.
#pragma once

#include "strum/core/config.hpp"
#include "strum/kernels/panel_plan.hpp"

namespace bench::tune {

using strum::Index;
using strum::kernels::PanelOrder;
using strum::kernels::PanelPlan;
using strum::kernels::PanelPlans;

inline constexpr Index kMostVectors = 4;

/// y = A x with a block-diagonal A of square blocks on a batch of columns.
template <class S>
struct BlockProduct {
  Index size, blocks;
  Index batch;
  const S* w;
  const S* x;
  S* y;
  Index ld;  // from sample to sample
};

template <class S>
struct PanelKernels {
  Index lanes;
  /// Samples in the largest tile of 1, 2, ... vectors, no more than of lower ones; 0: none.
  Index most_samples[kMostVectors];
  PanelPlan (*default_plan)(Index vectors, Index samples);
  PanelPlan (*select)(Index rows, Index samples);  // as strum::strum does
  void (*run)(const BlockProduct<S>& product, PanelPlan plan);
};

struct Kernels {
  const char* isa;
  PanelKernels<float> f32;
  PanelKernels<double> f64;
};

extern const Kernels panel_avx512, panel_avx2, panel_sse2;

}  // namespace bench::tune
