// Ctrl-C as a question that can be asked.
#pragma once

namespace compress {

/// From now on the first SIGINT only makes interrupted() true. The second ends the program.
void catch_interrupt();

[[nodiscard]] bool interrupted();

}  // namespace compress
