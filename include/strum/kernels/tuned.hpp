// The panel kernel's tiles for each instruction set and scalar, by the height of a block in vectors
// of rows and the number of samples: {vectors, samples, order}. Written by strum_tune (bench/tune)
// from measurements; instruction sets without a table follow default_panel_plan(). Rates are those
// of a block-diagonal product of n = 4096 (leading dimensions 4096 and 4112) in GFLOP/s, geometric
// means over the class; behind them that of the default, where a plan better by 2 % was found.
#pragma once

#include "strum/kernels/panel_plan.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

// clang-format off

#if defined(STRUM_ISA_AVX512)
// AMD EPYC (family 26, model 2), gcc 12.2.0, 2026-11-22.
template <>
inline constexpr PanelPlans kPanelPlans<float> = {{
    // Vectors of rows: 1
    {{1,  1, PanelOrder::samples_outermost},   // 1            71.8
     {1, 12, PanelOrder::samples_outermost},   // 2 to 15     186.8, default 176.7
     {1, 12, PanelOrder::samples_outermost},   // 16 to 63    217.8, default 211.8
     {1, 12, PanelOrder::samples_outermost}},  // 64 and more 180.3, default 173.5
    // Vectors of rows: 2
    {{2,  1, PanelOrder::samples_outermost},   // 1            99.7
     {2, 12, PanelOrder::samples_outermost},   // 2 to 15     212.8
     {2,  8, PanelOrder::samples_outermost},   // 16 to 63    238.4, default 228.3
     {2,  8, PanelOrder::samples_outermost}},  // 64 and more 215.3, default 207.9
    // Vectors of rows: 3
    {{3,  1, PanelOrder::samples_outermost},   // 1            97.4
     {3,  8, PanelOrder::samples_outermost},   // 2 to 15     213.8
     {3,  8, PanelOrder::samples_outermost},   // 16 to 63    232.2
     {3,  8, PanelOrder::samples_outermost}},  // 64 and more 219.6
    // Vectors of rows: 4
    {{4,  1, PanelOrder::samples_outermost},   // 1            69.3
     {2, 12, PanelOrder::samples_outermost},   // 2 to 15     189.9
     {4,  6, PanelOrder::samples_outermost},   // 16 to 63    229.2, default 214.2
     // By hand: samples outermost won the class by 1 %, but 512 samples, whose weights then come from
     // L3 for every six, ran at 100 in strum_bench and block by block at 222.
     {4,  6, PanelOrder::blocks_outermost}},   // 64 and more 226
    // Vectors of rows: 5 to 7
    {{4,  1, PanelOrder::samples_outermost},   // 1            55.2
     {2, 12, PanelOrder::samples_outermost},   // 2 to 15     175.2
     {2, 12, PanelOrder::samples_outermost},   // 16 to 63    204.8
     {4,  5, PanelOrder::blocks_outermost}},   // 64 and more 214.1, default 197.2
    // Vectors of rows: 8
    {{4,  1, PanelOrder::samples_outermost},   // 1            53.0
     {4,  6, PanelOrder::blocks_outermost},    // 2 to 15     182.5
     {4,  6, PanelOrder::blocks_outermost},    // 16 to 63    232.5
     {4,  4, PanelOrder::blocks_outermost}},   // 64 and more 230.2, default 224.7
    // Vectors of rows: more than 8
    {{4,  1, PanelOrder::samples_outermost},   // 1            51.2
     {4,  6, PanelOrder::blocks_outermost},    // 2 to 15     190.2
     {4,  6, PanelOrder::blocks_outermost},    // 16 to 63    242.7
     {4,  6, PanelOrder::blocks_outermost}}    // 64 and more 233.2
}};

template <>
inline constexpr PanelPlans kPanelPlans<double> = {{
    // Vectors of rows: 1
    {{1,  1, PanelOrder::samples_outermost},   // 1            37.3
     {1, 10, PanelOrder::samples_outermost},   // 2 to 15      78.6, default 74.4
     {1, 12, PanelOrder::samples_outermost},   // 16 to 63     73.3, default 71.0
     {1, 12, PanelOrder::samples_outermost}},  // 64 and more  46.4, default 41.1
    // Vectors of rows: 2
    {{2,  1, PanelOrder::samples_outermost},   // 1            50.1
     {2,  8, PanelOrder::samples_outermost},   // 2 to 15      95.0, default 92.1
     {2,  8, PanelOrder::samples_outermost},   // 16 to 63     97.4, default 96.8
     {2, 12, PanelOrder::samples_outermost}},  // 64 and more  71.5
    // Vectors of rows: 3
    {{3,  1, PanelOrder::samples_outermost},   // 1            52.8
     {3,  8, PanelOrder::samples_outermost},   // 2 to 15      96.4
     {3,  7, PanelOrder::samples_outermost},   // 16 to 63    104.2, default 100.9
     {3,  8, PanelOrder::samples_outermost}},  // 64 and more  78.1
    // Vectors of rows: 4
    {{4,  1, PanelOrder::samples_outermost},   // 1            35.8
     {2, 12, PanelOrder::samples_outermost},   // 2 to 15      85.0
     {4,  6, PanelOrder::samples_outermost},   // 16 to 63    102.7, default 95.2
     {4,  6, PanelOrder::samples_outermost}},  // 64 and more  87.1, default 73.9
    // Vectors of rows: 5 to 7
    {{4,  1, PanelOrder::samples_outermost},   // 1            28.0
     {2, 12, PanelOrder::samples_outermost},   // 2 to 15      79.4
     {2, 12, PanelOrder::samples_outermost},   // 16 to 63     91.3
     {2, 12, PanelOrder::samples_outermost}},  // 64 and more  92.7
    // Vectors of rows: 8
    {{4,  1, PanelOrder::samples_outermost},   // 1            24.7
     {4,  6, PanelOrder::blocks_outermost},    // 2 to 15      85.3
     {4,  6, PanelOrder::blocks_outermost},    // 16 to 63    107.0
     {4,  4, PanelOrder::blocks_outermost}},   // 64 and more 100.3, default 97.9
    // Vectors of rows: more than 8
    {{4,  1, PanelOrder::samples_outermost},   // 1            25.3
     {4,  6, PanelOrder::blocks_outermost},    // 2 to 15      96.1
     {4,  6, PanelOrder::blocks_outermost},    // 16 to 63    114.4
     {4,  6, PanelOrder::blocks_outermost}}    // 64 and more 107.2
}};
#endif  // STRUM_ISA_AVX512

#if defined(STRUM_ISA_AVX2)
// AMD EPYC (family 26, model 2), gcc 12.2.0, 2026-11-22.
template <>
inline constexpr PanelPlans kPanelPlans<float> = {{
    // Vectors of rows: 1
    {{1,  1, PanelOrder::samples_outermost},   // 1            64.2
     {1,  8, PanelOrder::samples_outermost},   // 2 to 15     107.5
     {1,  8, PanelOrder::samples_outermost},   // 16 to 63    110.1
     {1, 10, PanelOrder::samples_outermost}},  // 64 and more  89.8, default 84.9
    // Vectors of rows: 2
    {{2,  1, PanelOrder::samples_outermost},   // 1            67.0
     {2,  6, PanelOrder::samples_outermost},   // 2 to 15     115.4, default 112.7
     {2,  6, PanelOrder::samples_outermost},   // 16 to 63    119.4, default 114.4
     {2,  6, PanelOrder::samples_outermost}},  // 64 and more 102.7, default 99.6
    // Vectors of rows: 3
    {{2,  1, PanelOrder::samples_outermost},   // 1            52.3
     {2,  6, PanelOrder::samples_outermost},   // 2 to 15     105.3, default 102.6
     {2,  6, PanelOrder::samples_outermost},   // 16 to 63    110.2, default 105.2
     {2,  6, PanelOrder::samples_outermost}},  // 64 and more  94.9, default 91.0
    // Vectors of rows: 4
    {{2,  1, PanelOrder::samples_outermost},   // 1            55.4
     {2,  6, PanelOrder::samples_outermost},   // 2 to 15     109.9, default 106.1
     {2,  6, PanelOrder::samples_outermost},   // 16 to 63    117.7, default 110.4
     {2,  6, PanelOrder::samples_outermost}},  // 64 and more 107.6, default 104.5
    // Vectors of rows: 5 to 7
    {{2,  1, PanelOrder::samples_outermost},   // 1            52.6
     {2,  6, PanelOrder::samples_outermost},   // 2 to 15     102.7, default 84.0
     {2,  6, PanelOrder::samples_outermost},   // 16 to 63    109.9, default 92.3
     {2,  6, PanelOrder::samples_outermost}},  // 64 and more 107.0, default 93.6
    // Vectors of rows: 8
    {{2,  1, PanelOrder::samples_outermost},   // 1            53.2
     {2,  6, PanelOrder::samples_outermost},   // 2 to 15     104.7, default 92.0
     {2,  6, PanelOrder::samples_outermost},   // 16 to 63    108.7, default 99.2
     {2,  6, PanelOrder::samples_outermost}},  // 64 and more 111.9, default 100.1
    // Vectors of rows: more than 8
    {{2,  1, PanelOrder::samples_outermost},   // 1            48.6
     {2,  6, PanelOrder::samples_outermost},   // 2 to 15     100.6, default 94.4
     {2,  6, PanelOrder::samples_outermost},   // 16 to 63    109.2, default 101.3
     {2,  6, PanelOrder::samples_outermost}}   // 64 and more 112.3, default 100.6
}};

template <>
inline constexpr PanelPlans kPanelPlans<double> = {{
    // Vectors of rows: 1
    {{1,  1, PanelOrder::samples_outermost},   // 1            25.8
     {1,  8, PanelOrder::samples_outermost},   // 2 to 15      44.9
     {1,  7, PanelOrder::samples_outermost},   // 16 to 63     39.0, default 38.4
     {1,  7, PanelOrder::samples_outermost}},  // 64 and more  24.1, default 22.0
    // Vectors of rows: 2
    {{2,  1, PanelOrder::samples_outermost},   // 1            31.5
     {2,  6, PanelOrder::samples_outermost},   // 2 to 15      57.7, default 56.1
     {2,  6, PanelOrder::samples_outermost},   // 16 to 63     57.5, default 54.3
     {2,  6, PanelOrder::samples_outermost}},  // 64 and more  39.1, default 37.2
    // Vectors of rows: 3
    {{2,  1, PanelOrder::samples_outermost},   // 1            24.8
     {2,  6, PanelOrder::samples_outermost},   // 2 to 15      49.1, default 47.3
     {2,  6, PanelOrder::samples_outermost},   // 16 to 63     49.4, default 46.1
     {2,  6, PanelOrder::samples_outermost}},  // 64 and more  38.9, default 37.1
    // Vectors of rows: 4
    {{2,  1, PanelOrder::samples_outermost},   // 1            26.1
     {2,  6, PanelOrder::samples_outermost},   // 2 to 15      54.8, default 53.6
     {2,  6, PanelOrder::samples_outermost},   // 16 to 63     59.4, default 56.1
     {2,  6, PanelOrder::samples_outermost}},  // 64 and more  45.1, default 42.7
    // Vectors of rows: 5 to 7
    {{2,  1, PanelOrder::samples_outermost},   // 1            25.4
     {2,  6, PanelOrder::samples_outermost},   // 2 to 15      51.0, default 36.8
     {2,  6, PanelOrder::samples_outermost},   // 16 to 63     57.7, default 43.5
     {2,  6, PanelOrder::samples_outermost}},  // 64 and more  47.2, default 42.5
    // Vectors of rows: 8
    {{2,  1, PanelOrder::samples_outermost},   // 1            23.0
     {2,  5, PanelOrder::samples_outermost},   // 2 to 15      50.4, default 41.1
     {2,  6, PanelOrder::samples_outermost},   // 16 to 63     59.1, default 49.7
     {2,  5, PanelOrder::blocks_outermost}},   // 64 and more  49.3
    // Vectors of rows: more than 8
    {{2,  1, PanelOrder::samples_outermost},   // 1            22.9
     {2,  4, PanelOrder::samples_outermost},   // 2 to 15      49.1, default 46.6
     {2,  5, PanelOrder::samples_outermost},   // 16 to 63     57.8, default 54.2
     {2,  5, PanelOrder::blocks_outermost}}    // 64 and more  55.6
}};
#endif  // STRUM_ISA_AVX2
// clang-format on

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
