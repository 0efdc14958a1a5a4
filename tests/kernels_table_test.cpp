// The kernels themselves: packing, scratch, and that neither is read or written past its ends.
// What they compute is checked through the operators.
#include "strum/core/isa.hpp"
#include "strum/kernels/table.hpp"

#include <algorithm>
#include <complex>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "guard_page.hpp"
#include "strum/ops/factor_chain.hpp"
#include "suite/reference.hpp"
#include "suite/scalar.hpp"

namespace strum::test {
namespace {

using kernels::FactorShape;

/// KS(a, b, c, d) cut to rows x cols.
FactorShape cut(Index a, Index b, Index c, Index d, Index rows, Index cols) {
  FactorShape shape = detail::factor_shape(a, b, c, d);
  shape.rows = rows;
  shape.cols = cols;
  return shape;
}

/// The first factor of a Monarch that takes its input with stride a.
FactorShape strided(Index a, Index b, Index c, Index cols) {
  FactorShape shape = cut(a, b, c, 1, a * b, cols);
  shape.x_alpha = 1;
  shape.x_gamma = a;
  return shape;
}

std::vector<FactorShape> shapes() {
  std::vector<FactorShape> list;
  for (const auto& [a, b, c, d] : std::vector<std::array<Index, 4>>{{1, 1, 1, 1},
                                                                    {1, 7, 5, 1},
                                                                    {3, 16, 16, 1},
                                                                    {2, 67, 9, 1},
                                                                    {19, 2, 2, 1},
                                                                    {9, 4, 3, 1},
                                                                    {21, 3, 3, 1},
                                                                    {2, 3, 4, 3},
                                                                    {1, 2, 5, 17},
                                                                    {1, 5, 3, 16},
                                                                    {1, 90, 3, 5}})
    list.push_back(detail::factor_shape(a, b, c, d));
  list.push_back(cut(4, 5, 6, 1, 18, 20));
  list.push_back(cut(4, 5, 6, 1, 7, 9));
  list.push_back(cut(21, 3, 3, 1, 40, 50));
  list.push_back(cut(1, 5, 4, 19, 80, 70));
  list.push_back(cut(1, 5, 4, 3, 10, 9));
  list.push_back(strided(5, 3, 4, 18));
  list.push_back(strided(17, 9, 2, 34));
  return list;
}

/// w[α][β][γ][δ] without gaps.
template <class Weight>
kernels::WeightView<Weight> in_order(const FactorShape& f, const Weight* data) {
  return {data, f.b * f.c * f.d, f.c * f.d, f.d, 1};
}

/// The matrix that the formula of FactorShape says.
template <class Weight>
DenseFactor dense(const FactorShape& f, const Tensor<Weight>& w) {
  DenseFactor factor(f.rows, f.cols);
  for (Index alpha = 0; alpha < f.a; ++alpha)
    for (Index beta = 0; beta < f.b; ++beta)
      for (Index gamma = 0; gamma < f.c; ++gamma)
        for (Index delta = 0; delta < f.d; ++delta) {
          const Index y = alpha * f.y_alpha + beta * f.y_beta + delta;
          const Index x = alpha * f.x_alpha + gamma * f.x_gamma + delta;
          if (y < f.rows && x < f.cols)
            factor.set(y, x, w[((alpha * f.b + beta) * f.c + gamma) * f.d + delta]);
        }
  return factor;
}

/// What a table computes in, and what it reads weights as.
template <class S, class W = S>
struct Numbers {
  using Scalar = S;
  using Weight = W;
};

template <class Types>
class Kernels : public testing::Test {
 public:
  using Scalar = typename Types::Scalar;
  using Weight = typename Types::Weight;
  using Packed = kernels::PackedFactor<Weight>;

  const kernels::KernelTable<Scalar, Weight>& table = kernels::table<Scalar, Weight>();

  static constexpr Index kTile = 64;

  static Tensor<Weight> weights(const FactorShape& f) {
    return random_tensor<Weight>({f.a, f.b, f.c, f.d}, 61);
  }

  /// Column- and row-major, with scratch that ends (or begins) at a guard page and holds NaN.
  void check_apply(const Packed& factor, const DenseFactor& matrix, Index batch, bool end) const {
    const Index size = table.scratch_size(&factor, 1, batch, kTile);
    const GuardedMemory memory(static_cast<std::size_t>(size) * sizeof(Scalar));
    auto* const scratch = end ? memory.at_end<Scalar>(size) : memory.at_begin<Scalar>(size);
    const auto x = random_samples<Scalar>(matrix.cols(), batch, 62);
    const Reference<Scalar> reference({matrix}, x);
    for (const bool row_major : {false, true}) {
      std::fill_n(scratch, size, not_a_number<Scalar>());
      Samples<Scalar> in(x.rows, batch), out(matrix.rows(), batch);
      const auto as = [&](Samples<Scalar>& m) {
        return row_major ? MatrixView<Scalar>(m.values.data(), m.rows, batch, batch, 1) : m.view();
      };
      const MatrixView<Scalar> from = as(in), to = as(out);
      for (Index s = 0; s < batch; ++s)
        for (Index i = 0; i < x.rows; ++i) from(i, s) = x(i, s);
      table.apply({.factors = &factor,
                   .count = 1,
                   .batch = batch,
                   .x = from.data(),
                   .x_row = from.row_stride(),
                   .x_col = from.col_stride(),
                   .y = to.data(),
                   .y_row = to.row_stride(),
                   .y_col = to.col_stride(),
                   .alpha = Scalar(1),
                   .beta = Scalar(0),
                   .sample_tile = kTile,
                   .scratch = scratch});
      for (Index s = 0; s < batch; ++s)
        for (Index i = 0; i < to.rows(); ++i)
          ASSERT_LE(std::abs(static_cast<Wide<Scalar>>(to(i, s)) - reference.value(i, s)),
                    reference.bound(i, s))
              << "KS(" << factor.shape.a << ", " << factor.shape.b << ", " << factor.shape.c << ", "
              << factor.shape.d << "), row " << i << ", sample " << s << " of " << batch;
    }
  }
};

struct ScalarName {
  template <class Types>
  static std::string GetName(int) {
    if (std::is_same_v<typename Types::Weight, bfloat16>) return "bf16";
    const std::string bits = std::is_same_v<Real<typename Types::Scalar>, float> ? "32" : "64";
    return (kIsComplex<typename Types::Scalar> ? "c" : "f") + bits;
  }
};

using AllNumbers = testing::Types<Numbers<float>, Numbers<double>, Numbers<float, bfloat16>,
                                  Numbers<std::complex<float>>, Numbers<std::complex<double>>>;
TYPED_TEST_SUITE(Kernels, AllNumbers, ScalarName);

TEST(ActiveIsa, IsWhatTheEnvironmentAsksFor) {
  const std::string isa = active_isa();
  EXPECT_EQ(isa, (kernels::table<float, float>().isa));
  EXPECT_EQ(isa, (kernels::table<double, double>().isa));
  EXPECT_EQ(isa, (kernels::table<float, bfloat16>().isa));
  EXPECT_EQ(isa, (kernels::table<std::complex<float>, std::complex<float>>().isa));
  EXPECT_EQ(isa, (kernels::table<std::complex<double>, std::complex<double>>().isa));
  const char* const wanted = std::getenv("STRUM_ISA");
  EXPECT_EQ(isa, wanted != nullptr ? wanted : isa);
}

TYPED_TEST(Kernels, LanesAreThoseOfTheInstructionSet) {
  const std::string isa = this->table.isa;
  const Index bytes = isa == "avx512" ? 64 : isa == "avx2" ? 32 : 16;
  EXPECT_EQ(this->table.lanes, bytes / Index{sizeof(typename TypeParam::Scalar)});
}

TYPED_TEST(Kernels, UnpackingGivesBackWhatWasPacked) {
  using W = typename TypeParam::Weight;
  for (const FactorShape& f : shapes()) {
    const Tensor<W> w = this->weights(f);
    const kernels::Layout layout = this->table.choose_layout(f);
    const Index size = this->table.packed_size(f);
    const GuardedMemory packed_memory(static_cast<std::size_t>(size) * sizeof(W));
    auto* const packed = packed_memory.at_end<W>(size);
    this->table.pack(f, layout, in_order(f, w.data()), packed);

    Tensor<W> back(w.shape());
    std::fill_n(back.data(), back.size(), W(99.0f));
    this->table.unpack(f, layout, packed, back.data(), in_order<W>(f, nullptr));
    const DenseFactor matrix = dense(f, w);
    Index entries = 0;
    for (Index i = 0; i < w.size(); ++i) {
      ASSERT_TRUE(back[i] == w[i] || back[i] == W(0.0f)) << "weight " << i;
      entries += back[i] != W(0.0f);
    }
    EXPECT_EQ(entries, matrix.entries());
  }
}

TYPED_TEST(Kernels, PackingTakesAnyStrides) {
  using W = typename TypeParam::Weight;
  const FactorShape f = detail::factor_shape(3, 5, 4, 2);
  const Tensor<W> w = this->weights(f);
  Tensor<W> other({2, 4, 5, 3});  // the indices the other way round
  for (Index alpha = 0; alpha < 3; ++alpha)
    for (Index beta = 0; beta < 5; ++beta)
      for (Index gamma = 0; gamma < 4; ++gamma)
        for (Index delta = 0; delta < 2; ++delta)
          other[((delta * 4 + gamma) * 5 + beta) * 3 + alpha] =
              w[((alpha * 5 + beta) * 4 + gamma) * 2 + delta];
  const kernels::Layout layout = this->table.choose_layout(f);
  std::vector<W> a(static_cast<std::size_t>(this->table.packed_size(f))), b = a;
  this->table.pack(f, layout, in_order(f, w.data()), a.data());
  this->table.pack(f, layout, {other.data(), 1, 3, 15, 60}, b.data());
  EXPECT_EQ(a, b);
}

/// Weights and scratch lie between guard pages.
TYPED_TEST(Kernels, StayWithinWeightsAndScratch) {
  using W = typename TypeParam::Weight;
  for (const FactorShape& f : shapes()) {
    const Tensor<W> w = this->weights(f);
    const DenseFactor matrix = dense(f, w);
    const kernels::Layout layout = this->table.choose_layout(f);
    const Index size = this->table.packed_size(f);
    const GuardedMemory memory(static_cast<std::size_t>(size) * sizeof(W));
    for (const bool end : {false, true}) {
      auto* const packed = end ? memory.at_end<W>(size) : memory.at_begin<W>(size);
      this->table.pack(f, layout, in_order(f, w.data()), packed);
      for (const Index batch : {1, 5, 17, 65}) {
        this->check_apply({f, layout, false, packed}, matrix, batch, end);
        if (layout == kernels::Layout::interleaved)
          this->check_apply({detail::transposed(f), layout, true, packed}, matrix.transposed(),
                            batch, end);
      }
    }
  }
}

/// Tiles differ by vectors of rows, rows, samples, strides and whether the last vector is full. The
/// batches go beyond the largest tile in every way of using lanes. Every second one takes the
/// conjugates of complex weights.
TYPED_TEST(Kernels, EveryTileIsRight) {
  const Index lanes = this->table.lanes;
  std::vector<Index> rows = {1, 2, 3, 4, 5, 6, 7, 8};
  for (const Index vectors : {1, 2, 3, 4, 8})
    rows.insert(rows.end(), {vectors * lanes, vectors * lanes + 1});
  std::vector<FactorShape> list = {detail::factor_shape(2, lanes, lanes, 1)};
  for (const Index b : rows) {
    for (const Index d : {Index{1}, lanes, lanes + 1})
      list.push_back(detail::factor_shape(1, b, 3, d));
    list.push_back(strided(2, b, 3, 6));
  }
  for (const FactorShape& f : list) {
    const auto w = this->weights(f);
    const kernels::Layout layout = this->table.choose_layout(f);
    std::vector<std::remove_cvref_t<decltype(w[0])>> packed(
        static_cast<std::size_t>(this->table.packed_size(f)));
    this->table.pack(f, layout, in_order(f, w.data()), packed.data());
    const DenseFactor matrix = dense(f, w), conjugated = matrix.conjugated();
    for (Index batch = 1; batch <= std::max(Index{13}, 3 * lanes + 1); ++batch) {
      const bool conjugate = kIsComplex<typename TypeParam::Scalar> && batch % 2 == 0;
      this->check_apply({f, layout, false, packed.data(), conjugate},
                        conjugate ? conjugated : matrix, batch, true);
    }
  }
}

TYPED_TEST(Kernels, ScratchServesAnySmallerBatch) {
  for (const FactorShape& f : shapes()) {
    const FactorShape g = detail::factor_shape(1, 3, f.rows, 1);
    const typename TestFixture::Packed chain[] = {
        {f, this->table.choose_layout(f), false, nullptr},
        {g, this->table.choose_layout(g), false, nullptr}};
    Index before = 0;
    for (Index batch = 0; batch < 200; ++batch) {
      const Index size = this->table.scratch_size(chain, 2, batch, this->kTile);
      ASSERT_GE(size, before) << "batch " << batch;
      before = size;
    }
    EXPECT_EQ(before, this->table.scratch_size(chain, 2, 1000000, this->kTile));
    EXPECT_EQ(this->table.scratch_size(chain, 2, 0, this->kTile), 0);
  }
}

}  // namespace
}  // namespace strum::test
