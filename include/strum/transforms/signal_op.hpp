// SignalOp: what operators that work on one contiguous signal at a time have in common.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "strum/core/differentiable.hpp"
#include "strum/ops/derived_chain.hpp"
#include "strum/transforms/signals.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Base of operators that keep their parameters as they were handed over and prepare from them what
/// products need: spectra, tables. Derived has rows(), cols(), name() and, private with `friend
/// Base`,
///
///     void prepare(const std::vector<StoredParameter<Scalar>>&);       throws before it changes
///     void run(Mode, const Scalar* x, Scalar* y, Workspace&) const;    one signal
///     std::size_t run_bytes() const;                                   that run() takes
///     void accumulate(x, dy, const std::vector<Scalar*>& grads, Workspace&) const;
///
/// where accumulate() adds the gradients of a batch, in the order of the parameters.
template <class Derived, class ScalarType>
class SignalOp : public LinearOpBase<Derived, ScalarType> {
 public:
  using Scalar = ScalarType;

  /// Elements of the parameters.
  [[nodiscard]] Index parameter_count() const {
    Index count = 0;
    for (const auto& parameter : stored_) count += parameter.values.size();
    return count;
  }
  /// Scratch that one apply on `batch` samples or fewer takes from a Workspace.
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    const Index rows = derived().rows(), cols = derived().cols();
    if (batch == 0 || rows == 0 || cols == 0) return 0;
    return signals_bytes<Scalar, Scalar>(cols, rows, batch) + derived().run_bytes();
  }

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
  /// Replaces a parameter and prepares products with it. Throws ValueError for an unknown name and
  /// ShapeError for another shape than parameters() says; the operator is then as before.
  void set(const std::string& name, const Tensor<Scalar>& values) {
    const std::size_t i = find(name);
    check_shape(values, stored_[i].values.shape(), Derived::name(), name);
    std::vector<StoredParameter<Scalar>> changed = stored_;
    changed[i].values = values;
    assign(std::move(changed));
  }

  /// dx = Aᴴ·dy and the parameters' gradients, added to `grads`: see DifferentiableOp.
  template <class X, class DY, class DX>
  void backward(const X& x, const DY& dy, DX&& dx, Parameters<Scalar>& grads) const {
    backward_views(view(x), view(dy), mutable_view(dx), grads);
  }

 protected:
  SignalOp() = default;

  void assign(std::vector<StoredParameter<Scalar>> parameters) {
    static_cast<Derived&>(*this).prepare(parameters);
    stored_ = std::move(parameters);
  }
  [[nodiscard]] bool empty() const { return stored_.empty(); }
  /// Parameter i.
  [[nodiscard]] const Tensor<Scalar>& stored(std::size_t i = 0) const { return stored_[i].values; }
  [[nodiscard]] std::size_t stored_bytes() const {
    return static_cast<std::size_t>(parameter_count()) * sizeof(Scalar);
  }

  /// The matrix whose entries are f(i, j).
  template <class F>
  [[nodiscard]] auto dense_of(F&& f) const {
    using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
    Matrix dense(derived().rows(), derived().cols());
    for (Index j = 0; j < dense.cols(); ++j)
      for (Index i = 0; i < dense.rows(); ++i) dense(i, j) = f(i, j);
    return dense;
  }

 private:
  friend OpAccess;

  [[nodiscard]] const Derived& derived() const { return static_cast<const Derived&>(*this); }

  [[nodiscard]] std::size_t find(const std::string& name) const {
    for (std::size_t i = 0; i < stored_.size(); ++i)
      if (stored_[i].name == name) return i;
    refuse_parameter(Derived::name(), name);
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    for_each_signal(alpha, x, beta, y, workspace, [&](const Scalar* in, Scalar* out) {
      derived().run(mode, in, out, workspace);
    });
  }

  void backward_views(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                      const MatrixView<Scalar>& dx, Parameters<Scalar>& grads) const {
    check_gradient_shapes(Derived::name(), derived().rows(), derived().cols(), x, dy, dx);
    std::vector<Scalar*> gradients;
    for (const auto& parameter : stored_)
      gradients.push_back(
          gradient_of(grads, parameter.name, parameter.values.shape(), Derived::name()).data());
    if (x.cols() == 0 || empty()) return;
    derived().accumulate(x, dy, gradients, thread_workspace());
    if (dx.data() != nullptr) this->apply_adjoint(dy, dx);
  }

  std::vector<StoredParameter<Scalar>> stored_;
};

/// f(x, dy) of every sample, both contiguous.
template <class Scalar, class F>
void for_each_sample(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                     const F& f) {
  std::vector<Scalar> in(static_cast<std::size_t>(x.rows()));
  std::vector<Scalar> out(static_cast<std::size_t>(dy.rows()));
  for (Index s = 0; s < x.cols(); ++s) {
    for (Index j = 0; j < x.rows(); ++j) in[static_cast<std::size_t>(j)] = x(j, s);
    for (Index i = 0; i < dy.rows(); ++i) out[static_cast<std::size_t>(i)] = dy(i, s);
    f(in.data(), out.data());
  }
}

/// The shape of a parameter that is a vector, or a ShapeError.
template <class Scalar>
void check_vector(const Tensor<Scalar>& values, std::string_view owner, std::string_view name) {
  if (values.rank() != 1 || values.size() == 0)
    fail<ShapeError>(owner, ": ", name, " has shape ", values.shape(), ", needs one extent, not 0");
}

}  // namespace strum::inline STRUM_ABI::detail
