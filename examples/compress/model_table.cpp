#include "model_table.hpp"

#include <algorithm>
#include <ostream>

namespace compress {
namespace {

// Tensor and size; numbers follow.
constexpr std::size_t kWordColumns = 2;

std::string size_of(const Outcome& outcome) {
  std::string text;
  for (const strum::Index extent : outcome.shape)
    text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return text;
}

std::string outcome_text(const Outcome& outcome) {
  if (outcome.status == Status::left_alone) return "left alone: " + outcome.reason;
  if (!outcome.searched()) return "stays dense: " + outcome.reason;
  const std::string what = outcome.structure + ", " + outcome.form;
  return outcome.status == Status::replaced ? what : "stays dense; best found: " + what;
}

}  // namespace

ModelTable::ModelTable(std::ostream& out, const std::vector<Outcome>& tensors, strum::Index batch)
    : out_(out), batch_(batch) {
  // The widest numbers: 100.0 %, 1.2e-34, and a tenth of a second.
  width_ = {6, 4, 7, 7, 8, 8, 0};
  for (const Outcome& tensor : tensors) {
    width_[0] = std::max(width_[0], tensor.tensor.size());
    width_[1] = std::max(width_[1], size_of(tensor).size());
  }
}

void ModelTable::print_head() {
  out_ << aligned({"tensor", "size", "params", "error", "dense us", "us", "outcome"}, width_,
                  kWordColumns)
       << '\n';
}

void ModelTable::print(const Outcome& outcome) {
  Line line = {outcome.tensor, size_of(outcome), "", "", "", "", outcome_text(outcome)};
  if (outcome.searched()) {
    const double all = static_cast<double>(outcome.entries());
    line[2] = formatted("%.1f %%", 100 * static_cast<double>(outcome.parameter_count) / all);
    line[3] = error_text(outcome.relative_error);
    line[4] = microseconds(outcome.dense_microseconds);
    line[5] = microseconds(outcome.microseconds);
  }
  out_ << aligned(line, width_, kWordColumns) << std::endl;
}

void ModelTable::print_summary(const std::vector<Outcome>& outcomes, double most_error) {
  const Totals totals = totals_of(outcomes);
  out_ << "params: % of dense; error: |W - structure| / |W|, Frobenius; us: microseconds per "
          "sample\nat batch "
       << batch_ << ", of one thread's processor time; dense: the faster of Eigen and strum.\n"
       << "Replaced, with errors of at most " << number(most_error) << ": " << totals.replaced
       << "; stay dense: " << totals.dense << "; left alone: " << totals.left_alone << ".\n"
       << "Parameters of all tensors: " << totals.parameters_before << " before, "
       << totals.parameters_after << " after ("
       << formatted("%.1f %%", 100 * static_cast<double>(totals.parameters_after) /
                                   static_cast<double>(totals.parameters_before))
       << ").\n"
       << "Predicted time of one product with each tensor that was searched: "
       << microseconds(totals.microseconds_before) << " us per sample before, "
       << microseconds(totals.microseconds_after) << " after.\n";
}

}  // namespace compress
