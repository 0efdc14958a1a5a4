// How long it will take.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

namespace compress {

/// From the time that the work behind has taken, to that of the work ahead.
class Remaining {
 public:
  void add(double work) { ahead_ += work; }
  void done(double work) {
    behind_ += work;
    ahead_ -= work;
    last_ = Clock::now();
  }
  /// Leaves out what took no time, such as what an earlier run has done.
  void skip(double work) { ahead_ -= work; }

  /// ", about 40 s left", empty as long as there is nothing to tell it from.
  [[nodiscard]] std::string text() const {
    if (behind_ <= 0 || ahead_ <= 0) return "";
    using Seconds = std::chrono::duration<double>;
    const Seconds taken = last_ - begin_, since = Clock::now() - last_;
    const double left = std::max(1.0, ahead_ * taken.count() / behind_ - since.count());
    return ", about " +
           (left < 100    ? whole(left) + " s"
            : left < 6000 ? whole(left / 60) + " min"
                          : whole(left / 3600) + " h") +
           " left";
  }

 private:
  using Clock = std::chrono::steady_clock;
  static std::string whole(double value) { return std::to_string(std::lround(value)); }

  Clock::time_point begin_ = Clock::now(), last_ = begin_;
  double behind_ = 0, ahead_ = 0;
};

}  // namespace compress
