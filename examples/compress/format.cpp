#include "format.hpp"

#include <algorithm>
#include <cstdio>

namespace compress {

std::string formatted(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", value < 100 ? 2 : 6, value);
  return text;
}

std::string percent(double fraction) { return formatted("%g %%", 100 * fraction); }

std::string microseconds(double value) {
  int decimals = 2;
  for (double limit = 10; value >= limit && decimals > 0; limit *= 10) --decimals;
  for (double limit = 1; value < limit && decimals < 6; limit /= 10) ++decimals;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string error_text(double relative_error) {
  return relative_error == 0 ? "0" : formatted("%.1e", relative_error);
}

std::string aligned(const Line& line, const std::vector<std::size_t>& width, std::size_t words) {
  std::string text;
  for (std::size_t c = 0; c < line.size(); ++c) {
    const std::string space(width[c] - std::min(width[c], line[c].size()), ' ');
    const bool left = c < words || c + 1 == line.size();
    text += (c == 0 ? "" : "  ") + (left ? line[c] + space : space + line[c]);
  }
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

std::vector<std::size_t> widths_of(const std::vector<Line>& lines) {
  std::vector<std::size_t> width(lines[0].size(), 0);
  for (const Line& line : lines)
    for (std::size_t c = 0; c < line.size(); ++c) width[c] = std::max(width[c], line[c].size());
  return width;
}

}  // namespace compress
