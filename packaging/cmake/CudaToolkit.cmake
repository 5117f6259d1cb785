# nvcc 13.0 and the one library that needs it, liblipar_cuda.so.
#
# The toolkit is, in this order: CMAKE_CUDA_COMPILER or CUDACXX when set; LIPAR_CUDA_TOOLKIT; the PyPI wheels that
# `packaging/dependencies.sh --cuda` unpacks into the cache. Torch's libraries come from FindLibTorch.

set(LIPAR_CUDA_TOOLKIT "$ENV{LIPAR_CUDA_TOOLKIT}" CACHE PATH "Folder with bin/nvcc; empty = the one in the cache")

# lipar_enable_cuda(): a macro, since a language can only be enabled in a file's own scope. Defines lipar_cudart, the CUDA
# run time that torch itself loads: there is one of it in a process.
macro(lipar_enable_cuda)
    if(NOT CMAKE_CUDA_COMPILER AND NOT DEFINED ENV{CUDACXX})
        set(lipar_cuda_root "${LIPAR_CUDA_TOOLKIT}")
        if(NOT lipar_cuda_root)
            lipar_cache_folder(lipar_cuda_root)
            string(APPEND lipar_cuda_root "/cuda-13.0.2/nvidia/cu13")
        endif()
        if(NOT EXISTS "${lipar_cuda_root}/bin/nvcc")
            message(FATAL_ERROR "No nvcc under '${lipar_cuda_root}': run packaging/dependencies.sh --cuda, "
                "or set LIPAR_CUDA_TOOLKIT to a CUDA 13.0 toolkit.")
        endif()
        set(CMAKE_CUDA_COMPILER "${lipar_cuda_root}/bin/nvcc")
    endif()
    if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
        set(CMAKE_CUDA_ARCHITECTURES 90)
    endif()
    # nvcc's own link step would add a second, static run time.
    set(CMAKE_CUDA_RUNTIME_LIBRARY None)
    set(CMAKE_CUDA_HOST_COMPILER "${CMAKE_CXX_COMPILER}")
    enable_language(CUDA)

    file(GLOB lipar_cudart_library "${LIPAR_LIBTORCH}/nvidia/*/lib/libcudart.so.13")
    if(NOT lipar_cudart_library)
        message(FATAL_ERROR "No libcudart.so.13 under '${LIPAR_LIBTORCH}/nvidia': run packaging/dependencies.sh.")
    endif()
    if(NOT TARGET lipar_cudart)
        add_library(lipar_cudart SHARED IMPORTED)
        set_target_properties(lipar_cudart PROPERTIES IMPORTED_LOCATION "${lipar_cudart_library}")
        target_include_directories(lipar_cudart SYSTEM INTERFACE ${CMAKE_CUDA_TOOLKIT_INCLUDE_DIRECTORIES})
    endif()
endmacro()

# lipar_add_cuda_module(NAME SOURCES ... USES ...): a library that the engine opens at run time, where there is a driver.
# Its .cu files are C++20; its .cpp files may use torch.
function(lipar_add_cuda_module name)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;USES")
    add_library(${name} MODULE ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES
        PREFIX lib
        CUDA_STANDARD_REQUIRED OFF
        CUDA_VISIBILITY_PRESET hidden)
    # CMake 3.25 does not know that nvcc 13 takes C++20.
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:-std=c++20 --expt-relaxed-constexpr>)
    # libtorch_cuda registers its back end when it is loaded; none of its symbols need be used.
    target_link_libraries(${name} PRIVATE ${ARG_USES} lipar_options lipar_cudart LibTorch::cpu
        "-Wl,--push-state,--no-as-needed" LibTorch::cuda "-Wl,--pop-state")
endfunction()
