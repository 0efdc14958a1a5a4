// The sections of the page that strum_transform_times prints.
#pragma once

namespace bench {

void print_ffts();
void print_circulant();
void print_convolutions();
void print_sparse_convolutions();
void print_streaming();

}  // namespace bench
