// AnyLinearOp: an operator whose type is known only at run time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "strum/core/expression_parts.hpp"
#include "strum/core/linear_op.hpp"
#include "strum/core/owned.hpp"

namespace strum::inline STRUM_ABI {

/// Owns any operator with this scalar type: what containers, files and searches hold. A value:
/// copies copy the operator, moves leave an empty 0 x 0 behind. A call costs one virtual call more.
template <class ScalarType>
class AnyLinearOp : public LinearOpBase<AnyLinearOp<ScalarType>, ScalarType> {
 public:
  using Scalar = ScalarType;

  /// 0 x 0.
  AnyLinearOp() = default;

  /// Takes an operator over (or a copy of it). Of an expression that refers to operators, such as
  /// a + b or a.transpose(), it takes copies of those too: nothing outside is referred to.
  template <class Op>
  requires(!std::same_as<Op, AnyLinearOp>) &&
      LinearOp<Op>&& std::copy_constructible<Op>&& std::same_as<typename Op::Scalar,
                                                                ScalarType> AnyLinearOp(Op op)
      : held_(std::make_unique<Model<detail::Owned<Op>>>(detail::owned(std::move(op)))) {}

  AnyLinearOp(const AnyLinearOp& other) : held_(other.held_ ? other.held_->clone() : nullptr) {}
  AnyLinearOp(AnyLinearOp&&) noexcept = default;
  AnyLinearOp& operator=(AnyLinearOp other) noexcept {
    held_ = std::move(other.held_);
    return *this;
  }

  [[nodiscard]] Index rows() const { return held_ ? held_->rows() : 0; }
  [[nodiscard]] Index cols() const { return held_ ? held_->cols() : 0; }
  /// Of the operator inside, such as "Monarch".
  [[nodiscard]] std::string name() const { return held_ ? held_->name() : "AnyLinearOp"; }
  [[nodiscard]] Index parameter_count() const { return held_ ? held_->parameter_count() : 0; }
  [[nodiscard]] Index flops() const { return held_ ? held_->flops() : 0; }
  [[nodiscard]] std::size_t bytes() const { return held_ ? held_->bytes() : 0; }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return held_ ? held_->workspace_bytes(batch) : 0;
  }
  /// Makes what some transposed products need now, not at their first use.
  void prepare_transpose() const {
    if (held_) held_->prepare_transpose();
  }

  /// Empty for operators without parameters of their own (views).
  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    return held_ ? held_->parameters() : std::vector<ParameterInfo>{};
  }
  /// In Scalar, which holds every number that narrower weights can be. Throws ValueError for an
  /// unknown name.
  [[nodiscard]] Tensor<Scalar> get(const std::string& parameter) const {
    return held("get").get(parameter);
  }
  /// Rounds to nearest where the operator inside stores its weights narrower. Throws ValueError for
  /// an unknown name, ShapeError for a wrong shape.
  void set(const std::string& parameter, const Tensor<Scalar>& values) {
    (void)held("set");
    held_->set(parameter, values);
  }
  /// Throws ValueError for an operator that cannot be described, and so not saved.
  [[nodiscard]] Description describe() const { return held("describe").describe(); }

  /// The operator inside if it is an Op, else nullptr.
  template <class Op>
  [[nodiscard]] const Op* target() const {
    const auto* model = dynamic_cast<const Model<Op>*>(held_.get());
    return model != nullptr ? &model->op : nullptr;
  }

 private:
  friend detail::OpAccess;
  friend detail::StructureAccess;

  struct Interface {
    virtual ~Interface() = default;
    [[nodiscard]] virtual std::unique_ptr<Interface> clone() const = 0;
    [[nodiscard]] virtual Index rows() const = 0;
    [[nodiscard]] virtual Index cols() const = 0;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual Index parameter_count() const = 0;
    [[nodiscard]] virtual Index flops() const = 0;
    [[nodiscard]] virtual std::size_t bytes() const = 0;
    [[nodiscard]] virtual std::size_t workspace_bytes(Index batch) const = 0;
    virtual void prepare_transpose() const = 0;
    [[nodiscard]] virtual std::vector<ParameterInfo> parameters() const = 0;
    [[nodiscard]] virtual Tensor<Scalar> get(const std::string& parameter) const = 0;
    virtual void set(const std::string& parameter, const Tensor<Scalar>& values) = 0;
    [[nodiscard]] virtual Description describe() const = 0;
    virtual void apply(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const = 0;
    virtual bool apply_fused(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x,
                             Scalar beta, const MatrixView<Scalar>& y,
                             const kernels::Epilogue<Scalar>& epilogue,
                             Workspace& workspace) const = 0;
    [[nodiscard]] virtual detail::ExpressionParts<Scalar> take_parts() = 0;
    [[nodiscard]] virtual const detail::FactorChain<Scalar, Scalar>* factor_chain() const = 0;
    [[nodiscard]] virtual std::optional<detail::ClosedInverse<Scalar>> closed_inverse() const = 0;
  };

  /// Passes on what Op has; for a member that it lacks, the answer of an operator without
  /// parameters.
  template <class Op>
  struct Model final : Interface {
    explicit Model(Op held) : op(std::move(held)) {}

    [[nodiscard]] std::unique_ptr<Interface> clone() const override {
      return std::make_unique<Model>(op);
    }
    [[nodiscard]] Index rows() const override { return op.rows(); }
    [[nodiscard]] Index cols() const override { return op.cols(); }
    [[nodiscard]] std::string name() const override {
      if constexpr (requires { op.name(); }) return std::string(op.name());
      return "LinearOp";
    }
    [[nodiscard]] Index parameter_count() const override {
      if constexpr (requires { op.parameter_count(); }) return op.parameter_count();
      return 0;
    }
    [[nodiscard]] Index flops() const override {
      if constexpr (requires { op.flops(); }) return op.flops();
      return kMultiplyAddFlops<Scalar> * op.rows() * op.cols();
    }
    [[nodiscard]] std::size_t bytes() const override {
      if constexpr (requires { op.bytes(); }) return op.bytes();
      return 0;
    }
    [[nodiscard]] std::size_t workspace_bytes(Index batch) const override {
      if constexpr (requires { op.workspace_bytes(batch); }) return op.workspace_bytes(batch);
      return 0;
    }
    void prepare_transpose() const override {
      if constexpr (requires { op.prepare_transpose(); }) op.prepare_transpose();
    }
    [[nodiscard]] std::vector<ParameterInfo> parameters() const override {
      if constexpr (requires { op.parameters(); }) return op.parameters();
      return {};
    }
    [[nodiscard]] Tensor<Scalar> get(const std::string& parameter) const override {
      if constexpr (requires { op.get(parameter); })
        return op.get(parameter).template cast<Scalar>();
      detail::refuse_parameter(name(), parameter);
    }
    void set(const std::string& parameter, const Tensor<Scalar>& values) override {
      if constexpr (requires { op.set(parameter, values); })
        op.set(parameter, values);
      else
        detail::refuse_parameter(name(), parameter);
    }
    [[nodiscard]] Description describe() const override {
      if constexpr (requires { op.describe(); }) return op.describe();
      detail::fail<ValueError>(name(), ": this operator has no description");
    }
    void apply(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
               const MatrixView<Scalar>& y, Workspace& workspace) const override {
      if constexpr (std::derived_from<Op, LinearOpBase<Op, Scalar>>) {
        detail::OpAccess::run(op, mode, alpha, x, beta, y, workspace);
      } else if (mode == Mode::transpose) {
        op.apply_transpose(alpha, x, beta, y);
      } else if (mode == Mode::adjoint) {
        op.apply_adjoint(alpha, x, beta, y);
      } else if (mode == Mode::plain || !kIsComplex<Scalar>) {
        op.apply(alpha, x, beta, y);
      } else {
        detail::fail<ValueError>(name(), ": this operator has no conjugate, derive it from ",
                                 "LinearOpBase");
      }
    }
    bool apply_fused(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                     const MatrixView<Scalar>& y, const kernels::Epilogue<Scalar>& epilogue,
                     Workspace& workspace) const override {
      return detail::OpAccess::run_fused(op, mode, alpha, x, beta, y, epilogue, workspace);
    }
    [[nodiscard]] detail::ExpressionParts<Scalar> take_parts() override {
      return detail::StructureAccess::take_parts(op);
    }
    [[nodiscard]] const detail::FactorChain<Scalar, Scalar>* factor_chain() const override {
      return detail::StructureAccess::factor_chain(op);
    }
    [[nodiscard]] std::optional<detail::ClosedInverse<Scalar>> closed_inverse() const override {
      return detail::StructureAccess::closed_inverse(op);
    }

    Op op;
  };

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    held_->apply(mode, alpha, x, beta, y, workspace);
  }

  bool apply_fused(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                   const MatrixView<Scalar>& y, const kernels::Epilogue<Scalar>& epilogue,
                   Workspace& workspace) const {
    return held_->apply_fused(mode, alpha, x, beta, y, epilogue, workspace);
  }

  [[nodiscard]] detail::ExpressionParts<Scalar> take_parts() {
    return held_ ? held_->take_parts() : detail::ExpressionParts<Scalar>{};
  }
  [[nodiscard]] const detail::FactorChain<Scalar, Scalar>* factor_chain() const {
    return held_ ? held_->factor_chain() : nullptr;
  }
  [[nodiscard]] std::optional<detail::ClosedInverse<Scalar>> closed_inverse() const {
    return held_ ? held_->closed_inverse() : std::nullopt;
  }

  [[nodiscard]] const Interface& held(const char* what) const {
    if (!held_) detail::fail<ValueError>("AnyLinearOp::", what, ": it is empty");
    return *held_;
  }

  std::unique_ptr<Interface> held_;
};

}  // namespace strum::inline STRUM_ABI
