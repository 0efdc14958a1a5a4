// ButterflyOp: what all butterfly operators have in common.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/ops/merged_butterfly.hpp"

namespace strum::inline STRUM_ABI::detail {

/// How many of a butterfly's parameters lie on a way from an input to an output that exist.
struct UsedTwiddles {
  Index matrices = 0;  ///< T_i of which anything is used
  Index entries = 0;   ///< entries of theirs
};

/// Follows both ends through the factors.
[[nodiscard]] inline UsedTwiddles used_twiddles(const ButterflyShape& shape) {
  const std::vector<Index> order = shape.order();
  const Index n = shape.positions(), b = shape.block, each = shape.entries();
  // Visits the T_i of a level, with f(p) = first position, stride.
  const auto for_each_matrix = [&](Index level, auto&& visit) {
    Index stride = 1;
    for (Index t = 0; t < level; ++t) stride *= shape.radix;
    for (Index p = 0; p < n; ++p)
      if (p / stride % shape.radix == 0) visit(p, stride);
  };
  const auto reached = [&](const std::vector<char>& ends, Index first, Index stride) {
    Index count = 0;
    for (Index v = 0; v < shape.radix; ++v)
      for (Index o = 0; o < b; ++o)
        count += ends[static_cast<std::size_t>((first + v * stride) * b + o)];
    return count;
  };
  const auto spread = [&](std::vector<char>& ends, Index level) {
    for_each_matrix(level, [&](Index first, Index stride) {
      const char any = reached(ends, first, stride) > 0 ? 1 : 0;
      for (Index v = 0; v < shape.radix; ++v)
        for (Index o = 0; o < b; ++o)
          ends[static_cast<std::size_t>((first + v * stride) * b + o)] = any;
    });
  };

  UsedTwiddles used;
  for (Index stack = 0; stack < shape.stacks(); ++stack) {
    // Which entries reach an output, after each factor; then the inputs' way forward.
    std::vector<std::vector<char>> wanted(order.size() + 1,
                                          std::vector<char>(static_cast<std::size_t>(each)));
    for (Index i = 0; i < std::min(each, shape.rows - stack * each); ++i)
      wanted.back()[static_cast<std::size_t>(i)] = 1;
    for (std::size_t f = order.size(); f > 0; --f) {
      wanted[f - 1] = wanted[f];
      spread(wanted[f - 1], order[f - 1]);
    }
    std::vector<char> given(static_cast<std::size_t>(each));
    for (Index i = 0; i < shape.cols; ++i) given[static_cast<std::size_t>(i)] = 1;
    for (std::size_t f = 0; f < order.size(); ++f) {
      for_each_matrix(order[f], [&](Index first, Index stride) {
        const Index in = reached(given, first, stride), out = reached(wanted[f + 1], first, stride);
        used.matrices += in > 0 && out > 0 ? 1 : 0;
        used.entries += in * out;
      });
      spread(given, order[f]);
    }
  }
  return used;
}

/// Base of the butterfly operators: one parameter tensor that Derived turns into the matrices T_i.
///
///     static constexpr std::string_view kParameter, name();
///     static Shape parameter_shape(const ButterflyShape&);
///     static Index used(const UsedTwiddles&);
///     static void matrix(const ButterflyShape&, const Scalar* p, Wider<Scalar>* to);
///
/// p points to the parameters of one T_i; those of all are neighbours in the order (stack, block,
/// level, i).
template <class Derived, class ScalarType>
class ButterflyOp : public LinearOpBase<Derived, ScalarType> {
 public:
  using Scalar = ScalarType;

  [[nodiscard]] Index rows() const { return merged_.rows(); }
  [[nodiscard]] Index cols() const { return merged_.cols(); }
  [[nodiscard]] const ButterflyShape& shape() const { return shape_; }

  /// Parameters on a way from an input to an output; padding does not count.
  [[nodiscard]] Index parameter_count() const { return rows() == 0 ? 0 : parameter_count_; }
  /// Of the merged factors, as they are executed.
  [[nodiscard]] Index flops() const { return kMultiplyAddFlops<Scalar> * merged_.multiply_adds(); }
  /// Parameters, and the merged factors.
  [[nodiscard]] std::size_t bytes() const {
    return merged_.bytes() + static_cast<std::size_t>(parameter_.size()) * sizeof(Scalar);
  }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return merged_.workspace_bytes(batch);
  }
  /// Makes the second packing that some transposed products need now, not at their first use.
  void prepare_transpose() const { merged_.prepare_transpose(); }

  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    return {{std::string(Derived::kParameter), parameter_.shape()}};
  }
  /// The parameter as it was given. Throws ValueError for another name.
  [[nodiscard]] Tensor<Scalar> get(const std::string& name) const {
    check_name(name);
    return parameter_;
  }
  /// Replaces the parameter. Throws ValueError for another name, ShapeError for another shape.
  void set(const std::string& name, const Tensor<Scalar>& values) {
    check_name(name);
    check_shape(values, parameter_.shape(), Derived::name(), name);
    merged_ = merge(shape_, values);
    parameter_ = values;
  }

 protected:
  ButterflyOp() = default;

  ButterflyOp(const ButterflyShape& shape, Tensor<Scalar> parameter)
      : shape_(shape), merged_(merge(shape, parameter)), parameter_(std::move(parameter)) {
    parameter_count_ = Derived::used(used_twiddles(shape));
  }

  /// What is common to the shapes of all parameters.
  [[nodiscard]] static Shape shape_of_matrices(const ButterflyShape& s) {
    return {s.stacks(), s.blocks, s.levels(), s.positions() / s.radix};
  }

  [[nodiscard]] static Description description(const ButterflyShape& s) {
    return {std::string(Derived::name()),
            {{"shape", {s.rows, s.cols}},
             {"blocks", {s.blocks}},
             {"increasing_stride", {s.increasing_stride ? 1 : 0}},
             {"radix", {s.radix}},
             {"block", {s.block}}}};
  }
  [[nodiscard]] static ButterflyShape shape_from(const Description& d) {
    const std::vector<Index>& shape = d.list("shape", 2);
    const Index increasing = d.value("increasing_stride");
    if (increasing != 0 && increasing != 1)
      fail<ValueError>(Derived::name(), ": increasing_stride is ", increasing, ", not 0 or 1");
    return {shape[0],        shape[1],         d.value("blocks"),
            increasing == 1, d.value("radix"), d.value("block")};
  }

 private:
  friend OpAccess;

  static MergedButterfly<Scalar> merge(const ButterflyShape& shape, const Tensor<Scalar>& values) {
    check_shape(values, Derived::parameter_shape(shape), Derived::name(), Derived::kParameter);
    const Index matrices = shape.positions() / shape.radix;
    const Index factors = shape.stacks() * shape.blocks * shape.levels();
    const Index each = values.size() / (factors * matrices);
    return MergedButterfly<Scalar>(shape, [&](Index factor, Index i, Wider<Scalar>* to) {
      Derived::matrix(shape, values.data() + (factor * matrices + i) * each, to);
    });
  }

  static void check_name(const std::string& name) {
    if (name != Derived::kParameter) refuse_parameter(Derived::name(), name);
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    merged_.apply(mode, alpha, x, beta, y, workspace);
  }
  bool apply_fused(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                   const MatrixView<Scalar>& y, const kernels::Epilogue<Scalar>& epilogue,
                   Workspace& workspace) const {
    return merged_.apply_fused(mode, alpha, x, beta, y, epilogue, workspace);
  }

  ButterflyShape shape_{};
  MergedButterfly<Scalar> merged_;
  Tensor<Scalar> parameter_;
  Index parameter_count_ = 0;
};

}  // namespace strum::inline STRUM_ABI::detail
