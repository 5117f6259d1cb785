# LibTorch from the PyPI wheel, without its own CMake package (which insists on a CUDA toolkit).
#
#   LibTorch::cpu   libtorch_cpu + libc10, all that the engine links
#   LibTorch::cuda  libtorch_cuda + libc10_cuda, for liblipar_cuda.so alone (present in the wheel, needs a GPU's libraries to run)
#
# LIPAR_LIBTORCH names the folder that `pip install --target` filled; packaging/dependencies.sh makes it.

lipar_cache_folder(cache_folder)
set(LIPAR_LIBTORCH "$ENV{LIPAR_LIBTORCH}" CACHE PATH "Folder with torch/ in it")
if(NOT LIPAR_LIBTORCH)
    set(LIPAR_LIBTORCH "${cache_folder}/libtorch-2.11.0" CACHE PATH "Folder with torch/ in it" FORCE)
endif()
set(LibTorch_INCLUDE_DIR "${LIPAR_LIBTORCH}/torch/include")
set(LibTorch_LIBRARY_DIR "${LIPAR_LIBTORCH}/torch/lib")

include(FindPackageHandleStandardArgs)
if(NOT EXISTS "${LibTorch_LIBRARY_DIR}/libtorch_cpu.so")
    unset(LibTorch_INCLUDE_DIR)
endif()
find_package_handle_standard_args(LibTorch REQUIRED_VARS LibTorch_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "no LibTorch under '${LIPAR_LIBTORCH}': run packaging/dependencies.sh, or set LIPAR_LIBTORCH")

if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
    file(GLOB LibTorch_RUNTIME_DIRS LIST_DIRECTORIES true "${LIPAR_LIBTORCH}/nvidia/*/lib")
    add_library(LibTorch::c10 SHARED IMPORTED)
    set_target_properties(LibTorch::c10 PROPERTIES IMPORTED_LOCATION "${LibTorch_LIBRARY_DIR}/libc10.so")
    add_library(LibTorch::cpu SHARED IMPORTED)
    set_target_properties(LibTorch::cpu PROPERTIES
        IMPORTED_LOCATION "${LibTorch_LIBRARY_DIR}/libtorch_cpu.so"
        INTERFACE_LINK_LIBRARIES LibTorch::c10)
    target_include_directories(LibTorch::cpu SYSTEM INTERFACE "${LibTorch_INCLUDE_DIR}")
    # libtorch_cpu needs cudart and cupti, which lie in the wheels beside it.
    target_link_options(LibTorch::cpu INTERFACE "LINKER:--allow-shlib-undefined")
    foreach(directory IN LISTS LibTorch_LIBRARY_DIR LibTorch_RUNTIME_DIRS)
        target_link_options(LibTorch::cpu INTERFACE "LINKER:-rpath,${directory}")
    endforeach()

    add_library(LibTorch::c10_cuda SHARED IMPORTED)
    set_target_properties(LibTorch::c10_cuda PROPERTIES IMPORTED_LOCATION "${LibTorch_LIBRARY_DIR}/libc10_cuda.so")
    add_library(LibTorch::cuda SHARED IMPORTED)
    set_target_properties(LibTorch::cuda PROPERTIES
        IMPORTED_LOCATION "${LibTorch_LIBRARY_DIR}/libtorch_cuda.so"
        INTERFACE_LINK_LIBRARIES "LibTorch::c10_cuda;LibTorch::cpu")
endif()
