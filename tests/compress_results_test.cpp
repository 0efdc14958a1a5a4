// The compress program on matrices whose answer is known.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

#include <Eigen/Core>

#include "compress_program.hpp"
#include "strum/io/operator_file.hpp"
#include "strum/io/safetensors.hpp"

namespace strum::test {
namespace {

using Compress = CompressTest;

template <class S>
Tensor<S> random_tensor(const Shape& shape, unsigned seed) {
  std::mt19937 generator(seed);
  Tensor<S> values(shape);
  for (Index i = 0; i < values.size(); ++i)
    values[i] = static_cast<S>(generator()) / static_cast<S>(0x1p31) - 1;
  return values;
}

/// 36 x 32, a Monarch of 4 blocks of stride 4, output stride 4, rank 2: 47.2 % of the parameters.
template <class S>
Tensor<S> planted() {
  const MonarchShape shape = MonarchShape::of_rank(36, 32, 4, 4, 2, MonarchInput::strided);
  const auto dense =
      Monarch<S>(shape, random_tensor<S>({4, 8, 8}, 1), random_tensor<S>({4, 9, 8}, 2)).to_dense();
  Tensor<S> values({36, 32});
  for (Index i = 0; i < 36; ++i)
    for (Index j = 0; j < 32; ++j) values(i, j) = dense(i, j);
  return values;
}

/// ‖W - op‖ / ‖W‖ for what a file holds, in double.
template <class S>
double measured_error(const Tensor<S>& w, const fs::path& file, const std::string& name) {
  const auto dense = io::load_operator<S>(file, name).to_dense();
  double error = 0, norm = 0;
  for (Index i = 0; i < dense.rows(); ++i)
    for (Index j = 0; j < dense.cols(); ++j) {
      const auto entry = static_cast<double>(w(i, j));
      error += std::pow(entry - static_cast<double>(dense(i, j)), 2);
      norm += entry * entry;
    }
  return std::sqrt(error / norm);
}

template <class S>
class CompressPlanted : public CompressTest {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(CompressPlanted, Scalars);

TYPED_TEST(CompressPlanted, IsFoundAndWritten) {
  using S = TypeParam;
  const Tensor<S> w = planted<S>();
  const std::string out = this->output({this->npy("planted.npy", w), "--budget", "0.5", "--batch",
                                        "1,3", "--out", this->path("out.safetensors")});
  EXPECT_NE(out.find(std::string("36 x 32 of ") + (sizeof(S) == 4 ? "float" : "double") +
                     ", 1152 parameters, budget 50 %"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("applies to the same bits"), std::string::npos) << out;

  // The weights' rounding, 2 eps, and that of the planted matrix's own entries.
  constexpr double kRounding = 8 * static_cast<double>(std::numeric_limits<S>::epsilon());
  const TableRow best = best_of(out);
  EXPECT_EQ(best.structure, "Monarch");
  EXPECT_EQ(best.shape, "4 blocks of stride 4, output stride 4, rank 2");
  EXPECT_EQ(best.percent, 47.2);
  EXPECT_LE(best.error, kRounding);
  EXPECT_LE(measured_error(w, this->file("out.safetensors"), "planted"), kRounding);
  EXPECT_EQ(io::load_operator<S>(this->file("out.safetensors"), "planted").name(), "Monarch");
}

TEST_F(Compress, PrintsTheErrorOfWhatItWrites) {
  const Tensor<double> w = random_tensor<double>({40, 24}, 3);
  const std::string out =
      output({npy("random.npy", w), "--batch", "1", "--out", path("out.safetensors")});
  const TableRow best = best_of(out);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1e",
                measured_error(w, file("out.safetensors"), "random"));
  EXPECT_EQ(best.error, std::stod(text.data())) << out;
  for (const TableRow& row : table_of(out)) {
    if (row.structure != "dense") {
      EXPECT_GE(row.error, best.error) << out;
    }
  }
  EXPECT_NE(out.find("Nothing is free here"), std::string::npos) << out;
}

TEST_F(Compress, TableKeepsToTheBudgetAndTheOptions) {
  const std::string file = npy("random.npy", random_tensor<float>({40, 24}, 4));
  for (const std::string budget : {"0.15", "0.25", "0.9", "1"}) {
    const std::string out = output({file, "--budget", budget, "--batch", "2,5"});
    std::vector<std::string> seen;
    for (const TableRow& row : table_of(out)) {
      seen.push_back(row.structure);
      EXPECT_EQ(row.times.size(), 2u);
      EXPECT_LE(row.percent, row.structure == "dense" ? 100 : 100 * std::stod(budget)) << out;
    }
    ASSERT_GE(seen.size(), 5u) << out;
    EXPECT_EQ((std::vector<std::string>(seen.begin(), seen.begin() + 5)),
              (std::vector<std::string>{"dense", "dense", "LowRank", "BlockDiagonal", "Monarch"}));
  }
  const std::string out = output({file, "--structures", "LowRank,block_diagonal"});
  EXPECT_EQ(table_of(out).size(), 4u) << out;
  EXPECT_EQ(out.find("Monarch"), std::string::npos) << out;
}

TEST_F(Compress, RatioIsAgainstTheFasterDenseProduct) {
  const std::string out = output({npy("random.npy", random_tensor<float>({40, 24}, 5))});
  const std::vector<TableRow> rows = table_of(out);
  ASSERT_GE(rows.size(), 3u) << out;
  for (std::size_t b = 0; b < 3; ++b) {
    const double dense = std::min(rows[0].times[b], rows[1].times[b]);
    for (const TableRow& row : rows) {
      // Times are printed to three digits, ratios to two decimals, from 10 on to one.
      const double rounding = 0.0101 * row.ratios[b] + (row.ratios[b] < 10 ? 0.005 : 0.05);
      EXPECT_NEAR(row.ratios[b], dense / row.times[b], rounding) << out;
    }
  }
}

TEST_F(Compress, StftBasisIsAMonarch) {
  // Hann window times cos, then sin, of 129 frequencies: a short-time Fourier transform as a layer.
  Tensor<float> w({258, 1, 256});
  const double turn = 2 * std::acos(-1.0) / 256;
  for (Index f = 0; f < 129; ++f)
    for (Index j = 0; j < 256; ++j) {
      const double angle = turn * static_cast<double>(f * j % 256);
      const double window = 0.5 - 0.5 * std::cos(turn * static_cast<double>(j));
      w(f, 0, j) = static_cast<float>(window * std::cos(angle));
      w(f + 129, 0, j) = static_cast<float>(window * std::sin(angle));
    }
  const std::map<std::string, Tensor<float>> tensors = {{"bias", Tensor<float>({258})},
                                                        {"stft:basis", w}};
  io::write_safetensors(path("a:b.safetensors"), tensors);
  const std::vector<std::string> options = {
      "--budget", "0.5", "--structures", "monarch",
      "--batch",  "1",   "--out",        path("out.safetensors")};
  for (const char* const tensor : {"", ":stft:basis"}) {
    std::vector<std::string> arguments = options;
    arguments.insert(arguments.begin(), path("a:b.safetensors") + tensor);
    const TableRow best = best_of(output(arguments));
    EXPECT_EQ(best.shape, "16 blocks of stride 16, output stride 16, rank 4");
    EXPECT_EQ(best.percent, 49.8);
    EXPECT_LE(best.error, 1e-6);
  }
  EXPECT_EQ(io::operator_names(path("out.safetensors")), std::vector<std::string>{"stft:basis"});
}

/// The top left half of a built-in matrix, as a block-diagonal fit of two blocks keeps it.
Eigen::MatrixXd half(const fs::path& file, const std::string& name) {
  const Tensor<float> blocks = io::load_operator<float>(file, name).get("weight");
  EXPECT_EQ(blocks.shape(), (Shape{2, 512, 512}));
  Eigen::MatrixXd first(512, 512);
  for (Index i = 0; i < 512; ++i)
    for (Index j = 0; j < 512; ++j) first(i, j) = static_cast<double>(blocks(0, i, j));
  return first;
}

TEST_F(Compress, BuiltInMatricesAreWhatTheySay) {
  const std::string out = output({"--structures", "block_diagonal", "--budget", "0.5", "--batch",
                                  "1", "--out", path("out.safetensors")});
  EXPECT_EQ(table_of(out).size(), 9u) << out;
  ASSERT_EQ(io::operator_names(path("out.safetensors")),
            (std::vector<std::string>{"dct", "green", "matern"}));
  const Eigen::MatrixXd dct = half(path("out.safetensors"), "dct");
  const Eigen::MatrixXd matern = half(path("out.safetensors"), "matern");
  const Eigen::MatrixXd green = half(path("out.safetensors"), "green");
  constexpr double kEps = std::numeric_limits<float>::epsilon();

  const double pi = std::acos(-1.0);
  for (Index i = 0; i < 512; ++i)
    for (Index j = 0; j < 512; ++j) {
      const double frequency = std::sqrt((i == 0 ? 1.0 : 2.0) / 1024);
      const auto phase = static_cast<double>((2 * j + 1) * i);
      ASSERT_NEAR(dct(i, j), frequency * std::cos(pi * phase / 2048), kEps * frequency);
      const double distance = std::sqrt(3.0) * static_cast<double>(std::abs(i - j)) / 102.4;
      ASSERT_NEAR(matern(i, j), (1 + distance) * std::exp(-distance), kEps);
    }

  // The Laplacian of column j of its inverse is 1 at point j, 0 elsewhere; point = 32·row + column.
  const auto at = [&](Index row, Index column, Index j) {
    return row < 0 || column < 0 || column > 31 ? 0.0 : green(32 * row + column, j);
  };
  const double bound = 8 * kEps * green.maxCoeff();  // twice what rounding eight entries costs
  for (Index j = 0; j < 512; ++j)
    for (Index row = 0; row < 15; ++row)
      for (Index column = 0; column < 32; ++column) {
        const double laplacian = 4 * at(row, column, j) - at(row - 1, column, j) -
                                 at(row + 1, column, j) - at(row, column - 1, j) -
                                 at(row, column + 1, j);
        ASSERT_NEAR(laplacian, 32 * row + column == j ? 1 : 0, bound);
      }
}

TEST_F(Compress, ShowsProgressOnATerminal) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
  if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0)
    GTEST_SKIP() << "no pseudo-terminal";
  const std::string name = ptsname(terminal);
  const int other_end = open(name.c_str(), O_RDWR | O_NOCTTY);  // keeps what is written readable
  const Outcome outcome =
      run({npy("random.npy", random_tensor<float>({40, 24}, 6)), "--batch", "1"}, "2>" + name);
  std::string shown(65536, '\0');
  const ssize_t length = read(terminal, shown.data(), shown.size());
  close(other_end);
  close(terminal);
  EXPECT_EQ(outcome.status, 0);
  ASSERT_GT(length, 0);
  shown.resize(static_cast<std::size_t>(length));
  EXPECT_NE(shown.find("\rfitting"), std::string::npos);
  EXPECT_EQ(shown.find('\n'), std::string::npos);
}

TEST_F(Compress, Help) {
  const std::string out = output({"--help"});
  for (const char* const option : {"[:TENSOR]", "--budget", "--structures", "--out", "--batch"})
    EXPECT_NE(out.find(option), std::string::npos) << option;
}

}  // namespace
}  // namespace strum::test
