// One operator of one shape, and what is known of it without asking it.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "suite/reference.hpp"
#include "suite/subject.hpp"

namespace strum::test {

/// The same operator by another way: applied in `mode` m it is the original in compose(mode, m).
template <class Scalar>
struct OperatorView {
  std::string what;
  std::shared_ptr<const Subject<Scalar>> op;
  Mode mode;
};

template <class Scalar>
struct OperatorCase {
  std::string name;  ///< of the shape: letters, digits and _
  std::shared_ptr<const Subject<Scalar>> op;
  DenseChain chain;  ///< what it must be, from the formulas of its structure
  /// Parameters in checkpoint order, with the values it was made from (as stored).
  std::vector<std::pair<std::string, Tensor<Scalar>>> parameters;
  std::vector<OperatorView<Scalar>> views;
  bool stores_zeros = false;  ///< zeros of the chain are multiplied too, and 0·NaN is NaN
  /// Where a parameter is not the non-zero entries of one factor (weights shared by blocks, angles
  /// of rotations): how many parameters there are, and how many real operations a sample takes.
  std::optional<Index> parameter_count = {}, flops = {};
  /// The result is proportional to each parameter.
  bool linear_in_parameters = true;
  /// Where the operator goes through fast transforms. NaN then reaches every output.
  std::optional<NormwiseBound> normwise = {};
  /// Real and imaginary parts need not meet: a NaN in one of them may leave the other alone.
  bool parts_apart = false;
};

template <class Scalar>
void PrintTo(const OperatorCase<Scalar>& c, std::ostream* out) {
  *out << c.op->name() << ' ' << c.name << ", " << c.op->rows() << " x " << c.op->cols();
}

/// "7_5_3" for numbers 7, 5, 3.
template <class... Numbers>
std::string shape_name(Numbers... numbers) {
  std::string name;
  ((name += (name.empty() ? "" : "_") + std::to_string(numbers)), ...);
  return name;
}

template <class Op, class Weight, class Scalar = typename Op::Scalar>
OperatorCase<Scalar> make_case(std::string name, const Op& op, DenseChain chain,
                               std::vector<std::pair<std::string, Tensor<Weight>>> weights) {
  std::vector<std::pair<std::string, Tensor<Scalar>>> parameters;
  for (const auto& [parameter, values] : weights)
    parameters.emplace_back(parameter, values.template cast<Scalar>());
  const auto held = [](auto view) -> std::shared_ptr<const Subject<Scalar>> {
    return std::make_shared<Held<decltype(view)>>(std::move(view));
  };
  const auto any = [](auto view) -> std::shared_ptr<const Subject<Scalar>> {
    return std::make_shared<Held<AnyLinearOp<Scalar>>>(AnyLinearOp<Scalar>(std::move(view)));
  };
  std::vector<OperatorView<Scalar>> views = {
      {"AnyLinearOp", any(op), Mode::plain},
      {"AnyLinearOp of transpose()", any(Op(op).transpose()), Mode::transpose},
      {"AnyLinearOp of adjoint()", any(Op(op).adjoint()), Mode::adjoint},
      {"AnyLinearOp.transpose()", held(AnyLinearOp<Scalar>(op).transpose()), Mode::transpose},
      {"AnyLinearOp.adjoint()", held(AnyLinearOp<Scalar>(op).adjoint()), Mode::adjoint},
      {"AnyLinearOp.transpose().transpose()", held(AnyLinearOp<Scalar>(op).transpose().transpose()),
       Mode::plain}};
  if constexpr (kIsComplex<Scalar>) {
    views.push_back({"AnyLinearOp of adjoint().transpose()", any(Op(op).adjoint().transpose()),
                     Mode::conjugate});
    views.push_back({"AnyLinearOp.transpose().adjoint()",
                     held(AnyLinearOp<Scalar>(op).transpose().adjoint()), Mode::conjugate});
  }
  return {.name = std::move(name),
          .op = held(op),
          .chain = std::move(chain),
          .parameters = std::move(parameters),
          .views = std::move(views)};
}

}  // namespace strum::test
