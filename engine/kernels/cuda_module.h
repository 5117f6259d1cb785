// liblipar_cuda.so: everything that needs libtorch_cuda and our .cu files, opened at run time when a driver is there.
//
// The engine links libtorch_cpu alone, so that one program runs with and without a GPU. ATen caches its CUDA hooks at
// first use: openCudaModule() must come before the first torch call of the process.
#pragma once

#include <string>

#include "engine/core/result.h"

namespace lipar::kernels {

// Opens the module once per process (later calls return the first outcome). Error deviceUnavailable says why:
// no driver, no module beside the program, or libraries of CUDA missing.
// Thread: call from one thread first.
[[nodiscard]] Result<> openCudaModule();

// Whether openCudaModule() succeeded. Never opens it.
[[nodiscard]] bool cudaModuleIsOpen() noexcept;

}  // namespace lipar::kernels
