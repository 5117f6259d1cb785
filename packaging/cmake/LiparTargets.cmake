# How every target of the project is declared: language level, warnings, sanitizers, output folders.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()

# lipar_cache_folder(VARIABLE): where packaging/dependencies.sh keeps what no Debian package holds.
function(lipar_cache_folder variable)
    set(cache "$ENV{XDG_CACHE_HOME}")
    if(NOT cache)
        set(cache "$ENV{HOME}/.cache")
    endif()
    set(${variable} "${cache}/lipar-studio" PARENT_SCOPE)
endfunction()

find_program(LIPAR_CCACHE ccache)
if(LIPAR_CCACHE)
    # Precompiled headers need these two (ccache manual, "Precompiled headers").
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${LIPAR_CCACHE}")
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
endif()
find_program(LIPAR_MOLD mold)
if(LIPAR_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

# Warnings and sanitizers, for our own targets only. Warnings are errors for the compiler that the project is checked
# with, g++ 12; a newer one may know more of them, and reports those.
add_library(lipar_options INTERFACE)
target_compile_options(lipar_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall>
    $<$<COMPILE_LANGUAGE:CXX>:-Wextra>
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-unused-parameter -Wno-restrict>)
if(LIPAR_WARNINGS_AS_ERRORS AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(lipar_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
target_compile_definitions(lipar_options INTERFACE QT_NO_KEYWORDS)
target_include_directories(lipar_options INTERFACE "${PROJECT_SOURCE_DIR}")

if(LIPAR_SANITIZER STREQUAL "address")
    # Torch is built without the checks of virtual tables' types, so that its classes would fail them.
    set(lipar_sanitizer_flags -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined)
elseif(LIPAR_SANITIZER STREQUAL "thread")
    set(lipar_sanitizer_flags -fsanitize=thread)
elseif(LIPAR_SANITIZER)
    message(FATAL_ERROR "LIPAR_SANITIZER is '${LIPAR_SANITIZER}': give address, thread or nothing")
endif()
if(LIPAR_SANITIZER)
    # Sanitizers make g++ 12 see uses of uninitialised values in the standard library that are not there.
    target_compile_options(lipar_options INTERFACE ${lipar_sanitizer_flags} -fno-omit-frame-pointer -g1 -Wno-maybe-uninitialized)
    target_link_options(lipar_options INTERFACE ${lipar_sanitizer_flags})
endif()

# lipar_add_module(NAME TORCH? SOURCES ... USES ...): one folder, one static library; USES is its permission to include.
# With TORCH the target sees torch headers, precompiled once for all such targets.
function(lipar_add_module name)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "TORCH" "" "SOURCES;USES;PRIVATE")
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC lipar_options ${ARG_USES} PRIVATE ${ARG_PRIVATE})
    if(ARG_TORCH)
        target_link_libraries(${name} PUBLIC LibTorch::cpu)
        target_precompile_headers(${name} REUSE_FROM lipar_torch_pch)
    endif()
endfunction()
