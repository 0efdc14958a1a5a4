// Expressions of operators in files: the kind by name, the operands as records of their own.
// Private to io/.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/algebra/expression_of.hpp"
#include "strum/io/operator_record.hpp"

namespace strum::inline STRUM_ABI::detail {

/// What files call an expression of this kind; empty for none.
[[nodiscard]] inline std::string_view expression_type(ExpressionKind kind) {
  switch (kind) {
    case ExpressionKind::transposed:
      return "Transposed";
    case ExpressionKind::scaled:
      return "Scaled";
    case ExpressionKind::sum:
      return "Sum";
    case ExpressionKind::product:
      return "Product";
    case ExpressionKind::horizontal:
      return "HorizontalConcat";
    case ExpressionKind::vertical:
      return "VerticalConcat";
    case ExpressionKind::direct_sum:
      return "DirectSum";
    case ExpressionKind::submatrix:
      return "Submatrix";
    case ExpressionKind::pre_merged:
      return "PreMerged";
    case ExpressionKind::none:
      break;
  }
  return "";
}

/// The kind that files call this; none if it is no expression.
[[nodiscard]] inline ExpressionKind expression_kind(std::string_view type) {
  using Kind = ExpressionKind;
  for (const Kind kind :
       {Kind::transposed, Kind::scaled, Kind::sum, Kind::product, Kind::horizontal, Kind::vertical,
        Kind::direct_sum, Kind::submatrix, Kind::pre_merged})
    if (expression_type(kind) == type) return kind;
  return Kind::none;
}

/// Everything of an expression but its operands. The factor of a scaled operator is a parameter, so
/// that it keeps its bits.
template <class S>
[[nodiscard]] OperatorRecord<S> expression_record(const ExpressionParts<S>& parts) {
  OperatorRecord<S> record;
  record.description.type = expression_type(parts.kind);
  auto& attributes = record.description.attributes;
  if (parts.kind == ExpressionKind::transposed)
    attributes["transposed"] = {transposes(parts.mode)},
    attributes["conjugated"] = {parts.mode == Mode::conjugate || parts.mode == Mode::adjoint};
  if (parts.kind == ExpressionKind::submatrix)
    attributes["place"] = {parts.row, parts.col, parts.rows, parts.cols};
  if (parts.kind == ExpressionKind::pre_merged) attributes["dense"] = parts.choice;
  if (parts.kind == ExpressionKind::scaled) {
    Tensor<S> factor({1});
    factor[0] = parts.factor;
    record.parameters.emplace("factor", std::move(factor));
  }
  return record;
}

/// The same without operands, from a record. Throws ValueError or ShapeError where something is
/// missing.
template <class S>
[[nodiscard]] ExpressionParts<S> expression_parts(const OperatorRecord<S>& record) {
  const Description& description = record.description;
  ExpressionParts<S> parts{.kind = expression_kind(description.type)};
  if (parts.kind == ExpressionKind::transposed) {
    const bool transposed = description.value("transposed") != 0;
    const bool conjugated = description.value("conjugated") != 0;
    parts.mode = transposed ? (conjugated ? Mode::adjoint : Mode::transpose)
                            : (conjugated ? Mode::conjugate : Mode::plain);
  }
  if (parts.kind == ExpressionKind::submatrix) {
    const std::vector<Index>& place = description.list("place", 4);
    parts.row = place[0], parts.col = place[1], parts.rows = place[2], parts.cols = place[3];
  }
  if (parts.kind == ExpressionKind::pre_merged)
    parts.choice = description.list("dense", PreMerged<S>::kEntries);
  if (parts.kind == ExpressionKind::scaled) {
    const Tensor<S>& factor = find_parameter(record.parameters, "factor", description.type);
    check_shape(factor, {1}, description.type, "factor");
    parts.factor = factor[0];
  }
  return parts;
}

}  // namespace strum::inline STRUM_ABI::detail
