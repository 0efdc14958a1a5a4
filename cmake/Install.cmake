# `cmake --install`, and what find_package(strum CONFIG) reads afterwards.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(strum_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/strum)

install(TARGETS strum strum_headers EXPORT strumTargets)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/strum TYPE INCLUDE FILES_MATCHING PATTERN "*.hpp")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(EXPORT strumTargets NAMESPACE strum:: DESTINATION ${strum_cmake_dir})

set(STRUM_NEEDS_OPENMP OFF)
if(STRUM_OPENMP AND TARGET OpenMP::OpenMP_CXX AND NOT BUILD_SHARED_LIBS)
  set(STRUM_NEEDS_OPENMP ON)
endif()
configure_package_config_file(cmake/strumConfig.cmake.in ${PROJECT_BINARY_DIR}/strumConfig.cmake
  INSTALL_DESTINATION ${strum_cmake_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/strumConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/strumConfig.cmake ${PROJECT_BINARY_DIR}/strumConfigVersion.cmake
  DESTINATION ${strum_cmake_dir})
