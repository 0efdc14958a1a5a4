// strum: structured matrices for CPUs. This header includes everything.
#pragma once

#include "strum/core/any_linear_op.hpp"
#include "strum/core/linear_op.hpp"
#include "strum/core/parallel.hpp"
#include "strum/fit/block_diagonal.hpp"
#include "strum/fit/low_rank.hpp"
#include "strum/fit/monarch.hpp"
#include "strum/io/npy.hpp"
#include "strum/io/operator_file.hpp"
#include "strum/io/safetensors.hpp"
#include "strum/nn/fourier_head.hpp"
#include "strum/nn/fourier_synthesis.hpp"
#include "strum/ops/block_diagonal.hpp"
#include "strum/ops/dense.hpp"
#include "strum/ops/kronecker_sparse.hpp"
#include "strum/ops/low_rank.hpp"
#include "strum/ops/monarch.hpp"
