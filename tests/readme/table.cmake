# Every operator that files may hold has a row in the README's table of operators.
# cmake -D README=... -D LIST=.../operator_file.hpp -P table.cmake
file(READ ${README} readme)
file(READ ${LIST} list)
string(REGEX MATCHALL "\n    {[A-Za-z]+<" entries "${list}")
if(NOT entries)
  message(FATAL_ERROR "${LIST} lists no operators")
endif()
foreach(entry IN LISTS entries)
  string(REGEX REPLACE "[^A-Za-z]" "" name "${entry}")
  if(NOT readme MATCHES "\n\\|[^|]*`${name}`[^|]*\\|")
    message(SEND_ERROR "the table of operators in ${README} has no row for ${name}")
  endif()
endforeach()
