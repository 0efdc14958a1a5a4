// What the tests of the compress program share: matrices, running it, and reading its table.
#pragma once

#include <sys/wait.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "io_files.hpp"
#include "strum/io/npy.hpp"
#include "strum/io/operator_file.hpp"

namespace strum::test {

struct Outcome {
  int status;
  std::string out, err;
};

/// One line of the table.
struct TableRow {
  bool marked;
  std::string structure, shape;
  double percent, error;
  std::vector<double> times, ratios;
};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The cells of a line, which are two spaces or more apart.
inline std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t at = line.find_first_not_of(' '); at != std::string::npos;) {
    const std::size_t end = line.find("  ", at);
    cells.push_back(line.substr(at, end - at));
    at = end == std::string::npos ? end : line.find_first_not_of(' ', end);
  }
  return cells;
}

/// The rows of all tables in an output, dense products included.
inline std::vector<TableRow> table_of(const std::string& out) {
  std::vector<TableRow> rows;
  for (const std::string& line : lines_of(out)) {
    std::vector<std::string> cells = cells_of(line);
    const bool marked = !cells.empty() && cells[0] == "*";
    if (marked) cells.erase(cells.begin());
    if (cells.size() < 4 || cells[1].find(" %") == std::string::npos) continue;
    TableRow row = {marked, cells[0], cells.back(), std::stod(cells[1]), std::stod(cells[2]),
                    {},     {}};
    for (std::size_t i = 3; i + 2 < cells.size(); i += 2) {
      row.times.push_back(std::stod(cells[i]));
      row.ratios.push_back(std::stod(cells[i + 1]));
    }
    rows.push_back(row);
  }
  return rows;
}

/// The one marked row of the one table in an output.
inline TableRow best_of(const std::string& out) {
  std::vector<TableRow> marked;
  for (const TableRow& row : table_of(out))
    if (row.marked) marked.push_back(row);
  EXPECT_EQ(marked.size(), 1u) << out;
  return marked.empty() ? TableRow{} : marked[0];
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

class CompressTest : public IoTest {
 protected:
  /// Runs the program; `redirect` may send its output elsewhere than to the outcome.
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments,
                            const std::string& redirect = "") const {
    std::ostringstream command;
    command << quoted(COMPRESS_PROGRAM);
    for (const std::string& argument : arguments) command << ' ' << quoted(argument);
    const fs::path out = file("stdout"), err = file("stderr");
    command << " </dev/null >" << quoted(out.string()) << " 2>" << quoted(err.string()) << ' '
            << redirect;
    const int status = std::system(command.str().c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_bytes(out), read_bytes(err)};
  }

  /// Runs the program, which must succeed without a word on stderr.
  [[nodiscard]] std::string output(const std::vector<std::string>& arguments) const {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(outcome.out.find('\r'), std::string::npos);
    return outcome.out;
  }

  /// Writes a .npy file of this name; returns its path.
  template <class S>
  std::string npy(const std::string& name, const Tensor<S>& values) const {
    const std::string path = file(name).string();
    io::write_npy(path, values);
    return path;
  }

  [[nodiscard]] std::string path(const std::string& name) const { return file(name).string(); }

 private:
  static std::string quoted(const std::string& text) {
    std::string result(1, '\'');
    return result.append(text).append(1, '\'');
  }
};

}  // namespace strum::test
