#include "table.hpp"

#include <ostream>

#include "format.hpp"

namespace compress {
namespace {

using strum::Index;

// Mark and structure; numbers follow.
constexpr std::size_t kWordColumns = 2;

/// Two lines: a batch size stands above its two columns.
std::vector<Line> head(const Findings& findings) {
  Line above = {"", "", "", ""}, below = {"", "structure", "params", "error"};
  if (findings.calibrated) {
    above.emplace_back();
    below.emplace_back("on X");
  }
  for (const Index batch : findings.batches) {
    above.insert(above.end(), {"batch", std::to_string(batch)});
    below.insert(below.end(), {"us", "ratio"});
  }
  above.emplace_back();
  below.emplace_back("shape");
  return {above, below};
}

Line line_of(const Findings& findings, const Finding& finding, bool marked) {
  Line line = {marked ? "*" : "", finding.structure,
               formatted("%.1f %%", 100 * fraction(findings, finding)),
               error_text(finding.relative_error)};
  if (findings.calibrated) line.push_back(error_text(finding.error));
  const Times dense = fastest_dense(findings);
  for (std::size_t b = 0; b < dense.size(); ++b) {
    const double ratio = dense[b] / finding.times[b];
    line.push_back(microseconds(finding.times[b]));
    line.push_back(formatted(ratio < 10 ? "%.2fx" : "%.1fx", ratio));
  }
  line.push_back(finding.shape);
  return line;
}

void print_table(std::ostream& out, const Findings& findings, const Options& options) {
  std::vector<Line> lines = head(findings);
  for (const DenseProduct& product : findings.dense)
    lines.push_back(line_of(
        findings,
        {"dense", product.about, findings.rows * findings.cols, 0, 0, product.times, true}, false));
  for (std::size_t i = 0; i < findings.all.size(); ++i)
    if (findings.all[i].on_front)
      lines.push_back(line_of(findings, findings.all[i], i == findings.best));
  const auto width = widths_of(lines);
  for (const Line& line : lines) out << aligned(line, width, kWordColumns) << '\n';
  out << "Of " << findings.proposed << " proposals " << findings.all.size()
      << " were fitted; shown are those that no other beats in size, error and speed.\n"
         "params: % of dense; error: |W - structure| / |W|, Frobenius; us: microseconds per "
         "sample\n"
         "of one thread's processor time, median of several runs in turns; ratio: faster dense "
         "product / this.\n";
  if (findings.calibrated)
    out << "on X: |(W - structure) X| / |W X| on the inputs X of " << options.calibrate
        << ", the error that counts.\n";
  out << "* ";
  if (options.error > 0 && findings.reached)
    out << "best: the fewest parameters with an error of at most " << number(options.error)
        << ".\n";
  else
    out << "best: the smallest error; of those within 1 % of it, or exact but for rounding, the "
           "fastest.\n";
}

void print_conclusion(std::ostream& out, const Findings& findings, const Options& options) {
  const Finding& best = findings.all[findings.best];
  const std::string what = best.structure + " (" + best.shape + ")";
  const std::string size = percent(options.budget) + " of the parameters";
  if (!findings.reached)
    out << "No structure reaches an error of " << number(options.error) << " with " << size
        << "; the best is " << what << " with " << number(best.error) << ".\n";
  else if (options.error == 0 && best.error > kFree)
    out << "Nothing is free here: no structure reaches an error of " << number(kFree) << " with "
        << size << "; the best is " << what << " with " << number(best.error) << ".\n";
  else
    out << what << " does for an error of " << number(best.error) << ", "
        << number(mean_speed_up(findings, best.times))
        << " times as fast as dense (mean over the batch sizes).\n";
}

}  // namespace

void print_findings(std::ostream& out, const Findings& findings, const Options& options) {
  out << findings.about << ": " << findings.rows << " x " << findings.cols << " of "
      << findings.scalar << ", " << findings.rows * findings.cols << " parameters, budget "
      << percent(options.budget);
  if (options.error > 0) out << ", error at most " << number(options.error);
  out << '\n';
  print_table(out, findings, options);
  print_conclusion(out, findings, options);
}

}  // namespace compress
