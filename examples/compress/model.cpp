#include "model.hpp"

#include <algorithm>
#include <cstring>
#include <iostream>
#include <iterator>
#include <utility>
#include <variant>

#include "checkpoint.hpp"
#include "examine.hpp"
#include "format.hpp"
#include "inputs.hpp"
#include "interrupt.hpp"
#include "json_outcome.hpp"
#include "model_table.hpp"
#include "progress.hpp"
#include "remaining.hpp"

namespace compress {
namespace {

using strum::Index;
using strum::io::SafetensorsFile;
using strum::io::TensorInfo;

// As a shell reports a program that SIGINT has ended.
constexpr int kInterrupted = 130;

/// FNV-1a of the values' bytes.
template <class S>
std::uint64_t checksum(const strum::Tensor<S>& values) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (Index i = 0; i < values.size(); ++i) {
    unsigned char bytes[sizeof(S)];
    std::memcpy(bytes, &values[i], sizeof(S));
    for (const unsigned char byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  }
  return hash;
}

/// Empty if it is to be searched.
std::string reason_to_leave(const TensorInfo& info, Index entries, Index least) {
  static const char* const kRead[] = {"F64", "F32", "F16", "BF16"};
  if (std::none_of(std::begin(kRead), std::end(kRead), [&](auto t) { return info.dtype == t; }))
    return "of type " + info.dtype;
  if (info.shape.size() < 2) return std::to_string(info.shape.size()) + "-D";
  if (!is_matrix(info.shape)) {
    const auto more_than_one = std::count_if(info.shape.begin(), info.shape.end(),
                                             [](Index extent) { return extent != 1; });
    return std::to_string(more_than_one) + "-D";
  }
  return entries < least ? std::to_string(entries) + " entries" : "";
}

/// How long its search takes, in units of what an entry takes: most of it does not depend on the
/// size (258 x 256 took 4 s, 1024 x 1024 10 s).
double work_of(const Outcome& outcome) {
  constexpr double kWorkOfAny = 6e5;
  return static_cast<double>(outcome.entries()) + kWorkOfAny;
}

class Model {
 public:
  explicit Model(const Options& asked)
      : options_(asked),
        most_error_(asked.error > 0 ? asked.error : kFree),
        batch_(asked.batches.size() / 2),
        file_(asked.model),
        checkpoint_(options_),
        outcomes_(planned(file_, asked.least)),
        table_(std::cout, outcomes_, asked.batches[batch_]) {
    for (const Outcome& outcome : outcomes_)
      if (outcome.reason.empty()) {
        ++count_;
        remaining_.add(work_of(outcome));
      }
    if (!options_.out.empty()) refuse_mixed_types();
    for (const Outcome& done : checkpoint_.done())
      if (!file_.contains(done.tensor))
        throw InputError(checkpoint_.part() + ".json is of another model, with a tensor '" +
                         done.tensor + "'; remove it to start again");
  }

  int run() {
    catch_interrupt();
    if (!options_.json) print_beginning();
    for (Outcome& outcome : outcomes_) {
      if (interrupted() || (outcome.reason.empty() && !search(outcome))) return stop();
      progress_.wipe();
      if (!options_.json) table_.print(outcome);
    }
    checkpoint_.finish();
    if (options_.json)
      print_json();
    else
      print_end();
    return 0;
  }

 private:
  static std::vector<Outcome> planned(const SafetensorsFile& file, Index least) {
    std::vector<Outcome> outcomes;
    for (const std::string& name : file.names()) {
      const TensorInfo& info = file.info(name);
      Outcome outcome{.tensor = name, .dtype = info.dtype, .shape = info.shape};
      outcome.reason = reason_to_leave(info, outcome.entries(), least);
      outcomes.push_back(outcome);
    }
    return outcomes;
  }

  /// A file of operators has one scalar type.
  void refuse_mixed_types() const {
    std::string narrow, wide;
    for (const Outcome& outcome : outcomes_)
      if (outcome.reason.empty()) (outcome.dtype == "F64" ? wide : narrow) = outcome.tensor;
    if (!narrow.empty() && !wide.empty())
      throw InputError(options_.model + " has tensors of double (" + wide +
                       ") and of narrower types (" + narrow +
                       "), which one file of --out cannot hold: compress them one by one, as " +
                       options_.model + ":" + wide);
  }

  /// False if interrupted.
  bool search(Outcome& outcome) {
    ++number_;
    progress_.show(where(outcome) + "reading");
    try {
      return std::visit([&](const auto& input) { return search(outcome, input); },
                        read_tensor(file_, outcome.tensor, "it"));
    } catch (const ValuesError& error) {
      outcome.reason = error.what();
      remaining_.skip(work_of(outcome));
      return true;
    }
  }

  template <class S>
  bool search(Outcome& outcome, const Input<S>& input) {
    outcome.checksum = checksum(input.values);
    if (const Outcome* const done = checkpoint_.find(outcome.tensor, outcome.checksum)) {
      outcome = *done;
      remaining_.skip(work_of(outcome));
      return true;
    }
    strum::AnyLinearOp<S> op;
    try {
      Examined<S> examined = examine(
          input, options_,
          {[&](const auto& step) { progress_.show(where(outcome) + text(step)); }, &interrupted});
      if (!examined.complete) return false;
      fill(outcome, examined.findings);
      op = std::move(examined.best);
    } catch (const std::runtime_error& error) {
      // One tensor that a fit cannot cope with is no reason to give up the others.
      outcome.status = Status::dense;
      outcome.reason = error.what();
    }
    checkpoint_.keep(outcome, std::move(op));
    remaining_.done(work_of(outcome));
    return true;
  }

  void fill(Outcome& outcome, const Findings& findings) const {
    const Finding& best = findings.all[findings.best];
    outcome.status = best.relative_error <= most_error_ ? Status::replaced : Status::dense;
    outcome.structure = best.structure;
    outcome.form = best.shape;
    outcome.parameter_count = best.parameter_count;
    outcome.relative_error = best.relative_error;
    outcome.dense_microseconds = fastest_dense(findings)[batch_];
    outcome.microseconds = best.times[batch_];
  }

  /// "[2 of 5, about 40 s left] up.weight: ".
  [[nodiscard]] std::string where(const Outcome& outcome) const {
    return "[" + std::to_string(number_) + " of " + std::to_string(count_) + remaining_.text() +
           "] " + outcome.tensor + ": ";
  }

  void print_beginning() {
    std::cout << options_.model << ": " << outcomes_.size() << " tensors, budget "
              << percent(options_.budget) << ", error at most " << number(most_error_) << "\n";
    if (!checkpoint_.done().empty())
      std::cout << "Going on after the " << checkpoint_.done().size() << " done that "
                << checkpoint_.part() << " holds\n";
    table_.print_head();
  }

  void print_end() {
    table_.print_summary(outcomes_, most_error_);
    if (!options_.out.empty())
      std::cout << "Wrote " << options_.out << ": " << totals_of(outcomes_).replaced
                << " of the tensors; read back, each applies to the same bits.\n";
  }

  void print_json() const {
    Json tensors = Json::array();
    for (const Outcome& outcome : outcomes_) tensors.push_back(json_of(outcome));
    const Totals totals = totals_of(outcomes_);
    std::cout << text_of({{"model", options_.model},
                          {"options", json_of(options_)},
                          {"most_error", most_error_},
                          {"tensors", tensors},
                          {"batch", options_.batches[batch_]},
                          {"parameters_before", totals.parameters_before},
                          {"parameters_after", totals.parameters_after},
                          {"microseconds_before", totals.microseconds_before},
                          {"microseconds_after", totals.microseconds_after},
                          {"out", or_null(options_.out)}});
  }

  int stop() {
    progress_.wipe();
    std::cout.flush();
    std::cerr << "compress: interrupted; "
              << (options_.out.empty() ? "without --out nothing is kept\n"
                  : checkpoint_.done().empty()
                      ? "no tensor was done yet\n"
                      : checkpoint_.part() + " holds the " +
                            std::to_string(checkpoint_.done().size()) +
                            " tensors done: the same command goes on from there\n");
    return kInterrupted;
  }

  const Options& options_;
  const double most_error_;  // of a tensor that is replaced
  const std::size_t batch_;  // index of the one of the summary
  const SafetensorsFile file_;
  Checkpoint checkpoint_;
  std::vector<Outcome> outcomes_;
  ModelTable table_;
  Remaining remaining_;
  Progress progress_;
  Index number_ = 0, count_ = 0;  // of the tensor that is searched
};

}  // namespace

int compress_model(const Options& options) { return Model(options).run(); }

}  // namespace compress
