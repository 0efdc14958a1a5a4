// y = Monarch(w1, w2)·x with the sizes of reference.hpp; returns the instruction set in use.
#pragma once

#include <vector>

const char* plain_monarch(const std::vector<float>& w1, const std::vector<float>& w2,
                          const std::vector<float>& x, std::vector<float>& y);
const char* avx2_monarch(const std::vector<float>& w1, const std::vector<float>& w2,
                         const std::vector<float>& x, std::vector<float>& y);
