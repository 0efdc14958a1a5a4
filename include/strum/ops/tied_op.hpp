// TiedOp: what operators made of small matrices on the axes of a tensor have in common.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/ops/tied_chain.hpp"

namespace strum::inline STRUM_ABI::detail {

/// A matrix with entries, or a ShapeError that says which of an operator's it is.
template <class Scalar>
void check_axis_matrix(const Tensor<Scalar>& w, std::string_view owner, std::string_view prefix,
                       std::size_t i) {
  if (w.rank() != 2 || w.size() == 0)
    fail<ShapeError>(owner, ": ", prefix, i, " has shape ", w.shape(),
                     ", needs (rows, columns), neither of them 0");
}

/// Base of operators that are a TiedChain or a TiedSum. Derived has
///
///     static constexpr std::string_view kPrefix;               tensors are kPrefix0, kPrefix1, ...
///     static Tensor<Scalar> matrix(const Tensor<Scalar>&);     W of a tensor
///     static Tensor<Scalar> tensor(const Tensor<Scalar>&, const Shape&);   and back
template <class Derived, class ScalarType, class Steps>
class TiedOp : public LinearOpBase<Derived, ScalarType> {
 public:
  using Scalar = ScalarType;

  [[nodiscard]] Index rows() const { return steps_.rows(); }
  [[nodiscard]] Index cols() const { return steps_.cols(); }
  /// Number of parameter tensors.
  [[nodiscard]] Index factors() const { return steps_.size(); }

  /// Entries of the parameters, each counted once though it is used many times.
  [[nodiscard]] Index parameter_count() const { return steps_.parameter_count(); }
  [[nodiscard]] Index flops() const { return kMultiplyAddFlops<Scalar> * steps_.multiply_adds(); }
  [[nodiscard]] std::size_t bytes() const { return steps_.bytes(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return steps_.workspace_bytes(batch);
  }
  /// Makes the second packing that some transposed products need now, not at their first use.
  void prepare_transpose() const { steps_.prepare_transpose(); }

  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    std::vector<ParameterInfo> list;
    for (const Shape& shape : shapes_) list.push_back({tensor_name(list.size()), shape});
    return list;
  }
  /// A copy of a parameter. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<Scalar> get(const std::string& name) const {
    const std::size_t i = find(name);
    return Derived::tensor(steps_.factor(place_[i]).get(), shapes_[i]);
  }
  /// Replaces a parameter. Throws ValueError for an unknown name, ShapeError for another shape.
  void set(const std::string& name, const Tensor<Scalar>& values) {
    const std::size_t i = find(name);
    check_shape(values, shapes_[i], Derived::name(), name);
    steps_.factor(place_[i]).set(Derived::matrix(values));
  }

  [[nodiscard]] Description describe() const {
    return {std::string(Derived::name()), {{"shape", {rows(), cols()}}, {"factors", {factors()}}}};
  }
  /// Throws ValueError or ShapeError where description and parameters do not make the operator.
  [[nodiscard]] static Derived restore(const Description& description,
                                       const Parameters<Scalar>& parameters) {
    std::vector<Tensor<Scalar>> tensors;
    for (Index i = 0; i < description.value("factors"); ++i)
      tensors.push_back(
          find_parameter(parameters, tensor_name(static_cast<std::size_t>(i)), Derived::name()));
    return Derived(tensors);
  }

 protected:
  TiedOp() = default;

  /// Tensor i belongs to step place[i].
  TiedOp(Steps steps, const std::vector<Tensor<Scalar>>& tensors, std::vector<Index> place)
      : steps_(std::move(steps)), place_(std::move(place)) {
    for (const auto& tensor : tensors) shapes_.push_back(tensor.shape());
  }

  /// Of operators whose tensors are the matrices.
  [[nodiscard]] static Tensor<Scalar> matrix(const Tensor<Scalar>& tensor) { return tensor; }
  [[nodiscard]] static Tensor<Scalar> tensor(const Tensor<Scalar>& matrix, const Shape&) {
    return matrix;
  }

 private:
  friend OpAccess;

  static std::string tensor_name(std::size_t i) {
    return std::string(Derived::kPrefix) + std::to_string(i);
  }
  [[nodiscard]] std::size_t find(const std::string& name) const {
    for (std::size_t i = 0; i < shapes_.size(); ++i)
      if (name == tensor_name(i)) return i;
    refuse_parameter(Derived::name(), name);
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    steps_.apply(mode, alpha, x, beta, y, workspace);
  }

  Steps steps_;
  std::vector<Shape> shapes_;
  std::vector<Index> place_;
};

}  // namespace strum::inline STRUM_ABI::detail
