// Threads: every piece once, exceptions come out, and how many threads there are and whose.
#include "strum/core/parallel.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "thread_pool.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

TEST(ParallelFor, VisitsEveryIndexOnce) {
  for (const Index count : {0, 1, 2, 3, 7, 100, 1000}) {
    std::vector<std::atomic<int>> visits(static_cast<std::size_t>(count));
    parallel_for(count, [&](Index i) { ++visits[static_cast<std::size_t>(i)]; });
    for (const auto& n : visits) EXPECT_EQ(n, 1);
  }
}

TEST(ParallelFor, DoesNothingForNoPieces) {
  parallel_for(0, [](Index) { FAIL(); });
  parallel_for(-5, [](Index) { FAIL(); });
}

TEST(ParallelFor, IsDoneWhenItReturns) {
  std::vector<Index> squares(500);
  parallel_for(500, [&](Index i) { squares[static_cast<std::size_t>(i)] = i * i; });
  for (Index i = 0; i < 500; ++i) EXPECT_EQ(squares[static_cast<std::size_t>(i)], i * i);
}

TEST(ParallelFor, ThrowsWhatAPieceThrows) {
  for (const Index bad : {0, 50, 99}) {
    const auto run = [&] {
      parallel_for(100, [&](Index i) {
        if (i == bad) detail::fail<ValueError>("piece ", i);
      });
    };
    EXPECT_EQ(thrown<ValueError>(run), "piece " + std::to_string(bad));
  }
}

TEST(ParallelFor, ThrowsOneOfSeveral) {
  std::atomic<int> begun = 0;
  EXPECT_THROW(parallel_for(1000,
                            [&](Index) {
                              ++begun;
                              throw std::runtime_error("every piece");
                            }),
               std::runtime_error);
  EXPECT_LT(begun, 1000) << "the pieces not yet begun are left out";
}

TEST(ParallelFor, CanBeUsedAgainAfterAnException) {
  EXPECT_ANY_THROW(parallel_for(10, [](Index) { throw 1; }));
  std::atomic<Index> sum = 0;
  parallel_for(10, [&](Index i) { sum += i; });
  EXPECT_EQ(sum, 45);
}

TEST(ParallelFor, Nests) {
  std::vector<std::atomic<int>> visits(20 * 30);
  parallel_for(20, [&](Index i) {
    parallel_for(30, [&](Index j) { ++visits[static_cast<std::size_t>(i * 30 + j)]; });
  });
  for (const auto& n : visits) EXPECT_EQ(n, 1);
}

TEST(ParallelFor, ExceptionsComeOutOfNestedOnes) {
  EXPECT_EQ(thrown<ShapeError>([] {
              parallel_for(4, [](Index i) {
                parallel_for(4, [i](Index j) {
                  if (i == 2 && j == 3) detail::fail<ShapeError>("inner");
                });
              });
            }),
            "inner");
}

/// Leaves the settings as they were at the program's start.
class Threads : public testing::Test {
 protected:
  ~Threads() override {
    set_parallel_for(nullptr);
    set_num_threads(0);
  }
};

TEST_F(Threads, AreOneAtLeast) {
  EXPECT_GE(num_threads(), 1);
  EXPECT_EQ(detail::threads_here(), num_threads());
}

TEST_F(Threads, NumberIsKeptUntilTheDefaultIsAskedFor) {
  const int before = num_threads();
  set_num_threads(1);
  EXPECT_EQ(num_threads(), 1);
  set_num_threads(0);
  EXPECT_EQ(num_threads(), before);
}

TEST_F(Threads, NegativeNumberIsRefused) {
  const int before = num_threads();
  EXPECT_EQ(thrown<ValueError>([] { set_num_threads(-3); }), "set_num_threads: -3 threads");
  EXPECT_EQ(num_threads(), before);
}

TEST_F(Threads, OneMeansTheCallingThread) {
  set_num_threads(1);
  const auto here = std::this_thread::get_id();
  parallel_for(50, [&](Index) { EXPECT_EQ(std::this_thread::get_id(), here); });
}

TEST_F(Threads, PoolWithoutThreadsIsRefused) {
  for (const int threads : {0, -1})
    EXPECT_EQ(thrown<ValueError>([&] { set_parallel_for(run_backwards, threads); }),
              "set_parallel_for: a pool of " + std::to_string(threads) + " threads");
}

TEST_F(Threads, PoolSaysHowMany) {
  const int before = num_threads();
  set_parallel_for(run_backwards, 5);
  EXPECT_EQ(num_threads(), 5);
  set_num_threads(3);
  EXPECT_EQ(num_threads(), 3);
  set_num_threads(0);
  EXPECT_EQ(num_threads(), 5);
  set_parallel_for(nullptr);
  EXPECT_EQ(num_threads(), before);
}

TEST_F(Threads, PoolRunsThePieces) {
  std::vector<Index> counts, order;
  set_parallel_for(
      [&](Index count, const std::function<void(Index)>& body) {
        counts.push_back(count);
        run_backwards(count, body);
      },
      2);
  for (const Index count : {0, 1, 2, 5}) parallel_for(count, [&](Index i) { order.push_back(i); });
  EXPECT_EQ(counts, (std::vector<Index>{2, 5})) << "a single piece needs no pool";
  EXPECT_EQ(order, (std::vector<Index>{0, 1, 0, 4, 3, 2, 1, 0}));
}

TEST_F(Threads, PoolIsNotAskedForOneThread) {
  set_parallel_for([](Index, const std::function<void(Index)>&) { FAIL(); }, 1);
  Index sum = 0;
  parallel_for(10, [&](Index i) { sum += i; });
  EXPECT_EQ(sum, 45);
}

TEST_F(Threads, PoolIsNotAskedFromInsideABody) {
  std::atomic<int> calls = 0, pieces = 0;
  ThreadPool threads(3);
  set_parallel_for(
      [&](Index count, const std::function<void(Index)>& body) {
        ++calls;
        threads.run(count, body);
      },
      3);
  parallel_for(4, [&](Index) {
    const auto here = std::this_thread::get_id();
    EXPECT_EQ(detail::threads_here(), 1);
    parallel_for(5, [&](Index) {
      EXPECT_EQ(std::this_thread::get_id(), here);
      ++pieces;
    });
  });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(pieces, 20);
  EXPECT_EQ(detail::threads_here(), 3);
}

TEST_F(Threads, ExceptionsComeOutOfPools) {
  ThreadPool threads(3);
  set_parallel_for([&](Index count, const auto& body) { threads.run(count, body); }, 3);
  for (const Index bad : {0, 7, 19})
    EXPECT_EQ(thrown<ValueError>([&] {
                parallel_for(20, [&](Index i) {
                  if (i == bad) detail::fail<ValueError>("piece ", i);
                });
              }),
              "piece " + std::to_string(bad));
  EXPECT_EQ(detail::threads_here(), 3) << "the calling thread is out of the body";
}

TEST_F(Threads, PoolThatLeavesPiecesOutIsReported) {
  set_parallel_for([](Index, const std::function<void(Index)>& body) { body(0); }, 2);
  EXPECT_EQ(thrown<ValueError>([] { parallel_for(4, [](Index) {}); }),
            "set_parallel_for: the function returned after 1 of 4 pieces");
}

TEST_F(Threads, PoolIsDestroyedWhenItIsReplaced) {
  const auto held = std::make_shared<int>(0);
  set_parallel_for([held](Index count, const auto& body) { run_backwards(count, body); }, 2);
  EXPECT_EQ(held.use_count(), 2);
  set_parallel_for(run_backwards, 2);
  EXPECT_EQ(held.use_count(), 1);
}

/// Calls parallel_for from several threads at once and checks every result.
void call_from_many_threads() {
  std::vector<std::thread> callers;
  for (int t = 0; t < 4; ++t)
    callers.emplace_back([] {
      for (int round = 0; round < 100; ++round) {
        std::atomic<Index> sum = 0;
        parallel_for(20, [&](Index i) { sum += i; });
        EXPECT_EQ(sum, 190);
      }
    });
  for (std::thread& caller : callers) caller.join();
}

TEST_F(Threads, ManyCallersShareAPool) {
  ThreadPool threads(3);
  set_parallel_for([&](Index count, const auto& body) { threads.run(count, body); }, 3);
  call_from_many_threads();
}

TEST_F(Threads, ManyCallersOfTheBuiltInThreads) { call_from_many_threads(); }

TEST_F(Threads, SettersMayRunBesideCalls) {
  std::atomic<bool> stop = false;
  std::thread setter([&] {
    for (int n = 0; !stop; n = (n + 1) % 4) {
      set_num_threads(n);
      if (n % 2 == 0)
        set_parallel_for(run_backwards, n + 1);
      else
        set_parallel_for(nullptr);
    }
  });
  call_from_many_threads();
  stop = true;
  setter.join();
}

}  // namespace
}  // namespace strum::test
