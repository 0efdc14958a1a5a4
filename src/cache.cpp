#include "strum/core/cache-inl.hpp"
