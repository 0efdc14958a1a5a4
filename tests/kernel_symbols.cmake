# Fails if a kernel object defines a symbol that the linker could hand to callers on a lesser CPU: of
# several weak copies it keeps one. Weak or global may be
#
#     kernels::table_<isa>       what the object is for (complex_table_<isa> in <isa>_complex.cpp,
#                                signal_table_<isa> in <isa>_signals.cpp)
#     ...kernels_<isa>::...      in any part of a name, and no other instruction set's tag beside it
#     DW.ref.*                   the compiler's own pointers, data that is the same everywhere
#
#   cmake -D NM=nm -D OBJECTS=sse2.cpp.o;avx2.cpp.o;... -P kernel_symbols.cmake

set(problems "")
foreach(object IN LISTS OBJECTS)
  cmake_path(GET object FILENAME isa)
  string(REGEX REPLACE "\\..*" "" isa ${isa})
  set(kind "")
  if(isa MATCHES "^(.*)_(complex|signal)s?$")
    set(isa ${CMAKE_MATCH_1})
    set(kind ${CMAKE_MATCH_2}_)
  endif()
  execute_process(COMMAND ${NM} -C ${object} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE ";" "," symbols "${symbols}")
  string(REGEX MATCHALL "[^\n]+" symbols "${symbols}")
  # Defined (there is an address) and not local: upper case is global; W, V and their lower case are
  # weak, u unique, i an indirect function.
  list(FILTER symbols INCLUDE REGEX "^[0-9a-f]+ +[A-Zwvui] ")
  list(LENGTH symbols count)
  message(STATUS "${kind}${isa}: ${count} weak or global symbols")
  set(table "")
  foreach(symbol IN LISTS symbols)
    string(REGEX MATCHALL "kernels_[a-z0-9]+::" tags "${symbol}")
    list(REMOVE_DUPLICATES tags)
    if(symbol MATCHES "::kernels::${kind}table_${isa}$")
      set(table found)
    elseif(NOT tags STREQUAL "kernels_${isa}::" AND NOT symbol MATCHES " DW\\.ref\\.")
      string(APPEND problems "\n  ${isa}: ${symbol}")
    endif()
  endforeach()
  if(NOT table)
    message(FATAL_ERROR "${object} defines no table: ${NM} lists something else than was expected")
  endif()
endforeach()
if(problems)
  message(FATAL_ERROR "symbols that other instruction sets' callers could get:${problems}")
endif()
