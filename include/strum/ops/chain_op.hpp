// ChainOp: what every operator that is a product of Kronecker-sparse factors has in common.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "strum/core/expression_parts.hpp"
#include "strum/core/weight.hpp"
#include "strum/ops/factor_tensor.hpp"

namespace strum::inline STRUM_ABI::detail {

/// A matrix as the weights of KS(1, m, n, 1).
template <class T>
[[nodiscard]] WeightView<std::remove_const_t<T>> matrix_weights(const MatrixView<T>& w) {
  return {w.data(), 0, w.row_stride(), w.col_stride(), 0};
}

/// Base of operators that are a FactorChain and nothing else. Weights are stored as WeightType,
/// products computed in ScalarType; widening a weight is exact. Whatever takes weights takes them
/// in either type and rounds to nearest, once, where it must. A Derived with a factor in front of
/// the product has a `Scalar scale() const`.
template <class Derived, class ScalarType, class WeightType>
class ChainOp : public LinearOpBase<Derived, ScalarType> {
 public:
  using Scalar = ScalarType;
  using Weight = CheckedWeight<WeightType, ScalarType>;

  [[nodiscard]] Index rows() const { return chain_.rows(); }
  [[nodiscard]] Index cols() const { return chain_.cols(); }

  /// Weights that join an input to an output; padding does not count.
  [[nodiscard]] Index parameter_count() const { return chain_.parameter_count(); }

  /// Names and shapes of the parameter tensors, in checkpoint order.
  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    std::vector<ParameterInfo> list;
    for (const FactorTensor& tensor : tensors_) list.push_back({tensor.name, tensor.tensor_shape});
    return list;
  }

  /// A copy of a parameter, padding as zeros. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<Weight> get(const std::string& name) const {
    const Index i = find(name);
    return get_tensor(chain_, i, tensors_[static_cast<std::size_t>(i)]);
  }

  /// Replaces a parameter; what lies in padding is ignored. Throws ValueError for an unknown name
  /// and ShapeError for another shape than parameters() says.
  template <WeightOf<ScalarType> Source = Weight>
  void set(const std::string& name, const Tensor<Source>& values) {
    const Index i = find(name);
    const FactorTensor& tensor = tensors_[static_cast<std::size_t>(i)];
    check_shape(values, tensor.tensor_shape, Derived::name(), name);
    set_tensor(chain_, i, tensor, values.data());
  }

  /// Memory held: the packed weights, and a second packing for the transpose once one was made.
  [[nodiscard]] std::size_t bytes() const { return chain_.bytes(); }

  /// Scratch that one apply (or apply_transpose) on `batch` samples or fewer takes from a Workspace
  /// on num_threads() threads. With less it runs on fewer.
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return chain_.workspace_bytes(batch);
  }

  /// Makes the second packing that some transposed products need now, not at their first use.
  void prepare_transpose() const { chain_.prepare_transpose(); }

 protected:
  friend OpAccess;
  friend StructureAccess;

  ChainOp() = default;

  /// Factors in the order of application, each packed from the caller's memory.
  template <class Source>
  ChainOp(std::vector<FactorTensor> tensors, const std::vector<WeightView<Source>>& sources)
      : tensors_(std::move(tensors)) {
    for (std::size_t i = 0; i < tensors_.size(); ++i) chain_.append(tensors_[i].shape, sources[i]);
  }

  /// The same from the data of the published tensors.
  template <class Source>
  ChainOp(std::vector<FactorTensor> tensors, const std::vector<const Source*>& data)
      : tensors_(std::move(tensors)) {
    for (std::size_t i = 0; i < tensors_.size(); ++i) append_tensor(chain_, tensors_[i], data[i]);
  }

  [[nodiscard]] const FactorChain<Scalar, Weight>& chain() const { return chain_; }

  /// A description with these attributes.
  [[nodiscard]] static Description description(
      std::map<std::string, std::vector<Index>> attributes) {
    return {std::string(Derived::name()), std::move(attributes),
            std::string(kWeightName<Scalar, Weight>)};
  }

 private:
  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    chain_.apply(mode, scaled(alpha), x, beta, y, workspace);
  }

  bool apply_fused(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                   const MatrixView<Scalar>& y, const kernels::Epilogue<Scalar>& epilogue,
                   Workspace& workspace) const {
    if constexpr (kIsComplex<Scalar>) {
      return false;  // layers are real, and so are the kernels' epilogues
    } else {
      chain_.apply(mode, scaled(alpha), x, beta, y, workspace, epilogue);
      return true;
    }
  }

  [[nodiscard]] Scalar scaled(Scalar alpha) const {
    if constexpr (requires(const Derived& d) { d.scale(); })
      return alpha * static_cast<const Derived&>(*this).scale();
    else
      return alpha;
  }

  /// The factors, if they are all there is to the operator.
  [[nodiscard]] const FactorChain<Scalar, Weight>* factor_chain() const {
    if constexpr (requires(const Derived& d) { d.scale(); })
      return nullptr;
    else
      return &chain_;
  }

  [[nodiscard]] Index find(const std::string& name) const {
    for (std::size_t i = 0; i < tensors_.size(); ++i)
      if (tensors_[i].name == name) return static_cast<Index>(i);
    refuse_parameter(Derived::name(), name);
  }

  std::vector<FactorTensor> tensors_;
  FactorChain<Scalar, Weight> chain_;
};

}  // namespace strum::inline STRUM_ABI::detail
