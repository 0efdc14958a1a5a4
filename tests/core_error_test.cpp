// Errors: one family, one way to write their text.
#include "strum/core/error.hpp"

#include <limits>
#include <stdexcept>
#include <type_traits>

#include <gtest/gtest.h>

#include "strum/core/description.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

TEST(Error, AllAreOneFamily) {
  static_assert(std::is_base_of_v<std::runtime_error, Error>);
  static_assert(std::is_base_of_v<Error, ShapeError>);
  static_assert(std::is_base_of_v<Error, OverlapError>);
  static_assert(std::is_base_of_v<Error, ValueError>);
  static_assert(std::is_base_of_v<Error, FileError>);
}

TEST(Error, TextIsTheConcatenationOfItsParts) {
  EXPECT_EQ(thrown<ShapeError>([] {
              detail::fail<ShapeError>("a", Index{-3}, std::string(" b "), 7, Shape{2, 3, 5},
                                       std::size_t{9});
            }),
            "a-3 b 7(2, 3, 5)9");
  EXPECT_EQ(detail::text(Shape{}), "()");
  EXPECT_EQ(detail::text(Shape{4}), "(4)");
}

TEST(Error, ProductsAreChecked) {
  constexpr Index kMost = std::numeric_limits<Index>::max();
  EXPECT_EQ(detail::checked_product(3, 4, "x"), 12);
  EXPECT_EQ(detail::checked_product(0, kMost, "x"), 0);
  EXPECT_EQ(detail::checked_product(1, kMost, "x"), kMost);
  EXPECT_EQ(thrown<ShapeError>([] { detail::checked_product(2, kMost, "Here"); }),
            "Here: 2 x 9223372036854775807 is not a size (negative, or beyond 64 bits)");
  EXPECT_THROW(detail::checked_product(-1, 1, "x"), ShapeError);
  EXPECT_THROW(detail::checked_product(1, -1, "x"), ShapeError);
  EXPECT_THROW(detail::checked_product(-1, -1, "x"), ShapeError);
  EXPECT_EQ(detail::checked_product(2, 3, 4, "x"), 24);
  EXPECT_THROW(detail::checked_product(2, kMost / 3, 2, "x"), ShapeError);
}

TEST(Description, ListsAndValuesAreChecked) {
  const Description d{"Monarch", {{"shape", {3, 4}}, {"stride", {2}}}};
  EXPECT_EQ(d.list("shape", 2), (std::vector<Index>{3, 4}));
  EXPECT_EQ(d.value("stride"), 2);
  EXPECT_EQ(thrown<ValueError>([&] { (void)d.list("shape", 3); }),
            "Monarch: attribute 'shape' is missing or not 3 integers");
  EXPECT_EQ(thrown<ValueError>([&] { (void)d.value("rank"); }),
            "Monarch: attribute 'rank' is missing or not 1 integers");
}

}  // namespace
}  // namespace strum::test
