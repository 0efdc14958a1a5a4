# strum::strum, the compiled library, and strum::headers, the same code as headers only.

include(GNUInstallDirs)

# The kernels: three files per instruction set, none of which may leave behind code that the linker
# could hand to callers on a lesser CPU. Hence -O2 and no exceptions in every build type (without
# optimisation the standard library's templates stay behind as weak symbols), and no sanitizers.
# No -ffp-contract=off: with it gcc 12 makes the multiply-adds of the tiles 8 % slower, and there is
# nothing to contract, since every sum of a product is written as one fused operation. Eigen is not on
# this target's include path on purpose.
set(strum_kernel_sources)
function(strum_add_kernels isa)
  set(paths ${PROJECT_SOURCE_DIR}/src/${isa}.cpp ${PROJECT_SOURCE_DIR}/src/${isa}_complex.cpp
    ${PROJECT_SOURCE_DIR}/src/${isa}_signals.cpp)
  # gcc 12 takes the undefined operands of its own AVX-512 intrinsics for a mistake.
  set(gcc_only $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  set_source_files_properties(${paths} PROPERTIES COMPILE_OPTIONS
    "${ARGN};-O2;-fno-exceptions;-fno-sanitize=all;${gcc_only}")
  set(strum_kernel_sources ${strum_kernel_sources} ${paths} PARENT_SCOPE)
endfunction()

include(CheckCXXSymbolExists)
check_cxx_symbol_exists(__x86_64__ "" STRUM_TARGET_X86_64)
check_cxx_symbol_exists(__aarch64__ "" STRUM_TARGET_AARCH64)
if(STRUM_TARGET_X86_64)
  # -march first: it takes back a -march=native in CMAKE_CXX_FLAGS.
  strum_add_kernels(sse2 -march=x86-64 -msse2)
  strum_add_kernels(avx2 -march=x86-64 -mavx2 -mfma)
  strum_add_kernels(avx512 -march=x86-64
    -mavx512f -mavx512cd -mavx512dq -mavx512bw -mavx512vl -mfma)
elseif(STRUM_TARGET_AARCH64)
  strum_add_kernels(neon64 -march=armv8-a)
else()
  message(FATAL_ERROR "strum has kernels for x86-64 and 64-bit Arm, "
    "not for ${CMAKE_SYSTEM_PROCESSOR}.")
endif()

add_library(strum
  ${PROJECT_SOURCE_DIR}/src/cache.cpp
  ${PROJECT_SOURCE_DIR}/src/dispatch.cpp
  ${PROJECT_SOURCE_DIR}/src/fit.cpp
  ${PROJECT_SOURCE_DIR}/src/fit_blocks.cpp
  ${PROJECT_SOURCE_DIR}/src/fit_calibrated.cpp
  ${PROJECT_SOURCE_DIR}/src/fit_chains.cpp
  ${PROJECT_SOURCE_DIR}/src/fit_grouped.cpp
  ${PROJECT_SOURCE_DIR}/src/fit_search.cpp
  ${PROJECT_SOURCE_DIR}/src/fit_spectral.cpp
  ${PROJECT_SOURCE_DIR}/src/fit_sums.cpp
  ${PROJECT_SOURCE_DIR}/src/io.cpp
  ${PROJECT_SOURCE_DIR}/src/leading_triples.cpp
  ${PROJECT_SOURCE_DIR}/src/parallel.cpp)
add_library(strum::strum ALIAS strum)
# Where the fits' time goes: unoptimised, Eigen's eigenvalues take fifty times as long.
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/leading_triples.cpp PROPERTIES
  COMPILE_OPTIONS "$<$<CONFIG:Debug,None>:-O1>")
strum_configure_target(strum)
target_include_directories(strum PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(strum PUBLIC cxx_std_20)
target_link_libraries(strum PUBLIC Eigen3::Eigen)
target_include_directories(strum SYSTEM PRIVATE
  $<TARGET_PROPERTY:strum::json,INTERFACE_INCLUDE_DIRECTORIES>)
# Eigen's namespace is renamed inside the library: its allocator and packet types follow the -m
# flags of the file that includes it, so the library's Eigen and the program's must never meet.
target_compile_definitions(strum PRIVATE Eigen=strum_eigen)
set_target_properties(strum PROPERTIES
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
if(STRUM_OPENMP AND TARGET OpenMP::OpenMP_CXX)
  target_link_libraries(strum PRIVATE OpenMP::OpenMP_CXX)
endif()

add_library(strum_kernels OBJECT ${strum_kernel_sources})
strum_configure_target(strum_kernels)
target_include_directories(strum_kernels PRIVATE ${PROJECT_SOURCE_DIR}/include)
target_link_libraries(strum_kernels PRIVATE strum::xsimd)
target_compile_definitions(strum_kernels PRIVATE Eigen=strum_eigen)
set_target_properties(strum_kernels PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
target_sources(strum PRIVATE $<TARGET_OBJECTS:strum_kernels>)

add_library(strum_headers INTERFACE)
add_library(strum::headers ALIAS strum_headers)
set_target_properties(strum_headers PROPERTIES EXPORT_NAME headers)
target_include_directories(strum_headers INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(strum_headers INTERFACE cxx_std_20)
target_compile_definitions(strum_headers INTERFACE STRUM_HEADER_ONLY)
target_link_libraries(strum_headers INTERFACE Eigen3::Eigen strum::xsimd strum::json)
