// The compress program and input that is bad: one clear line, and a status that says so.
#include <cmath>
#include <cstdint>
#include <limits>

#include "compress_program.hpp"
#include "strum/io/safetensors.hpp"

namespace strum::test {
namespace {

constexpr int kBadFile = 1, kBadOptions = 2;

class CompressErrors : public CompressTest {
 protected:
  /// Nothing on stdout, one line on stderr that has `words` in it.
  void expect_refused(const std::vector<std::string>& arguments, int status,
                      const std::vector<std::string>& words) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.status, status) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
    EXPECT_EQ(outcome.err.rfind("compress: ", 0), 0u) << outcome.err;
    for (const std::string& word : words)
      EXPECT_NE(outcome.err.find(word), std::string::npos)
          << "no '" << word << "': " << outcome.err;
  }

  /// 8 x 8 with the diagonal 1 … 8.
  static Tensor<float> good() {
    Tensor<float> values({8, 8});
    for (Index i = 0; i < 8; ++i) values(i, i) = static_cast<float>(i + 1);
    return values;
  }

  [[nodiscard]] std::string several() const {
    const std::string name = path("several.safetensors");
    io::write_safetensors(name,
                          std::map<std::string, Tensor<float>>{
                              {"up", good()}, {"down", good()}, {"bias", Tensor<float>({8})}});
    return name;
  }
};

TEST_F(CompressErrors, Options) {
  expect_refused({"--budget", "0"}, kBadOptions, {"--budget", "0 is outside (0, 1]"});
  expect_refused({"--budget", "1.5"}, kBadOptions, {"--budget", "1.5 is outside (0, 1]"});
  expect_refused({"--budget=-0.1"}, kBadOptions, {"--budget", "-0.1 is outside (0, 1]"});
  expect_refused({"--budget", "nan"}, kBadOptions, {"--budget", "nan is outside (0, 1]"});
  expect_refused({"--budget", "25%"}, kBadOptions, {"--budget", "25%"});
  expect_refused({"--budget"}, kBadOptions, {"--budget", "missing"});
  expect_refused({"--bogus"}, kBadOptions, {"--bogus", "--help"});
  expect_refused({"-x"}, kBadOptions, {"-x"});
  expect_refused({"one.npy", "two.npy"}, kBadOptions, {"two.npy"});
  expect_refused({"--structures", "monarch,butter"}, kBadOptions, {"'butter'", "BlockDiagonal"});
  expect_refused({"--error", "0"}, kBadOptions, {"--error", "0 is outside (0, 1)"});
  expect_refused({"--error", "1"}, kBadOptions, {"--error", "1 is outside (0, 1)"});
  expect_refused({"--seed=-1"}, kBadOptions, {"--seed", "-1"});
  expect_refused({"--plot", "picture.png"}, kBadOptions, {"picture.png", ".svg"});
  expect_refused({"--least", "5"}, kBadOptions, {"--least", "--model"});
  expect_refused({"--model", "m", "--least", "0"}, kBadOptions, {"--least", "0 is less than 1"});
  expect_refused({"--model", "m", "--plot", "p.svg"}, kBadOptions, {"--plot", "--model"});
  expect_refused({"one.npy", "--model", "m"}, kBadOptions, {"FILE", "--model"});
  expect_refused({"--structures"}, kBadOptions, {"--structures", "missing"});
  for (const char* batch : {"0", "-1", "1,x", "1.5", "99999999999999999999", "1000000"})
    expect_refused({std::string("--batch=") + batch}, kBadOptions, {"--batch", "1 to 65536"});
  expect_refused({"--batch", ","}, kBadOptions, {"--batch", "missing"});
}

TEST_F(CompressErrors, Files) {
  expect_refused({path("none.npy")}, kBadFile, {"no such file", "none.npy"});
  expect_refused({path("none.safetensors") + ":up"}, kBadFile, {"no such file", "none.safetensor"});
  fs::create_directory(file("folder.npy"));
  expect_refused({path("folder.npy")}, kBadFile, {"folder.npy is a directory"});
  write_bytes(file("text.txt"), "1 2\n3 4\n");
  expect_refused({path("text.txt")}, kBadFile, {"text.txt is neither", ".npy", ".safetensors"});
  write_bytes(file("text.npy"), "1 2\n3 4\n");
  expect_refused({path("text.npy")}, kBadFile, {"text.npy"});
  write_bytes(file("text.safetensors"), "1 2\n3 4\n");
  expect_refused({path("text.safetensors")}, kBadFile, {"text.safetensors"});
  const std::string whole = read_bytes(npy("whole.npy", good()));
  write_bytes(file("cut.npy"), whole.substr(0, whole.size() - 1));
  expect_refused({path("cut.npy")}, kBadFile, {"cut.npy"});
  std::string integers = whole;
  integers.replace(integers.find("<f4"), 3, "<i4");
  write_bytes(file("integers.npy"), integers);
  expect_refused({path("integers.npy")}, kBadFile, {"integers.npy", "i4"});
}

TEST_F(CompressErrors, Tensors) {
  expect_refused({several() + ":left"}, kBadFile,
                 {"no tensor 'left'", "bias", "down", "up (8, 8)"});
  expect_refused({several()}, kBadFile, {"name one", "bias (8)", "down (8, 8)", "up (8, 8)"});
  expect_refused({several() + ":bias"}, kBadFile, {"bias is not 2-D", "(8)"});
  expect_refused({npy("good.npy", good()) + ":up"}, kBadFile, {"good.npy", "':up'"});
  const std::map<std::string, Tensor<float>> vector = {{"bias", Tensor<float>({8})}};
  io::write_safetensors(path("vector.safetensors"), vector);
  expect_refused({path("vector.safetensors")}, kBadFile, {"no 2-D tensor", "bias (8)"});
  io::write_safetensors(path("empty.safetensors"), std::map<std::string, Tensor<float>>{});
  expect_refused({path("empty.safetensors")}, kBadFile, {"empty.safetensors holds no tensors"});
}

TEST_F(CompressErrors, Shapes) {
  for (const Shape& shape : {Shape{}, Shape{8}, Shape{2, 3, 4}, Shape{2, 1, 3, 4}})
    expect_refused({npy("shape.npy", Tensor<double>(shape))}, kBadFile,
                   {"shape.npy is not 2-D: its shape is ("});
  expect_refused({npy("none.npy", Tensor<double>({0, 5}))}, kBadFile, {"is empty: 0 x 5"});
  expect_refused({npy("none.npy", Tensor<double>({5, 1, 0}))}, kBadFile, {"is empty: 5 x 0"});
}

TEST_F(CompressErrors, Values) {
  for (const bool nan : {true, false}) {
    Tensor<float> values = good();
    values(2, 5) = nan ? std::nanf("") : -std::numeric_limits<float>::infinity();
    expect_refused({npy("bad.npy", values)}, kBadFile,
                   {"bad.npy", nan ? "NaN" : "Inf", "row 2, column 5"});
  }
  expect_refused({npy("zero.npy", Tensor<float>({8, 8}))}, kBadFile, {"zero everywhere"});
}

TEST_F(CompressErrors, Inputs) {
  const std::string w = npy("good.npy", good());
  expect_refused({w, "--calibrate", npy("x.npy", Tensor<float>({3, 7}, std::vector<float>(21, 1)))},
                 kBadFile, {"x.npy has samples of 7 features, the matrix 8 columns"});
  expect_refused({w, "--calibrate", path("none.npy")}, kBadFile, {"no such file", "none.npy"});
  Tensor<float> bad = good();
  bad(2, 5) = std::nanf("");
  expect_refused({w, "--calibrate", npy("bad.npy", bad)}, kBadFile, {"NaN at row 2, column 5"});
  expect_refused({"--model", "m", "--calibrate", w}, kBadOptions, {"--calibrate", "--model"});
}

TEST_F(CompressErrors, NothingFits) {
  expect_refused({npy("tiny.npy", Tensor<float>({1, 2}, {3.0F, 4.0F}))}, kBadFile,
                 {"no structure", "1 x 2", "25 %"});
}

TEST_F(CompressErrors, Output) {
  const std::string good_file = npy("good.npy", good());
  expect_refused({good_file, "--out", path("good.npy")}, kBadOptions, {"good.npy", ".safetensors"});
  expect_refused({good_file, "--out", path("no/out.safetensors")}, kBadFile,
                 {"cannot write to", "no/out.safetensors"});
  expect_refused({good_file, "--out", good_file + "/out.safetensors"}, kBadFile,
                 {"cannot write to", "good.npy/out.safetensors"});
  fs::create_directory(file("folder.safetensors"));
  expect_refused({good_file, "--out", path("folder.safetensors")}, kBadFile,
                 {"cannot write to", "folder.safetensors"});
  expect_refused({good_file, "--plot", path("no/plot.svg")}, kBadFile,
                 {"cannot write to", "no/plot.svg"});
  const std::string before = read_bytes(several());
  expect_refused({several() + ":up", "--out", path("./several.safetensors")}, kBadFile,
                 {"several.safetensors is the input"});
  expect_refused({"--model", several(), "--out", several()}, kBadFile, {"is the input"});
  EXPECT_EQ(read_bytes(several()), before);
}

TEST_F(CompressErrors, AFailureLeavesNoOutputBehind) {
  expect_refused({path("none.npy"), "--out", path("out.safetensors")}, kBadFile, {"no such file"});
  EXPECT_FALSE(fs::exists(file("out.safetensors")));
  write_bytes(file("out.safetensors"), "something else");
  expect_refused({path("none.npy"), "--out", path("out.safetensors")}, kBadFile, {"no such file"});
  EXPECT_EQ(read_bytes(file("out.safetensors")), "something else");
}

TEST_F(CompressErrors, FullDisk) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  const Outcome outcome = run({npy("good.npy", good()), "--batch", "1"}, ">/dev/full");
  EXPECT_EQ(outcome.status, kBadFile);
  EXPECT_EQ(outcome.err, "compress: cannot write to the standard output\n");
}

}  // namespace
}  // namespace strum::test
