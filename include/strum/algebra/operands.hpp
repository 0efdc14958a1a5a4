// What expressions of operators have in common: their operands.
//
//     auto y = (a + 2 * b * c.transpose()) * x;              // nothing is copied or multiplied out
//     AnyLinearOp<float> sum = a + b;                        // a value: holds copies of a and b
//     AnyLinearOp<float> all = strum::sum(list);             // of a
//     std::vector<AnyLinearOp<float>>
//
// An expression is an operator like any other. It refers to operands that are lvalues, which must
// outlive it, and owns those that are temporaries; AnyLinearOp always owns. Its numbers are those
// of its operands together, and they decide on threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "strum/core/any_linear_op.hpp"
#include "strum/core/owned_size.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

template <class Derived, class Scalar>
std::true_type is_operator(const LinearOpBase<Derived, Scalar>*);
std::false_type is_operator(const void*);

}  // namespace detail

/// What expressions are made of: every operator that derives from LinearOpBase. Other models of
/// LinearOp become one inside AnyLinearOp.
template <class Op>
concept ComposableOp =
    decltype(detail::is_operator(static_cast<std::remove_cvref_t<Op>*>(nullptr)))::value;

namespace detail {

template <class Op>
using ScalarOf = typename std::remove_cvref_t<Op>::Scalar;

template <class First, class... Rest>
inline constexpr bool kSameScalar = (std::is_same_v<ScalarOf<First>, ScalarOf<Rest>> && ...);

/// One name for the message in a compiler's first error line.
template <class... Ops>
constexpr void check_scalars() {
  static_assert(kSameScalar<Ops...>,
                "strum: operators of different scalar types do not mix; make them again in one of "
                "the two");
}

/// Part of an expression on its share of x and y, which may be empty.
template <class Op, class Scalar>
void run_operand(const Op& op, Mode mode, Scalar alpha, const MatrixView<const Scalar>& x,
                 Scalar beta, const MatrixView<Scalar>& y, Workspace& workspace) {
  if (y.size() == 0) return;
  if (alpha == Scalar(0) || x.rows() == 0) return scale(beta, y);
  OpAccess::run(op, mode, alpha, x, beta, y, workspace);
}

/// The number that multiplies in this mode.
template <class Scalar>
[[nodiscard]] Scalar in_mode(Mode mode, const Scalar& value) {
  if constexpr (Eigen::NumTraits<Scalar>::IsComplex) {
    if (mode == Mode::conjugate || mode == Mode::adjoint) return Eigen::numext::conj(value);
  }
  (void)mode;
  return value;
}

/// Operands of known types, each `const A&` or `A`.
template <class... Ops>
class Operands {
 public:
  using Scalar = ScalarOf<std::tuple_element_t<0, std::tuple<Ops...>>>;

  Operands() = default;
  template <class... As>
  requires(std::same_as<std::remove_cvref_t<As>, std::remove_cvref_t<Ops>>&&...) explicit Operands(
      As&&... ops)
      : ops_(std::forward<As>(ops)...) {}

  [[nodiscard]] static constexpr Index size() { return sizeof...(Ops); }
  [[nodiscard]] const auto& first() const& { return std::get<0>(ops_); }
  [[nodiscard]] decltype(auto) first() && { return std::get<0>(std::move(ops_)); }
  [[nodiscard]] const auto& last() const { return std::get<sizeof...(Ops) - 1>(ops_); }

  /// Calls f with one operand after the other.
  template <class F>
  void for_each(F&& f) const {
    std::apply([&](const auto&... op) { (f(op), ...); }, ops_);
  }
  /// From the last to the first.
  template <class F>
  void for_each_reversed(F&& f) const {
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      (f(std::get<sizeof...(Ops) - 1 - i>(ops_)), ...);
    }
    (std::index_sequence_for<Ops...>());
  }

  /// Moves them out.
  [[nodiscard]] std::vector<AnyLinearOp<Scalar>> take_list() {
    std::vector<AnyLinearOp<Scalar>> list;
    std::apply([&](auto&&... op) { (list.emplace_back(std::forward<decltype(op)>(op)), ...); },
               std::move(ops_));
    return list;
  }

  template <template <class...> class Expression>
  [[nodiscard]] auto owned() const& {
    return std::apply(
        [](const auto&... op) {
          using Values = Operands<Owned<decltype(op)>...>;
          return Expression<Owned<decltype(op)>...>(Values(detail::owned(op)...));
        },
        ops_);
  }
  template <template <class...> class Expression>
  [[nodiscard]] auto owned() && {
    return std::apply(
        [](auto&&... op) {
          using Values = Operands<Owned<decltype(op)>...>;
          return Expression<Owned<decltype(op)>...>(
              Values(detail::owned(std::forward<decltype(op)>(op))...));
        },
        std::move(ops_));
  }

 private:
  std::tuple<Ops...> ops_;
};

/// Any number of operands, known at run time.
template <class ScalarType>
class Operands<std::vector<AnyLinearOp<ScalarType>>> {
 public:
  using Scalar = ScalarType;
  using List = std::vector<AnyLinearOp<Scalar>>;

  Operands() = default;
  explicit Operands(List ops) : ops_(std::move(ops)) {}

  [[nodiscard]] Index size() const { return static_cast<Index>(ops_.size()); }
  [[nodiscard]] const AnyLinearOp<Scalar>& first() const { return ops_.front(); }
  [[nodiscard]] const AnyLinearOp<Scalar>& last() const { return ops_.back(); }

  template <class F>
  void for_each(F&& f) const {
    for (const auto& op : ops_) f(op);
  }
  template <class F>
  void for_each_reversed(F&& f) const {
    for (auto op = ops_.rbegin(); op != ops_.rend(); ++op) f(*op);
  }

  [[nodiscard]] List take_list() { return std::move(ops_); }

  template <template <class...> class Expression>
  [[nodiscard]] auto owned() const& {
    return Expression<List>(*this);
  }
  template <template <class...> class Expression>
  [[nodiscard]] auto owned() && {
    return Expression<List>(std::move(*this));
  }

 private:
  List ops_;
};

/// Base of expressions: what is counted is what the operands count together. An operand that
/// occurs twice counts twice.
template <class Derived, class... Ops>
class Expression : public LinearOpBase<Derived, typename Operands<Ops...>::Scalar> {
 public:
  using Scalar = typename Operands<Ops...>::Scalar;

  [[nodiscard]] Index parameter_count() const {
    return total([](const auto& op) { return op.parameter_count(); });
  }
  [[nodiscard]] Index flops() const {
    return total([](const auto& op) { return op.flops(); });
  }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const { return most_workspace(batch); }
  /// Makes what some transposed products need now, not at their first use.
  void prepare_transpose() const {
    operands_.for_each([](const auto& op) {
      if constexpr (requires { op.prepare_transpose(); }) op.prepare_transpose();
    });
  }

 protected:
  Expression() = default;
  explicit Expression(Operands<Ops...> operands) : operands_(std::move(operands)) {}

  /// Σ f(operand), a number of rows for instance.
  template <class F>
  [[nodiscard]] Index total(F&& f) const {
    Index sum = 0;
    operands_.for_each([&](const auto& op) { sum += f(op); });
    return sum;
  }

  /// The operands take turns on the workspace.
  [[nodiscard]] std::size_t most_workspace(Index batch) const {
    std::size_t most = 0;
    operands_.for_each([&](const auto& op) { most = std::max(most, op.workspace_bytes(batch)); });
    return most;
  }

  [[nodiscard]] ExpressionParts<Scalar> parts_as(ExpressionKind kind) {
    return {.kind = kind, .operands = operands_.take_list()};
  }

  /// "(A + B)" of names A and B. An operand that begins with a sign takes no "+".
  [[nodiscard]] std::string joined(const std::string& open, const std::string& between,
                                   const std::string& close) const {
    std::string text = open;
    bool first = true;
    operands_.for_each([&](const auto& op) {
      const std::string name(op.name());
      const bool minus = between == " + " && !first && name.starts_with('-');
      if (!first) text += minus ? " - " : between;
      text += minus ? name.substr(1) : name;
      first = false;
    });
    return text + close;
  }

  Operands<Ops...> operands_;
};

/// An expression of these operands: refers to lvalues, owns temporaries.
template <template <class...> class Expression, class... As>
[[nodiscard]] auto make_expression(As&&... ops) {
  return Expression<Kept<As>...>(Operands<Kept<As>...>(std::forward<As>(ops)...));
}

/// One of any number of operands, which it owns.
template <template <class...> class Expression, class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> make_list(std::vector<AnyLinearOp<Scalar>> ops) {
  using List = std::vector<AnyLinearOp<Scalar>>;
  return Expression<List>(Operands<List>(std::move(ops)));
}

/// A range of rows or columns, empty once moved from.
struct IndexRange {
  OwnedSize first, count;
};

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
