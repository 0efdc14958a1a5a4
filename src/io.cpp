#include "strum/io/npy-inl.hpp"
#include "strum/io/operator_record-inl.hpp"
#include "strum/io/safetensors-inl.hpp"
