// Includes everything a second time in the same program.
#include "strum/strum.hpp"

strum::Index second_file(const strum::Monarch<float>& op);
strum::Index second_file(const strum::Monarch<float>& op) { return op.rows(); }
