// The kernel for matrices in compressed rows:
//
//     y[r, s] = Σ_i values[i] · x[columns[i], s]        row_starts[r] <= i < row_starts[r + 1]
//     y[columns[i], s] += values[i] · x[r, s]           transposed, r = 0, 1, ...
//
// Lanes hold samples. The side that is reached through the columns, x or with transposition y, lies
// in scratch, where the samples of a feature are neighbours: every layout then has one path. One
// sample is a scalar loop of the same multiply-adds. Either way an output's terms are added in the
// order of the entries.
#pragma once

#include "strum/core/arithmetic.hpp"
#include "strum/kernels/tile.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// Samples that are taken through the matrix together.
inline constexpr Index kSparseSamples = 64;
/// Vectors of them that share an entry's index and weight: four independent sums hide the latency
/// of a multiply-add.
inline constexpr int kSparseVectors = 4;

/// Samples of a feature in scratch: whole vectors.
template <class T>
Index sparse_tile(Index batch) {
  return std::min(kSparseSamples, (batch + kLanes<T> - 1) / kLanes<T> * kLanes<T>);
}

/// A sample alone takes its outputs, a batch a tile of the side that lies in scratch.
template <class T>
Index sparse_scratch_size(Index rows, Index cols, Index batch) {
  if (batch <= 0) return 0;
  const Index one = std::max(rows, cols);
  return batch == 1 ? one : std::max(one, cols * sparse_tile<T>(batch));
}

/// The value of entry i as it is multiplied.
template <class T>
STRUM_ALWAYS_INLINE T sparse_weight(const SparseCall<T>& call, Index i) {
  if constexpr (kIsComplex<T>)
    if (call.conjugate) return T(call.values[i].real(), -call.values[i].imag());
  return call.values[i];
}

template <class T>
STRUM_ALWAYS_INLINE Scaling<T> scaling_of(const SparseCall<T>& call) {
  return {call.alpha, call.beta, call.alpha == T(1) && call.beta == T(0)};
}

/// The call's only sample.
template <class T>
void sparse_sample(const SparseCall<T>& call) {
  T* const sums = call.scratch;
  const Index outputs = call.transpose ? call.cols : call.rows;
  if (call.transpose) {
    for (Index j = 0; j < outputs; ++j) sums[j] = T(0);
    for (Index r = 0; r < call.rows; ++r) {
      const T x = call.x[r * call.x_row];
      for (Index i = call.row_starts[r]; i < call.row_starts[r + 1]; ++i) {
        T& sum = sums[call.columns[i]];
        sum = detail::multiply_add(sparse_weight(call, i), x, sum);
      }
    }
  } else {
    for (Index r = 0; r < outputs; ++r) {
      T sum(0);
      for (Index i = call.row_starts[r]; i < call.row_starts[r + 1]; ++i)
        sum =
            detail::multiply_add(sparse_weight(call, i), call.x[call.columns[i] * call.x_row], sum);
      sums[r] = sum;
    }
  }
  store_spilled(sums, outputs, outputs, Index{1},
                TileTarget<T>{call.y, call.y_row, 0, scaling_of(call)});
}

/// Samples that are copied together where a feature's are not neighbours: their lines stay in cache
/// though they may lie a power of two apart.
inline constexpr Index kSparseGroup = 8;

/// Samples [0, count) of features [first, first + features) of x, each feature's side by side;
/// zeros fill the last vector.
template <class T>
void load_samples(const SparseCall<T>& call, Index first, Index features, Index count, Index width,
                  T* to) {
  constexpr Index L = kLanes<T>;
  const T* const x = call.x + first * call.x_row;
  if (call.x_col == 1) {
    for (Index j = 0; j < features; ++j) {
      Index s = 0;
      for (; s + L <= count; s += L) store(to + j * width + s, load(x + j * call.x_row + s));
      if (s < count) store(to + j * width + s, load_partial(x + j * call.x_row + s, count - s));
    }
    return;
  }
  for (Index group = 0; group < width; group += kSparseGroup)
    for (Index j = 0; j < features; ++j)
      for (Index s = group; s < std::min(group + kSparseGroup, width); ++s)
        to[j * width + s] = s < count ? x[j * call.x_row + s * call.x_col] : T(0);
}

/// The way back: features [first, first + features) of y from their sums.
template <class T>
void store_samples(const SparseCall<T>& call, Index first, Index features, Index count, Index width,
                   const T* from) {
  T* const y = call.y + first * call.y_row;
  const Index group = call.y_col == 1 ? count : kSparseGroup;
  for (Index s = 0; s < count; s += group)
    store_spilled(from + s, width, std::min(group, count - s), features,
                  TileTarget<T>{y + s * call.y_col, call.y_col, call.y_row, scaling_of(call)});
}

/// V vectors of samples of an output: Σ values[i]·x[columns[i]], x in scratch.
template <int V, class T>
STRUM_FLATTEN void gather_row(const SparseCall<T>& call, Index row, const T* x, Index width,
                              T* sums) {
  Vec<Real<T>> acc[V];
  unrolled<V>([&](int v) { acc[v] = zero<Real<T>>(); });
  const Index end = call.row_starts[row + 1];
  for (Index i = call.row_starts[row]; i < end; ++i) {
    const auto weight = broadcast(sparse_weight(call, i));
    const T* const from = x + call.columns[i] * width;
    unrolled<V>([&](int v) { acc[v] = fma(weight, load(from + v * kLanes<T>), acc[v]); });
  }
  unrolled<V>([&](int v) { store(sums + v * kLanes<T>, acc[v]); });
}

/// V vectors of samples of an input, added to the outputs in scratch.
template <int V, class T>
STRUM_FLATTEN void scatter_row(const SparseCall<T>& call, Index row, const T* x, Index width,
                               T* sums) {
  Vec<Real<T>> values[V];
  unrolled<V>([&](int v) { values[v] = load(x + v * kLanes<T>); });
  const Index end = call.row_starts[row + 1];
  for (Index i = call.row_starts[row]; i < end; ++i) {
    const auto weight = broadcast(sparse_weight(call, i));
    T* const to = sums + call.columns[i] * width;
    unrolled<V>([&](int v) {
      store(to + v * kLanes<T>, fma(weight, values[v], load(to + v * kLanes<T>)));
    });
  }
}

/// Calls f(number of vectors, first sample) until `width` samples are done.
template <class T, class F>
STRUM_ALWAYS_INLINE void for_sample_vectors(Index width, const F& f) {
  constexpr Index kMost = kSparseVectors * kLanes<T>;
  Index s = 0;
  for (; s + kMost <= width; s += kMost) f(std::integral_constant<int, kSparseVectors>{}, s);
  for (; s < width; s += kLanes<T>) f(std::integral_constant<int, 1>{}, s);
}

/// The first `count` samples of the call. Of the side that is walked in order, kSparseRows rows at
/// a time: of a matrix whose columns are samples that is a cache line of each.
template <class T>
void sparse_samples(const SparseCall<T>& call, Index count) {
  constexpr Index kSparseRows = 16;
  const Index width = sparse_tile<T>(count);
  alignas(kLaneAlignment<Real<T>>) T lines[static_cast<std::size_t>(kSparseRows * kSparseSamples)];
  T* const tile = call.scratch;
  if (call.transpose)
    for (Index j = 0; j < call.cols * width; j += kLanes<T>) store(tile + j, zero<Real<T>>());
  else
    load_samples(call, Index{0}, call.cols, count, width, tile);
  for (Index first = 0; first < call.rows; first += kSparseRows) {
    const Index rows = std::min(kSparseRows, call.rows - first);
    if (call.transpose) load_samples(call, first, rows, count, width, lines);
    for (Index r = 0; r < rows; ++r)
      for_sample_vectors<T>(width, [&](auto v, Index s) {
        constexpr int V = decltype(v)::value;
        T* const line = lines + r * width + s;
        if (call.transpose)
          scatter_row<V>(call, first + r, line, width, tile + s);
        else
          gather_row<V>(call, first + r, tile + s, width, line);
      });
    if (!call.transpose) store_samples(call, first, rows, count, width, lines);
  }
  if (call.transpose) store_samples(call, Index{0}, call.cols, count, width, tile);
}

template <class T>
void apply_sparse(const SparseCall<T>& call) {
  for (Index first = 0; first < call.batch; first += kSparseSamples) {
    SparseCall<T> part = call;
    part.x += first * call.x_col;
    part.y += first * call.y_col;
    const Index count = std::min(kSparseSamples, call.batch - first);
    if (count == 1)
      sparse_sample(part);
    else
      sparse_samples(part, count);
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
