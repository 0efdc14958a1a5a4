#include "header.hpp"

#include <cctype>
#include <cstdio>
#include <ctime>

#include "../machine.hpp"

namespace bench::tune {
namespace {

constexpr const char* kHead =
    R"(// The panel kernel's tiles for each instruction set and scalar, by the height of a block in vectors
// of rows and the number of samples: {vectors, samples, order}. Written by strum_tune (bench/tune)
// from measurements; instruction sets without a table follow default_panel_plan(). Rates are those
// of a block-diagonal product of n = 4096 (leading dimensions 4096 and 4112) in GFLOP/s, geometric
// means over the class; behind them that of the default, where a plan better by 2 % was found.
#pragma once

#include "strum/kernels/panel_plan.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

// clang-format off
)";

constexpr const char* kTail = R"(// clang-format on

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
)";

std::string macro(const std::string& isa) {
  std::string name = "STRUM_ISA_";
  for (const char c : isa) name += static_cast<char>(std::toupper(c));
  return name;
}

std::string begin_of(const std::string& isa) { return "\n#if defined(" + macro(isa) + ")\n"; }
std::string end_of(const std::string& isa) { return "#endif  // " + macro(isa) + "\n"; }

template <class... Values>
std::string format(const char* pattern, Values... values) {
  char text[128];
  std::snprintf(text, sizeof(text), pattern, values...);
  return text;
}

/// `behind`: the comma or braces that follow.
std::string entry(const Choice& choice, Index batch, const char* behind) {
  const char* const order =
      choice.plan.order == PanelOrder::blocks_outermost ? "blocks" : "samples";
  const std::string plan = format("{%d, %2d, PanelOrder::%s_outermost}%s", choice.plan.vectors,
                                  choice.plan.samples, order, behind);
  std::string text = format("%-41s // %-11s %5.1f", plan.c_str(), batch_name(batch), choice.rate);
  if (!choice.is_default) text += format(", default %.1f", choice.default_rate);
  return text;
}

std::string table(const char* scalar, const Choices& choices) {
  std::string text = "template <>\ninline constexpr PanelPlans kPanelPlans<";
  text.append(scalar).append("> = {{\n");
  for (Index height = 0; height < PanelPlans::kHeights; ++height) {
    text += format("    // Vectors of rows: %s\n", height_name(height));
    for (Index batch = 0; batch < PanelPlans::kBatches; ++batch) {
      const bool last = batch + 1 == PanelPlans::kBatches;
      const char* const behind = !last ? "," : height + 1 < PanelPlans::kHeights ? "}," : "}";
      text.append(batch == 0 ? "    {" : "     ");
      text.append(entry(choices.choices[height][batch], batch, behind));
      text.append("\n");
    }
  }
  return text + "}};\n";
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof(text), "%Y-%m-%d", std::gmtime(&now));
  return text;
}

}  // namespace

std::string section(const std::string& isa, const Choices& f32, const Choices& f64) {
  return begin_of(isa) + "// " + cpu_name() + ", " + compiler_name() + ", " + today() + ".\n" +
         table("float", f32) + "\n" + table("double", f64) + end_of(isa);
}

std::string header(const std::vector<std::string>& isas, const std::vector<std::string>& measured,
                   const std::string& old_header) {
  std::string text = kHead;
  for (std::size_t i = 0; i < isas.size(); ++i) {
    const std::size_t begin = old_header.find(begin_of(isas[i]));
    const std::size_t end = old_header.find(end_of(isas[i]));
    if (!measured[i].empty())
      text += measured[i];
    else if (begin != std::string::npos && end != std::string::npos && begin < end)
      text += old_header.substr(begin, end - begin) + end_of(isas[i]);
  }
  return text + kTail;
}

}  // namespace bench::tune
