// bfloat16: every value comes back from float, and every float goes to the nearest.
#include "strum/core/bfloat16.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>

#include <gtest/gtest.h>

#include "strum/core/tensor.hpp"

namespace strum::test {
namespace {

using Limits = std::numeric_limits<float>;

constexpr std::uint32_t kLargest = 0x7f7f, kInfinity = 0x7f80, kSign = 0x8000;

bfloat16 from(std::uint32_t bits) { return bfloat16::from_bits(static_cast<std::uint16_t>(bits)); }

static_assert(static_cast<float>(bfloat16(1.5f)) == 1.5f);
static_assert(bfloat16().bits() == 0);
static_assert(bfloat16(-0.0f).bits() == kSign);
static_assert(bfloat16(0.1) == bfloat16(0.1f));
static_assert(std::is_trivially_copyable_v<bfloat16> && sizeof(bfloat16[3]) == 6);

TEST(Bfloat16, EveryValueComesBack) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto wide = static_cast<float>(from(bits));
    EXPECT_EQ(std::bit_cast<std::uint32_t>(wide), bits << 16);
    ASSERT_EQ(bfloat16(wide).bits(), bits);
    const auto wider = static_cast<double>(from(bits));
    if (std::isnan(wide))
      ASSERT_TRUE(std::isnan(wider) && std::isnan(static_cast<float>(bfloat16(wider)))) << bits;
    else
      ASSERT_EQ(bfloat16(wider).bits(), bits);
  }
}

/// Between all neighbours, denormal numbers included; behind the largest comes infinity.
TEST(Bfloat16, RoundsToNearestAndTiesToEven) {
  for (std::uint32_t bits = 0; bits <= kLargest; ++bits) {
    const std::uint32_t tie = bits << 16 | 0x8000u, even = bits + (bits & 1u);
    for (const std::uint32_t sign : {0u, kSign}) {
      const auto rounded = [sign](std::uint32_t wide) {
        return bfloat16(std::bit_cast<float>(wide | sign << 16)).bits();
      };
      ASSERT_EQ(rounded((bits << 16) + 1), bits | sign);
      ASSERT_EQ(rounded(tie - 1), bits | sign);
      ASSERT_EQ(rounded(tie), even | sign);
      ASSERT_EQ(rounded(tie + 1), (bits + 1) | sign);
      ASSERT_EQ(rounded((bits << 16) + 0xffff), (bits + 1) | sign);
    }
  }
}

/// A double a hair off a tie, where a float would be the tie itself.
TEST(Bfloat16, RoundsDoublesOnce) {
  for (std::uint32_t bits = 0; bits <= kLargest; ++bits) {
    const double tie = static_cast<double>(std::bit_cast<float>(bits << 16 | 0x8000u));
    for (const double sign : {1.0, -1.0}) {
      const std::uint32_t minus = sign < 0 ? kSign : 0;
      ASSERT_EQ(bfloat16(sign * tie).bits(), (bits + (bits & 1u)) | minus);
      ASSERT_EQ(bfloat16(sign * std::nextafter(tie, 0.0)).bits(), bits | minus);
      ASSERT_EQ(bfloat16(sign * std::nextafter(tie, HUGE_VAL)).bits(), (bits + 1) | minus);
      ASSERT_EQ(bfloat16(sign * tie * (1 - 0x1p-30)).bits(), bits | minus);
      ASSERT_EQ(bfloat16(sign * tie * (1 + 0x1p-30)).bits(), (bits + 1) | minus);
    }
  }
  EXPECT_EQ(bfloat16(std::numeric_limits<double>::max()).bits(), kInfinity);
  EXPECT_EQ(bfloat16(-1e39).bits(), kInfinity | kSign);
  EXPECT_EQ(bfloat16(std::numeric_limits<double>::infinity()).bits(), kInfinity);
  EXPECT_EQ(bfloat16(std::numeric_limits<double>::denorm_min()).bits(), 0);
  EXPECT_EQ(bfloat16(-std::numeric_limits<double>::denorm_min()).bits(), kSign);
}

TEST(Bfloat16, RangeEndsAsThatOfFloat) {
  EXPECT_EQ(bfloat16(Limits::infinity()).bits(), kInfinity);
  EXPECT_EQ(bfloat16(-Limits::infinity()).bits(), kInfinity | kSign);
  EXPECT_EQ(bfloat16(Limits::max()).bits(), kInfinity);  // nearer to 2^128 than to the largest
  EXPECT_EQ(static_cast<float>(from(kLargest)), 0x1.fep127f);
  EXPECT_EQ(bfloat16(0x1.fefffep127f).bits(), kLargest);
  EXPECT_EQ(static_cast<float>(from(1)), 0x1p-133f);
  EXPECT_EQ(bfloat16(0x1p-133f).bits(), 1);
  EXPECT_EQ(bfloat16(0x1p-134f).bits(), 0);  // a tie
  EXPECT_EQ(bfloat16(0x1.0002p-134f).bits(), 1);
  EXPECT_EQ(bfloat16(-Limits::denorm_min()).bits(), kSign);
}

TEST(Bfloat16, NanStaysNan) {
  // Those whose upper half alone would be infinity included.
  for (const std::uint32_t bits : {0x7fc00000u, 0x7f800001u, 0x7f80ffffu, 0xff800001u, 0x7fffffffu,
                                   0xffffffffu, 0x7f810000u, 0x7fbfffffu}) {
    const bfloat16 narrow(std::bit_cast<float>(bits));
    EXPECT_TRUE(std::isnan(static_cast<float>(narrow))) << std::hex << bits;
    EXPECT_EQ(narrow.bits() & kSign, bits >> 16 & kSign);
    EXPECT_FALSE(narrow == narrow);
  }
  EXPECT_TRUE(std::isnan(static_cast<double>(bfloat16(std::nan("")))));
}

TEST(Bfloat16, ComparesAndPrintsAsANumber) {
  EXPECT_EQ(bfloat16(0.0f), bfloat16(-0.0f));
  EXPECT_NE(bfloat16(1.0f), bfloat16(2.0f));
  std::ostringstream out;
  out << bfloat16(-2.5f);
  EXPECT_EQ(out.str(), "-2.5");
}

TEST(Tensor, Casts) {
  const Tensor<float> wide({2, 2}, {1.0f, -0.5f, 3.14159265f, 1e-3f});
  const auto narrow = wide.cast<bfloat16>();
  EXPECT_EQ(narrow.shape(), wide.shape());
  EXPECT_EQ(narrow(1, 0).bits(), 0x4049);
  const auto back = narrow.cast<float>();
  EXPECT_EQ(back(0, 1), -0.5f);
  EXPECT_EQ(back(1, 0), 3.140625f);
  EXPECT_EQ(narrow.cast<double>().cast<bfloat16>(), narrow);
  EXPECT_EQ(Tensor<float>(wide).cast<float>(), wide);
  EXPECT_EQ(wide.cast<float>(), wide);
}

}  // namespace
}  // namespace strum::test
