// The compress program on whole models.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <thread>

#include <nlohmann/json.hpp>

#include "compress_program.hpp"
#include "strum/io/safetensors.hpp"

namespace strum::test {
namespace {

class CompressModel : public CompressTest {
 protected:
  using Json = nlohmann::json;
  using Strings = std::vector<std::string>;

  /// With a bit of everything.
  [[nodiscard]] std::string mixed_bag() const {
    Tensor<float> wild = random_tensor<float>({32, 32}, 3);
    wild(2, 5) = std::numeric_limits<float>::quiet_NaN();
    const std::map<std::string, Tensor<float>> tensors = {
        {"bias", Tensor<float>({2048})},
        {"codes", random_tensor<float>({32, 32}, 4)},
        {"conv", random_tensor<float>({8, 16, 9}, 5)},
        {"head", random_tensor<float>({4, 8}, 6)},
        {"noise", random_tensor<float>({40, 1, 32}, 7)},
        {"planted", {{1, 36, 32}, std::vector<float>(planted_.data(), planted_.data() + 36 * 32)}},
        {"wild", wild},
        {"zero", Tensor<float>({32, 32})}};
    io::write_safetensors(path("bag.safetensors"), tensors);
    std::string bytes = read_bytes(file("bag.safetensors"));
    bytes.replace(bytes.find("F32", bytes.find("\"codes\"")), 3, "I32");
    write_bytes(file("bag.safetensors"), bytes);
    return path("bag.safetensors");
  }

  /// Five that all have a structure.
  [[nodiscard]] std::string series() const {
    std::map<std::string, Tensor<float>> tensors;
    for (int i = 0; i < 5; ++i) {
      Tensor<float> scaled = planted_;
      for (Index j = 0; j < scaled.size(); ++j) scaled[j] *= static_cast<float>(i + 1);
      tensors.emplace("t" + std::to_string(i), scaled);
    }
    io::write_safetensors(path("series.safetensors"), tensors);
    return path("series.safetensors");
  }

  [[nodiscard]] Strings arguments(const std::string& model, const Strings& more = {}) const {
    Strings all = {"--model",      model,
                   "--least",      "1000",
                   "--batch",      "2",
                   "--budget",     "0.5",
                   "--out",        path("out.safetensors"),
                   "--structures", "Monarch"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  /// Starts the program, sends SIGINT once a tensor is done, and returns how it ended.
  [[nodiscard]] int interrupted(Strings all) const {
    all.insert(all.begin(), COMPRESS_PROGRAM);
    std::vector<char*> argv;
    for (std::string& each : all) argv.push_back(each.data());
    argv.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      for (const int end : {STDOUT_FILENO, STDERR_FILENO})
        dup2(open(path(end == STDOUT_FILENO ? "stdout" : "stderr").c_str(),
                  O_WRONLY | O_CREAT | O_TRUNC, 0600),
             end);
      execv(argv[0], argv.data());
      _exit(127);
    }
    for (int i = 0; i < 3000 && !fs::exists(file("out.safetensors.part.json")); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    kill(child, SIGINT);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  const Tensor<float> planted_ = planted<float>();
};

TEST_F(CompressModel, ReplacesWhatHasAStructureAndSaysWhyNot) {
  const std::string model = mixed_bag();
  const Json json = Json::parse(output(arguments(model, {"--json"})));
  std::map<std::string, Json> tensors;
  for (const Json& tensor : json["tensors"]) tensors[tensor["tensor"]] = tensor;
  EXPECT_EQ(tensors.size(), 8u);

  EXPECT_EQ(tensors["planted"]["status"], "replaced");
  EXPECT_EQ(tensors["planted"]["parameters"], 544);
  EXPECT_LE(tensors["planted"]["error"], 1e-6);
  EXPECT_EQ(tensors["noise"]["status"], "dense");
  EXPECT_EQ(tensors["noise"]["structure"], "Monarch");
  EXPECT_GT(tensors["noise"]["error"], 0.01);
  for (const auto& [name, reason] :
       std::map<std::string, std::string>{{"bias", "1-D"},
                                          {"codes", "of type I32"},
                                          {"conv", "3-D"},
                                          {"head", "32 entries"},
                                          {"wild", "it has NaN at row 2, column 5"},
                                          {"zero", "it is zero everywhere: 32 x 32"}}) {
    EXPECT_EQ(tensors[name]["status"], "left alone") << name;
    EXPECT_EQ(tensors[name]["reason"], reason);
  }

  const Index all = 2048 + 1024 + 8 * 16 * 9 + 32 + 40 * 32 + 36 * 32 + 1024 + 1024;
  EXPECT_EQ(json["parameters_before"], all);
  EXPECT_EQ(json["parameters_after"], all - 36 * 32 + 544);
  const auto us = [&](const char* name, const char* which) {
    return tensors[name][which].get<double>();
  };
  EXPECT_NEAR(json["microseconds_before"],
              us("planted", "dense_microseconds") + us("noise", "dense_microseconds"), 1e-9);
  EXPECT_NEAR(json["microseconds_after"],
              us("planted", "microseconds") + us("noise", "dense_microseconds"), 1e-9);

  EXPECT_EQ(io::operator_names(path("out.safetensors")), Strings{"planted"});
  EXPECT_LE(measured_error(planted_, file("out.safetensors"), "planted"), 1e-6);
  EXPECT_EQ(files_in_folder(), 4u);  // the model, out, stdout and stderr
}

TEST_F(CompressModel, PrintsALineForEachTensor) {
  const std::string model = mixed_bag();
  const std::string out = output(arguments(model));
  const std::vector<std::string> lines = lines_of(out);
  const auto line = [&](const std::string& tensor) {
    for (const std::string& each : lines)
      if (each.rfind(tensor + " ", 0) == 0) return cells_of(each);
    return std::vector<std::string>{};
  };
  EXPECT_EQ(line("bias"), (Strings{"bias", "2048", "left alone: 1-D"})) << out;
  EXPECT_EQ(line("conv"), (Strings{"conv", "8 x 16 x 9", "left alone: 3-D"})) << out;
  ASSERT_EQ(line("planted").size(), 7u) << out;
  EXPECT_EQ(line("planted")[2], "47.2 %");
  EXPECT_EQ(line("planted")[6].rfind("Monarch, ", 0), 0u) << out;
  ASSERT_EQ(line("noise").size(), 7u) << out;
  EXPECT_EQ(line("noise")[6].rfind("stays dense; best found: Monarch, ", 0), 0u) << out;
  EXPECT_NE(out.find("at most 0.01: 1; stay dense: 1; left alone: 6."), std::string::npos) << out;
  EXPECT_NE(out.find("Parameters of all tensors: 8736 before, 8128 after (93.0 %)."),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("1 of the tensors; read back"), std::string::npos) << out;
}

TEST_F(CompressModel, GoesOnAfterAnInterruption) {
  const std::string model = series();
  EXPECT_EQ(interrupted(arguments(model)), 130);
  EXPECT_FALSE(fs::exists(file("out.safetensors")));
  const fs::path part = file("out.safetensors.part"), text = file("out.safetensors.part.json");
  EXPECT_NE(read_bytes(file("stderr")).find("the same command goes on from there"),
            std::string::npos);
  EXPECT_EQ(files_in_folder(), 5u);  // the model, those two, stdout and stderr
  const std::vector<std::string> done = io::operator_names(part);
  ASSERT_GE(done.size(), 1u);
  ASSERT_LT(done.size(), 5u) << "done before the signal came";
  std::map<std::string, AnyLinearOp<float>> before;
  for (const std::string& name : done) before.emplace(name, io::load_operator<float>(part, name));

  const std::string kept = read_bytes(part), kept_text = read_bytes(text);
  const Outcome other = run(arguments(model, {"--seed", "3"}));
  EXPECT_EQ(other.status, 1);
  EXPECT_NE(other.err.find("other options: seed 0 instead of 3"), std::string::npos) << other.err;
  EXPECT_EQ(read_bytes(part), kept);
  EXPECT_EQ(read_bytes(text), kept_text);

  // What was done is taken over to the last digit of its times, so not done again.
  const Json all = Json::parse(output(arguments(model, {"--json"})))["tensors"];
  const Json kept_tensors = Json::parse(kept_text)["done"];
  EXPECT_EQ(kept_tensors.size(), done.size());
  for (const Json& tensor : kept_tensors)
    EXPECT_NE(std::find(all.begin(), all.end(), tensor), all.end()) << tensor;
  EXPECT_FALSE(fs::exists(part));
  EXPECT_FALSE(fs::exists(text));
  EXPECT_EQ(io::operator_names(path("out.safetensors")), (Strings{"t0", "t1", "t2", "t3", "t4"}));
  for (const auto& [name, op] : before) {
    const auto after = io::load_operator<float>(path("out.safetensors"), name);
    EXPECT_EQ(after.to_dense(), op.to_dense()) << name;
  }
}

TEST_F(CompressModel, DoesNotGoOnWithAnotherModel) {
  const std::string model = series();
  EXPECT_EQ(interrupted(arguments(model)), 130);
  io::write_safetensors(
      model, std::map<std::string, Tensor<float>>{{"t0", random_tensor<float>({36, 32}, 8)}});
  EXPECT_NE(run(arguments(model)).err.find("is of another model"), std::string::npos);
  write_bytes(file("out.safetensors.part.json"), "{");
  const Outcome damaged = run(arguments(model));
  EXPECT_EQ(damaged.status, 1);
  EXPECT_NE(damaged.err.find("out.safetensors.part.json is damaged"), std::string::npos);
}

TEST_F(CompressModel, DoubleIsWrittenAsDoubleAndNotMixed) {
  const std::string model = path("double.safetensors");
  io::write_safetensors(model, std::map<std::string, Tensor<double>>{{"a", planted<double>()},
                                                                     {"b", planted<double>()}});
  const std::string out = output(arguments(model));
  EXPECT_LE(measured_error(planted<double>(), file("out.safetensors"), "b"), 1e-14) << out;

  std::string bytes = read_bytes(model);
  // b's numbers become twice as many narrower ones.
  const std::size_t b = bytes.find("\"b\"");
  bytes.replace(bytes.find("F64", b), 3, "F32");
  bytes.replace(bytes.find("[36,32]", b), 7, "[72,32]");
  write_bytes(model, bytes);
  const Outcome mixed = run(arguments(model));
  EXPECT_EQ(mixed.status, 1);
  EXPECT_NE(mixed.err.find("tensors of double (a) and of narrower types (b)"), std::string::npos)
      << mixed.err;
}

}  // namespace
}  // namespace strum::test
