#include "measure.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "../timing.hpp"
#include "strum/core/buffer.hpp"

namespace bench::tune {
namespace {

struct Class {
  const char* name;
  std::vector<Index> members;
};

/// Heights in vectors of rows.
const Class kHeights[PanelPlans::kHeights] = {{"1", {1}},
                                              {"2", {2}},
                                              {"3", {3}},
                                              {"4", {4}},
                                              {"5 to 7", {5, 6, 7}},
                                              {"8", {8}},
                                              {"more than 8", {12, 16, 32}}};
/// 256 samples are four tiles of a chain, and more than L2 holds; 1024 come from main memory.
const Class kBatches[PanelPlans::kBatches] = {
    {"1", {1}}, {"2 to 15", {3, 8, 12}}, {"16 to 63", {16, 32, 48}}, {"64 and more", {256, 1024}}};

constexpr Index kFeatures = 4096, kMostSamples = 1024;
/// A power of two, which users have, and one that spreads samples over the sets of L1.
constexpr Index kLeadingDimensions[] = {4096, 4112};

/// A gain below this is noise: the default stays, and the table simple.
constexpr double kLeastGain = 0.02;
/// A plan that loses more than this anywhere in its class is none.
constexpr double kMostLoss = 0.04;

bool same(const PanelPlan& a, const PanelPlan& b) {
  return a.vectors == b.vectors && a.samples == b.samples && a.order == b.order;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// What one plan took: means of logarithms over the points of its class.
struct Score {
  double relative = 0, worst = 0;  // to the default, which has 0
  double rate = 0;
};

template <class S>
class Tuner {
 public:
  explicit Tuner(const PanelKernels<S>& kernels)
      : kernels_(kernels),
        w_(kFeatures * 32 * kernels.lanes),
        x_(kLeadingDimensions[1] * kMostSamples + kRoom),
        y_(kLeadingDimensions[1] * kMostSamples + kRoom) {
    std::fill_n(w_.data(), w_.size(), S(0.01));
    std::fill_n(x_.data(), x_.size(), S(1));
    std::fill_n(y_.data(), y_.size(), S(0));
  }

  /// All candidates in a first heat; the best few and the default in a longer one.
  Choice choose(Index height, Index batch) {
    std::vector<PanelPlan> plans = candidates(kHeights[height].members[0], batch == 0);
    const std::vector<Score> first = run_class(height, batch, plans, 5);
    std::vector<std::size_t> order(plans.size() - 1);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i + 1;
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return first[a].relative < first[b].relative; });
    std::vector<PanelPlan> finalists = {plans[0]};
    for (std::size_t i = 0; i < std::min<std::size_t>(4, order.size()); ++i)
      finalists.push_back(plans[order[i]]);
    const std::vector<Score> second = run_class(height, batch, finalists, 41);
    std::size_t best = 0;
    for (std::size_t i = 1; i < finalists.size(); ++i)
      if (second[i].relative < std::log1p(-kLeastGain) && second[i].worst < std::log1p(kMostLoss) &&
          second[i].relative < second[best].relative)
        best = i;
    return {finalists[best], 1e-9 * std::exp(second[best].rate), 1e-9 * std::exp(second[0].rate),
            best == 0};
  }

 private:
  // x and y lie elsewhere each round, the same for all candidates: which pages they have decides
  // what L2 keeps (up to 15 % where x and y fill it), and y begins at another place in its page
  // than x, since where stores and loads fall 4096 bytes apart, either waits for the other.
  static constexpr Index kPlaces = 16, kPages = 129 * 4096 / Index{sizeof(S)},
                         kShift = 320 / Index{sizeof(S)}, kRoom = kPlaces * (kPages + kShift);

  /// The default first.
  std::vector<PanelPlan> candidates(Index height, bool one_sample) const {
    std::vector<PanelPlan> plans = {kernels_.default_plan(height, one_sample ? 1 : 2)};
    for (Index v = 1; v <= std::min(height, kMostVectors); ++v)
      for (const Index s : {1, 4, 5, 6, 7, 8, 10, 12})
        for (const auto order : {PanelOrder::samples_outermost, PanelOrder::blocks_outermost}) {
          const PanelPlan plan{static_cast<short>(v), static_cast<short>(s), order};
          if (s <= kernels_.most_samples[v - 1] && (s == 1) == one_sample && !same(plan, plans[0]))
            plans.push_back(plan);
        }
    return plans;
  }

  std::vector<Score> run_class(Index height, Index batch, const std::vector<PanelPlan>& plans,
                               int rounds) {
    std::vector<Score> scores(plans.size());
    double points = 0;
    for (const Index vectors : kHeights[height].members)
      for (const Index samples : kBatches[batch].members)
        for (const Index ld : kLeadingDimensions) {
          add_point(vectors * kernels_.lanes, samples, ld, plans, rounds, scores);
          ++points;
        }
    for (Score& score : scores) {
      score.relative /= points;
      score.rate /= points;
    }
    return scores;
  }

  /// One product, all plans in turn: the median of a plan's ratios to the default in the same round
  /// is free of what else happens on the machine.
  void add_point(Index size, Index samples, Index ld, const std::vector<PanelPlan>& plans,
                 int rounds, std::vector<Score>& scores) {
    const Index blocks = kFeatures / size;
    BlockProduct<S> product{size, blocks, samples, w_.data(), x_.data(), y_.data(), ld};
    const auto timed = [&](const PanelPlan& plan, int repetitions) {
      const double begin = thread_seconds();
      for (int i = 0; i < repetitions; ++i) kernels_.run(product, plan);
      return (thread_seconds() - begin) / repetitions;
    };
    const double estimate = std::max(timed(plans[0], 3), 1e-8);
    const int repetitions = std::clamp(static_cast<int>(150e-6 / estimate), 1, 10'000);
    if (estimate > 1e-3) rounds = (rounds + 2) / 3;
    std::vector<std::vector<double>> seconds(plans.size()), ratios(plans.size());
    for (int round = 0; round < rounds; ++round) {
      product.x = x_.data() + round % kPlaces * kPages;
      product.y = y_.data() + round % kPlaces * (kPages + kShift);
      kernels_.run(product, plans[0]);
      for (std::size_t i = 0; i < plans.size(); ++i) {
        if (repetitions > 1) kernels_.run(product, plans[i]);
        seconds[i].push_back(timed(plans[i], repetitions));
        ratios[i].push_back(seconds[i].back() / seconds[0].back());
      }
    }
    const double flops = 2.0 * static_cast<double>(blocks * size * size * samples);
    for (std::size_t i = 0; i < plans.size(); ++i) {
      const double relative = std::log(median(ratios[i]));
      scores[i].relative += relative;
      scores[i].worst = std::max(scores[i].worst, relative);
      scores[i].rate += std::log(flops / median(seconds[i]));
    }
  }

  const PanelKernels<S>& kernels_;
  strum::Buffer<S> w_, x_, y_;
};

}  // namespace

const char* height_name(Index height) { return kHeights[height].name; }
const char* batch_name(Index batch) { return kBatches[batch].name; }

template <class S>
Choices measure(const PanelKernels<S>& kernels, const std::string& title) {
  Tuner<S> tuner(kernels);
  Choices found{};
  for (Index height = 0; height < PanelPlans::kHeights; ++height)
    for (Index batch = 0; batch < PanelPlans::kBatches; ++batch) {
      const Choice choice = found.choices[height][batch] = tuner.choose(height, batch);
      std::fprintf(stderr, "%s, vectors: %s, samples: %s: %d x %d, %s outermost, %.0f GFLOP/s",
                   title.c_str(), height_name(height), batch_name(batch), choice.plan.vectors,
                   choice.plan.samples,
                   choice.plan.order == PanelOrder::blocks_outermost ? "blocks" : "samples",
                   choice.rate);
      if (choice.is_default)
        std::fprintf(stderr, " (default)\n");
      else
        std::fprintf(stderr, " (default %.0f)\n", choice.default_rate);
    }
  return found;
}
template Choices measure(const PanelKernels<float>&, const std::string&);
template Choices measure(const PanelKernels<double>&, const std::string&);

template <class S>
double selection_seconds(const PanelKernels<S>& kernels) {
  constexpr Index kCalls = 10'000;
  const auto select = [&] {
    int vectors = 0;
    for (Index i = 0; i < kCalls; ++i) vectors += kernels.select(1 + i % 512, 1 + i % 64).vectors;
    volatile int sum = vectors;
    (void)sum;
  };
  return fewest_seconds(wall_seconds, select, 20, 0) / static_cast<double>(kCalls);
}
template double selection_seconds(const PanelKernels<float>&);
template double selection_seconds(const PanelKernels<double>&);

}  // namespace bench::tune
