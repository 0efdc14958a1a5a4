// ChannelOperator: what operators that work on every channel by itself have in common.
#pragma once

#include <string_view>
#include <type_traits>

#include "strum/core/linear_op.hpp"
#include "strum/core/owned_size.hpp"
#include "strum/transforms/convolution_backward.hpp"

namespace strum::inline STRUM_ABI {

/// Signals that a convolution's input and output are multiplied by, of their shape:
/// y = post ⊙ A·(pre ⊙ u). Without data: none.
template <class R>
struct ConvolutionGates {
  SignalBatch<const R> pre = {}, post = {};
};

/// Where the gradients of y = post ⊙ A·(pre ⊙ u) go; what has no data is not computed. They
/// overwrite what was there. `parameters` mirrors the operator's parameters(): each that it holds,
/// in its shape.
template <class R>
struct ConvolutionGradients {
  SignalBatch<R> u = {}, pre = {}, post = {};
  Parameters<R>* parameters = nullptr;
};

namespace detail {

/// Base of convolutions of H channels of length L. One matrix acts on (H·L) x batch, channel after
/// channel: the memory of a tensor B x H x L.
///
/// Derived supplies `core()`; `skip()` and `start()`, per channel or null; where it has parameters,
/// a `GradientTargets targets(Parameters<R>&) const` whose `put(h, gradients of lags, of skip, of
/// start)` writes what belongs to channel h.
template <class Derived, class R>
class ChannelOperator : public LinearOpBase<Derived, R> {
  static_assert(std::is_same_v<R, float> || std::is_same_v<R, double>,
                "strum: signals are convolved in float or double");
  using Base = LinearOpBase<Derived, R>;
  using Gates = ConvolutionGates<R>;
  using Gradients = ConvolutionGradients<R>;

 public:
  using Scalar = R;
  using Base::apply;

  [[nodiscard]] Index rows() const { return channels_ * length_; }
  [[nodiscard]] Index cols() const { return rows(); }
  /// H.
  [[nodiscard]] Index channels() const { return channels_; }
  /// L.
  [[nodiscard]] Index length() const { return length_; }

  /// y = post ⊙ A·(pre ⊙ u), of signals batch x H x L. Gates are multiplied in the passes that load
  /// u and store y. Throws ShapeError where sizes do not fit, OverlapError where y shares an
  /// element with another or two of its elements are one.
  template <class T>
  void apply(const SignalBatch<T>& u, SignalBatch<R> y) const {
    run(u, y, Gates{}, thread_workspace());
  }
  template <class T>
  void apply(const SignalBatch<T>& u, SignalBatch<R> y, Workspace& workspace) const {
    run(u, y, Gates{}, workspace);
  }
  template <class T>
  void apply(const SignalBatch<T>& u, SignalBatch<R> y, const Gates& gates) const {
    run(u, y, gates, thread_workspace());
  }
  template <class T>
  void apply(const SignalBatch<T>& u, SignalBatch<R> y, const Gates& gates,
             Workspace& workspace) const {
    run(u, y, gates, workspace);
  }

  /// The gradients of u, of the gates and of the parameters from that of y. Those of a parameter
  /// are sums over the batch in its order, so they depend on no number of threads. Throws
  /// ShapeError, OverlapError and, for a name that is no parameter, ValueError.
  void backward(const SignalBatch<const R>& u, const SignalBatch<const R>& dy, const Gates& gates,
                const Gradients& gradients) const {
    backward(u, dy, gates, gradients, thread_workspace());
  }
  void backward(const SignalBatch<const R>& u, const SignalBatch<const R>& dy, const Gates& gates,
                const Gradients& gradients, Workspace& workspace) const {
    check_backward(u, dy, gates, gradients);
    if (rows() == 0) return;
    BackwardCall<R> call{.filter = {u, gates.pre, dy, gates.post, false, false},
                         .skip = derived().skip(),
                         .to_u = {gradients.u, gates.pre},
                         .to_pre = {gradients.pre, u},
                         .to_post = {gradients.post, dy}};
    if (gradients.parameters != nullptr) {
      const auto targets = derived().targets(*gradients.parameters);
      call.filter.skip = targets.skip != nullptr;
      call.filter.start = targets.start != nullptr;
      const auto put = [&](Index h, const R* taps, R skip, R start) {
        targets.put(h, taps, skip, start);
      };
      if (prefers_one_pass(derived().core(), call))
        return backward_in_one_pass(derived().core(), call, put, workspace);
      filter_gradients(derived().core(), call.filter, put, workspace);
    }
    if (u.batch() > 0) backward_by_signals(call, workspace);
  }

  /// Scratch that one apply on `batch` samples takes from a Workspace on num_threads() threads.
  /// With less it runs on fewer.
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (rows() == 0) return 0;
    const auto& core = derived().core();
    return units_bytes(batch * channels_, core.work(), pass_bytes(core));
  }
  /// The same of backward().
  [[nodiscard]] std::size_t backward_workspace_bytes(Index batch) const {
    if (rows() == 0) return 0;
    const auto& core = derived().core();
    return std::max(workspace_bytes(batch),
                    units_bytes(channels_, core.work() * static_cast<double>(batch),
                                std::max(filter_gradient_bytes(core), backward_bytes(core))));
  }

 protected:
  ChannelOperator() = default;
  ChannelOperator(Index channels, Index length) : channels_(channels), length_(length) {
    (void)checked_product(channels, length, Derived::name());
  }

  void apply_unchecked(Mode mode, R alpha, const MatrixView<const R>& x, R beta,
                       const MatrixView<R>& y, Workspace& workspace) const {
    const auto signals = [&](const auto& m) {
      return SignalBatch(m.data(), m.cols(), Index{channels_}, Index{length_}, m.col_stride(),
                         length_ * m.row_stride(), m.row_stride());
    };
    ConvolutionCall<R> call;
    call.transposed = transposes(mode);
    call.u = signals(x);
    call.skip = derived().skip();
    call.end = {signals(y), {}, alpha, beta};
    run_signals(derived().core(), call, workspace);
  }

 private:
  friend OpAccess;

  [[nodiscard]] const Derived& derived() const { return static_cast<const Derived&>(*this); }

  void check(const SignalBatch<const R>& s, Index batch, const char* verb, const char* what) const {
    check_signal_batch(s, batch, channels_, length_, Derived::name(), verb, what);
  }
  /// Those that are there.
  void check_if_any(const SignalBatch<const R>& s, Index batch, const char* verb,
                    const char* what) const {
    if (s.data() != nullptr) check(s, batch, verb, what);
  }

  void check_backward(const SignalBatch<const R>& u, const SignalBatch<const R>& dy,
                      const Gates& gates, const Gradients& to) const {
    constexpr const char* kVerb = "backward";
    check(u, u.batch(), kVerb, "u");
    check(dy, u.batch(), kVerb, "dy");
    check_if_any(gates.pre, u.batch(), kVerb, "pre");
    check_if_any(gates.post, u.batch(), kVerb, "post");
    check_if_any(to.u, u.batch(), kVerb, "the gradient of u");
    check_if_any(to.pre, u.batch(), kVerb, "the gradient of pre");
    check_if_any(to.post, u.batch(), kVerb, "the gradient of post");
    check_overlap<R>(to.u, {u, dy, gates.pre, gates.post, to.pre, to.post}, Derived::name(), kVerb);
    check_overlap<R>(to.pre, {u, dy, gates.pre, gates.post, to.post}, Derived::name(), kVerb);
    check_overlap<R>(to.post, {u, dy, gates.pre, gates.post}, Derived::name(), kVerb);
  }

  /// The gradients of signals, one pass for u and pre and one for post.
  void backward_by_signals(const BackwardCall<R>& of, Workspace& workspace) const {
    ConvolutionCall<R> call;
    call.skip = of.skip;
    if (of.to_u.y.data() != nullptr || of.to_pre.y.data() != nullptr) {
      const bool first_u = of.to_u.y.data() != nullptr;
      call.transposed = true;
      call.u = of.filter.dy;
      call.pre = of.filter.post;
      call.end = first_u ? of.to_u : of.to_pre;
      if (first_u) call.second = of.to_pre;
      run_signals(derived().core(), call, workspace);
    }
    if (of.to_post.y.data() != nullptr) {
      call.transposed = false;
      call.u = of.filter.u;
      call.pre = of.filter.pre;
      call.start = derived().start();
      call.end = of.to_post;
      call.second = {};
      run_signals(derived().core(), call, workspace);
    }
  }

  void run(const SignalBatch<const R>& u, const SignalBatch<R>& y, const Gates& gates,
           Workspace& workspace) const {
    constexpr const char* kVerb = "apply";
    check(u, u.batch(), kVerb, "u");
    check(y, u.batch(), kVerb, "y");
    check_if_any(gates.pre, u.batch(), kVerb, "pre");
    check_if_any(gates.post, u.batch(), kVerb, "post");
    check_overlap<R>(y, {u, gates.pre, gates.post}, Derived::name(), kVerb);
    if (y.size() == 0) return;
    ConvolutionCall<R> call;
    call.u = u;
    call.pre = gates.pre;
    call.skip = derived().skip();
    call.start = derived().start();
    call.end = {y, gates.post};
    run_signals(derived().core(), call, workspace);
  }

  OwnedSize channels_, length_;
};

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
