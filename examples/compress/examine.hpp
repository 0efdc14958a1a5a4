// The search for one matrix's structure, and which of its results is the best.
#pragma once

#include <functional>

#include "findings.hpp"
#include "inputs.hpp"
#include "options.hpp"
#include "strum/core/any_linear_op.hpp"
#include "strum/fit/search.hpp"

namespace compress {

template <class S>
struct Examined {
  Findings findings;
  strum::AnyLinearOp<S> best;
  bool complete = true;  ///< false: cancelled, and nothing of the rest is set
};

struct Watching {
  std::function<void(const strum::fit::SearchProgress&)> on_progress;
  std::function<bool()> cancelled = {};  ///< asked between two fits
};

/// `calibration`, if not null, is of the inputs of the matrix. Best is, if options.error is set and
/// reached, what has the fewest parameters. Else the smallest error, and of equally good ones the
/// fastest. Throws InputError if the matrix is so small that no structure fits the budget, or has
/// not as many columns as the inputs have features.
template <class S>
Examined<S> examine(const Input<S>& input, const Options& options, const Watching& watching,
                    const strum::fit::Calibration* calibration = nullptr);

}  // namespace compress
