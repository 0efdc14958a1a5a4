#include "plot.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <limits>

#include "format.hpp"

namespace compress {
namespace {

// A panel, and in it the frame of the axes. The key is on its right.
constexpr double kWidth = 860, kHeight = 440;
constexpr double kLeft = 70, kRight = 640, kTop = 40, kBottom = 385;

std::string at(const char* x_name, double x, const char* y_name, double y) {
  char text[96];
  std::snprintf(text, sizeof text, " %s=\"%.1f\" %s=\"%.1f\"", x_name, x, y_name, y);
  return text;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text)
    result += c == '<' ? "&lt;" : c == '&' ? "&amp;" : c == '>' ? "&gt;" : std::string(1, c);
  return result;
}

std::string text_at(double x, double y, const std::string& text, const std::string& attributes) {
  return "<text" + at("x", x, "y", y) + " " + attributes + ">" + escaped(text) + "</text>\n";
}

std::string line(double x1, double y1, double x2, double y2, const std::string& attributes) {
  return "<line" + at("x1", x1, "y1", y1) + at("x2", x2, "y2", y2) + " " + attributes + "/>\n";
}

/// Colours that can be told apart (Okabe and Ito), and in grey the shapes can: together 28 marks.
std::string mark(std::size_t family, double x, double y, const std::string& tip) {
  static const char* const kColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                         "#e69f00", "#56b4e9", "#444444"};
  static const char* const kShapes[] = {"M-4,0 a4,4 0 1,0 8,0 a4,4 0 1,0 -8,0",
                                        "M-4,-4 h8 v8 h-8 z", "M0,-5 l5,8.5 h-10 z",
                                        "M0,-5.5 l5.5,5.5 l-5.5,5.5 l-5.5,-5.5 z"};
  char place[64];
  std::snprintf(place, sizeof place, "translate(%.1f %.1f)", x, y);
  return std::string("<path transform=\"") + place + "\" fill=\"" +
         kColours[family % std::size(kColours)] + "\" fill-opacity=\"0.8\" d=\"" +
         kShapes[family % std::size(kShapes)] + "\"><title>" + escaped(tip) + "</title></path>\n";
}

double decade_below(double value) { return std::pow(10, std::floor(std::log10(value))); }

class Panel {
 public:
  Panel(const Findings& findings, const Options& options) : findings_(findings), options_(options) {
    for (const Finding& finding : findings.all) {
      least_ = std::min(least_, decade_below(fraction(findings, finding)));
      if (finding.error > 0) lowest_ = std::min(lowest_, decade_below(finding.error));
    }
  }

  [[nodiscard]] std::string svg() const {
    std::string text = text_at(kLeft, 25, findings_.about, R"(font-size="15" font-weight="bold")");
    text += axes() + limits() + front();
    for (std::size_t f = 0; f < options_.structures.size(); ++f) text += marks(f);
    const Finding& best = findings_.all[findings_.best];
    return text + "<circle" + at("cx", x(fraction(findings_, best)), "cy", y(best.error)) +
           " r=\"9\" fill=\"none\" stroke=\"black\"/>\n" + key();
  }

 private:
  [[nodiscard]] double x(double fraction) const {
    return kRight - (kRight - kLeft) * std::log(fraction) / std::log(least_);
  }
  /// An error of 0 is at the bottom.
  [[nodiscard]] double y(double error) const {
    return kTop + (kBottom - kTop) * std::log(std::max(error, lowest_)) / std::log(lowest_);
  }

  [[nodiscard]] std::string axes() const {
    std::string text;
    for (double value = least_; value < 1.5; value *= 10)
      text +=
          line(x(value), kTop, x(value), kBottom, "stroke=\"#ddd\"") +
          text_at(x(value), kBottom + 17, number(100 * value) + " %", R"(text-anchor="middle")");
    const int decades = static_cast<int>(std::lround(-std::log10(lowest_)));
    for (int d = 0; d <= decades; d += decades > 9 ? 2 : 1) {
      const double value = std::pow(10, -d);
      text += line(kLeft, y(value), kRight, y(value), "stroke=\"#ddd\"") +
              text_at(kLeft - 6, y(value) + 4, d == 0 ? "1" : formatted("%.0e", value),
                      R"(text-anchor="end")");
    }
    return text + "<rect fill=\"none\" stroke=\"#444\"" + at("x", kLeft, "y", kTop) +
           at("width", kRight - kLeft, "height", kBottom - kTop) + "/>\n" +
           text_at((kLeft + kRight) / 2, 423, "parameters, as a part of the dense matrix's",
                   R"(text-anchor="middle")") +
           text_at(0, 0, findings_.calibrated ? "relative error on the inputs" : "relative error",
                   "transform=\"translate(16 212) rotate(-90)\" text-anchor=\"middle\"");
  }

  /// What the user allowed.
  [[nodiscard]] std::string limits() const {
    const std::string dashed = R"(stroke="#888" stroke-dasharray="5 4")";
    std::string text;
    if (options_.budget < 1 && options_.budget > least_)
      text += line(x(options_.budget), kTop, x(options_.budget), kBottom, dashed);
    if (options_.error > lowest_)
      text += line(kLeft, y(options_.error), kRight, y(options_.error), dashed);
    return text;
  }

  [[nodiscard]] std::string front() const {
    std::string text = "<path fill=\"none\" stroke=\"#888\" d=\"";
    double lowest = std::numeric_limits<double>::infinity(), budget = x(options_.budget);
    for (const Finding& finding : findings_.all) {
      if (!finding.on_front || !(finding.error < lowest)) continue;
      char step[64];
      const double right = x(fraction(findings_, finding)), down = y(finding.error);
      const bool first = std::isinf(lowest);
      std::snprintf(step, sizeof step, first ? "M%.1f,%.1f" : " H%.1f V%.1f", right, down);
      text += step;
      lowest = finding.error;
    }
    return text + formatted(" H%.1f", budget) + "\"/>\n";
  }

  [[nodiscard]] std::string marks(std::size_t family) const {
    std::string text;
    for (const Finding& finding : findings_.all)
      if (finding.structure == options_.structures[family])
        text += mark(family, x(fraction(findings_, finding)), y(finding.error),
                     finding.structure + ", " + finding.shape + ": " + error_text(finding.error));
    return text;
  }

  [[nodiscard]] std::string key() const {
    std::string text;
    double down = kTop + 8;
    for (std::size_t f = 0; f < options_.structures.size(); ++f) {
      const std::string& name = options_.structures[f];
      if (std::none_of(findings_.all.begin(), findings_.all.end(),
                       [&](const Finding& finding) { return finding.structure == name; }))
        continue;
      text += mark(f, kRight + 24, down, name) + text_at(kRight + 36, down + 4, name, "");
      down += 19;
    }
    return text + "<circle" + at("cx", kRight + 24, "cy", down) +
           " r=\"7\" fill=\"none\" stroke=\"black\"/>\n" +
           text_at(kRight + 36, down + 4, "the best", "") +
           line(kRight + 16, down + 19, kRight + 32, down + 19, "stroke=\"#888\"") +
           text_at(kRight + 36, down + 23, "the front", "");
  }

  const Findings& findings_;
  const Options& options_;
  double least_ = 0.1, lowest_ = 0.1;
};

}  // namespace

std::string plot_of(const std::vector<Findings>& findings, const Options& options) {
  const double height = kHeight * static_cast<double>(findings.size());
  std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\"" +
                     at("width", kWidth, "height", height) +
                     " font-family=\"sans-serif\" font-size=\"12\">\n"
                     "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  for (std::size_t i = 0; i < findings.size(); ++i)
    text += "<g" +
            formatted(" transform=\"translate(0 %.0f)\">\n", kHeight * static_cast<double>(i)) +
            Panel(findings[i], options).svg() + "</g>\n";
  return text + "</svg>\n";
}

}  // namespace compress
