// compress: which structure a matrix has, at what error, and how much faster it is here.
//
//     compress model.safetensors:layer.weight --budget 0.25 --out small.safetensors
//     compress --model model.safetensors --error 0.01 --out small.safetensors
#include <iostream>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "compress/examine.hpp"
#include "compress/inputs.hpp"
#include "compress/json_findings.hpp"
#include "compress/matrices.hpp"
#include "compress/model.hpp"
#include "compress/options.hpp"
#include "compress/plot.hpp"
#include "compress/progress.hpp"
#include "compress/saving.hpp"
#include "compress/table.hpp"

namespace {

using namespace compress;

constexpr int kBadFile = 1, kBadOptions = 2, kNotReached = 3;

/// Searches matrices one by one and reports on them.
class Matrices {
 public:
  explicit Matrices(const Options& options) : options_(options) {
    if (!options.calibrate.empty()) calibration_ = read_calibration(options.calibrate);
  }

  Progress& progress() { return progress_; }

  /// Searches `input`; its best operator joins those of its scalar type under `name`, unless an
  /// error was asked for that it does not have.
  template <class S>
  void add(const Input<S>& input, const std::string& name, Operators<S>& operators) {
    progress_.wipe();
    Examined<S> examined =
        examine(input, options_, {[&](const auto& step) { progress_.show(text(step)); }},
                calibration_ ? &*calibration_ : nullptr);
    progress_.wipe();
    findings_.push_back(std::move(examined.findings));
    if (findings_.back().reached) operators.emplace(name, std::move(examined.best));
    if (options_.json) return;
    if (findings_.size() > 1) std::cout << "\n";
    print_findings(std::cout, findings_.back(), options_);
  }

  /// Writes the files that were asked for.
  template <class S>
  void save(const Operators<S>& operators) const {
    if (!options_.out.empty() && !operators.empty()) {
      save_and_compare(options_.out, operators, options_.batches);
      if (!options_.json) print_written(operators);
    }
    if (!options_.plot.empty()) {
      write_text(options_.plot, plot_of(findings_, options_));
      if (!options_.json) std::cout << "\nDrew " << options_.plot << ".\n";
    }
    if (options_.json) std::cout << json_of(findings_, options_);
  }

  [[nodiscard]] int status() const {
    for (const Findings& findings : findings_)
      if (!findings.reached) return kNotReached;
    return 0;
  }

 private:
  template <class S>
  void print_written(const Operators<S>& operators) const {
    std::cout << "\nWrote " << options_.out << ":";
    for (const auto& [name, op] : operators) std::cout << " " << name << " (" << op.name() << ")";
    std::cout << "; read back, each applies to the same bits.\n";
  }

  const Options& options_;
  std::optional<strum::fit::Calibration> calibration_;
  Progress progress_;
  std::vector<Findings> findings_;
};

int run_built_in(const Options& options) {
  Matrices matrices(options);
  Operators<float> operators;
  for (const BuiltIn& matrix : built_in_matrices()) {
    matrices.progress().show("computing the " + matrix.about);
    matrices.add<float>({matrix.about, matrix.make()}, matrix.name, operators);
  }
  matrices.save(operators);
  return matrices.status();
}

int run_file(const Options& options) {
  Matrices matrices(options);
  matrices.progress().show("reading " + options.input);
  const AnyInput any = read_input(options.input);
  std::visit(
      [&]<class S>(const Input<S>& input) {
        Operators<S> operators;
        matrices.add(input, input.name, operators);
        matrices.save(operators);
      },
      any);
  return matrices.status();
}

int run(int argc, const char* const* argv) {
  const std::optional<Options> options = parse_options(argc, argv);
  int status = 0;
  if (options) {
    const std::string input = options->model.empty() ? file_of(options->input) : options->model;
    for (const std::string& output : {options->out, options->plot})
      for (const std::string& read : {input, file_of(options->calibrate)})
        if (!output.empty()) check_writable(output, read);
    status = !options->model.empty()  ? compress_model(*options)
             : options->input.empty() ? run_built_in(*options)
                                      : run_file(*options);
  }
  if (!std::cout.flush()) throw InputError("cannot write to the standard output");
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const UsageError& error) {
    std::cerr << "compress: " << error.what() << " (see compress --help)\n";
    return kBadOptions;
  } catch (const std::bad_alloc&) {
    std::cerr << "compress: out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << "compress: " << error.what() << "\n";
  }
  return kBadFile;
}
