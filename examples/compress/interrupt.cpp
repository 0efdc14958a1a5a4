#include "interrupt.hpp"

#include <signal.h>

namespace compress {
namespace {

volatile sig_atomic_t asked = 0;

void ask(int /*signal*/) { asked = 1; }

}  // namespace

void catch_interrupt() {
  struct sigaction action = {};
  action.sa_handler = &ask;
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
}

bool interrupted() { return asked != 0; }

}  // namespace compress
