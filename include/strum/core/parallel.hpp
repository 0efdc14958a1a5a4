// Threads: how many work on a product, and whose they are.
//
//     strum::set_num_threads(1);                       // everything on the calling thread
//     strum::set_parallel_for([&](strum::Index count, const auto& body) { pool.run(count, body); },
//                             pool.size());            // threads of the program's own
#pragma once

#include <atomic>
#include <functional>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {

/// Threads that a product is cut for. What set_num_threads() says; else those of the pool given to
/// set_parallel_for(); else what OpenMP would use (all cores, or OMP_NUM_THREADS, or what the
/// calling thread told omp_set_num_threads). 1 where there is neither a pool nor OpenMP, which
/// belongs to the compiled library if that was built with it, and header-only to files compiled
/// with -fopenmp.
[[nodiscard]] STRUM_API int num_threads();

/// From now on, for the whole program; 0 goes back to the default. Any thread may call it at any
/// time: products that are running keep what they began with. Results have the same bits whatever
/// the number. Throws ValueError for a negative one.
STRUM_API void set_num_threads(int count);

/// Calls body(i) for every i in [0, count), in any order and on any thread, and returns when all
/// are done, on num_threads() threads at most. It stays on the calling thread inside of another
/// parallel_for or of an OpenMP region; and where another thread's is running already on OpenMP's
/// threads, since the cores are taken then. The first exception that a body throws is thrown again
/// here, and the bodies not yet begun are left out.
STRUM_API void parallel_for(Index count, const std::function<void(Index)>& body);

/// Runs body(i) once for every i in [0, count), on whatever threads, and returns when all are done.
/// What the bodies did must then be visible to the caller (any queue with a lock and any counter
/// with acquire and release sees to that). The bodies do not throw. None of them may wait for
/// another: one thread that runs all of them in turn is a valid pool.
using ParallelFor = std::function<void(Index count, const std::function<void(Index)>& body)>;

/// Makes strum run on the program's own threads, as servers and audio hosts need: afterwards it
/// starts none. `threads`, at least 1, is the num_threads() that goes with the pool, unless
/// set_num_threads() asks for another. An empty function goes back to the built-in way, without a
/// use of `threads`.
///
/// The pool is called once for each part of a product that is cut, by the thread that called strum
/// (by several at once if several called), never from inside of a body. Any thread may set it at
/// any time; calls that are running keep the old one alive until they end.
/// Throws ValueError for a pool of less than one thread; parallel_for() does if the pool returns
/// without having run every piece.
STRUM_API void set_parallel_for(ParallelFor pool, int threads = 0);

namespace detail {

/// Threads to cut for in this place and moment: num_threads(), or 1 where parallel_for() would stay
/// on the calling thread.
[[nodiscard]] STRUM_API int threads_here();

/// Whether parallel_for() stays on this thread from now on; returns what it was.
STRUM_API bool stay_on_thread(bool stay);

/// The least work of a piece, in units of ops/chain_cost.hpp. Tests set it to 0 to have
/// products of any size cut.
STRUM_API std::atomic<Index>& least_work();

}  // namespace detail
}  // namespace strum::inline STRUM_ABI

#if defined(STRUM_HEADER_ONLY)
#include "strum/core/parallel-inl.hpp"
#endif
