# The libraries that strum_bench compares strum with. None is required: those that are not found
# are left out. (Debian: libxsmm-dev libopenblas-dev libdnnl-dev; Eigen is always there.)

function(strum_bench_peer macro name source)
  target_sources(strum_bench PRIVATE ${source})
  set_property(SOURCE peers.cpp APPEND PROPERTY COMPILE_DEFINITIONS ${macro})
  message(STATUS "Benchmarks: with ${name}")
endfunction()

find_path(STRUM_LIBXSMM_INCLUDE_DIR libxsmm.h)
find_library(STRUM_LIBXSMM_LIBRARY xsmm)
find_library(STRUM_LIBXSMM_NOBLAS_LIBRARY xsmmnoblas)  # stands in for the BLAS it would call
mark_as_advanced(STRUM_LIBXSMM_INCLUDE_DIR STRUM_LIBXSMM_LIBRARY STRUM_LIBXSMM_NOBLAS_LIBRARY)
if(STRUM_LIBXSMM_INCLUDE_DIR AND STRUM_LIBXSMM_LIBRARY AND STRUM_LIBXSMM_NOBLAS_LIBRARY)
  find_package(Threads REQUIRED)
  strum_bench_peer(STRUM_BENCH_LIBXSMM libxsmm libxsmm_product.cpp)
  target_include_directories(strum_bench SYSTEM PRIVATE ${STRUM_LIBXSMM_INCLUDE_DIR})
  target_link_libraries(strum_bench PRIVATE ${STRUM_LIBXSMM_LIBRARY}
    ${STRUM_LIBXSMM_NOBLAS_LIBRARY} Threads::Threads ${CMAKE_DL_LIBS})
endif()

# Loaded at run time, see openblas_product.cpp. Not /usr/include/cblas.h, which may be another's.
find_library(STRUM_OPENBLAS_LIBRARY openblas)
find_path(STRUM_OPENBLAS_INCLUDE_DIR openblas_config.h PATH_SUFFIXES openblas-pthread openblas)
mark_as_advanced(STRUM_OPENBLAS_INCLUDE_DIR STRUM_OPENBLAS_LIBRARY)
if(STRUM_OPENBLAS_INCLUDE_DIR AND STRUM_OPENBLAS_LIBRARY)
  strum_bench_peer(STRUM_BENCH_OPENBLAS OpenBLAS openblas_product.cpp)
  set_source_files_properties(openblas_product.cpp PROPERTIES
    COMPILE_DEFINITIONS "STRUM_BENCH_OPENBLAS=\"${STRUM_OPENBLAS_LIBRARY}\""
    COMPILE_OPTIONS "-isystem;${STRUM_OPENBLAS_INCLUDE_DIR}")
  target_link_libraries(strum_bench PRIVATE ${CMAKE_DL_LIBS})
endif()

# Debian's CMake configuration of it asks for OpenCL's headers.
find_path(STRUM_ONEDNN_INCLUDE_DIR oneapi/dnnl/dnnl.hpp)
find_library(STRUM_ONEDNN_LIBRARY dnnl)
mark_as_advanced(STRUM_ONEDNN_INCLUDE_DIR STRUM_ONEDNN_LIBRARY)
find_package(OpenMP QUIET COMPONENTS CXX)
if(STRUM_ONEDNN_INCLUDE_DIR AND STRUM_ONEDNN_LIBRARY AND TARGET OpenMP::OpenMP_CXX)
  strum_bench_peer(STRUM_BENCH_ONEDNN oneDNN onednn_product.cpp)
  target_include_directories(strum_bench SYSTEM PRIVATE ${STRUM_ONEDNN_INCLUDE_DIR})
  # Only linked: compiled with OpenMP, Eigen would use its threads.
  target_link_libraries(strum_bench PRIVATE ${STRUM_ONEDNN_LIBRARY}
    $<LINK_ONLY:OpenMP::OpenMP_CXX>)
endif()
