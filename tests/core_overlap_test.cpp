// Whether matrices share an element: against counting the elements, for every layout there is room
// for.
#include "strum/core/overlap.hpp"

#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace strum::test {
namespace {

using View = MatrixView<const float>;

class RandomViews {
 public:
  /// A matrix somewhere around the middle of some memory.
  View operator()() {
    return {memory_.data() + 1000 + number(-20, 20), number(0, 4), number(0, 4), number(-7, 7),
            number(-7, 7)};
  }

  /// One with the strides and about the place of another: two blocks of one matrix.
  View beside(const View& x) {
    return {x.data() + number(-20, 20), number(0, 4), number(0, 4), x.row_stride(), x.col_stride()};
  }

  /// A matrix whose columns do not run into each other, in either layout.
  View nested() {
    const Index inner = number(1, 3), outer = inner * number(4, 6);
    const bool flip = number(0, 1) == 1;
    return {memory_.data() + 1000 + number(-20, 20), number(0, 4), number(0, 4),
            flip ? outer : inner, flip ? inner : outer};
  }

  Index number(Index first, Index last) {
    return first + static_cast<Index>(generator_() % static_cast<unsigned>(last - first + 1));
  }

 private:
  std::mt19937 generator_{1};
  std::vector<float> memory_ = std::vector<float>(2000);
};

std::multiset<const float*> elements(const View& x) {
  std::multiset<const float*> set;
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.cols(); ++j) set.insert(&x(i, j));
  return set;
}

std::string text(const View& x) {
  return std::to_string(x.rows()) + " x " + std::to_string(x.cols()) + " strides " +
         std::to_string(x.row_stride()) + ", " + std::to_string(x.col_stride());
}

void expect_exact(const View& x, const View& y) {
  const auto a = elements(x), b = elements(y);
  const bool shared = std::any_of(a.begin(), a.end(), [&](auto* p) { return b.count(p) > 0; });
  ASSERT_EQ(detail::share_element(x, y), shared)
      << text(x) << " and " << text(y) << ", offset " << y.data() - x.data();
  ASSERT_EQ(detail::share_element(y, x), shared)
      << text(y) << " and " << text(x) << ", offset " << x.data() - y.data();
}

TEST(Overlap, SharedElementsAreFoundExactly) {
  RandomViews views;
  for (int i = 0; i < 50000; ++i) expect_exact(views(), views());
}

TEST(Overlap, BlocksOfOneMatrixAreToldApartExactly) {
  RandomViews views;
  for (int i = 0; i < 50000; ++i) {
    const View any = views(), nested = views.nested();
    expect_exact(any, views.beside(any));
    expect_exact(nested, views.beside(nested));
  }
}

TEST(Overlap, OutputsThatMeetThemselvesAreFoundExactly) {
  RandomViews views;
  for (int i = 0; i < 50000; ++i) {
    const View y = views();
    const auto all = elements(y);
    const std::set<const float*> different(all.begin(), all.end());
    ASSERT_EQ(detail::overlaps_itself(y), different.size() != all.size()) << text(y);
  }
}

TEST(Overlap, ElementsThatStraddleEachOtherShareMemory) {
  std::vector<std::byte> memory(64);
  const auto at = [&](int byte) { return reinterpret_cast<const float*>(memory.data() + byte); };
  EXPECT_TRUE(detail::share_element(View(at(0), 2, 2), View(at(2), 2, 2)));
  EXPECT_TRUE(detail::share_element(View(at(0), 1, 1), View(at(3), 1, 1)));
  EXPECT_FALSE(detail::share_element(View(at(0), 1, 1), View(at(6), 1, 1)));
}

/// The check is made in every call. Element by element this would take 10^10 steps.
TEST(Overlap, BlocksOfALargeMatrixAreToldApart) {
  constexpr Index kRows = 4096, kCols = 1024, kLead = 2 * kRows;
  std::vector<float> memory(static_cast<std::size_t>(kLead * kCols));
  const float* const p = memory.data();
  const View top(p, kRows, kCols, 1, kLead), bottom(p + kRows, kRows, kCols, 1, kLead);
  const View even(p, kRows, kCols, 2, kLead), odd(p + 1, kRows, kCols, 2, kLead);
  EXPECT_FALSE(detail::share_element(top, bottom));
  EXPECT_FALSE(detail::share_element(even, odd));
  EXPECT_FALSE(detail::share_element(top.transposed(), bottom.transposed()));
  EXPECT_TRUE(detail::share_element(top, View(p + kRows - 1, kRows, kCols, 1, kLead)));
  EXPECT_FALSE(detail::overlaps_itself(even));
  // the odd rows again, but every second of them, and the same as rows of a row-major matrix
  const View every_fourth(p + 1, kRows / 2, kCols, 4, kLead);
  EXPECT_FALSE(detail::share_element(even, every_fourth));
  EXPECT_FALSE(detail::share_element(even.transposed(), every_fourth));
  EXPECT_FALSE(detail::share_element(every_fourth, even.transposed()));
  EXPECT_TRUE(detail::share_element(odd, every_fourth.block(kRows / 2 - 1, kCols - 1, 1, 1)));
}

}  // namespace
}  // namespace strum::test
