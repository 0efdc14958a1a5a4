// Any operator behind one interface: the checks are compiled once per scalar type, not once per
// operator.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "strum/core/any_linear_op.hpp"

namespace strum::test {

template <class Scalar>
class Subject {
 public:
  virtual ~Subject() = default;

  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual Index rows() const = 0;
  [[nodiscard]] virtual Index cols() const = 0;
  [[nodiscard]] virtual Index parameter_count() const = 0;
  [[nodiscard]] virtual Index flops() const = 0;
  [[nodiscard]] virtual std::size_t workspace_bytes(Index batch) const = 0;

  /// The public verb that belongs to the mode, with the caller's workspace if there is one.
  virtual void apply(Mode mode, const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y,
                     Workspace* workspace = nullptr) const = 0;
  virtual void apply(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                     const MatrixView<Scalar>& y) const = 0;

  virtual void prepare_transpose() const = 0;
  virtual void to_dense(const MatrixView<Scalar>& dense) const = 0;

  [[nodiscard]] virtual std::vector<ParameterInfo> parameters() const = 0;
  [[nodiscard]] virtual Tensor<Scalar> get(const std::string& parameter) const = 0;
  virtual void set(const std::string& parameter, const Tensor<Scalar>& values) = 0;

  [[nodiscard]] virtual std::unique_ptr<Subject> copy() const = 0;
  /// By moving; this one is moved-from afterwards.
  [[nodiscard]] virtual std::unique_ptr<Subject> take() = 0;
  /// By copy assignment. `other` holds the same type.
  virtual void assign(const Subject& other) = 0;
  /// From its description and parameters; null if the operator has none.
  [[nodiscard]] virtual std::unique_ptr<Subject> restored() const = 0;

  /// Rows of the output and of the input of a mode.
  [[nodiscard]] Index out(Mode mode) const { return transposes(mode) ? cols() : rows(); }
  [[nodiscard]] Index in(Mode mode) const { return transposes(mode) ? rows() : cols(); }
};

template <class Op>
class Held final : public Subject<typename Op::Scalar> {
 public:
  using Scalar = typename Op::Scalar;
  using View = MatrixView<const Scalar>;

  explicit Held(Op op) : op_(std::move(op)) {}

  [[nodiscard]] std::string name() const override { return std::string(op_.name()); }
  [[nodiscard]] Index rows() const override { return op_.rows(); }
  [[nodiscard]] Index cols() const override { return op_.cols(); }
  [[nodiscard]] Index parameter_count() const override { return op_.parameter_count(); }
  [[nodiscard]] Index flops() const override { return op_.flops(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const override {
    return op_.workspace_bytes(batch);
  }

  void apply(Mode mode, const View& x, const MatrixView<Scalar>& y,
             Workspace* workspace) const override {
    if (workspace == nullptr) {
      if (mode == Mode::plain) op_.apply(x, y);
      if (mode == Mode::transpose) op_.apply_transpose(x, y);
      if (mode == Mode::adjoint) op_.apply_adjoint(x, y);
    } else {
      if (mode == Mode::plain) op_.apply(x, y, *workspace);
      if (mode == Mode::transpose) op_.apply_transpose(x, y, *workspace);
      if (mode == Mode::adjoint) op_.apply_adjoint(x, y, *workspace);
    }
  }
  void apply(Mode mode, Scalar alpha, const View& x, Scalar beta,
             const MatrixView<Scalar>& y) const override {
    if (mode == Mode::plain) op_.apply(alpha, x, beta, y);
    if (mode == Mode::transpose) op_.apply_transpose(alpha, x, beta, y);
    if (mode == Mode::adjoint) op_.apply_adjoint(alpha, x, beta, y);
  }

  void prepare_transpose() const override {
    if constexpr (requires { op_.prepare_transpose(); }) op_.prepare_transpose();
  }
  void to_dense(const MatrixView<Scalar>& dense) const override {
    const auto matrix = op_.to_dense();
    for (Index i = 0; i < dense.rows(); ++i)
      for (Index j = 0; j < dense.cols(); ++j) dense(i, j) = matrix(i, j);
  }

  [[nodiscard]] std::vector<ParameterInfo> parameters() const override {
    if constexpr (requires { op_.parameters(); }) return op_.parameters();
    return {};
  }
  [[nodiscard]] Tensor<Scalar> get(const std::string& parameter) const override {
    if constexpr (requires { op_.get(parameter); })
      return op_.get(parameter).template cast<Scalar>();
    return {};
  }
  void set(const std::string& parameter, const Tensor<Scalar>& values) override {
    if constexpr (requires { op_.set(parameter, values); }) op_.set(parameter, values);
  }

  [[nodiscard]] std::unique_ptr<Subject<Scalar>> copy() const override {
    return std::make_unique<Held>(op_);
  }
  [[nodiscard]] std::unique_ptr<Subject<Scalar>> take() override {
    return std::make_unique<Held>(std::move(op_));
  }
  void assign(const Subject<Scalar>& other) override {
    if constexpr (std::is_copy_assignable_v<Op>) op_ = dynamic_cast<const Held&>(other).op_;
  }
  [[nodiscard]] std::unique_ptr<Subject<Scalar>> restored() const override {
    if constexpr (requires(const Parameters<Scalar>& p) { Op::restore(op_.describe(), p); }) {
      Parameters<Scalar> values;
      for (const ParameterInfo& info : parameters()) values[info.name] = get(info.name);
      return std::make_unique<Held>(Op::restore(op_.describe(), values));
    }
    return nullptr;
  }

 private:
  Op op_;
};

}  // namespace strum::test
