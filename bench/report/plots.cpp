#include "plots.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "svg.hpp"
#include "table.hpp"

namespace report {
namespace {

/// Powers of two, from at most the least value to at least the largest.
Axis axis(double least, double largest, std::string name) {
  return {std::exp2(std::floor(std::log2(least))), std::exp2(std::ceil(std::log2(largest))),
          std::move(name)};
}

void add_ticks(LogPlot& plot, const Axis& x, const Axis& y) {
  for (double value = x.first; value <= x.last; value *= 2) plot.tick_x(value);
  for (double value = y.first; value <= y.last; value *= 2) plot.tick_y(value);
}

/// The read bandwidth that a line of the context begins with: `level_L2: 260.1 GB/s read, ...`.
std::map<std::string, double> bandwidths(const Results& results) {
  std::map<std::string, double> found;
  for (const auto& [key, value] : results.context)
    if (key.rfind("level_", 0) == 0) found[key.substr(6)] = std::stod(value);
  return found;
}

/// Cells of strum in single precision, and where they lie in the roofline.
std::vector<std::pair<const Cell*, Point>> roofline_points(const Results& results) {
  std::vector<std::pair<const Cell*, Point>> points;
  for (const Cell& cell : results.cells)
    if (const Measurement* const strum = cell.strum(); strum != nullptr && cell.scalar == "f32")
      points.push_back({&cell, {strum->gflops / strum->gbytes, strum->gflops}});
  return points;
}

}  // namespace

std::string roofline(const Results& results) {
  const auto points = roofline_points(results);
  if (points.empty()) return "";
  double peak = 0, least = points[0].second.first, largest = least,
         slowest = points[0].second.second;
  std::set<long> batches;
  for (const auto& [cell, point] : points) {
    peak = std::max(peak, cell->peak);
    least = std::min(least, point.first);
    largest = std::max(largest, point.first);
    slowest = std::min(slowest, point.second);
    batches.insert(cell->batch);
  }
  const Axis x = axis(least, largest, "operations per byte of weights, x and y");
  const Axis y = axis(slowest, 1.3 * peak, "GFLOP/s");
  LogPlot plot("strum under the machine's limits, f32, one thread", x, y);
  add_ticks(plot, x, y);
  plot.line({{x.first, peak}, {x.last, peak}}, "#444");
  plot.label({x.last / 4, peak}, "FMA peak " + fixed(peak, 0), "#444");
  for (const auto& [level, rate] : bandwidths(results)) {
    plot.line({{x.first, rate * x.first}, {peak / rate, peak}}, "#999", true);
    const double place = std::max(y.first * 1.1, rate * x.first * 1.1) / rate;
    plot.label({place, rate * place}, level, "#777");
  }
  std::map<long, std::string> colours;
  for (const long batch : batches) {
    colours[batch] = colour(colours.size());
    plot.key("batch " + std::to_string(batch), colours[batch]);
  }
  for (const auto& [cell, point] : points)
    plot.dot(point, colours[cell->batch], cell->text() + ": " + fixed(point.second, 1));
  return plot.svg();
}

std::string speed_up_plot(const Results& results) {
  std::map<long, std::map<long, double>> lines;  // by batch and n
  for (const Cell& cell : results.cells)
    if (const double value = speed_up(results, cell, ""); value > 0 && cell.is_plain_monarch())
      lines[cell.batch][cell.n] = std::max(lines[cell.batch][cell.n], value);
  if (lines.empty()) return "";
  double least = 1, largest = 2, first = 1e9, last = 0;
  for (const auto& [batch, line] : lines)
    for (const auto& [n, value] : line) {
      least = std::min(least, value);
      largest = std::max(largest, value);
      first = std::min(first, static_cast<double>(n));
      last = std::max(last, static_cast<double>(n));
    }
  const Axis x = axis(first, std::max(last, 2 * first), "n");
  const Axis y = axis(least, largest, "times faster");
  LogPlot plot("Monarch against the fastest dense product of a peer, one thread", x, y);
  add_ticks(plot, x, y);
  std::size_t index = 0;
  for (const auto& [batch, line] : lines) {
    const std::vector<Point> points(line.begin(), line.end());
    const char* const used = colour(index++);
    plot.line(points, used);
    plot.key("batch " + std::to_string(batch), used);
    for (const Point& point : points) plot.dot(point, used, fixed(point.second, 1));
  }
  return plot.svg();
}

}  // namespace report
