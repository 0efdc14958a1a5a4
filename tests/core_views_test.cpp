// MatrixView, Tensor and Buffer: what holds numbers.
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "strum/core/buffer.hpp"
#include "strum/core/matrix_view.hpp"
#include "strum/core/tensor.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

constexpr Index kHuge = Index{1} << 40;

TEST(MatrixView, IsColumnMajorUnlessToldOtherwise) {
  std::vector<float> v = {0, 1, 2, 3, 4, 5};
  const MatrixView<float> a(v.data(), 2, 3);
  EXPECT_EQ(a(1, 0), 1);
  EXPECT_EQ(a(0, 1), 2);
  EXPECT_EQ(a(1, 2), 5);
  EXPECT_EQ(a.size(), 6);
  const MatrixView<float> rows(v.data(), 2, 3, 3, 1);
  EXPECT_EQ(rows(1, 0), 3);
  EXPECT_EQ(rows(0, 2), 2);
}

TEST(MatrixView, WritesThroughAnyStrides) {
  std::vector<double> v(12, 0);
  const MatrixView<double> backwards(v.data() + 11, 2, 3, -1, -4);
  backwards(1, 2) = 7;
  EXPECT_EQ(v[2], 7);
  backwards.transposed()(0, 1) = 5;
  EXPECT_EQ(v[10], 5);
}

TEST(MatrixView, BlocksAndColumnsShareMemory) {
  std::vector<float> v(20);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<float>(i);
  const MatrixView<float> a(v.data(), 4, 5);
  const MatrixView<float> b = a.block(1, 2, 3, 2);
  EXPECT_EQ(b.rows(), 3);
  EXPECT_EQ(b.cols(), 2);
  EXPECT_EQ(b.data(), &a(1, 2));
  EXPECT_EQ(b(2, 1), a(3, 3));
  EXPECT_EQ(a.col(4)(3, 0), a(3, 4));
  EXPECT_EQ(a.block(4, 5, 0, 0).size(), 0);
}

TEST(MatrixView, BlockStaysInside) {
  std::vector<float> v(20);
  const MatrixView<float> a(v.data(), 4, 5);
  EXPECT_EQ(thrown<ShapeError>([&] { (void)a.block(2, 0, 3, 5); }),
            "MatrixView::block: 3 x 5 at (2, 0) leaves a matrix of 4 x 5");
  EXPECT_THROW((void)a.block(0, 1, 4, 5), ShapeError);
  EXPECT_THROW((void)a.block(-1, 0, 1, 1), ShapeError);
  EXPECT_THROW((void)a.block(0, -1, 1, 1), ShapeError);
  EXPECT_THROW((void)a.block(0, 0, -1, 1), ShapeError);
  EXPECT_THROW((void)a.block(0, 0, 1, -1), ShapeError);
  EXPECT_THROW((void)a.block(std::numeric_limits<Index>::max(), 0, 1, 1), ShapeError);
  EXPECT_THROW((void)a.col(5), ShapeError);
}

TEST(MatrixView, RefusesWhatIsNotAShape) {
  float v = 0;
  EXPECT_EQ(thrown<ShapeError>([&] { MatrixView<float>(&v, -1, 3); }),
            "MatrixView: -1 x 3 is not a size (negative, or beyond 64 bits)");
  EXPECT_THROW(MatrixView<float>(&v, 3, -1), ShapeError);
  // 16 · 2^60 = 2^64 would pass for an empty matrix.
  EXPECT_EQ(thrown<ShapeError>([&] { MatrixView<float>(&v, 16, Index{1} << 60, 1, 0); }),
            "MatrixView: 16 x 1152921504606846976 is not a size (negative, or beyond 64 bits)");
}

TEST(MatrixView, MutableConvertsToConstantOnly) {
  static_assert(std::is_convertible_v<MatrixView<float>, MatrixView<const float>>);
  static_assert(!std::is_convertible_v<MatrixView<const float>, MatrixView<float>>);
  static_assert(!std::is_convertible_v<MatrixView<float>, MatrixView<const double>>);
  EXPECT_EQ(MatrixView<float>().size(), 0);
}

TEST(Tensor, IsRowMajorAndStartsAtZero) {
  Tensor<float> t({2, 3, 4});
  EXPECT_EQ(t.size(), 24);
  EXPECT_EQ(t.rank(), 3);
  for (Index i = 0; i < t.size(); ++i) EXPECT_EQ(t[i], 0);
  t(1, 2, 3) = 5;
  EXPECT_EQ(t[23], 5);
  t(0, 1, 0) = 6;
  EXPECT_EQ(t[4], 6);
  Tensor<double> m({2, 3}, {0, 1, 2, 3, 4, 5});
  EXPECT_EQ(m(1, 0), 3);
  EXPECT_EQ(m, (Tensor<double>({2, 3}, {0, 1, 2, 3, 4, 5})));
  EXPECT_NE(m, (Tensor<double>({3, 2}, {0, 1, 2, 3, 4, 5})));
}

TEST(Tensor, WithoutExtentsIsOneNumber) {
  EXPECT_EQ(Tensor<float>(Shape{}).size(), 1);
  EXPECT_EQ(Tensor<float>(Shape{3, 0, 2}).size(), 0);
  EXPECT_EQ(Tensor<float>().size(), 0);
}

TEST(Tensor, RefusesWhatIsNotAShape) {
  EXPECT_EQ(thrown<ShapeError>([] {
              Tensor<float>({2, 3}, {1, 2, 3});
            }),
            "Tensor: 3 values for shape (2, 3)");
  EXPECT_THROW(Tensor<float>({2, -3}), ShapeError);
  EXPECT_EQ(thrown<ShapeError>([] {
              Tensor<float>({kHuge, kHuge});
            }),
            "Tensor: 1099511627776 x 1099511627776 is not a size (negative, or beyond 64 bits)");
  EXPECT_THROW(Tensor<float>({kHuge, kHuge}, {}), ShapeError);
  EXPECT_THROW(Tensor<float>({kHuge, 4, kHuge}), ShapeError);
}

TEST(Tensor, AsAMatrixDropsExtentsOfOne) {
  const Tensor<float> t({2, 1, 3}, {0, 1, 2, 3, 4, 5});
  const MatrixView<const float> a = t.matrix();
  EXPECT_EQ(a.rows(), 2);
  EXPECT_EQ(a.cols(), 3);
  EXPECT_EQ(a(1, 2), 5);
  const auto vector = Tensor<float>({4}, {1, 2, 3, 4}).matrix();
  EXPECT_EQ(vector.rows(), 4);
  EXPECT_EQ(vector.cols(), 1);
  // Two extents are a matrix already, whatever they are.
  const auto row = Tensor<float>({1, 4}, {1, 2, 3, 4}).matrix();
  EXPECT_EQ(row.rows(), 1);
  EXPECT_EQ(row.cols(), 4);
  EXPECT_EQ(thrown<ShapeError>([] {
              (void)Tensor<float>({2, 2, 2}).matrix();
            }),
            "Tensor::matrix: shape (2, 2, 2) is not 2-D");
}

TEST(Buffer, IsAlignedToACacheLine) {
  for (const Index size : {1, 3, 17, 1000}) {
    const Buffer<float> buffer(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.data()) % kAlignment, 0u);
    EXPECT_EQ(buffer.size(), size);
    EXPECT_EQ(buffer.bytes(), static_cast<std::size_t>(size) * sizeof(float));
  }
}

TEST(Buffer, CopiesDeeplyAndMovesAway) {
  Buffer<int> a(3);
  for (int i = 0; i < 3; ++i) a.data()[i] = i;
  Buffer<int> b = a;
  b.data()[1] = 10;
  EXPECT_EQ(a.data()[1], 1);
  const int* const held = b.data();
  Buffer<int> c = std::move(b);
  EXPECT_EQ(c.data(), held);
  EXPECT_EQ(b.data(), nullptr);
  EXPECT_EQ(b.size(), 0);
  a = c;
  EXPECT_EQ(a.data()[1], 10);
  EXPECT_NE(a.data(), c.data());
  a = std::move(c);
  EXPECT_EQ(a.data(), held);
  Buffer<int>& same = a;
  a = same;
  EXPECT_EQ(a.data()[1], 10);
}

TEST(Buffer, RefusesWhatIsNotASize) {
  EXPECT_EQ(Buffer<double>(0).data(), nullptr);
  EXPECT_EQ(thrown<ShapeError>([] { Buffer<double>(-1); }), "Buffer: negative size -1");
  EXPECT_THROW(Buffer<double>{std::numeric_limits<Index>::max()}, ShapeError);
}

}  // namespace
}  // namespace strum::test
