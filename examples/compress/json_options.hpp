// Options as JSON.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "options.hpp"

namespace compress {

using Json = nlohmann::ordered_json;

/// What the results depend on: not where they go.
inline Json json_of(const Options& options) {
  return {{"budget", options.budget},
          {"error", options.error > 0 ? Json(options.error) : Json()},
          {"structures", options.structures},
          {"batches", options.batches},
          {"seed", options.seed}};
}

/// What is not UTF-8, as names of files may be, is replaced.
inline std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// An empty text is null: nothing was asked for.
inline Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace compress
