// SlicedTransform: the same convolution however many pieces its transforms are cut into.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "strum/transforms/sliced_transform.hpp"
#include "suite/random.hpp"
#include "suite/reference.hpp"

namespace strum::test {
namespace {

template <class R>
void expect_right(Index block, Index leaves) {
  using W = WideReal<R>;
  const detail::SlicedTransform<R> transform(block, leaves);
  const auto x = random_tensor<R>({2 * block}, 1), k = random_tensor<R>({block}, 2);
  Tensor<R> f({transform.spectrum_size()}), spectrum = f, y = f, work({transform.work_size()});
  Workspace workspace(transform.workspace_bytes());
  transform.prepare(k.data(), block, f.data(), workspace);
  for (Index i = 0; i < transform.steps(); ++i)
    transform.forward(i, x.data(), x.data() + block, work.data(), spectrum.data(), workspace);
  for (Index p = 0; p < leaves; ++p) transform.multiply_add(p, f.data(), spectrum.data(), y.data());
  for (Index i = 0; i < transform.steps(); ++i)
    transform.inverse(i, y.data(), work.data(), workspace);

  W squares = 0, norm = 0, worst = 0;
  for (Index t = 0; t < 2 * block; ++t) squares += static_cast<W>(x[t]) * static_cast<W>(x[t]);
  for (Index t = 0; t < block; ++t) norm += std::abs(static_cast<W>(k[t]));
  for (Index t = 0; t < block; ++t) {
    W sum = 0;
    for (Index tau = 0; tau < block; ++tau)
      sum += static_cast<W>(k[tau]) * static_cast<W>(x[block + t - tau]);
    worst = std::max(worst, std::abs(sum - static_cast<W>(work[block + t])));
  }
  const double levels = 3 * std::log2(2.0 * static_cast<double>(block));
  EXPECT_LE(worst, static_cast<W>(2 * levels + 4) * std::numeric_limits<R>::epsilon() * norm *
                       std::sqrt(squares))
      << "blocks of " << block << ", " << leaves << " leaves";
}

TEST(SlicedTransform, ConvolvesInAnyNumberOfPieces) {
  for (const Index block : {4, 64, 512})
    for (Index leaves = 1; leaves <= block / 2; leaves *= leaves < 16 ? 2 : 4) {
      expect_right<float>(block, leaves);
      expect_right<double>(block, leaves);
    }
}

TEST(SlicedTransform, StepsAreShort) {
  const detail::SlicedTransform<float> whole(4096, 1), cut(4096, 8);
  EXPECT_EQ(whole.steps(), 1);
  Index sum = 0;
  for (Index i = 0; i < cut.steps(); ++i) {
    EXPECT_LE(cut.flops(i), whole.flops(0) / 8);
    sum += cut.flops(i);
  }
  EXPECT_LE(sum, whole.flops(0) + 6 * 4096);  // the twists
}

}  // namespace
}  // namespace strum::test
