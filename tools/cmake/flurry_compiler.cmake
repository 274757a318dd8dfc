# SPDX-FileCopyrightText: The Flurry authors
# SPDX-License-Identifier: Apache-2.0
# One interface target that carries how everything is compiled.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

add_library(flurry_compiler INTERFACE)
target_compile_options(flurry_compiler INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
# g++ 12 warns wrongly of overlapping memory in `"text" + std::string` (GCC bug 105651) and of uninitialised members
# when a std::variant is assigned (GCC bug 80635).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(flurry_compiler INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-maybe-uninitialized -Wno-psabi)
endif()
# Same bits scalar or vectorised: a multiply and an add are fused only where the source says std::fma.
target_compile_options(flurry_compiler INTERFACE -ffp-contract=off -fno-trapping-math -fno-math-errno)
if(FLURRY_WERROR)
  target_compile_options(flurry_compiler INTERFACE -Werror)
endif()
if(FLURRY_ARCH STREQUAL "native")
  target_compile_options(flurry_compiler INTERFACE -march=native)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(flurry_compiler INTERFACE -march=x86-64-v3)
endif()
if(FLURRY_SANITIZE)
  target_compile_options(flurry_compiler INTERFACE -fsanitize=${FLURRY_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(flurry_compiler INTERFACE -fsanitize=${FLURRY_SANITIZE})
  if(FLURRY_SANITIZE MATCHES "undefined")
    # What the address sanitizer or the machine tells as well is left out: it doubles the time of a build.
    target_compile_options(flurry_compiler INTERFACE -fno-sanitize-recover=undefined -fno-sanitize=null,object-size,vptr
                           -fno-sanitize=nonnull-attribute,returns-nonnull-attribute,pointer-overflow,alignment)
  endif()
endif()
if(FLURRY_COVERAGE)
  target_compile_options(flurry_compiler INTERFACE --coverage -fprofile-update=atomic -O1)
  target_link_options(flurry_compiler INTERFACE --coverage)
endif()

# HDF5's own find module gives variables; make them a target.
function(flurry_hdf5_target)
  add_library(flurry_hdf5 INTERFACE)
  target_include_directories(flurry_hdf5 SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
  target_link_libraries(flurry_hdf5 INTERFACE ${HDF5_C_LIBRARIES})
endfunction()
