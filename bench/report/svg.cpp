#include "svg.hpp"

#include <cmath>
#include <cstdio>
#include <iterator>

#include "results.hpp"

namespace report {
namespace {

constexpr double kWidth = 760, kHeight = 480;
constexpr double kLeft = 70, kRight = 740, kTop = 40, kBottom = 425;  // of the plot's frame

std::string at(const char* x_name, double x, const char* y_name, double y) {
  char text[96];
  std::snprintf(text, sizeof(text), " %s=\"%.1f\" %s=\"%.1f\"", x_name, x, y_name, y);
  return text;
}

std::string text_at(double x, double y, const std::string& text, const std::string& attributes) {
  return "<text" + at("x", x, "y", y) + " " + attributes + ">" + text + "</text>\n";
}

std::string tick_text(double value) { return fixed(value, value < 1 ? 2 : value < 10 ? 1 : 0); }

}  // namespace

LogPlot::LogPlot(const std::string& title, Axis x, Axis y) : x_(std::move(x)), y_(std::move(y)) {
  head_ = text_at(kLeft, 25, title, "font-size=\"15\" font-weight=\"bold\"") +
          text_at((kLeft + kRight) / 2, 465, x_.name, "text-anchor=\"middle\"") +
          "<text transform=\"translate(18 " + fixed((kTop + kBottom) / 2, 0) +
          ") rotate(-90)\" text-anchor=\"middle\">" + y_.name + "</text>\n";
}

double LogPlot::px(double x) const {
  return kLeft + (kRight - kLeft) * std::log(x / x_.first) / std::log(x_.last / x_.first);
}

double LogPlot::py(double y) const {
  return kBottom - (kBottom - kTop) * std::log(y / y_.first) / std::log(y_.last / y_.first);
}

void LogPlot::line(const std::vector<Point>& points, const std::string& colour, bool dashed) {
  clipped_ += "<polyline fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"1.6\"" +
              (dashed ? " stroke-dasharray=\"5 4\"" : "") + " points=\"";
  for (const auto& [x, y] : points) clipped_ += fixed(px(x), 1) + "," + fixed(py(y), 1) + " ";
  clipped_ += "\"/>\n";
}

void LogPlot::dot(const Point& point, const std::string& colour, const std::string& tip) {
  clipped_ += "<circle" + at("cx", px(point.first), "cy", py(point.second)) + " r=\"3.5\" fill=\"" +
              colour + "\" fill-opacity=\"0.75\"><title>" + tip + "</title></circle>\n";
}

void LogPlot::label(const Point& point, const std::string& text, const std::string& colour) {
  clipped_ += text_at(px(point.first) + 4, py(point.second) - 4, text, "fill=\"" + colour + "\"");
}

void LogPlot::tick_x(double value) {
  open_ += "<line stroke=\"#ddd\"" + at("x1", px(value), "y1", kTop) +
           at("x2", px(value), "y2", kBottom) + "/>\n" +
           text_at(px(value), kBottom + 17, tick_text(value), "text-anchor=\"middle\"");
}

void LogPlot::tick_y(double value) {
  open_ += "<line stroke=\"#ddd\"" + at("x1", kLeft, "y1", py(value)) +
           at("x2", kRight, "y2", py(value)) + "/>\n" +
           text_at(kLeft - 6, py(value) + 4, tick_text(value), "text-anchor=\"end\"");
}

void LogPlot::key(const std::string& text, const std::string& colour) {
  const double x = kRight - 110, y = kBottom - 120 + 17 * keys_++;
  clipped_ += "<circle" + at("cx", x, "cy", y - 4) + " r=\"4\" fill=\"" + colour + "\"/>\n" +
              text_at(x + 10, y, text, "");
}

std::string LogPlot::svg() const {
  const std::string frame =
      at("x", kLeft, "y", kTop) + at("width", kRight - kLeft, "height", kBottom - kTop);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\"" + at("width", kWidth, "height", kHeight) +
         " font-family=\"sans-serif\" font-size=\"12\">\n"
         "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<clipPath id=\"frame\"><rect" +
         frame + "/></clipPath>\n" + head_ + open_ + "<rect fill=\"none\" stroke=\"#444\"" + frame +
         "/>\n<g clip-path=\"url(#frame)\">\n" + clipped_ + "</g>\n</svg>\n";
}

const char* colour(std::size_t index) {
  static const char* const kColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                         "#e69f00", "#56b4e9", "#555555", "#882255"};
  return kColours[index % std::size(kColours)];
}

}  // namespace report
