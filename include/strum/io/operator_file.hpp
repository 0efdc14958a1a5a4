// Operators in safetensors files. An operator `up` is
//
//     tensors       up.<parameter>, one for each of op.parameters(), as op.get() hands them out
//     __metadata__  strum.operator.up: JSON text with the operator's type, the integers that its
//                   shape consists of, the names of its parameters, its scalar type, the type that
//                   its weights are stored as if that is another, and the version of this format
//                   (1)
//
// and an expression, such as a sum, has its operands as operators up.0, up.1, ..., whose text is
// under strum.operand.up.0,
//
// so other programs read the weights as they read any checkpoint.
#pragma once

#include <concepts>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/core/any_linear_op.hpp"
#include "strum/io/expression_record.hpp"
#include "strum/io/operator_record.hpp"
#include "strum/ops/blast.hpp"
#include "strum/ops/block_butterfly.hpp"
#include "strum/ops/block_dense.hpp"
#include "strum/ops/block_diagonal.hpp"
#include "strum/ops/block_low_rank.hpp"
#include "strum/ops/block_shuffle.hpp"
#include "strum/ops/block_tensor_train.hpp"
#include "strum/ops/butterfly.hpp"
#include "strum/ops/butterfly_orthogonal.hpp"
#include "strum/ops/dense.hpp"
#include "strum/ops/diagonal.hpp"
#include "strum/ops/einsum_operator.hpp"
#include "strum/ops/flat_butterfly.hpp"
#include "strum/ops/givens_rotations.hpp"
#include "strum/ops/householder.hpp"
#include "strum/ops/identity.hpp"
#include "strum/ops/kronecker.hpp"
#include "strum/ops/kronecker_sparse.hpp"
#include "strum/ops/kronecker_sum.hpp"
#include "strum/ops/low_rank.hpp"
#include "strum/ops/monarch.hpp"
#include "strum/ops/monarch_chain.hpp"
#include "strum/ops/orthogonal_block_diagonal.hpp"
#include "strum/ops/orthogonal_butterfly.hpp"
#include "strum/ops/permutation.hpp"
#include "strum/ops/ragged_block_diagonal.hpp"
#include "strum/ops/sparse.hpp"
#include "strum/ops/tensor_train.hpp"
#include "strum/ops/two_core_block_tensor_train.hpp"
#include "strum/ops/zero.hpp"
#include "strum/transforms/acdc.hpp"
#include "strum/transforms/block_circulant.hpp"
#include "strum/transforms/cauchy_like.hpp"
#include "strum/transforms/circulant.hpp"
#include "strum/transforms/cosine.hpp"
#include "strum/transforms/fastfood.hpp"
#include "strum/transforms/fourier.hpp"
#include "strum/transforms/frequency_sparse_convolution.hpp"
#include "strum/transforms/haar.hpp"
#include "strum/transforms/hadamard.hpp"
#include "strum/transforms/hankel.hpp"
#include "strum/transforms/hartley.hpp"
#include "strum/transforms/long_convolution.hpp"
#include "strum/transforms/short_convolution.hpp"
#include "strum/transforms/sine.hpp"
#include "strum/transforms/spectral_sparse.hpp"
#include "strum/transforms/toeplitz.hpp"
#include "strum/transforms/toeplitz_like.hpp"
#include "strum/transforms/vandermonde.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

template <class S>
using Restore = AnyLinearOp<S> (*)(const Description&, const Parameters<S>&);

template <class Op>
AnyLinearOp<typename Op::Scalar> restore_as(const Description& description,
                                            const Parameters<typename Op::Scalar>& parameters) {
  return Op::restore(description, parameters);
}

/// Throws ValueError where it should be one of real numbers.
template <class S>
AnyLinearOp<S> restore_fourier(const Description& description, const Parameters<S>& parameters) {
  if constexpr (kIsComplex<S>) return Fourier<S>::restore(description, parameters);
  fail<ValueError>(description.type, " is an operator on complex numbers");
}

/// Throws ValueError where it should be one of complex numbers.
template <class S, class Op>
AnyLinearOp<S> restore_real(const Description& description, const Parameters<S>& parameters) {
  if constexpr (!kIsComplex<S>) return Op::restore(description, parameters);
  fail<ValueError>(description.type, " is an operator on real numbers");
}

template <class S>
using Restorable = std::pair<std::string_view, Restore<S>>;

/// The types that files may hold: an operator joins by one line. It needs a name(), a describe()
/// and a static restore() that makes it again from the description and the parameters in S.
template <class S, class W>
inline constexpr Restorable<S> kRestorable[] = {
    {Dense<S, W>::name(), &restore_as<Dense<S, W>>},
    {BlockDiagonal<S, Dynamic, W>::name(), &restore_as<BlockDiagonal<S, Dynamic, W>>},
    {LowRank<S, W>::name(), &restore_as<LowRank<S, W>>},
    {KroneckerSparse<S, W>::name(), &restore_as<KroneckerSparse<S, W>>},
    {Monarch<S, W>::name(), &restore_as<Monarch<S, W>>},
    {Permutation<S>::name(), &restore_as<Permutation<S>>},
    {Identity<S>::name(), &restore_as<Identity<S>>},
    {Zero<S>::name(), &restore_as<Zero<S>>},
    {Sparse<S>::name(), &restore_as<Sparse<S>>},
    {Householder<S>::name(), &restore_as<Householder<S>>},
    {GivensRotations<S>::name(), &restore_as<GivensRotations<S>>},
    {OrthogonalBlockDiagonal<S>::name(), &restore_as<OrthogonalBlockDiagonal<S>>},
    {ButterflyOrthogonal<S>::name(), &restore_as<ButterflyOrthogonal<S>>},
    {Butterfly<S>::name(), &restore_as<Butterfly<S>>},
    {OrthogonalButterfly<S>::name(), &restore_as<OrthogonalButterfly<S>>},
    {BlockButterfly<S>::name(), &restore_as<BlockButterfly<S>>},
    {FlatButterfly<S>::name(), &restore_as<FlatButterfly<S>>},
    {Kronecker<S>::name(), &restore_as<Kronecker<S>>},
    {KroneckerSum<S>::name(), &restore_as<KroneckerSum<S>>},
    {TensorTrain<S>::name(), &restore_as<TensorTrain<S>>},
    {Blast<S, W>::name(), &restore_as<Blast<S, W>>},
    {BlockDense<S, W>::name(), &restore_as<BlockDense<S, W>>},
    {BlockLowRank<S, W>::name(), &restore_as<BlockLowRank<S, W>>},
    {BlockShuffle<S, W>::name(), &restore_as<BlockShuffle<S, W>>},
    {BlockTensorTrain<S, W>::name(), &restore_as<BlockTensorTrain<S, W>>},
    {Diagonal<S, W>::name(), &restore_as<Diagonal<S, W>>},
    {EinsumOperator<S, W>::name(), &restore_as<EinsumOperator<S, W>>},
    {MonarchChain<S, W>::name(), &restore_as<MonarchChain<S, W>>},
    {RaggedBlockDiagonal<S, W>::name(), &restore_as<RaggedBlockDiagonal<S, W>>},
    {TwoCoreBlockTensorTrain<S, W>::name(), &restore_as<TwoCoreBlockTensorTrain<S, W>>},
    {Acdc<S>::name(), &restore_as<Acdc<S>>},
    {BlockCirculant<S>::name(), &restore_as<BlockCirculant<S>>},
    {CauchyLike<S>::name(), &restore_as<CauchyLike<S>>},
    {Circulant<S>::name(), &restore_as<Circulant<S>>},
    {Fastfood<S>::name(), &restore_as<Fastfood<S>>},
    {Hankel<S>::name(), &restore_as<Hankel<S>>},
    {SpectralSparse<S>::name(), &restore_as<SpectralSparse<S>>},
    {Toeplitz<S>::name(), &restore_as<Toeplitz<S>>},
    {ToeplitzLike<S>::name(), &restore_as<ToeplitzLike<S>>},
    {Vandermonde<S>::name(), &restore_as<Vandermonde<S>>},
    {Fourier<std::complex<Real<S>>>::name(), &restore_fourier<S>},
    {Cosine<S>::name(), &restore_as<Cosine<S>>},
    {Sine<S>::name(), &restore_as<Sine<S>>},
    {Hartley<S>::name(), &restore_as<Hartley<S>>},
    {Hadamard<S>::name(), &restore_as<Hadamard<S>>},
    {Haar<S>::name(), &restore_as<Haar<S>>},
    {LongConvolution<Real<S>>::name(), &restore_real<S, LongConvolution<Real<S>>>},
    {ShortConvolution<Real<S>>::name(), &restore_real<S, ShortConvolution<Real<S>>>},
    {FrequencySparseConvolution<Real<S>>::name(),
     &restore_real<S, FrequencySparseConvolution<Real<S>>>},
};

/// Those whose weights are stored as a description says. Throws ValueError if there are none.
template <class S>
std::span<const Restorable<S>> restorable(const std::string& weights) {
  if (weights.empty()) return kRestorable<S, S>;
  if constexpr (WeightOf<bfloat16, S>)
    if (weights == kWeightName<S, bfloat16>) return kRestorable<S, bfloat16>;
  fail<ValueError>("weights of type '", weights.substr(0, 100), "' are unknown");
}

/// An operator that is no expression.
template <class S>
AnyLinearOp<S> restore_leaf(const OperatorRecord<S>& record) {
  std::string known;
  for (const auto& [type, restore] : restorable<S>(record.description.weights)) {
    known += (known.empty() ? "" : ", ") + std::string(type);
    if (type != record.description.type) continue;
    AnyLinearOp<S> op = restore(record.description, record.parameters);
    if (op.describe() != record.description || op.parameters().size() != record.parameters.size())
      fail<ShapeError>(type, ": its description and its parameters' shapes disagree");
    return op;
  }
  fail<ValueError>("operator type '", record.description.type.substr(0, 100),
                   "' is unknown; known are ", known, " and expressions");
}

/// Throws ValueError for an unknown type, ValueError or ShapeError for a record whose parts do not
/// fit together.
template <class S>
AnyLinearOp<S> restore_operator(const OperatorRecord<S>& record) {
  ExpressionParts<S> parts = expression_parts(record);
  if (parts.kind == ExpressionKind::none) return restore_leaf(record);
  for (const OperatorRecord<S>& operand : record.operands)
    parts.operands.push_back(restore_operator(operand));
  return expression_of(std::move(parts));
}

template <class Op>
concept Describable = requires(const Op& op, const std::string& name) {
  { op.describe() } -> std::same_as<Description>;
  { op.parameters() } -> std::same_as<std::vector<ParameterInfo>>;
  {
    op.get(name).template cast<typename Op::Scalar>()
    } -> std::same_as<Tensor<typename Op::Scalar>>;
};

template <Describable Op>
OperatorRecord<typename Op::Scalar> leaf_record(const Op& op) {
  using S = typename Op::Scalar;
  OperatorRecord<S> record{op.describe(), {}, {}};
  for (const ParameterInfo& parameter : op.parameters())
    record.parameters.emplace(parameter.name, op.get(parameter.name).template cast<S>());
  return record;
}

template <class S>
OperatorRecord<S> any_record(AnyLinearOp<S> op) {
  const ExpressionParts<S> parts = StructureAccess::take_parts(op);
  if (parts.kind == ExpressionKind::none) return leaf_record(op);
  OperatorRecord<S> record = expression_record(parts);
  for (const AnyLinearOp<S>& operand : parts.operands)
    record.operands.push_back(any_record(operand));
  return record;
}

/// What files hold of an operator. What cannot be read back is not written.
template <class Op>
OperatorRecord<typename Op::Scalar> record_of(const Op& op) {
  using S = typename Op::Scalar;
  OperatorRecord<S> record;
  if constexpr (Describable<Op> && !std::same_as<Op, AnyLinearOp<S>>)
    record = leaf_record(op);
  else
    record = any_record(AnyLinearOp<S>(op));
  (void)restore_operator(record);
  return record;
}

}  // namespace detail

namespace io {

/// Writes operators by name; the file holds these and nothing else. It appears under its name when
/// it is complete; a failure leaves what was there. Throws FileError if it cannot be written and
/// ValueError for an operator that could not be loaded again: of a type that files do not know, or
/// 0 x 0 without parameters.
template <FileScalar S>
void save_operators(const std::filesystem::path& path,
                    const std::map<std::string, AnyLinearOp<S>>& operators) {
  std::map<std::string, detail::OperatorRecord<S>> records;
  for (const auto& [name, op] : operators) records.emplace(name, detail::record_of(op));
  detail::write_operators(path, records);
}

/// Writes one operator, as save_operators does: an existing file is replaced, not added to. An
/// expression is written with all it refers to.
template <LinearOp Op>
void save_operator(const std::filesystem::path& path, const std::string& name, const Op& op) {
  using S = typename Op::Scalar;
  static_assert(FileScalar<S>,
                "strum: files hold operators of float, double and std::complex<float>; "
                "safetensors has no complex128");
  if constexpr (FileScalar<S>) {
    std::map<std::string, detail::OperatorRecord<S>> records;
    records.emplace(name, detail::record_of(op));
    detail::write_operators(path, records);
  }
}

/// Reads one operator, and no other tensors than its own. It applies to the same bits as the one
/// saved if that was an operator of S, and stores its weights as that did; one of float widens to
/// double or std::complex<float>, weights included, one of double narrows to float only if that is
/// allowed, and one of complex numbers is never read as a real one. Throws
/// ValueError if the file has no such operator and FileError, naming file, operator and byte, for
/// an unknown type or version or anything malformed.
template <FileScalar S>
[[nodiscard]] AnyLinearOp<S> load_operator(const std::filesystem::path& path,
                                           const std::string& name,
                                           Narrowing narrowing = Narrowing::refuse) {
  detail::OperatorRecord<S> record;
  detail::read_operator(path, name, narrowing, record);
  try {
    return detail::restore_operator(record);
  } catch (const Error& error) {
    detail::fail<FileError>(record.where, ": ", error.what());
  }
}

}  // namespace io
}  // namespace strum::inline STRUM_ABI
