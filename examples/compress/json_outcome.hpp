// What became of tensors, as JSON: for other programs, and for the one that goes on later.
#pragma once

#include "json_options.hpp"
#include "outcome.hpp"

namespace compress {

NLOHMANN_JSON_SERIALIZE_ENUM(Status, {{Status::replaced, "replaced"},
                                      {Status::dense, "dense"},
                                      {Status::left_alone, "left alone"}})

inline Json json_of(const Outcome& outcome) {
  Json json = {{"tensor", outcome.tensor},
               {"dtype", outcome.dtype},
               {"tensor_shape", outcome.shape},
               {"status", outcome.status}};
  if (!outcome.reason.empty()) json["reason"] = outcome.reason;
  if (outcome.searched())
    json.update({{"structure", outcome.structure},
                 {"shape", outcome.form},
                 {"parameters", outcome.parameter_count},
                 {"error", outcome.relative_error},
                 {"dense_microseconds", outcome.dense_microseconds},
                 {"microseconds", outcome.microseconds}});
  if (outcome.checksum != 0) json["checksum"] = outcome.checksum;
  return json;
}

/// Throws what the library of JSON throws if that is not json_of() an outcome.
inline Outcome outcome_of(const Json& json) {
  Outcome outcome{.tensor = json.at("tensor"),
                  .dtype = json.at("dtype"),
                  .shape = json.at("tensor_shape"),
                  .status = json.at("status"),
                  .reason = json.value("reason", ""),
                  .structure = json.value("structure", ""),
                  .form = json.value("shape", "")};
  if (outcome.searched()) {
    outcome.parameter_count = json.at("parameters");
    outcome.relative_error = json.at("error");
    outcome.dense_microseconds = json.at("dense_microseconds");
    outcome.microseconds = json.at("microseconds");
  }
  outcome.checksum = json.value("checksum", std::uint64_t{0});
  return outcome;
}

}  // namespace compress
