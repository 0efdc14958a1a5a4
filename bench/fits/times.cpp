// Seconds that fits take, as a Markdown table, all threads: medians of three runs, the whole search
// one.
//
//     strum_fit_times > times.md
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "strum/core/parallel.hpp"
#include "strum/fit/block_low_rank.hpp"
#include "strum/fit/kronecker.hpp"
#include "strum/fit/low_rank.hpp"
#include "strum/fit/monarch.hpp"
#include "strum/fit/monarch_chain.hpp"
#include "strum/fit/search.hpp"
#include "strum/fit/tensor_train.hpp"
#include "strum/fit/two_core_block_tensor_train.hpp"

namespace {

using Eigen::MatrixXf;
using strum::Index;

void row(const std::string& what, double aim, int runs, const std::function<void()>& fit) {
  std::vector<double> seconds;
  for (int run = 0; run < runs; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    fit();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(seconds.begin(), seconds.end());
  std::printf("| %s | %.3g | %.3g |\n", what.c_str(), seconds[seconds.size() / 2], aim);
  std::fflush(stdout);
}

}  // namespace

int main() {
  namespace fit = strum::fit;
  std::mt19937 generator(1);
  std::normal_distribution<float> normal;
  const MatrixXf w = MatrixXf::NullaryExpr(4096, 4096, [&] { return normal(generator); });
  const MatrixXf v = w.topLeftCorner(1024, 1024);
  std::printf("# Seconds of fits of Gaussian matrices of float, %d threads\n\n",
              strum::num_threads());
  std::printf("| fit | seconds | aim |\n|---|---:|---:|\n");
  row("4096 x 4096: Monarch of 64 blocks of 64", 3, 3,
      [&] { (void)fit::monarch(w, strum::MonarchShape::square(4096)); });
  row("4096 x 4096: low rank 256, randomized", 2, 3,
      [&] { (void)fit::low_rank(w, 256, {.method = fit::SvdMethod::randomized}); });
  row("1024 x 1024: low rank 128, exact", 2, 3, [&] { (void)fit::low_rank(v, 128); });
  row("1024 x 1024: Monarch of 32 blocks of 32", 2, 3,
      [&] { (void)fit::monarch(v, strum::MonarchShape::square(1024)); });
  row("1024 x 1024: BTT of rank 4", 2, 3, [&] {
    (void)fit::two_core_block_tensor_train(v, strum::TwoCoreShape{32, 32, 32, 32, 4});
  });
  row("1024 x 1024: Kronecker product", 2, 3, [&] {
    (void)fit::kronecker(v, fit::KroneckerShape{32, 32, 32, 32});
  });
  row("1024 x 1024: butterfly", 2, 3, [&] { (void)fit::butterfly(v); });
  row("1024 x 1024: chain of 8, 8, 16", 2, 3, [&] { (void)fit::monarch_chain(v, {8, 8, 16}); });
  row("1024 x 1024: tensor train of rank 16", 2, 3, [&] {
    (void)fit::tensor_train(v, fit::TensorTrainShape{{8, 8, 16}, {8, 8, 16}, 16});
  });
  row("1024 x 1024: 4 x 4 blocks of rank 32", 2, 3, [&] { (void)fit::block_low_rank(v, 4, 128); });
  row("1024 x 1024: search, budget 0.25", 0, 1, [&] { (void)fit::search(v); });
  row("4096 x 4096: search, budget 0.25", 60, 1, [&] { (void)fit::search(w); });
}
