#include "run.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include <time.h>

#include "machine.hpp"
#include "product.hpp"
#include "strum/core/buffer.hpp"

namespace bench {
namespace {

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Input and output of one case, x filled.
template <class S>
class Batch {
 public:
  explicit Batch(const Case& c) : case_(c), x_(size(c)), y_(size(c)) {
    fill_random(x_.data(), x_.size(), 4711, 1.0);
    std::fill_n(y_.data(), y_.size(), S(0));
  }

  [[nodiscard]] strum::MatrixView<const S> x() const { return view(x_.data()); }
  [[nodiscard]] strum::MatrixView<S> y() { return view(y_.data()); }

 private:
  static Index column_stride(const Case& c) { return c.ld != 0 ? c.ld : c.n; }
  static Index size(const Case& c) { return column_stride(c) * c.batch; }

  template <class T>
  [[nodiscard]] strum::MatrixView<T> view(T* data) const {
    return case_.row_major
               ? strum::MatrixView<T>(data, case_.n, case_.batch, case_.batch, 1)
               : strum::MatrixView<T>(data, case_.n, case_.batch, 1, column_stride(case_));
  }

  Case case_;
  strum::Buffer<S> x_, y_;
};

template <class S>
std::unique_ptr<Product<S>> make_product(const Case& c, const Tensors<S>& weights) {
  if (c.peer.empty()) return make_strum(c, weights);
  if (c.peer == "Eigen") return make_eigen(c, weights);
  strum::detail::fail<strum::ValueError>("strum_bench: no library '", c.peer, "'");
}

/// A peer must do the same product: throws unless its y is strum's to half the digits.
template <class S>
void check_peer(Case c, Product<S>& peer, Product<S>& strum, Index samples) {
  c.batch = samples;
  Batch<S> ours(c), theirs(c);
  strum.apply(c, ours.x(), ours.y());
  peer.apply(c, theirs.x(), theirs.y());
  double difference = 0, norm = 0;
  for (Index j = 0; j < c.batch; ++j)
    for (Index i = 0; i < c.n; ++i) {
      difference += std::pow(theirs.y()(i, j) - ours.y()(i, j), 2);
      norm += std::pow(ours.y()(i, j), 2);
    }
  if (!(difference <= static_cast<double>(std::numeric_limits<S>::epsilon()) * norm))
    strum::detail::fail<strum::ValueError>(operator_name(c), " is another product than strum's");
}

/// The operator that was used last. Cases come ordered by operator, so one is enough, and memory
/// stays that of the largest.
template <class S>
class OperatorCache {
 public:
  struct Entry {
    std::unique_ptr<Product<S>> product;
    Index weights = 0;  // elements
  };

  [[nodiscard]] const Entry& get(const Case& c) {
    if (name_ == operator_name(c)) return entry_;
    name_.clear();
    entry_ = {};
    const Tensors<S> weights = make_weights<S>(c);
    for (const auto& tensor : weights) entry_.weights += tensor.size();
    entry_.product = make_product(c, weights);
    if (!c.peer.empty()) {
      const auto strum = make_strum(c, weights);
      for (const Index samples : {1, 3}) check_peer(c, *entry_.product, *strum, samples);
    }
    name_ = operator_name(c);
    return entry_;
  }

 private:
  std::string name_;
  Entry entry_;
};

template <class S>
void run_scalar(benchmark::State& state, const Case& c, double peak_flops) {
  static OperatorCache<S> cache;
  const auto& [product, weights] = cache.get(c);
  Batch<S> batch(c);
  product->apply(c, batch.x(), batch.y());  // scratch, and packings made at first use

  const double begin = thread_seconds();
  for (auto _ : state) {
    product->apply(c, batch.x(), batch.y());
    benchmark::ClobberMemory();
  }
  const double seconds = (thread_seconds() - begin) / static_cast<double>(state.iterations());

  const double flops = 2.0 * static_cast<double>(weights * c.batch);
  const double bytes = static_cast<double>((weights + 2 * c.n * c.batch) * Index{sizeof(S)});
  state.counters["GFLOPS"] = 1e-9 * flops / seconds;
  state.counters["peak"] = flops / seconds / peak_flops;
  state.counters["GBps"] = 1e-9 * bytes / seconds;
}

}  // namespace

void run(benchmark::State& state, const Case& c) {
  try {
    if (c.scalar == ScalarType::f32)
      run_scalar<float>(state, c, peak().f32);
    else
      run_scalar<double>(state, c, peak().f64);
  } catch (const std::exception& error) {
    state.SkipWithError(error.what());
  }
}

}  // namespace bench
