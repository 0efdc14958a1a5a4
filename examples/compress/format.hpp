// Numbers and lines of tables as the reports print them.
#pragma once

#include <string>
#include <vector>

namespace compress {

using Line = std::vector<std::string>;

/// As printf does with one number.
std::string formatted(const char* format, double value);

/// Two significant digits, more for whole numbers.
std::string number(double value);

/// A fraction as the user gave it.
std::string percent(double fraction);

/// Three significant digits.
std::string microseconds(double value);

/// "4.1e-08", or 0.
std::string error_text(double relative_error);

/// Cells two spaces apart, each as wide as `width` says; the first `words` and the last flush left,
/// numbers between them flush right. No spaces at the end.
std::string aligned(const Line& line, const std::vector<std::size_t>& width, std::size_t words);

/// Widths that all lines fit.
std::vector<std::size_t> widths_of(const std::vector<Line>& lines);

}  // namespace compress
