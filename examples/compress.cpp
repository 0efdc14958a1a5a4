// compress: which structure fits a matrix, at what error, and how much faster it is here.
//
//     compress model.safetensors:layer.weight --budget 0.25 --out small.safetensors
#include <cstdio>
#include <iostream>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "compress/candidates.hpp"
#include "compress/inputs.hpp"
#include "compress/matrices.hpp"
#include "compress/measure.hpp"
#include "compress/options.hpp"
#include "compress/progress.hpp"
#include "compress/report.hpp"
#include "compress/saving.hpp"

namespace {

using namespace compress;
using strum::Index;

// Errors beyond this are noticed in most uses of a matrix: what is saved has a price.
constexpr double kFree = 1e-2;

/// Two significant digits, more for whole numbers.
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", value < 100 ? 2 : 6, value);
  return text;
}

/// As the user gave it.
std::string percent(double fraction) {
  char text[32];
  std::snprintf(text, sizeof text, "%g %%", 100 * fraction);
  return text;
}

template <class S>
void print_heading(const Input<S>& input, const Options& options) {
  const Index m = input.values.shape()[0], n = input.values.shape()[1];
  std::cout << input.name << ": " << m << " x " << n << " of "
            << (sizeof(S) == sizeof(float) ? "float" : "double") << ", " << m * n
            << " parameters, budget " << percent(options.budget) << "\n";
}

template <class S>
void print_conclusion(const Candidate<S>& best, double speed_up, const Options& options) {
  const std::string what = best.op.name() + " (" + best.shape + ")";
  if (best.relative_error > kFree)
    std::cout << "Nothing is free here: no structure reaches an error of " << number(kFree)
              << " with " << percent(options.budget) << " of the parameters; the best is " << what
              << " with " << number(best.relative_error) << ".\n";
  else
    std::cout << what << " does for an error of " << number(best.relative_error) << ", "
              << number(speed_up) << " times as fast as dense (mean over the batch sizes).\n";
}

/// Everything about one matrix; returns the best operator.
template <class S>
strum::AnyLinearOp<S> examine(const Input<S>& input, const Options& options, Progress& progress) {
  const strum::MatrixView<const S> w = input.values.matrix();
  std::vector<Candidate<S>> candidates = fit_candidates(w, options, progress);
  if (candidates.empty())
    throw InputError("no structure of " + std::to_string(w.rows()) + " x " +
                     std::to_string(w.cols()) + " has as few as " + percent(options.budget) +
                     " of the parameters");
  const Setting setting = {w.rows(), w.cols(), options.batches,
                           measure(w, candidates, options.batches, progress)};
  const std::size_t best = best_of(candidates, setting.measurement);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    rows.push_back({candidates[i].op.name(), candidates[i].shape,
                    candidates[i].op.parameter_count(), candidates[i].relative_error,
                    setting.measurement.candidates[i]});
  progress.wipe();
  print_heading(input, options);
  print_table(std::cout, setting, rows, best);
  print_conclusion(candidates[best],
                   mean_speed_up(setting.measurement, setting.measurement.candidates[best]),
                   options);
  return std::move(candidates[best].op);
}

template <class S>
void save(const std::map<std::string, strum::AnyLinearOp<S>>& operators, const Options& options) {
  if (options.out.empty()) return;
  save_and_compare(options.out, operators, options.batches);
  std::cout << "\nWrote " << options.out << ":";
  for (const auto& [name, op] : operators) std::cout << " " << name << " (" << op.name() << ")";
  std::cout << "; read back, each applies to the same bits.\n";
}

void run_built_in(const Options& options) {
  Progress progress;
  std::map<std::string, strum::AnyLinearOp<float>> operators;
  for (const BuiltIn& matrix : built_in_matrices()) {
    progress.show("computing the " + matrix.about);
    const Input<float> input = {matrix.about, matrix.make()};
    progress.wipe();
    if (!operators.empty()) std::cout << "\n";
    operators.emplace(matrix.name, examine(input, options, progress));
  }
  save(operators, options);
}

void run_file(const Options& options) {
  Progress progress;
  progress.show("reading " + options.input);
  const AnyInput any = read_input(options.input);
  progress.wipe();
  std::visit(
      [&]<class S>(const Input<S>& input) {
        save<S>({{input.name, examine(input, options, progress)}}, options);
      },
      any);
}

int run(int argc, const char* const* argv) {
  const std::optional<Options> options = parse_options(argc, argv);
  if (options) {
    if (!options->out.empty()) check_writable(options->out, file_of(options->input));
    if (options->input.empty())
      run_built_in(*options);
    else
      run_file(*options);
  }
  if (!std::cout.flush()) throw InputError("cannot write to the standard output");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const UsageError& error) {
    std::cerr << "compress: " << error.what() << " (see compress --help)\n";
    return 2;
  } catch (const std::bad_alloc&) {
    std::cerr << "compress: out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << "compress: " << error.what() << "\n";
  }
  return 1;
}
