// FourierHead against the published cosine sum in long double, on every instruction set.
#include "strum/nn/fourier_head.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <vector>

#include "allocation_count.hpp"
#include "fourier_fixture.hpp"
#include "strum/nn/fourier_synthesis.hpp"

namespace {

using namespace fourier;
using strum::FourierHead;
using strum::FourierSynthesis;

template <class Scalar>
class Head : public Fixture<Scalar> {
 public:
  FourierHead<Scalar> head(Index frequencies, Index features, Index bins) {
    return {this->random_tensor({2 * (frequencies + 1), features}),
            this->random_tensor({2 * (frequencies + 1)}), bins};
  }
};
TYPED_TEST_SUITE(Head, Scalars);

/// The published form: c_k = Σ_j conj(a_j)·a_{j+k}, p(z) = ½ + Re Σ_k (c_k/Re c_0)·e^{iπkz},
/// pmf = p/Σp; and how far rounding may move an entry of it.
struct Published {
  std::vector<long double> pmf, bound;
  long double density_sum;
};

template <class Scalar>
Published published(const FourierHead<Scalar>& head,
                    const Eigen::Matrix<Scalar, Eigen::Dynamic, 1>& x) {
  using Complex = std::complex<long double>;
  const Index count = head.frequencies() + 1, m = head.bins();
  const auto w = head.get("weight"), bias = head.get("bias");
  std::vector<Complex> a(static_cast<std::size_t>(count));
  long double layer = 0, norm = 0;  // Σ(|W||x| + |b|), Σ|a|²
  for (Index i = 0; i < 2 * count; ++i) {
    long double sum = bias[i], size = std::abs(sum);
    for (Index c = 0; c < head.features(); ++c) {
      const long double term = static_cast<long double>(w(i, c)) * x[c];
      sum += term;
      size += std::abs(term);
    }
    layer += size;
    norm += sum * sum;
    a[static_cast<std::size_t>(i % count)] += i < count ? Complex(sum, 0) : Complex(0, sum);
  }
  std::vector<Complex> c(a.size());
  for (std::size_t k = 0; k < a.size(); ++k)
    for (std::size_t j = 0; j + k < a.size(); ++j) c[k] += std::conj(a[j]) * a[j + k];

  Published result;
  result.density_sum = 0;
  for (Index j = 0; j < m; ++j) {
    long double p = 0.5L;
    for (std::size_t k = 1; k < c.size(); ++k)
      p += std::real(c[k] / c[0].real() *
                     std::polar(1.0L, kPi * static_cast<long double>(k) * centre(j, m)));
    result.pmf.push_back(p);
    result.density_sum += p;
  }
  // a is wrong by (d + 2)·eps·(|W||x| + |b|), A by (2·count + 4)·eps·Σ|a| more, |A|² accordingly.
  const long double eps = std::numeric_limits<Scalar>::epsilon();
  const long double delta =
      eps * static_cast<long double>(head.features() + 2 + 2 * count + 4) * layer;
  std::vector<long double> moved;
  long double moved_sum = 0;
  for (const long double p : result.pmf) {
    const long double size = std::sqrt(2 * norm * std::max(p, 0.0L));
    moved.push_back((2 * size * delta + delta * delta) / (2 * norm) + 3 * eps * std::max(p, 0.0L));
    moved_sum += moved.back();
  }
  for (std::size_t j = 0; j < moved.size(); ++j) {
    result.pmf[j] /= result.density_sum;
    result.bound.push_back((moved[j] + result.pmf[j] * moved_sum) / result.density_sum +
                           static_cast<long double>(m + 2) * eps * result.pmf[j]);
  }
  return result;
}

TYPED_TEST(Head, IsThePublishedCosineSum) {
  bool aliased = false;
  for (const auto& [n, m] : kSizes) {
    SCOPED_TRACE(std::to_string(n) + " frequencies, " + std::to_string(m) + " bins");
    const Index d = 5, batch = 3;
    const auto head = this->head(n, d, m);
    const auto x = this->random(d, batch);
    typename TestFixture::Matrix pmf(m, batch), logits(m, batch);
    head.pmf(x, pmf);
    head.logits(x, logits);
    for (Index s = 0; s < batch; ++s) {
      const Published wanted = published<TypeParam>(head, x.col(s));
      // The trap: m/2 is the sum of the density only while N < m.
      const long double half = static_cast<long double>(m) / 2;
      if (n < m) {
        EXPECT_LE(std::abs(wanted.density_sum - half), 1e-15L * half);
      }
      aliased = aliased || std::abs(wanted.density_sum - half) > 0.1L * half;
      for (Index j = 0; j < m; ++j) {
        const auto i = static_cast<std::size_t>(j);
        EXPECT_LE(std::abs(pmf(j, s) - wanted.pmf[i]), wanted.bound[i]);
        // log is right to 4 ulp of its result, and p + 1e-5 to one of its own.
        const long double log = std::log(wanted.pmf[i] + 1e-5L);
        EXPECT_LE(std::abs(logits(j, s) - log),
                  wanted.bound[i] / 1e-5L + this->kEps * (2 - 4 * log));
      }
      long double sum = 0;
      for (Index j = 0; j < m; ++j) sum += pmf(j, s);
      EXPECT_LE(std::abs(sum - 1), static_cast<long double>(m + 2) * this->kEps);
    }
  }
  EXPECT_TRUE(aliased) << "no size in the list separates the true sum from m/2";
}

TYPED_TEST(Head, IsNeverNegativeWhereADensityHasAZero) {
  // A(z) = (1 − e^{iπz})·B(z) is zero at z = 0, the centre of the middle bin.
  const Index n = 40, m = 81;
  bool dipped = false;
  for (int trial = 0; trial < 30; ++trial) {
    const Tensor<TypeParam> b = this->random_tensor({2 * n});
    Tensor<TypeParam> a({2 * (n + 1)});
    for (Index part = 0; part < 2; ++part)
      for (Index k = 0; k < n; ++k) {
        a[part * (n + 1) + k] += b[part * n + k];
        a[part * (n + 1) + k + 1] -= b[part * n + k];
      }
    const FourierHead<TypeParam> head(Tensor<TypeParam>({2 * (n + 1), 1}), a, m);
    typename TestFixture::Matrix x = TestFixture::Matrix::Zero(1, 1), pmf(m, 1);
    head.pmf(x, pmf);
    EXPECT_GE(pmf.minCoeff(), 0);
    EXPECT_LE(pmf(n, 0), 1e-5);

    // The same through the autocorrelation.
    typename TestFixture::Matrix c = TestFixture::Matrix::Zero(2 * (n + 1), 1);
    for (Index k = 0; k <= n; ++k)
      for (Index j = 0; j + k <= n; ++j) {
        const TypeParam re = a[j], im = a[n + 1 + j], re_k = a[j + k], im_k = a[n + 1 + j + k];
        c(k, 0) += re * re_k + im * im_k;
        c(n + 1 + k, 0) += re * im_k - im * re_k;
      }
    dipped = dipped || (FourierSynthesis<TypeParam>(n, m) * c).minCoeff() < 0;
  }
  EXPECT_TRUE(dipped) << "the autocorrelation did not dip below zero: this test shows nothing";
}

TYPED_TEST(Head, WithoutADensityIsUniform) {
  for (const Index m : {1, 7, 64}) {
    const FourierHead<TypeParam> head(Tensor<TypeParam>({6, 2}), Tensor<TypeParam>({6}), m);
    typename TestFixture::Matrix pmf(m, 2);
    head.pmf(this->random(2, 2), pmf);
    EXPECT_EQ(pmf, TestFixture::Matrix::Constant(m, 2, 1 / static_cast<TypeParam>(m)));
  }
}

TYPED_TEST(Head, DoesNotDependOnTheSizeOfItsCoefficients) {
  const Tensor<TypeParam> zeros({8, 1});
  Tensor<TypeParam> bias = this->random_tensor({8});
  typename TestFixture::Matrix x = TestFixture::Matrix::Zero(1, 1), wanted(9, 1), pmf(9, 1);
  FourierHead<TypeParam>(zeros, bias, 9).pmf(x, wanted);
  const int limit = std::numeric_limits<TypeParam>::max_exponent;
  for (const int exponent : {-limit * 3 / 4, -limit / 2, limit / 2, limit - 4}) {
    Tensor<TypeParam> scaled = bias;
    for (Index i = 0; i < 8; ++i) scaled[i] = std::ldexp(bias[i], exponent);
    FourierHead<TypeParam>(zeros, scaled, 9).pmf(x, pmf);
    EXPECT_EQ(pmf, wanted) << exponent;
  }
  bias[3] = std::numeric_limits<TypeParam>::quiet_NaN();
  FourierHead<TypeParam>(zeros, bias, 9).pmf(x, pmf);
  EXPECT_TRUE(pmf.array().isNaN().all());
}

TYPED_TEST(Head, GivesASampleTheSameBitsInAnyBatchAndLayout) {
  using RowMajor = Eigen::Matrix<TypeParam, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Index d = 13, m = 27, batch = 71;
  const auto head = this->head(10, d, m);
  const auto x = this->random(d, batch);
  typename TestFixture::Matrix pmf(m, batch), one(m, 1);
  head.pmf(x, pmf);
  for (Index s = 0; s < batch; ++s) {
    head.pmf(x.col(s), one);
    EXPECT_EQ(one, pmf.col(s)) << s;
  }
  RowMajor x_rows = x, rows(m, batch);
  head.pmf(x_rows, rows);
  EXPECT_EQ(rows, RowMajor(pmf));
  typename TestFixture::Matrix wide = TestFixture::Matrix::Zero(2 * m + 1, batch);
  head.pmf(x_rows, strum::MatrixView<TypeParam>(wide.data() + 1, m, batch, 2, 2 * m + 1));
  for (Index j = 0; j < m; ++j) EXPECT_EQ(wide.row(2 * j + 1), pmf.row(j));
  EXPECT_TRUE(wide(Eigen::seqN(0, m + 1, 2), Eigen::all).isZero(0)) << "wrote beside its output";
}

TYPED_TEST(Head, AllocatesOnlyOnce) {
  const auto head = this->head(10, 13, 27);
  for (const Index batch : {1, 7, 100}) {
    const auto x = this->random(13, batch);
    typename TestFixture::Matrix out(27, batch);
    strum::Workspace workspace(head.workspace_bytes(batch));
    const strum::test::AllocationCount with_workspace;
    head.pmf(x, out, workspace);
    EXPECT_EQ(with_workspace.calls(), 0u) << batch;
    head.logits(x, out);
    const strum::test::AllocationCount second;
    head.logits(x, out);
    EXPECT_EQ(second.calls(), 0u) << batch;
  }
  EXPECT_EQ(head.workspace_bytes(64), head.workspace_bytes(4096));
}

TYPED_TEST(Head, Parameters) {
  auto head = this->head(3, 5, 9);
  EXPECT_EQ(head.parameter_count(), 8 * 5 + 8);
  ASSERT_EQ(head.parameters().size(), 2u);
  EXPECT_EQ(head.parameters()[0], (strum::ParameterInfo{"weight", {8, 5}}));
  EXPECT_EQ(head.parameters()[1], (strum::ParameterInfo{"bias", {8}}));
  const auto other = this->head(3, 5, 9);
  head.set("weight", other.get("weight"));
  head.set("bias", other.get("bias"));
  const auto x = this->random(5, 4);
  typename TestFixture::Matrix a(9, 4), b(9, 4);
  head.pmf(x, a);
  other.pmf(x, b);
  EXPECT_EQ(a, b);
  EXPECT_THROW((void)head.get("w"), strum::ValueError);
  EXPECT_THROW(head.set("w", other.get("bias")), strum::ValueError);
  EXPECT_THROW(head.set("bias", Tensor<TypeParam>({7})), strum::ShapeError);
  EXPECT_THROW(head.set("weight", Tensor<TypeParam>({8, 4})), strum::ShapeError);
}

TYPED_TEST(Head, RefusesBadShapes) {
  using Values = Tensor<TypeParam>;
  EXPECT_THROW(FourierHead<TypeParam>(Values({7, 3}), Values({7}), 4), strum::ShapeError);
  EXPECT_THROW(FourierHead<TypeParam>(Values({8}), Values({8}), 4), strum::ShapeError);
  EXPECT_THROW(FourierHead<TypeParam>(Values({0, 3}), Values(strum::Shape{0}), 4),
               strum::ShapeError);
  EXPECT_THROW(FourierHead<TypeParam>(Values({8, 3}), Values({4}), 4), strum::ShapeError);
  EXPECT_THROW(FourierHead<TypeParam>(Values({8, 3}), Values({8}), 0), strum::ShapeError);
  const auto head = this->head(3, 5, 9);
  typename TestFixture::Matrix x = this->random(9, 4), out(9, 4);
  EXPECT_THROW(head.pmf(x, out), strum::ShapeError);
  EXPECT_THROW(head.pmf(x.topRows(5), out.topRows(8)), strum::ShapeError);
  EXPECT_THROW(head.logits(x.topRows(5), out.leftCols(3)), strum::ShapeError);
  EXPECT_THROW(head.pmf(x.topRows(5), x), strum::OverlapError);
  head.pmf(x.topLeftCorner(5, 0), out.leftCols(0));
}

}  // namespace
