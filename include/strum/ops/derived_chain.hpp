// Operators whose factors follow from their parameters: angles, normals, skew matrices.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "strum/core/arithmetic.hpp"
#include "strum/core/expression_parts.hpp"
#include "strum/ops/factor_chain.hpp"

namespace strum::inline STRUM_ABI::detail {

/// A parameter as it was handed over.
template <class Scalar>
struct StoredParameter {
  std::string name;
  Tensor<Scalar> values;
};

/// Base of operators that keep their parameters as they are and apply a chain of factors computed
/// from them. Derived supplies a private
///
///     FactorChain<Scalar> make_chain(const std::vector<StoredParameter<Scalar>>&) const;
///
/// with `friend Base`, and says how the chain is applied.
template <class Derived, class ScalarType>
class DerivedFactors : public LinearOpBase<Derived, ScalarType> {
 public:
  using Scalar = ScalarType;

  [[nodiscard]] Index rows() const { return chain_.rows(); }
  [[nodiscard]] Index cols() const { return chain_.cols(); }

  /// Elements of the parameters.
  [[nodiscard]] Index parameter_count() const {
    Index count = 0;
    for (const auto& parameter : stored_) count += parameter.values.size();
    return count;
  }
  /// Real operations per sample, those of the factors.
  [[nodiscard]] Index flops() const { return kMultiplyAddFlops<Scalar> * chain_.parameter_count(); }
  /// Memory held: parameters and packed factors, and a second packing for the transpose once one
  /// was made.
  [[nodiscard]] std::size_t bytes() const {
    return chain_.bytes() + static_cast<std::size_t>(parameter_count()) * sizeof(Scalar);
  }
  /// Scratch that one apply on `batch` samples or fewer takes from a Workspace on num_threads()
  /// threads. With less it runs on fewer.
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return chain_.workspace_bytes(batch);
  }
  /// Makes the second packing that some transposed products need now, not at their first use.
  void prepare_transpose() const { chain_.prepare_transpose(); }

  /// Names and shapes of the parameters, in checkpoint order.
  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    std::vector<ParameterInfo> list;
    for (const auto& parameter : stored_)
      list.push_back({parameter.name, parameter.values.shape()});
    return list;
  }
  /// A copy of a parameter. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<Scalar> get(const std::string& name) const {
    return stored_[find(name)].values;
  }
  /// Replaces a parameter and computes the factors again. Throws ValueError for an unknown name and
  /// ShapeError for another shape than parameters() says; the operator is then as before.
  void set(const std::string& name, const Tensor<Scalar>& values) {
    const std::size_t i = find(name);
    check_shape(values, stored_[i].values.shape(), Derived::name(), name);
    std::vector<StoredParameter<Scalar>> changed = stored_;
    changed[i].values = values;
    assign(std::move(changed));
  }

 protected:
  DerivedFactors() = default;

  /// Takes the parameters over. Whatever else make_chain() reads of Derived must be there already.
  void assign(std::vector<StoredParameter<Scalar>> parameters) {
    chain_ = static_cast<const Derived&>(*this).make_chain(parameters);
    stored_ = std::move(parameters);
  }

  [[nodiscard]] const FactorChain<Scalar>& chain() const { return chain_; }
  [[nodiscard]] const std::vector<StoredParameter<Scalar>>& stored() const { return stored_; }

 private:
  [[nodiscard]] std::size_t find(const std::string& name) const {
    for (std::size_t i = 0; i < stored_.size(); ++i)
      if (stored_[i].name == name) return i;
    refuse_parameter(Derived::name(), name);
  }

  std::vector<StoredParameter<Scalar>> stored_;
  FactorChain<Scalar> chain_;
};

/// Those that are the chain and nothing else.
template <class Derived, class ScalarType>
class DerivedChainOp : public DerivedFactors<Derived, ScalarType> {
 public:
  using Scalar = ScalarType;

 protected:
  friend OpAccess;
  friend StructureAccess;

  DerivedChainOp() = default;

 private:
  [[nodiscard]] const FactorChain<Scalar, Scalar>* factor_chain() const { return &this->chain(); }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    this->chain().apply(mode, alpha, x, beta, y, workspace);
  }

  bool apply_fused(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                   const MatrixView<Scalar>& y, const kernels::Epilogue<Scalar>& epilogue,
                   Workspace& workspace) const {
    this->chain().apply(mode, alpha, x, beta, y, workspace, epilogue);
    return true;
  }
};

}  // namespace strum::inline STRUM_ABI::detail
