# Fails if a kernel object leaves behind a weak symbol that is not its own: the linker keeps one of
# several weak copies, and code for a greater instruction set must never be kept for all callers.
#
#   cmake -D NM=nm -D OBJECTS=sse2.cpp.o;avx2.cpp.o;... -P kernel_symbols.cmake

set(problems "")
foreach(object IN LISTS OBJECTS)
  cmake_path(GET object FILENAME isa)
  string(REGEX REPLACE "\\..*" "" isa ${isa})
  execute_process(COMMAND ${NM} -C ${object} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE ";" "," symbols "${symbols}")
  string(REGEX MATCHALL "[^\n]+" symbols "${symbols}")
  # W, w, V, v: weak; u: unique.
  list(FILTER symbols INCLUDE REGEX "^[0-9a-f]* +[WwVvu] ")
  list(LENGTH symbols count)
  message(STATUS "${isa}: ${count} weak symbols")
  list(FILTER symbols EXCLUDE REGEX "kernels_${isa}::")
  foreach(symbol IN LISTS symbols)
    string(APPEND problems "\n  ${isa}: ${symbol}")
  endforeach()
endforeach()
if(problems)
  message(FATAL_ERROR "weak symbols that other instruction sets' callers could get:${problems}")
endif()
