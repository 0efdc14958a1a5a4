// safetensors files: all types, several tensors, one read without the others, and what is written.
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "io_files.hpp"
#include "strum/io/safetensors.hpp"

namespace strum::test {
namespace {

using io::Narrowing;
using io::SafetensorsFile;
using io::write_safetensors;

using SafetensorsTest = IoTest;

/// The value that IEEE 754 gives to a sign, an exponent and a fraction, by arithmetic.
double value_of(int bits, int exponent_bits, int fraction_bits) {
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const int fraction = bits & ((1 << fraction_bits) - 1);
  const int exponent = bits >> fraction_bits & ((1 << exponent_bits) - 1);
  const double sign = bits >> (exponent_bits + fraction_bits) != 0 ? -1 : 1;
  if (exponent == (1 << exponent_bits) - 1)
    return sign * (fraction == 0 ? std::numeric_limits<double>::infinity()
                                 : std::numeric_limits<double>::quiet_NaN());
  const double scaled = std::ldexp(fraction, -fraction_bits);
  return sign *
         (exponent == 0 ? std::ldexp(scaled, 1 - bias) : std::ldexp(1 + scaled, exponent - bias));
}

/// A file with all 65536 numbers of a 16-bit type.
std::string all_numbers(const std::string& dtype) {
  std::string data;
  for (unsigned i = 0; i < 65536; ++i) data += little_endian(i, 2);
  return safetensors(
      R"({"x":{"dtype":")" + dtype + R"(","shape":[256,256],"data_offsets":[0,131072]}})", data);
}

template <class S>
void expect_value(S found, double wanted, unsigned bits) {
  if (std::isnan(wanted)) {
    EXPECT_TRUE(std::isnan(found)) << bits;
  } else {
    EXPECT_EQ(found, wanted) << bits;
    EXPECT_EQ(std::signbit(found), std::signbit(wanted)) << bits;
  }
}

TEST_F(SafetensorsTest, ReadsEveryF16AndBF16) {
  for (const auto& [dtype, exponent_bits, fraction_bits] :
       {std::tuple("F16", 5, 10), std::tuple("BF16", 8, 7)}) {
    SCOPED_TRACE(dtype);
    write_bytes(file("a"), all_numbers(dtype));
    const SafetensorsFile source(file("a"));
    const auto floats = source.read<float>("x");
    const auto doubles = source.read<double>("x");
    ASSERT_EQ(floats.shape(), (Shape{256, 256}));
    for (int bits = 0; bits < 65536; ++bits) {
      const double wanted = value_of(bits, exponent_bits, fraction_bits);
      expect_value(floats[bits], wanted, bits);
      expect_value(doubles[bits], wanted, bits);
      // A NaN's sign and payload are the upper bits of the wider type's.
      const auto stored = std::bit_cast<std::uint32_t>(floats[bits]);
      if (std::isnan(wanted)) {
        EXPECT_EQ(stored >> 31, static_cast<unsigned>(bits) >> 15);
        EXPECT_EQ(stored & 0x7fffff, static_cast<unsigned>(bits & ((1 << fraction_bits) - 1))
                                         << (23 - fraction_bits));
      }
    }
  }
}

TEST_F(SafetensorsTest, ReadsKnownF16AndBF16Values) {
  // Published values: the largest and smallest numbers of both types, 1/3 rounded, pi rounded.
  const std::string data = little_endian(0x7bff, 2) + little_endian(0x0400, 2) +
                           little_endian(0x0001, 2) + little_endian(0x3555, 2) +
                           little_endian(0x8000, 2) + little_endian(0x7f7f, 2) +
                           little_endian(0x4049, 2) + little_endian(0x0001, 2);
  write_bytes(file("a"), safetensors(R"({"h":{"dtype":"F16","shape":[5],"data_offsets":[0,10]},)"
                                     R"("b":{"dtype":"BF16","shape":[3],"data_offsets":[10,16]}})",
                                     data));
  const SafetensorsFile source(file("a"));
  EXPECT_EQ(source.read<float>("h"),
            Tensor<float>({5}, {65504.0f, 0x1p-14f, 0x1p-24f, 0.333251953125f, -0.0f}));
  EXPECT_EQ(source.read<float>("b"), Tensor<float>({3}, {0x1.fep127f, 3.140625f, 0x1p-133f}));
}

TEST_F(SafetensorsTest, ReadsF32AndF64AndNarrowsOnlyWhenAsked) {
  const double values[] = {0.1, 1e300, -0.0};
  const float singles[] = {0.1f, -3.5f};
  write_bytes(file("a"), safetensors(R"({"d":{"dtype":"F64","shape":[3],"data_offsets":[0,24]},)"
                                     R"("s":{"dtype":"F32","shape":[2,1],"data_offsets":[24,32]}})",
                                     std::string(reinterpret_cast<const char*>(values), 24) +
                                         std::string(reinterpret_cast<const char*>(singles), 8)));
  const SafetensorsFile source(file("a"));
  EXPECT_EQ(source.read<double>("d"), Tensor<double>({3}, {0.1, 1e300, -0.0}));
  EXPECT_EQ(source.read<float>("s"), Tensor<float>({2, 1}, {0.1f, -3.5f}));
  EXPECT_EQ(source.read<double>("s"), Tensor<double>({2, 1}, {double{0.1f}, -3.5}));
  expect_error<FileError>([&] { (void)source.read<float>("d"); },
                          {file("a").string(), "tensor 'd'",
                           "byte " + std::to_string(source.info("d").offset), "Narrowing::allow"});
  const auto narrowed = source.read<float>("d", Narrowing::allow);
  EXPECT_EQ(narrowed, Tensor<float>({3}, {0.1f, std::numeric_limits<float>::infinity(), -0.0f}));
}

TEST_F(SafetensorsTest, ReadsBF16AsItIs) {
  write_bytes(file("a"), all_numbers("BF16"));
  const auto tensor = SafetensorsFile(file("a")).read<bfloat16>("x");
  for (int bits = 0; bits < 65536; ++bits) ASSERT_EQ(tensor[bits].bits(), bits);
  write_safetensors(file("b"), {{"x", tensor}});
  const SafetensorsFile written(file("b"));
  EXPECT_EQ(written.info("x").dtype, "BF16");
  EXPECT_EQ(written.info("x").bytes, 2 * 65536);
  EXPECT_TRUE(same_bits(written.read<bfloat16>("x"), tensor));
}

TEST_F(SafetensorsTest, RoundsToBF16OnlyWhenAsked) {
  const float single = 3.14159265f;
  const double number = 1.00390625 + 1e-12;  // a hair above a tie
  write_bytes(file("a"), safetensors(R"({"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},)"
                                     R"("s":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},)"
                                     R"("h":{"dtype":"F16","shape":[1],"data_offsets":[12,14]}})",
                                     std::string(reinterpret_cast<const char*>(&number), 8) +
                                         std::string(reinterpret_cast<const char*>(&single), 4) +
                                         little_endian(0x3555, 2)));
  const SafetensorsFile source(file("a"));
  const auto refused = [&](const std::string& name, const std::string& type,
                           const std::string& better) {
    expect_error<FileError>(
        [&] { (void)source.read<bfloat16>(name); },
        {file("a").string(), "tensor '" + name + "', byte ",
         type + " would lose digits as bfloat16; read it as " + better, "Narrowing::allow"});
  };
  refused("d", "F64", "double");
  refused("s", "F32", "float");
  refused("h", "F16", "float");
  EXPECT_EQ(source.read<bfloat16>("d", Narrowing::allow)[0].bits(), 0x3f81);
  EXPECT_EQ(source.read<bfloat16>("s", Narrowing::allow)[0].bits(), 0x4049);
  EXPECT_EQ(source.read<bfloat16>("h", Narrowing::allow)[0].bits(), 0x3eab);  // 0.33325
}

TEST_F(SafetensorsTest, TellsWhatIsInTheFile) {
  const std::string header = R"({"z":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
                             R"("__metadata__":{"format":"pt","\u00fc\u0000":"\"x\""},)"
                             R"("a":{"dtype":"NEW4","shape":[3],"data_offsets":[8,10]},)"
                             R"("":{"dtype":"F32","shape":[0,7],"data_offsets":[10,10]}}  )";
  write_bytes(file("a"), safetensors(header, "0123456789"));
  const SafetensorsFile source(file("a"));
  EXPECT_EQ(source.names(), (std::vector<std::string>{"z", "a", ""}));
  EXPECT_EQ(source.metadata(), (std::map<std::string, std::string>{
                                   {"format", "pt"}, {std::string("\xc3\xbc\0", 3), "\"x\""}}));
  EXPECT_TRUE(source.contains(""));
  EXPECT_FALSE(source.contains("__metadata__"));
  const auto data = static_cast<Index>(8 + header.size());
  EXPECT_EQ(source.info("a").dtype, "NEW4");
  EXPECT_EQ(source.info("a").shape, Shape{3});
  EXPECT_EQ(source.info("a").offset, data + 8);
  EXPECT_EQ(source.info("a").bytes, 2);
  EXPECT_EQ(source.read<float>("").shape(), (Shape{0, 7}));

  expect_error<FileError>(
      [&] { (void)source.read<float>("z"); },
      {file("a").string(), "tensor 'z', byte " + std::to_string(data), "type I64 is not read"});
  expect_error<FileError>([&] { (void)source.read<float>("a"); }, {"tensor 'a'", "type NEW4"});
  expect_error<ValueError>([&] { (void)source.read<float>("b"); },
                           {file("a").string(), "no tensor 'b'", "z, a, "});
}

TEST_F(SafetensorsTest, AnEmptyFileHasNoTensors) {
  write_bytes(file("a"), safetensors("{}", ""));
  EXPECT_TRUE(SafetensorsFile(file("a")).names().empty());
}

/// Two tensors of two numbers each, `b` behind `a`.
std::string two_tensors() {
  return safetensors(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                     R"("b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})",
                     std::string(16, '\0'));
}

TEST_F(SafetensorsTest, ReadsATensorWhenItIsAskedFor) {
  write_bytes(file("a"), two_tensors());
  const SafetensorsFile source(file("a"));
  EXPECT_EQ(source.read<float>("a")[1], 0);
  const float later = 7;  // into the file itself, after it was opened and another tensor was read
  std::fstream stream(file("a"), std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(-4, std::ios::end);
  stream.write(reinterpret_cast<const char*>(&later), 4);
  stream.close();
  EXPECT_EQ(source.read<float>("b")[1], 7);
}

TEST_F(SafetensorsTest, ReadsASmallTensorBesideOneThatNoMemoryHolds) {
  const std::string header =
      R"({"huge":{"dtype":"F64","shape":[1024,1073741824],"data_offsets":[0,8796093022208]},)"
      R"("small":{"dtype":"F32","shape":[1],"data_offsets":[8796093022208,8796093022212]}})";
  write_bytes(file("a"), safetensors(header, ""));
  std::error_code error;
  fs::resize_file(file("a"), 8 + header.size() + 8796093022212u, error);  // 8 TiB, all holes
  if (error) GTEST_SKIP() << "no sparse files here: " << error.message();
  EXPECT_EQ(SafetensorsFile(file("a")).read<float>("small"), Tensor<float>({1}, {0}));
}

TEST_F(SafetensorsTest, StaysWithTheFileThatItOpened) {
  write_safetensors(file("a"), {{"w", Tensor<float>({1}, {1})}});
  const SafetensorsFile source(file("a"));
  write_safetensors(file("a"), {{"w", Tensor<float>({2}, {5, 6})}});
  EXPECT_EQ(source.read<float>("w"), Tensor<float>({1}, {1}));
  SafetensorsFile copy(file("a"));
  EXPECT_EQ(copy.read<float>("w"), Tensor<float>({2}, {5, 6}));
  copy = source;  // shares what source has open
  EXPECT_EQ(copy.read<float>("w"), Tensor<float>({1}, {1}));
}

TEST_F(SafetensorsTest, AFileThatShrinksIsAnError) {
  const std::string bytes = two_tensors();
  write_bytes(file("a"), bytes);
  const SafetensorsFile source(file("a"));
  fs::resize_file(file("a"), bytes.size() - 3);
  expect_error<FileError>(
      [&] { (void)source.read<float>("b"); },
      {file("a").string(), "byte " + std::to_string(bytes.size() - 3), "ends here"});
}

TEST_F(SafetensorsTest, ManyThreadsMayRead) {
  std::map<std::string, Tensor<float>> tensors;
  for (unsigned i = 0; i < 8; ++i)
    tensors[std::string(1 + i, 't')] = random_tensor<float>({200, 101}, i);
  write_safetensors(file("a"), tensors);
  const SafetensorsFile source(file("a"));
  constexpr int kThreads = 4, kRounds = 500;
  std::atomic<int> ready = 0, wrong = 0;
  const auto read_all = [&] {
    for (++ready; ready < kThreads;) std::this_thread::yield();  // all begin together
    for (int round = 0; round < kRounds; ++round)
      for (const auto& [name, tensor] : tensors)
        if (!same_bits(source.read<float>(name), tensor)) ++wrong;
  };
  std::array<std::thread, kThreads> threads;
  for (std::thread& thread : threads) thread = std::thread(read_all);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(SafetensorsTest, WritesWhatTheFormatSays) {
  const float a[] = {1, 2}, b[] = {3};
  write_safetensors(file("a"),
                    {{"b", Tensor<float>({1, 1}, {3})}, {"a", Tensor<float>({2}, {1, 2})}},
                    {{"key", "\"value\" \xc3\xbc"}});
  std::string header =
      "{\"__metadata__\":{\"key\":\"\\\"value\\\" \xc3\xbc\"},"
      R"("a":{"data_offsets":[0,8],"dtype":"F32","shape":[2]},)"
      R"("b":{"data_offsets":[8,12],"dtype":"F32","shape":[1,1]}})";
  header.append((8 - header.size() % 8) % 8, ' ');
  EXPECT_EQ(read_bytes(file("a")),
            safetensors(header, std::string(reinterpret_cast<const char*>(a), 8) +
                                    std::string(reinterpret_cast<const char*>(b), 4)));
}

template <class S>
class SafetensorsRoundTrip : public IoTest {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(SafetensorsRoundTrip, Scalars);

TYPED_TEST(SafetensorsRoundTrip, KeepsNamesShapesBitsAndMetadata) {
  using Bits = std::conditional_t<sizeof(TypeParam) == 4, std::uint32_t, std::uint64_t>;
  const TypeParam inf = std::numeric_limits<TypeParam>::infinity();
  Tensor<TypeParam> special({5}, {inf, -inf, TypeParam(-0.0), 0, 0});
  // NaNs with a payload: one quiet and negative, one signalling, moved as bytes only.
  const Bits payloads[] = {~Bits{0} ^ Bits{0x1230}, std::bit_cast<Bits>(inf) | Bits{0x4d2}};
  std::memcpy(special.data() + 3, payloads, sizeof(payloads));
  std::map<std::string, Tensor<TypeParam>> tensors = {
      {"special", special},
      {"", random_tensor<TypeParam>({3, 4, 5}, 1)},
      {"scalar", random_tensor<TypeParam>({}, 2)},
      {"no rows", Tensor<TypeParam>({0, 3})},
      {std::string("odd\n\"\\/{}\0\x7f \xe2\x82\xac", 15), random_tensor<TypeParam>({7}, 3)}};
  const std::map<std::string, std::string> metadata = {{"", ""}, {"a\tb", "{\"c\":1}"}};
  write_safetensors(this->file("a"), tensors, metadata);

  const SafetensorsFile source(this->file("a"));
  EXPECT_EQ(source.metadata(), metadata);
  EXPECT_EQ(source.names().size(), tensors.size());
  for (const auto& [name, tensor] : tensors) {
    SCOPED_TRACE(name);
    EXPECT_EQ(source.info(name).dtype, sizeof(TypeParam) == 4 ? "F32" : "F64");
    EXPECT_TRUE(same_bits(source.read<TypeParam>(name), tensor));
  }
}

TEST_F(SafetensorsTest, RefusesToWriteWhatNobodyCouldRead) {
  const Tensor<float> one({1}, {1});
  const auto refused = [&](const std::map<std::string, Tensor<float>>& tensors,
                           const std::map<std::string, std::string>& metadata,
                           const std::string& reason) {
    expect_error<ValueError>([&] { write_safetensors(file("a"), tensors, metadata); },
                             {"write_safetensors", reason});
    EXPECT_EQ(files_in_folder(), 0u);
  };
  std::string large;
  large.resize(100'000'000, 'x');
  refused({{"__metadata__", one}}, {}, "'__metadata__'");
  refused({{"\xff", one}}, {}, "UTF-8");
  refused({{"w", one}}, {{"key", "\xc3"}}, "UTF-8");
  refused({{"w", Tensor<float>()}}, {}, "empty");
  refused({{"w", one}}, {{"key", large}}, "at most 100000000");
}

}  // namespace
}  // namespace strum::test
