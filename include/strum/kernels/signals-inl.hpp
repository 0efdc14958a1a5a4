// One instruction set's table of kernels for signals, and header-only the choice of it.
#pragma once

#include "strum/kernels/cauchy.hpp"
#include "strum/kernels/convolution_ends.hpp"
#include "strum/kernels/direct_convolution.hpp"
#include "strum/kernels/fft_radices.hpp"
#include "strum/kernels/fft_signals.hpp"
#include "strum/kernels/fft_spectrum.hpp"
#include "strum/kernels/haar.hpp"
#include "strum/kernels/hadamard.hpp"
#include "strum/kernels/phases.hpp"
#include "strum/kernels/powers.hpp"
#include "strum/kernels/signals.hpp"
#include "strum/kernels/spectra.hpp"
#include "strum/kernels/split_signal.hpp"
#include "strum/kernels/stream_head.hpp"
#include "strum/kernels/transpose.hpp"
#include "strum/kernels/trig_passes.hpp"

namespace strum::inline STRUM_ABI {
namespace STRUM_KERNELS {

template <class R>
constexpr SignalTable<R> make_signal_table() {
  return {.isa = STRUM_TO_STRING(STRUM_ISA_NAME),
          .lanes = kLanes<R>,
          .fft_radices = &fft_radices<R>,
          .pair_of_lane = kLanes<R> > kPartLanes<R> ? &pair_of_lane<R> : nullptr,
          .fft_scratch = [](Index n,
                            bool tile) { return fft_scratch<R>(n, tile ? kLanes<R> : Index{1}); },
          .fft_complex = &fft_complex<R>,
          .fft_real = &fft_real<R>,
          .fft_spectrum = &fft_spectrum<R>,
          .multiply_spectra = &multiply_spectra<R>,
          .direct_convolution = &direct_convolution<R>,
          .tap_gradients = &tap_gradients<R>,
          .gate_signal = &gate_signal<R>,
          .end_convolution = &end_convolution<R>,
          .gather_phases = &gather_phases<R>,
          .spread_phases = &spread_phases<R>,
          .multiply_bins = &multiply_bins<R>,
          .transpose = &transpose_matrix<R>,
          .fold = &fold<R>,
          .join_twisted = &join_twisted<R>,
          .split_twisted = &split_twisted<R>,
          .haar = &haar<R>,
          .hadamard = &hadamard<R>,
          .stream_head = &stream_head<R>,
          .split_signal = &split_signal<R>,
          .powers = &powers<R>,
          .cauchy = &cauchy<R>};
}

}  // namespace STRUM_KERNELS

#if defined(STRUM_HEADER_ONLY)
namespace kernels {

template <class R>
const SignalTable<R>& signals() {
  static constexpr SignalTable<R> kTable = STRUM_KERNELS::make_signal_table<R>();
  return kTable;
}

}  // namespace kernels
#endif

}  // namespace strum::inline STRUM_ABI
