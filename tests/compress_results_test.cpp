// The compress program on matrices whose answer is known.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <set>

#include <nlohmann/json.hpp>

#include "compress_program.hpp"
#include "strum/io/operator_file.hpp"
#include "strum/io/safetensors.hpp"

namespace strum::test {
namespace {

using Compress = CompressTest;

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
  EXPECT_EQ(best.shape, "4 strided groups of rows, 4 strided groups of columns, rank 2");
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
  for (const std::string budget : {"0.15", "1"}) {
    const std::string out = output({file, "--budget", budget, "--batch", "2,5"});
    const std::vector<TableRow> rows = table_of(out);
    ASSERT_GE(rows.size(), 4u) << out;
    EXPECT_EQ(rows[0].structure, "dense");
    EXPECT_EQ(rows[1].structure, "dense");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].times.size(), 2u);
      EXPECT_EQ(rows[i].ratios.size(), 2u);
      EXPECT_LE(rows[i].percent, i < 2 ? 100 : 100 * std::stod(budget)) << out;
      if (i > 2) {
        EXPECT_GE(rows[i].percent, rows[i - 1].percent) << out;
      }
    }
  }
  const std::string out =
      output({file, "--structures", "low-RANK,kronecker_terms,low_rank+diagonal", "--batch", "1"});
  EXPECT_GE(table_of(out).size(), 4u) << out;
  for (const TableRow& row : table_of(out))
    EXPECT_TRUE(row.structure == "dense" || row.structure == "LowRank" ||
                row.structure == "Kronecker terms" || row.structure == "LowRank + Diagonal")
        << out;
}

/// 48 x 40, of rank 3 but for a thousandth of it.
Tensor<double> nearly_rank_three() {
  const Tensor<double> left = random_tensor<double>({48, 3}, 7);
  const Tensor<double> right = random_tensor<double>({3, 40}, 8);
  Tensor<double> w = random_tensor<double>({48, 40}, 9);
  for (Index i = 0; i < 48; ++i)
    for (Index j = 0; j < 40; ++j) {
      w(i, j) *= 1e-4;
      for (Index r = 0; r < 3; ++r) w(i, j) += left(i, r) * right(r, j);
    }
  return w;
}

TEST_F(Compress, FindsTheFewestParametersForAnError) {
  const Tensor<double> w = nearly_rank_three();
  const std::string out = output(
      {npy("three.npy", w), "--error", "1e-3", "--batch", "1", "--out", path("out.safetensors")});
  const TableRow best = best_of(out);
  EXPECT_EQ(best.structure, "LowRank") << out;
  EXPECT_EQ(best.shape, "rank 3");
  EXPECT_LE(measured_error(w, file("out.safetensors"), "three"), 1e-3);
  for (const TableRow& row : table_of(out)) {
    if (row.structure != "dense" && row.error < 1e-3) {
      EXPECT_GE(row.percent, best.percent) << out;
    }
  }
  EXPECT_NE(out.find("budget 100 %, error at most 0.001"), std::string::npos) << out;
}

TEST_F(Compress, SaysIfNoStructureReachesTheError) {
  const Outcome outcome =
      run({npy("random.npy", random_tensor<float>({40, 24}, 3)), "--error", "0.001", "--budget=0.5",
           "--batch=1", "--out", path("out.safetensors")});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(outcome.out.find("No structure reaches an error of 0.001 with 50 % of the parameters"),
            std::string::npos)
      << outcome.out;
  EXPECT_FALSE(fs::exists(file("out.safetensors")));
}

TEST_F(Compress, JsonIsAllThatIsPrintedAndTheSame) {
  const Tensor<double> w = nearly_rank_three();
  const std::vector<std::string> arguments = {npy("a<b&c.npy", w),
                                              "--batch",
                                              "2,1",
                                              "--seed",
                                              "5",
                                              "--budget",
                                              "0.2",
                                              "--json",
                                              "--out",
                                              path("out.safetensors"),
                                              "--plot",
                                              path("plot.svg")};
  const auto json = nlohmann::json::parse(output(arguments));
  EXPECT_EQ(json["options"]["seed"], 5);
  EXPECT_EQ(json["options"]["batches"], nlohmann::json({1, 2}));
  EXPECT_EQ(json["out"], path("out.safetensors"));
  ASSERT_EQ(json["matrices"].size(), 1u);
  const auto& matrix = json["matrices"][0];
  EXPECT_EQ(matrix["name"], "a<b&c");
  EXPECT_EQ(matrix["rows"], 48);
  EXPECT_EQ(matrix["dense"].size(), 2u);
  const auto& best = matrix["candidates"][matrix["best"].get<std::size_t>()];
  EXPECT_EQ(best["front"], true);
  const auto op = io::load_operator<double>(path("out.safetensors"), "a<b&c");
  EXPECT_EQ(best["parameters"], op.parameter_count());
  EXPECT_NEAR(best["error"], measured_error(w, file("out.safetensors"), "a<b&c"), 1e-12);
  for (const auto& candidate : matrix["candidates"]) {
    EXPECT_EQ(candidate["microseconds"].size(), 2u);
    EXPECT_LE(candidate["fraction"], 0.2);
  }

  // The picture has a mark for each candidate, and one in the key for each structure.
  std::set<std::string> structures;
  for (const auto& candidate : matrix["candidates"]) structures.insert(candidate["structure"]);
  const std::string plot = read_bytes(file("plot.svg"));
  EXPECT_EQ(plot.rfind("<svg", 0), 0u);
  EXPECT_EQ(plot.substr(plot.size() - 7), "</svg>\n");
  EXPECT_NE(plot.find(">a&lt;b&amp;c<"), std::string::npos);
  std::size_t marks = 0;
  for (std::size_t found = plot.find("<title>"); found != std::string::npos; ++marks)
    found = plot.find("<title>", found + 1);
  EXPECT_EQ(marks, matrix["candidates"].size() + structures.size());
  EXPECT_EQ(plot.find("nan"), std::string::npos);
}

TEST_F(Compress, InputsOfRankThreeNeedAnOperatorOfRankThree) {
  const Tensor<double> w = random_tensor<double>({40, 24}, 10);
  const Tensor<double> mixing = random_tensor<double>({50, 3}, 11);
  const Tensor<double> features = random_tensor<double>({3, 24}, 12);
  Tensor<double> x({50, 24});  // samples x features
  for (Index i = 0; i < 50; ++i)
    for (Index j = 0; j < 24; ++j)
      for (Index r = 0; r < 3; ++r) x(i, j) += mixing(i, r) * features(r, j);
  const std::vector<std::string> arguments = {npy("w.npy", w), "--calibrate", npy("x.npy", x),
                                              "--batch", "1"};
  const std::string out = output(arguments);
  EXPECT_NE(out.find("LowRank (rank 3) does for an error of"), std::string::npos) << out;
  EXPECT_NE(out.find("on the inputs X of " + path("x.npy")), std::string::npos) << out;

  std::vector<std::string> more = {"--json", "--out", path("out.safetensors")};
  more.insert(more.begin(), arguments.begin(), arguments.end());
  const auto json = nlohmann::json::parse(output(more));
  const auto& matrix = json["matrices"][0];
  const auto& best = matrix["candidates"][matrix["best"].get<std::size_t>()];
  EXPECT_EQ(best["shape"], "rank 3");
  EXPECT_LE(best["calibrated_error"], 1e-6);  // from sums of squares
  EXPECT_NEAR(best["error"], measured_error(w, file("out.safetensors"), "w"), 1e-12);
  EXPECT_GT(best["error"], 0.1);
}

TEST_F(Compress, RatioIsAgainstTheFasterDenseProduct) {
  const std::string out = output(
      {npy("random.npy", random_tensor<float>({40, 24}, 5)), "--structures", "low_rank,monarch"});
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
  const TableRow best =
      best_of(output({path("a:b.safetensors"), "--structures", "monarch", "--batch", "1"}));
  EXPECT_EQ(best.shape,
            "16 strided groups of rows in 2 parts, 16 strided groups of columns, rank 2");
  EXPECT_EQ(best.percent, 24.9);
  EXPECT_LE(best.error, 1e-6);

  // Names with colons, and a tensor that is named.
  (void)output({path("a:b.safetensors") + ":stft:basis", "--structures", "block_diagonal",
                "--batch", "1", "--out", path("out.safetensors")});
  EXPECT_EQ(io::operator_names(path("out.safetensors")), std::vector<std::string>{"stft:basis"});
}

TEST_F(Compress, BuiltInMatrices) {
  const std::string out =
      output({"--structures", "butterfly", "--batch", "1", "--out", path("out.safetensors")});
  EXPECT_GE(table_of(out).size(), 9u) << out;
  EXPECT_EQ(io::operator_names(path("out.safetensors")),
            (std::vector<std::string>{"dct", "green", "matern"}));
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
  for (const char* const option :
       {"[:TENSOR]", "--budget", "--error", "--structures", "--out", "--batch", "--seed", "--plot",
        "--json", "--model", "--least", "--calibrate", "Kronecker_terms", "LowRank+Diagonal"})
    EXPECT_NE(out.find(option), std::string::npos) << option;
}

}  // namespace
}  // namespace strum::test
