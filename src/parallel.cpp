#include "strum/core/parallel-inl.hpp"
