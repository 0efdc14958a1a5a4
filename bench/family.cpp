#include "family.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <iterator>
#include <limits>

#include "problem.hpp"
#include "rates.hpp"

namespace bench {
namespace {

constexpr Index kSizes[] = {128, 256, 1024, 4096};

/// The size that is also run with several samples, and how many.
constexpr Index kBatchSize = 1024, kBatch = 16;

constexpr Index kComplexBlocks[] = {16, 32, 64};
constexpr Index kComplexBatches[] = {16, 128};

constexpr float kEpsilon = std::numeric_limits<float>::epsilon();

template <class Range>
bool contains(const Range& range, Index value) {
  return std::find(std::begin(range), std::end(range), value) != std::end(range);
}

bool is_size(Index n, Index batch) {
  return (batch == 1 && contains(kSizes, n)) || (batch == kBatch && n == kBatchSize);
}

/// What a product reads: a multiply-add reads one weight at most. Operators may hold more, their
/// parameters beside the factors made of them; expressions do not tell, and have one weight for
/// each multiply-add here. An operator without multiply-adds reads its indices.
Index bytes_read(const strum::AnyLinearOp<float>& op) {
  const auto held = static_cast<Index>(op.bytes());
  const Index used = op.flops() / 2 * Index{sizeof(float)};
  return held == 0 || used == 0 ? std::max(held, used) : std::min(held, used);
}

/// Denormals would take many times as long as other numbers.
void check_values(const Case& c, const strum::MatrixView<float>& y) {
  double squares = 0;
  for (Index j = 0; j < y.cols(); ++j)
    for (Index i = 0; i < y.rows(); ++i) squares += static_cast<double>(y(i, j)) * y(i, j);
  const double mean = std::sqrt(squares / static_cast<double>(y.rows() * y.cols()));
  if (!(mean > 1e-3 && mean < 1e3))
    strum::detail::fail<strum::ValueError>(name(c), ": outputs of size ", mean);
}

double dot(const strum::MatrixView<const float>& a, const strum::MatrixView<const float>& b) {
  double sum = 0;
  for (Index j = 0; j < a.cols(); ++j)
    for (Index i = 0; i < a.rows(); ++i) sum += static_cast<double>(a(i, j)) * b(i, j);
  return sum;
}

/// What is timed must be the product: throws unless uᵀ·(A·x) is (Aᵀ·u)ᵀ·x, which other kernels
/// compute, to half the digits. u is random: with y for u, outputs left out would not be noticed.
void check_product(const Case& c, const strum::AnyLinearOp<float>& op,
                   const strum::MatrixView<const float>& x,
                   const strum::MatrixView<const float>& y) {
  strum::Tensor<float> random({c.batch, c.m}), result({c.batch, c.n});
  fill_random(random.data(), random.size(), 1147, 1.0);
  const strum::MatrixView<const float> u(random.data(), c.m, c.batch, 1, c.m);
  const strum::MatrixView<float> back(result.data(), c.n, c.batch, 1, c.n);
  op.apply_transpose(u, back);
  const double difference = dot(u, y) - dot(back, x), norm = dot(u, u) * dot(y, y);
  if (!(difference * difference <= static_cast<double>(kEpsilon) * norm))
    strum::detail::fail<strum::ValueError>(name(c), ": the product and its transpose disagree");
}

/// An operator, and what a product with it reads.
struct Held {
  strum::AnyLinearOp<float> op;
  Index bytes = 0;
};

/// That of a case; cases that share it are neighbours.
const Held& held_for(const FamilyCase& c) {
  static Held held;
  static std::string made;
  if (const std::string wanted = operator_name(c.product); made != wanted) {
    made.clear();
    held = {};
    held.op = c.op->make(c.product.n);
    held.bytes = bytes_read(held.op);  // now: transposed products may pack the weights once more
    made = wanted;
  }
  if (held.op.rows() != c.product.m || held.op.cols() != c.product.n)
    strum::detail::fail<strum::ShapeError>(name(c), ": it is ", held.op.rows(), " x ",
                                           held.op.cols());
  return held;
}

void run(benchmark::State& state, const FamilyCase& c) {
  const Held& held = held_for(c);
  const strum::AnyLinearOp<float>& op = held.op;
  Batch<float> batch(c.product);
  const strum::MatrixView<const float> x = batch.x();
  const strum::MatrixView<float> y = batch.y();
  op.apply(x, y);  // scratch
  check_values(c.product, y);
  check_product(c.product, op, x, y);

  const double seconds = time_products(state, c.product, [&] { op.apply(x, y); });
  const auto flops = static_cast<double>(op.flops());
  set_rates<float>(state,
                   {.flops = flops * static_cast<double>(c.product.batch),
                    .weight_bytes = held.bytes,
                    .vector_bytes = x.rows() * x.cols() * 2 * Index{sizeof(float)}},
                   seconds);
  const Level& level = level_of(held.bytes);
  state.counters["bandwidth"] = read_seconds(held.bytes) / seconds;
  state.counters["level"] =
      level.bytes == 0 ? 0 : static_cast<double>(&level - levels().data() + 1);
  state.counters["work"] = flops / 2 / static_cast<double>(op.rows() * op.cols());
  state.SetLabel(c.op->setting);
}

}  // namespace

std::string name(const FamilyCase& c) { return name(c.product); }

std::vector<FamilyCase> family_cases(std::string_view isa) {
  std::vector<FamilyCase> cases;
  for (const auto operators : {block_operators(), butterfly_operators(), tensor_operators()})
    for (const FamilyOperator& op : operators)
      for (const Index n : kSizes)
        for (const Index batch : {Index{1}, kBatch})
          if (is_size(n, batch))
            cases.push_back({.product = {.op = op.name,
                                         .peer = "",
                                         .m = n,
                                         .n = n,
                                         .batch = batch,
                                         .isa = std::string(isa)},
                             .op = &op});
  return cases;
}

bool in_family(const Case& c) {
  if (c.row_major || c.ld != 0 || c.transpose || c.m != c.n) return false;
  if (c.op == "Dense") return c.scalar == ScalarType::f32 && is_size(c.n, c.batch);
  return (c.scalar == ScalarType::c32 || c.scalar == ScalarType::c64) && c.n == kBatchSize &&
         contains(kComplexBlocks, c.block) && contains(kComplexBatches, c.batch);
}

void run_family(benchmark::State& state, const FamilyCase& c) {
  try {
    run(state, c);
  } catch (const std::exception& error) {
    state.SkipWithError(error.what());
  }
}

}  // namespace bench
