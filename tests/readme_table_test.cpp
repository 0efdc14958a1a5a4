// The README's table of operators: complete, and right about what each of them can.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "strum/algebra/factorize.hpp"
#include "strum/io/operator_file.hpp"
#include "strum/nn/fourier_synthesis.hpp"
#include "suite/random.hpp"

namespace strum::test {
namespace {

struct Abilities {
  bool solve = false, complex = false, bf16 = false;
  friend bool operator==(const Abilities&, const Abilities&) = default;
  friend void PrintTo(const Abilities& a, std::ostream* out) {
    *out << "solve " << a.solve << ", complex " << a.complex << ", bf16 " << a.bf16;
  }
};
using Table = std::map<std::string, Abilities>;

std::vector<std::string> split(const std::string& line, char at) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

/// Of the rows "| `Name`, `Name` | ... | solve | complex | bf16 |".
Table table_of_readme() {
  Table table;
  std::ifstream in(README);
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("| operator |")) {
      EXPECT_TRUE(line.ends_with("| solve | complex | bf16 |")) << line;
      inside = true;
      continue;
    }
    if (!line.starts_with("|")) inside = false;
    if (!inside || line.starts_with("|--")) continue;
    const std::vector<std::string> cells = split(line, '|');
    const auto has = [&](std::size_t column) {
      return cells.at(column).find("✓") != std::string::npos;
    };
    const std::vector<std::string> names = split(cells.at(1), '`');
    for (std::size_t i = 1; i < names.size(); i += 2)
      table[names[i]] = {has(cells.size() - 3), has(cells.size() - 2), has(cells.size() - 1)};
  }
  return table;
}

Tensor<float> tensor(const Shape& shape) { return random_tensor<float>(shape, 1); }

template <class Op>
void add(Table& table, const Op& op, bool complex = true) {
  Abilities a{.solve = true, .complex = complex};
  try {
    (void)factorize(AnyLinearOp<float>(op));
  } catch (const ValueError&) {
    a.solve = false;
  }
  a.bf16 = requires { typename Op::template WithWeights<bfloat16>; };
  table[std::string(op.name())] = a;
}

/// A square one of each, whose blocks are square too where its kind allows, for what follows.
Table table_of_library() {
  Table t;
  add(t, Dense<float>(tensor({5, 5}).matrix()));
  add(t, BlockDiagonal<float>(tensor({3, 4, 4})));
  add(t, LowRank<float>(tensor({9, 3}).matrix(), tensor({3, 9}).matrix()));
  add(t, KroneckerSparse<float>(tensor({2, 3, 3, 4})));
  add(t, Monarch<float>(tensor({4, 4, 4}), tensor({4, 4, 4})));
  add(t, MonarchChain<float>({tensor({4, 2, 2, 1}), tensor({2, 2, 2, 2}), tensor({1, 2, 2, 4})}));
  add(t, Permutation<float>::stride(3, 4));
  add(t, Identity<float>(5));
  add(t, Zero<float>(5, 5));
  add(t, Sparse<float>(5, 5, {{1, 2, 3.0F}, {4, 0, 5.0F}}));
  add(t, Diagonal<float>(tensor({6})));
  add(t, RaggedBlockDiagonal<float>({tensor({2, 2}), tensor({3, 3})}));
  add(t, Householder<float>(tensor({9, 4})));
  add(t, GivensRotations<float>(tensor({6}), tensor({6}), 4));
  add(t, OrthogonalBlockDiagonal<float>(tensor({3, 6})));
  add(t, ButterflyOrthogonal<float>(tensor({2, 2, 4, 4})));
  add(t, Butterfly<float>({8, 8, 1}, tensor({1, 1, 3, 4, 2, 2})));
  add(t, OrthogonalButterfly<float>({8, 8, 1}, tensor({1, 1, 3, 4})));
  add(t, BlockButterfly<float>({12, 12, 1, true, 2, 3}, tensor({1, 1, 2, 2, 2, 2, 3, 3})));
  add(t, FlatButterfly<float>(FlatButterflyShape::exact(4, 1, 3, 3, 0), tensor({4, 2, 3, 3})));
  add(t, Kronecker<float>({tensor({2, 2}), tensor({3, 3})}));
  add(t, KroneckerSum<float>({tensor({2, 2}), tensor({3, 3})}));
  add(t, TensorTrain<float>({tensor({1, 2, 2, 2}), tensor({2, 3, 3, 1})}));
  add(t, BlockDense<float>(tensor({4, 2, 3}), tensor({12, 8})));
  add(t, BlockShuffle<float>(12, 12, 3, tensor({3, 4, 4}), tensor({3, 4, 4})));
  add(t, BlockTensorTrain<float>(BlockTensorTrainShape{{2, 3}, {2, 3}, {1, 1, 1}},
                                 {tensor({1, 1, 2, 2, 3}), tensor({1, 1, 2, 3, 3})}));
  add(t, TwoCoreBlockTensorTrain<float>(tensor({3, 2, 2}), tensor({2, 3, 3})));
  add(t, Blast<float>(tensor({2, 6, 3}), tensor({2, 3, 6}), tensor({2, 2, 3})));
  add(t, BlockLowRank<float>(1, tensor({3, 4, 6}), tensor({3, 6, 4})));
  add(t, EinsumOperator<float>(tensor({1, 2, 2, 3, 2}), tensor({1, 6, 2, 3, 2})));
  add(t, FourierSynthesis<float>(3, 8), false);
  t["Fourier"] = {.solve = true, .complex = true};  // and not real
  add(t, Cosine<float>(2, 9));
  add(t, Sine<float>(2, 9));
  add(t, Hartley<float>(9));
  add(t, Hadamard<float>(12));
  add(t, Haar<float>(8));
  add(t, Circulant<float>(tensor({6})));
  add(t, BlockCirculant<float>(tensor({2, 2, 3})));
  add(t, Toeplitz<float>(tensor({6}), tensor({6})));
  add(t, Hankel<float>(6, tensor({11})));
  add(t, ToeplitzLike<float>(tensor({2, 6}), tensor({2, 6}), 1, -1));
  add(t, Vandermonde<float>(tensor({6}), 6));
  add(t, CauchyLike<float>(tensor({1, 3}), tensor({1, 3}), Tensor<float>({3}, {1, 2, 3}),
                           Tensor<float>({3}, {-1, -2, -3})));
  add(t, Fastfood<float>(4, 4, tensor({1, 4}), tensor({1, 4}), tensor({1, 4}), {1, 0, 3, 2}));
  add(t, Acdc<float>(tensor({6}), tensor({6})));
  add(t, SpectralSparse<float>(4, 4, {0, 1}, {2, 3}, tensor({2})));
  add(t, LongConvolution<float>(ConvolutionMode::causal, 8, tensor({2, 8})), false);
  add(t, FrequencySparseConvolution<float>(8, 16, 4, tensor({2, 8})), false);
  add(t, ShortConvolution<float>(8, tensor({2, 3})), false);
  return t;
}

TEST(ReadmeTable, SaysWhatTheOperatorsCan) {
  const Table said = table_of_readme(), is = table_of_library();
  for (const auto& [name, abilities] : is) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(said.contains(name)) << "the table has no row for it";
    EXPECT_EQ(said.at(name), abilities);
  }
  EXPECT_EQ(said.size(), is.size());
}

TEST(ReadmeTable, HasEveryOperatorOfFiles) {
  const Table said = table_of_readme();
  for (const auto& [name, restore] : detail::kRestorable<float, float>)
    EXPECT_TRUE(said.contains(std::string(name))) << name;
}

}  // namespace
}  // namespace strum::test
