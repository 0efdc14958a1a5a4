// Includes everything a second time in the same program.
#include "strum/fit/low_rank.hpp"
#include "strum/fit/monarch.hpp"
#include "strum/io/npy.hpp"
#include "strum/io/operator_file.hpp"
#include "strum/io/safetensors.hpp"
#include "strum/strum.hpp"

strum::Index second_file(const strum::Monarch<float>& op);
strum::Index second_file(const strum::Monarch<float>& op) { return op.rows(); }
