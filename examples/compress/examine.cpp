#include "examine.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "eigen_product.hpp"
#include "format.hpp"
#include "strum/core/isa.hpp"
#include "strum/fit/timing.hpp"
#include "strum/ops/dense.hpp"

namespace compress {
namespace {

using strum::AnyLinearOp;
using strum::Index;
using strum::MatrixView;
namespace fit = strum::fit;

template <class S>
fit::SearchOptions<S> search_options(const Options& options, const Watching& watching,
                                     const fit::Calibration* calibration) {
  fit::SearchOptions<S> search;
  search.budget = options.budget;
  search.error = options.error;
  search.batches = options.batches;
  search.seed = options.seed;
  std::erase_if(search.families, [&](const fit::Family<S>& family) {
    return std::find(options.structures.begin(), options.structures.end(), family.name) ==
           options.structures.end();
  });
  search.calibration = calibration;
  search.on_progress = watching.on_progress;
  search.cancelled = watching.cancelled;
  return search;
}

/// For comparing errors: equal for those within about one per cent of each other, and for all that
/// are nothing but rounding of S. Smaller is better.
template <class S>
long error_grade(double relative_error) {
  constexpr double kRounding = 16 * static_cast<double>(std::numeric_limits<S>::epsilon());
  return std::lround(std::log(std::max(relative_error, kRounding)) / std::log(1.01));
}

/// Times the front again, now in turns with Eigen's product as well.
template <class S>
std::vector<DenseProduct> time_front(const MatrixView<const S>& w, fit::SearchResult<S>& result,
                                     const std::vector<Index>& batches) {
  const AnyLinearOp<S> eigen = EigenProduct<S>(w), dense = strum::Dense<S>(w);
  std::vector<const AnyLinearOp<S>*> ops = {&eigen, &dense};
  for (const auto* candidate : result.front()) ops.push_back(&candidate->op);
  const auto times = fit::microseconds_per_sample(ops, batches);
  std::size_t next = 2;
  for (auto& candidate : result.candidates)
    if (candidate.on_front) candidate.microseconds = times[next++];
  const std::string version = std::to_string(EIGEN_WORLD_VERSION) + "." +
                              std::to_string(EIGEN_MAJOR_VERSION) + "." +
                              std::to_string(EIGEN_MINOR_VERSION);
  return {{"Eigen " + version + " (" + Eigen::SimdInstructionSetsInUse() + ")", times[0]},
          {std::string("strum::Dense (") + strum::active_isa() + ")", times[1]}};
}

template <class S>
std::size_t most_accurate(const Findings& findings) {
  const auto key = [&](std::size_t i) {
    const Finding& finding = findings.all[i];
    return std::make_pair(error_grade<S>(finding.error), -mean_speed_up(findings, finding.times));
  };
  std::size_t best = findings.all.size();
  for (std::size_t i = 0; i < findings.all.size(); ++i)
    if (findings.all[i].on_front && (best == findings.all.size() || key(i) < key(best))) best = i;
  return best;
}

}  // namespace

template <class S>
Examined<S> examine(const Input<S>& input, const Options& options, const Watching& watching,
                    const fit::Calibration* calibration) {
  const MatrixView<const S> w = input.values.matrix();
  if (calibration != nullptr && calibration->features() != w.cols())
    throw InputError(options.calibrate + " has samples of " +
                     std::to_string(calibration->features()) + " features, the matrix " +
                     std::to_string(w.cols()) + " columns");
  fit::SearchResult<S> result = fit::search(w, search_options<S>(options, watching, calibration));
  if (!result.complete) return {{}, {}, false};
  if (result.candidates.empty())
    throw InputError("no structure of " + std::to_string(w.rows()) + " x " +
                     std::to_string(w.cols()) + " has as few as " + percent(options.budget) +
                     " of the parameters");
  Findings findings;
  findings.about = input.name;
  findings.rows = w.rows();
  findings.cols = w.cols();
  findings.scalar = sizeof(S) == sizeof(float) ? "float" : "double";
  findings.batches = options.batches;
  findings.calibrated = calibration != nullptr;
  findings.dense = time_front(w, result, options.batches);
  findings.proposed = result.proposed;
  for (const auto& c : result.candidates)
    findings.all.push_back({c.structure, c.shape, c.parameter_count, c.relative_error,
                            c.calibrated_error, c.microseconds, c.on_front});
  const auto* smallest = options.error > 0 ? result.smallest(options.error) : nullptr;
  findings.reached = options.error == 0 || smallest != nullptr;
  findings.best = smallest != nullptr ? static_cast<std::size_t>(smallest - &result.candidates[0])
                                      : most_accurate<S>(findings);
  return {findings, std::move(result.candidates[findings.best].op)};
}

template Examined<float> examine(const Input<float>&, const Options&, const Watching&,
                                 const fit::Calibration*);
template Examined<double> examine(const Input<double>&, const Options&, const Watching&,
                                  const fit::Calibration*);

}  // namespace compress
