// Complex numbers in files: complex64 and complex128 in .npy, C64 in safetensors.
#include <complex>

#include "io_files.hpp"
#include "strum/io/npy.hpp"
#include "strum/io/operator_file.hpp"
#include "strum/io/safetensors.hpp"

namespace strum::test {
namespace {

using io::load_operator;
using io::Narrowing;
using io::read_npy;
using io::SafetensorsFile;
using io::save_operator;
using io::write_npy;
using io::write_safetensors;
using C32 = std::complex<float>;
using C64 = std::complex<double>;

using ComplexFileTest = IoTest;

TEST_F(ComplexFileTest, NpyKeepsEveryBit) {
  const auto single = random_tensor<C32>({3, 5}, 1);
  write_npy(file("a"), single);
  EXPECT_NE(read_bytes(file("a")).find("'<c8', 'fortran_order': False, 'shape': (3, 5), }"),
            std::string::npos);
  EXPECT_TRUE(same_bits(read_npy<C32>(file("a")), single));
  EXPECT_TRUE(same_bits(read_npy<C64>(file("a")), single.cast<C64>()));

  const auto twice = random_tensor<C64>({7}, 2);
  write_npy(file("b"), twice);
  EXPECT_NE(read_bytes(file("b")).find("'<c16'"), std::string::npos);
  EXPECT_TRUE(same_bits(read_npy<C64>(file("b")), twice));
}

TEST_F(ComplexFileTest, NpyLosesNothingUnasked) {
  write_npy(file("a"), Tensor<C64>({1}, {C64(0.1, -0.2)}));
  expect_error<FileError>(
      [&] { (void)read_npy<C32>(file("a")); },
      {"a", "complex128", "digits", "std::complex<double>", "Narrowing::allow"});
  EXPECT_EQ(read_npy<C32>(file("a"), Narrowing::allow)[0], C32(0.1f, -0.2f));
  for (const Narrowing narrowing : {Narrowing::refuse, Narrowing::allow})
    expect_error<FileError>([&] { (void)read_npy<double>(file("a"), narrowing); },
                            {"complex128", "imaginary parts as double", "std::complex<double>"});
  write_npy(file("b"), Tensor<float>({1}, {2.5f}));
  EXPECT_EQ(read_npy<C64>(file("b"))[0], C64(2.5, 0));
}

TEST_F(ComplexFileTest, SafetensorsHoldC64) {
  const auto tensor = random_tensor<C32>({2, 3}, 3);
  write_safetensors(file("a"), std::map<std::string, Tensor<C32>>{{"x", tensor}});
  const SafetensorsFile source(file("a"));
  EXPECT_EQ(source.info("x").dtype, "C64");
  EXPECT_EQ(source.info("x").bytes, 48);
  EXPECT_TRUE(same_bits(source.read<C32>("x"), tensor));
  for (const Narrowing narrowing : {Narrowing::refuse, Narrowing::allow})
    expect_error<FileError>([&] { (void)source.read<float>("x", narrowing); },
                            {"tensor 'x'", "C64", "imaginary parts as float"});
}

TEST_F(ComplexFileTest, AnOperatorIsNotReadAsARealOne) {
  save_operator(file("a"), "op", Dense<C32>(random_tensor<C32>({2, 3}, 4).matrix()));
  expect_error<FileError>([&] { (void)load_operator<double>(file("a"), "op", Narrowing::allow); },
                          {"op.weight", "C64", "imaginary parts"});
  save_operator(file("b"), "op", Dense<float>(random_tensor<float>({2, 3}, 4).matrix()));
  EXPECT_EQ(load_operator<C32>(file("b"), "op").get("weight"),
            random_tensor<float>({2, 3}, 4).cast<C32>());
}

}  // namespace
}  // namespace strum::test
