// The text of an exception, for tests of what a user gets to read.
#pragma once

#include <string>

#include "strum/core/error.hpp"

namespace strum::test {

/// what() of the Exception that f throws. Another exception passes through and fails the test.
template <class Exception, class F>
std::string thrown(F&& f) {
  try {
    f();
  } catch (const Exception& e) {
    return e.what();
  }
  return "nothing was thrown";
}

}  // namespace strum::test
