// A plot with two logarithmic axes, written as SVG.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace report {

/// The values that an axis runs from and to, and its name.
struct Axis {
  double first, last;
  std::string name;
};

using Point = std::pair<double, double>;

class LogPlot {
 public:
  LogPlot(const std::string& title, Axis x, Axis y);

  /// A line through the points; what leaves the axes is cut off.
  void line(const std::vector<Point>& points, const std::string& colour, bool dashed = false);

  /// A dot that says `tip` when pointed at.
  void dot(const Point& point, const std::string& colour, const std::string& tip);

  void label(const Point& point, const std::string& text, const std::string& colour);

  /// A mark at `value` of the x axis, or of the y axis.
  void tick_x(double value);
  void tick_y(double value);

  /// A line of the key, below those before. Up to seven, in the lower right.
  void key(const std::string& text, const std::string& colour);

  [[nodiscard]] std::string svg() const;

 private:
  [[nodiscard]] double px(double x) const;
  [[nodiscard]] double py(double y) const;

  Axis x_, y_;
  std::string head_, clipped_, open_;
  int keys_ = 0;
};

/// Colours that can be told apart, over and over.
[[nodiscard]] const char* colour(std::size_t index);

}  // namespace report
