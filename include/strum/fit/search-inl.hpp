// The body of search.hpp: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "strum/fit/calibrated_error.hpp"
#include "strum/fit/scaling.hpp"
#include "strum/fit/search.hpp"
#include "strum/fit/search/families-inl.hpp"
#include "strum/fit/timing-inl.hpp"
#include "strum/ops/dense.hpp"

namespace strum::inline STRUM_ABI::detail {

/// For comparing errors: equal for those within about one per cent of each other, and for all that
/// are nothing but rounding of Scalar.
template <class Scalar>
[[nodiscard]] long error_grade(double relative_error) {
  constexpr double kRounding = 16 * static_cast<double>(std::numeric_limits<Scalar>::epsilon());
  return std::lround(std::log(std::max(relative_error, kRounding)) / std::log(1.01));
}

/// For comparing times: equal within about five per cent. The geometric mean; 0 if nothing was
/// timed.
[[nodiscard]] inline long time_grade(const std::vector<double>& microseconds) {
  if (microseconds.empty()) return 0;
  double sum = 0;
  for (const double time : microseconds) sum += std::log(std::max(time, 1e-6));
  return std::lround(sum / static_cast<double>(microseconds.size()) / std::log(1.05));
}

template <class Scalar>
class Search {
  using Candidate = fit::SearchCandidate<Scalar>;

 public:
  Search(const MatrixView<const Scalar>& w, const fit::SearchOptions<Scalar>& options)
      : options_(options) {
    const char* const where = "fit::search";
    if (!(options.budget > 0 && options.budget <= 1))
      fail<ValueError>(where, ": the budget is ", options.budget);
    if (!(options.error >= 0)) fail<ValueError>(where, ": the error is ", options.error);
    for (const Index batch : options.batches)
      if (batch < 1) fail<ValueError>(where, ": batch ", batch);
    if (options.calibration != nullptr && options.calibration->features() != w.cols())
      fail<ShapeError>(where, ": the matrix has ", w.cols(), " columns, the calibration ",
                       options.calibration->features(), " features");
    (void)Scaling(w, where);
    // Without the margin, 29 % of 100 would be 28: 0.29 * 100 is 28.999999999999996 in binary.
    const double limit = options.budget * static_cast<double>(w.size()) * (1 + 1e-12);
    target_ = {w, static_cast<Index>(limit), options.error, options.seed, options.calibration};
  }

  [[nodiscard]] fit::SearchResult<Scalar> operator()() {
    propose();
    choose();
    fit_chosen();
    std::stable_sort(result_.candidates.begin(), result_.candidates.end(),
                     [](const Candidate& a, const Candidate& b) {
                       return std::make_pair(a.parameter_count, a.calibrated_error) <
                              std::make_pair(b.parameter_count, b.calibrated_error);
                     });
    time_candidates();
    return std::move(result_);
  }

 private:
  struct Proposed {
    std::string family;
    fit::Proposal<Scalar> proposal;
  };

  void show(const std::string& doing, Index done, Index of) const {
    if (options_.on_progress) options_.on_progress({doing, done, of});
  }

  [[nodiscard]] bool cancelled() {
    if (result_.complete && options_.cancelled && options_.cancelled()) result_.complete = false;
    return !result_.complete;
  }

  void propose() {
    const auto count = static_cast<Index>(options_.families.size());
    for (Index f = 0; f < count && !cancelled(); ++f) {
      const fit::Family<Scalar>& family = options_.families[static_cast<std::size_t>(f)];
      show("estimating " + family.name, f, count);
      for (fit::Proposal<Scalar>& proposal : family.propose(target_))
        if (proposal.parameter_count <= target_.limit)
          proposed_.push_back({family.name, std::move(proposal)});
    }
    result_.proposed = static_cast<Index>(proposed_.size());
    std::stable_sort(proposed_.begin(), proposed_.end(), [](const auto& a, const auto& b) {
      return a.proposal.parameter_count < b.proposal.parameter_count;
    });
  }

  /// Keeps what only the fit can tell, the best of every family if it is not hopeless, and what no
  /// other proposal beats clearly in both parameters and estimated error: by a factor that grows
  /// until few are left.
  void choose() {
    std::vector<bool> keep(proposed_.size());
    std::map<std::string, std::size_t> best;
    for (std::size_t i = 0; i < proposed_.size(); ++i) {
      const double estimate = proposed_[i].proposal.estimated_error;
      keep[i] = std::isnan(estimate);
      if (keep[i]) continue;
      const auto [found, first] = best.emplace(proposed_[i].family, i);
      if (!first && grade(i) < grade(found->second)) found->second = i;
    }
    for (const auto& [family, i] : best) keep[i] = !hopeless(i);
    std::vector<std::size_t> front;
    for (double factor = 0.98;; factor *= 0.9) {
      front.clear();
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t i = 0; i < proposed_.size(); ++i) {
        const double estimate = floored(proposed_[i].proposal.estimated_error);
        if (!(estimate < factor * least)) continue;
        least = estimate;
        front.push_back(i);
      }
      if (static_cast<Index>(front.size()) <= options_.most_fits) break;
    }
    for (const std::size_t i : front) keep[i] = true;
    std::vector<Proposed> kept;
    for (std::size_t i = 0; i < proposed_.size(); ++i)
      if (keep[i]) kept.push_back(std::move(proposed_[i]));
    proposed_ = std::move(kept);
  }

  /// Whether other proposals promise clearly less error with no more parameters, for a matrix whose
  /// fits take seconds each.
  [[nodiscard]] bool hopeless(std::size_t i) const {
    constexpr Index kLarge = Index{1} << 22;
    constexpr double kClearly = 0.98;
    const fit::Proposal<Scalar>& p = proposed_[i].proposal;
    return target_.w.size() > kLarge &&
           std::any_of(proposed_.begin(), proposed_.end(), [&](const Proposed& other) {
             return other.proposal.parameter_count <= p.parameter_count &&
                    other.proposal.estimated_error < kClearly * p.estimated_error;
           });
  }

  /// What is less is rounding. NaN stays NaN.
  [[nodiscard]] static double floored(double error) { return error < 1e-9 ? 1e-9 : error; }
  [[nodiscard]] long grade(std::size_t i) const {
    return error_grade<Scalar>(proposed_[i].proposal.estimated_error);
  }

  /// Operators that another beats in parameters and error may still be faster, so they stay until
  /// they are timed; but no more than there is memory for.
  void fit_chosen() {
    const auto count = static_cast<Index>(proposed_.size());
    for (Index i = 0; i < count && !cancelled(); ++i) {
      Proposed& next = proposed_[static_cast<std::size_t>(i)];
      show("fitting " + next.family + ", " + next.proposal.shape, i, count);
      auto fit = next.proposal.fit();
      next.proposal.fit = nullptr;  // with all that it holds
      Candidate candidate{.structure = next.family,
                          .shape = next.proposal.shape,
                          .op = std::move(fit.op),
                          .relative_error = fit.relative_error,
                          .calibrated_error = fit.relative_error,
                          .parameter_count = fit.parameter_count,
                          .on_front = true};  // until another beats it
      if (options_.calibration != nullptr)
        candidate.calibrated_error =
            fit::calibrated_error(target_.w, candidate.op, *options_.calibration);
      if (!options_.batches.empty())
        candidate.microseconds =
            fit::microseconds_per_sample<Scalar>({&candidate.op}, options_.batches)[0];
      result_.candidates.push_back(std::move(candidate));
      mark_front();
    }
  }

  /// All that are worth it, in turns beside the dense product.
  void time_candidates() {
    if (options_.batches.empty()) return mark_front();
    show("timing", 0, 1);
    const AnyLinearOp<Scalar> dense = Dense<Scalar>(target_.w);
    std::vector<const AnyLinearOp<Scalar>*> ops = {&dense};
    std::vector<Candidate*> timed;
    for (Candidate& candidate : result_.candidates)
      if (candidate.on_front) {
        ops.push_back(&candidate.op);
        timed.push_back(&candidate);
      }
    const auto times = fit::microseconds_per_sample(ops, options_.batches);
    result_.dense_microseconds = times[0];
    for (std::size_t i = 0; i < timed.size(); ++i) timed[i]->microseconds = times[i + 1];
    show("timing", 1, 1);
  }

  /// Takes off the front what another on it beats, and lets go of its operator.
  void mark_front() {
    auto& all = result_.candidates;
    const auto key = [](const Candidate& c) {
      return std::array<long, 3>{static_cast<long>(c.parameter_count),
                                 error_grade<Scalar>(c.calibrated_error),
                                 time_grade(c.microseconds)};
    };
    const auto beats = [&](std::size_t i, std::size_t j) {
      const auto a = key(all[i]), b = key(all[j]);
      for (std::size_t k = 0; k < a.size(); ++k)
        if (a[k] > b[k]) return false;
      return a != b || i < j;  // of equals the first stays
    };
    for (std::size_t j = 0; j < all.size(); ++j)
      for (std::size_t i = 0; i < all.size() && all[j].on_front; ++i)
        if (i != j && all[i].on_front && beats(i, j)) {
          all[j].on_front = false;
          all[j].op = {};
        }
  }

  const fit::SearchOptions<Scalar>& options_;
  fit::SearchTarget<Scalar> target_;
  std::vector<Proposed> proposed_;
  fit::SearchResult<Scalar> result_;
};

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
SearchResult<Scalar> search(MatrixView<const Scalar> w, const SearchOptions<Scalar>& options) {
  return strum::detail::Search<Scalar>(w, options)();
}

}  // namespace strum::inline STRUM_ABI::fit
