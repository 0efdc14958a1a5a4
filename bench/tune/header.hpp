// include/strum/kernels/tuned.hpp as text.
#pragma once

#include <string>
#include <vector>

#include "measure.hpp"

namespace bench::tune {

/// One instruction set's tables: from #if to #endif.
[[nodiscard]] std::string section(const std::string& isa, const Choices& f32, const Choices& f64);

/// The sections of one header, in the order of `isas`: those of `measured` (by the same index,
/// empty if none), else those that `old_header` has.
[[nodiscard]] std::string header(const std::vector<std::string>& isas,
                                 const std::vector<std::string>& measured,
                                 const std::string& old_header);

}  // namespace bench::tune
