#include "options.hpp"

#include <algorithm>
#include <iostream>
#include <map>

#include <CLI/CLI.hpp>

namespace compress {
namespace {

constexpr const char* kAbout =
    "Fits structured matrices to a dense one within a parameter budget, and shows\n"
    "what each costs in accuracy and buys in speed on this machine.\n";

constexpr const char* kMore =
    "Without FILE, three matrices of 1024 x 1024 are computed on the spot: the\n"
    "orthonormal DCT-II, a Matern-3/2 covariance, the inverse of a 2-D Laplacian.\n"
    "Exit status: 0 done, 1 the input or the output is bad, 2 the options are.\n";

// A batch of inputs and one of outputs are held in memory: at this size 5 GB each for 10 000
// features in double, and no layer runs faster per sample for more.
constexpr int kLargestBatch = 65536;

const std::map<std::string, Structure> kStructures = {{"low_rank", Structure::low_rank},
                                                      {"block_diagonal", Structure::block_diagonal},
                                                      {"monarch", Structure::monarch}};

template <class T>
void sort_unique(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

void declare(CLI::App& app, Options& options, std::vector<std::string>& structures) {
  app.footer(kMore);
  app.add_option("FILE", options.input,
                 "A 2-D array (or 3-D with a dimension of 1) in a .npy or\n"
                 ".safetensors file; of several tensors one must be named")
      ->option_text("[:TENSOR]");
  app.add_option(
         "--budget", options.budget,
         "Parameters allowed, as a fraction of the dense\nmatrix's, in (0, 1]; default 0.25")
      ->type_name("FRACTION");
  app.add_option(
         "--structures", structures,
         "Which to try, separated by commas: low_rank,\nblock_diagonal, monarch; default all")
      ->type_name("LIST")
      ->option_text("LIST")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->transform(
          CLI::IsMember(&kStructures, CLI::ignore_case, CLI::ignore_underscore).description(""));
  app.add_option("--out", options.out,
                 "Write the best operator to this .safetensors file,\nread it back and compare")
      ->type_name("FILE");
  app.add_option("--batch", options.batches,
                 "Samples per product to time, separated by commas;\ndefault 1,16,128")
      ->type_name("LIST")
      ->option_text("LIST")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, kLargestBatch).description(""));
}

}  // namespace

std::optional<Options> parse_options(int argc, const char* const* argv) {
  Options options;
  std::vector<std::string> structures;
  CLI::App app(kAbout, "compress");
  declare(app, options, structures);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
  if (!(options.budget > 0 && options.budget <= 1))
    throw UsageError("--budget: " + app["--budget"]->as<std::string>() + " is outside (0, 1]");
  if (!options.out.empty() && !options.out.ends_with(".safetensors"))
    throw UsageError("--out: " + options.out + " does not end in .safetensors");
  for (const std::string& name : structures) options.structures.push_back(kStructures.at(name));
  if (structures.empty())
    for (const auto& [name, structure] : kStructures) options.structures.push_back(structure);
  sort_unique(options.structures);
  sort_unique(options.batches);
  return options;
}

}  // namespace compress
