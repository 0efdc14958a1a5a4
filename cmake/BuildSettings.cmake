# How strum builds its own targets. Nothing in this file reaches a consumer's targets.

# Warnings are errors only with the compilers the tree is kept clean for: a warning that a newer
# compiler invents must not stop somebody from building.
set(strum_werror_default OFF)
if(PROJECT_IS_TOP_LEVEL
   AND "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}" MATCHES "^(GNU 12|Clang 14)\\.")
  set(strum_werror_default ON)
endif()
option(STRUM_WERROR "Treat warnings in strum's own files as errors" ${strum_werror_default})

if(PROJECT_IS_TOP_LEVEL)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
  endif()
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

  find_program(STRUM_CCACHE ccache)
  mark_as_advanced(STRUM_CCACHE)
  if(STRUM_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${STRUM_CCACHE})
  endif()
endif()

# Language level, visibility and warnings of one of strum's own targets.
function(strum_configure_target target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON)
  if(NOT PROJECT_IS_TOP_LEVEL)
    return()
  endif()
  if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(${target} PRIVATE
      -Wall -Wextra -Wpedantic -Wshadow -Wextra-semi -Wnon-virtual-dtor -Woverloaded-virtual
      -Wconversion -Wno-sign-conversion  # an Index is cast to size_t all the time
      $<$<BOOL:${STRUM_WERROR}>:-Werror>)
  endif()
endfunction()
