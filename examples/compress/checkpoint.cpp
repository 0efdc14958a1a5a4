#include "checkpoint.hpp"

#include <filesystem>
#include <fstream>
#include <utility>

#include "inputs.hpp"
#include "json_outcome.hpp"
#include "strum/io/operator_file.hpp"

namespace compress {
namespace {

namespace fs = std::filesystem;

/// "budget 0.5 instead of 0.25".
std::string difference(const Json& before, const Json& now) {
  std::string text;
  for (const auto& [name, value] : now.items())
    if (const Json old = before.value(name, Json()); old != value)
      text += (text.empty() ? "" : ", ") + name + " " + old.dump() + " instead of " + value.dump();
  return text;
}

}  // namespace

Checkpoint::Checkpoint(const Options& options)
    : options_(options), part_(options.out + ".part"), text_(part_ + ".json") {
  std::error_code ignored;
  if (options.out.empty() || !fs::exists(text_, ignored)) return;
  try {
    load();
  } catch (const Json::exception& error) {
    throw InputError(text_ + " is damaged; remove it to start again (" + error.what() + ")");
  }
}

void Checkpoint::load() {
  std::ifstream stream(text_);
  const Json json = Json::parse(stream);
  if (const std::string text = difference(json.at("options"), json_of(options_)); !text.empty())
    throw InputError(text_ + " is of a run with other options: " + text +
                     "; repeat those, or remove it to start again");
  for (const Json& each : json.at("done")) {
    const Outcome outcome = outcome_of(each);
    if (outcome.status == Status::replaced && outcome.dtype == "F64")
      doubles_.emplace(outcome.tensor, strum::io::load_operator<double>(part_, outcome.tensor));
    else if (outcome.status == Status::replaced)
      floats_.emplace(outcome.tensor, strum::io::load_operator<float>(part_, outcome.tensor));
    done_.push_back(outcome);
  }
}

const Outcome* Checkpoint::find(const std::string& tensor, std::uint64_t checksum) const {
  for (const Outcome& outcome : done_) {
    if (outcome.tensor != tensor) continue;
    if (outcome.checksum == checksum) return &outcome;
    throw InputError(text_ + " is of another model, whose '" + tensor +
                     "' differs; remove it to start again");
  }
  return nullptr;
}

void Checkpoint::keep(const Outcome& outcome, strum::AnyLinearOp<float> op) {
  done_.push_back(outcome);
  if (outcome.status == Status::replaced) floats_.emplace(outcome.tensor, std::move(op));
  write();
}

void Checkpoint::keep(const Outcome& outcome, strum::AnyLinearOp<double> op) {
  done_.push_back(outcome);
  if (outcome.status == Status::replaced) doubles_.emplace(outcome.tensor, std::move(op));
  write();
}

void Checkpoint::write() {
  if (options_.out.empty()) return;
  if (doubles_.empty())
    strum::io::save_operators(part_, floats_);
  else
    strum::io::save_operators(part_, doubles_);
  Json done = Json::array();
  for (const Outcome& outcome : done_) done.push_back(json_of(outcome));
  write_text(text_, text_of({{"options", json_of(options_)}, {"done", done}}));
}

void Checkpoint::finish() {
  if (options_.out.empty()) return;
  write();
  compare_with_file(part_, floats_, options_.batches);
  compare_with_file(part_, doubles_, options_.batches);
  std::error_code error, ignored;
  fs::rename(part_, options_.out, error);
  if (error) throw InputError("cannot write to " + options_.out + ": " + error.message());
  fs::remove(text_, ignored);
}

}  // namespace compress
