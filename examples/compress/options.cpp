#include "options.hpp"

#include <algorithm>
#include <cctype>
#include <iostream>

#include <CLI/CLI.hpp>

#include "strum/fit/family.hpp"

namespace compress {
namespace {

constexpr const char* kAbout =
    "Finds the structure of a dense matrix within a parameter budget, and shows what\n"
    "each candidate costs in accuracy and buys in speed on this machine.\n";

constexpr const char* kMore =
    "Without FILE, three matrices of 1024 x 1024 are computed on the spot: the\n"
    "orthonormal DCT-II, a Matern-3/2 covariance, the inverse of a 2-D Laplacian.\n"
    "With --model, a tensor is replaced only if its error is at most --error, there\n"
    "0.01 unless given; what is done is kept in FILE.part (and FILE.part.json) of --out,\n"
    "from where the same command goes on after Ctrl-C.\n"
    "Exit status: 0 done, 1 the input or the output is bad, 2 the options are, 3 no\n"
    "structure reaches --error, 130 interrupted.\n";

// A batch of inputs and one of outputs are held in memory: at this size 5 GB each for 10 000
// features in double, and no layer runs faster per sample for more.
constexpr int kLargestBatch = 65536;

std::vector<std::string> all_structures() {
  std::vector<std::string> names;
  for (const auto& family : strum::fit::families<float>()) names.push_back(family.name);
  return names;
}

/// Letters and digits, in lower case: how names are compared.
std::string plain(const std::string& name) {
  std::string text;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)))
      text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// Names without spaces, separated by commas, in lines of at most `width` characters.
std::string listed(const std::vector<std::string>& names, std::size_t width) {
  std::string text;
  std::size_t line = 0;
  for (std::string name : names) {
    if (const std::size_t plus = name.find(" + "); plus != std::string::npos)
      name.replace(plus, 3, "+");
    std::replace(name.begin(), name.end(), ' ', '_');
    const bool full = line + name.size() + 3 > width;
    if (!text.empty()) text += full ? ",\n" : ", ";
    line = (full ? 0 : line + 2) + name.size();
    text += name;
  }
  return text;
}

/// The families of these names, in the search's order; all for none.
std::vector<std::string> chosen(const std::vector<std::string>& wanted) {
  std::vector<std::string> all = all_structures();
  if (wanted.empty()) return all;
  std::vector<std::string> plain_names, names;
  for (const std::string& name : wanted) {
    plain_names.push_back(plain(name));
    if (std::none_of(all.begin(), all.end(),
                     [&](const auto& known) { return plain(known) == plain_names.back(); }))
      throw UsageError("--structures: '" + name + "' is none of " + listed(all, std::string::npos));
  }
  for (const std::string& name : all)
    if (std::find(plain_names.begin(), plain_names.end(), plain(name)) != plain_names.end())
      names.push_back(name);
  return names;
}

CLI::Option* add_list(CLI::App& app, const std::string& name, auto& values,
                      const std::string& about) {
  return app.add_option(name, values, about)
      ->type_name("LIST")
      ->option_text("LIST")
      ->delimiter(',')
      ->allow_extra_args(false);
}

void declare_search(CLI::App& app, Options& options, std::vector<std::string>& structures) {
  app.add_option("--budget", options.budget,
                 "Parameters allowed, as a fraction of the dense\nmatrix's, in (0, 1]; default "
                 "0.25, with --error 1")
      ->type_name("FRACTION");
  app.add_option("--error", options.error,
                 "Look for the fewest parameters with this relative\nerror (Frobenius), in (0, 1)")
      ->type_name("ERROR");
  add_list(app, "--structures", structures,
           "Which to try, separated by commas; default all of\n" + listed(all_structures(), 50));
  add_list(app, "--batch", options.batches,
           "Samples per product to time, separated by commas;\ndefault 1,16,128, without FILE 1,16")
      ->check(CLI::Range(1, kLargestBatch).description(""));
  app.add_option("--seed", options.seed, "Of the search's random samples; default 0")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber.description(""));
}

void declare(CLI::App& app, Options& options, std::vector<std::string>& structures) {
  app.footer(kMore);
  auto* const file = app.add_option("FILE", options.input,
                                    "A 2-D array (or more dimensions, all but two of them 1) in a\n"
                                    ".npy or .safetensors file; of several tensors name one")
                         ->option_text("[:TENSOR]");
  auto* const model = app.add_option("--model", options.model,
                                     "Every matrix of this .safetensors file, one after\n"
                                     "the other")
                          ->type_name("FILE")
                          ->excludes(file);
  app.add_option("--least", options.least,
                 "With --model: entries of the smallest tensor that is\nsearched; default 4096")
      ->type_name("N")
      ->needs(model);
  declare_search(app, options, structures);
  app.add_option("--out", options.out,
                 "Write the best operator to this .safetensors file,\nread it back and compare")
      ->type_name("FILE");
  app.add_option(
         "--calibrate", options.calibrate,
         "Samples of the inputs that the matrix is applied to:\na row of FILE is a sample, a "
         "column a feature. The\nerror that counts is then |(W - structure) X| / |W X|")
      ->type_name("FILE")
      ->option_text("FILE[:TENSOR]")
      ->excludes(model);
  app.add_option("--plot", options.plot, "Draw errors over parameters to this .svg file")
      ->type_name("FILE")
      ->excludes(model);
  app.add_flag("--json", options.json, "Results as JSON on standard output, and no tables");
}

void check(const CLI::App& app, const Options& options) {
  const auto given = [&](const char* option) { return app[option]->as<std::string>(); };
  if (!(options.budget > 0 && options.budget <= 1))
    throw UsageError("--budget: " + given("--budget") + " is outside (0, 1]");
  if (app.count("--error") > 0 && !(options.error > 0 && options.error < 1))
    throw UsageError("--error: " + given("--error") + " is outside (0, 1)");
  if (options.least < 1) throw UsageError("--least: " + given("--least") + " is less than 1");
  if (!options.out.empty() && !options.out.ends_with(".safetensors"))
    throw UsageError("--out: " + options.out + " does not end in .safetensors");
  if (!options.plot.empty() && !options.plot.ends_with(".svg"))
    throw UsageError("--plot: " + options.plot + " does not end in .svg");
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
  check(app, options);
  if (options.error > 0 && app.count("--budget") == 0) options.budget = 1;
  // Half a minute is enough for a demonstration.
  const bool built_in = options.input.empty() && options.model.empty();
  if (built_in && app.count("--batch") == 0) options.batches = {1, 16};
  options.structures = chosen(structures);
  std::sort(options.batches.begin(), options.batches.end());
  options.batches.erase(std::unique(options.batches.begin(), options.batches.end()),
                        options.batches.end());
  return options;
}

}  // namespace compress
