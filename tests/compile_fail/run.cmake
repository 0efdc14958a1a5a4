# Compiles SOURCE, which must fail with the text of its first line in the first error.

file(STRINGS ${SOURCE} expected LIMIT_COUNT 1)
string(REGEX REPLACE "^// error: " "" expected "${expected}")

list(TRANSFORM INCLUDE PREPEND -I)
set(ENV{LC_ALL} C)
execute_process(COMMAND ${COMPILER} -std=c++20 -fsyntax-only ${INCLUDE} ${SOURCE}
  RESULT_VARIABLE result ERROR_VARIABLE errors)
if(result EQUAL 0)
  message(FATAL_ERROR "this compiles, but must not")
endif()
string(REGEX MATCH "[^\n]*error:[^\n]*" first "${errors}")
string(FIND "${first}" "${expected}" position)
if(position EQUAL -1)
  message(FATAL_ERROR "the first error line must hold\n  ${expected}\nbut is\n  ${first}\n${errors}")
endif()
message(STATUS "${first}")
