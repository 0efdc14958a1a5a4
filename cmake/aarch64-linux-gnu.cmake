# Toolchain file: 64-bit Arm on another machine, with Debian's cross compiler and programs run by
# qemu (packages g++-aarch64-linux-gnu and qemu-user). No package of the other architecture is
# needed: Eigen, xsimd and nlohmann_json are headers, which this compiler finds in the host's
# /usr/include, and the C and C++ libraries come with the compiler.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)  # GoogleTest asks for one
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu)

# The host's headers and CMake packages will do, its programs are what can be run, and its libraries
# are of no use.
set(CMAKE_FIND_ROOT_PATH /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
