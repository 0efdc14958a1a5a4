#include "json_findings.hpp"

#include "json_options.hpp"

namespace compress {
namespace {

Json json_of(const Finding& finding, const Findings& findings) {
  Json json = {{"structure", finding.structure},
               {"shape", finding.shape},
               {"parameters", finding.parameter_count},
               {"fraction", fraction(findings, finding)},
               {"error", finding.relative_error},
               {"microseconds", finding.times},
               {"front", finding.on_front}};
  if (findings.calibrated) json["calibrated_error"] = finding.error;
  return json;
}

Json json_of(const Findings& findings) {
  Json dense = Json::array(), candidates = Json::array();
  for (const DenseProduct& product : findings.dense)
    dense.push_back({{"product", product.about}, {"microseconds", product.times}});
  for (const Finding& finding : findings.all) candidates.push_back(json_of(finding, findings));
  return {
      {"name", findings.about},    {"rows", findings.rows},         {"cols", findings.cols},
      {"scalar", findings.scalar}, {"proposed", findings.proposed}, {"dense", dense},
      {"candidates", candidates},  {"best", findings.best},         {"reached", findings.reached}};
}

}  // namespace

std::string json_of(const std::vector<Findings>& findings, const Options& options) {
  Json matrices = Json::array();
  bool written = false;
  for (const Findings& each : findings) {
    matrices.push_back(json_of(each));
    written = written || each.reached;
  }
  const Json all = {{"input", or_null(options.input)},
                    {"calibrate", or_null(options.calibrate)},
                    {"options", json_of(options)},
                    {"matrices", matrices},
                    {"out", or_null(written ? options.out : "")},
                    {"plot", or_null(options.plot)}};
  return text_of(all);
}

}  // namespace compress
