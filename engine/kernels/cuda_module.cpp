#include "engine/kernels/cuda_module.h"

#include <dlfcn.h>

#include <filesystem>

#include "engine/kernels/kernel_table.h"

namespace lipar::kernels {
namespace {

namespace fs = std::filesystem;

const KernelTable* loadedTable = nullptr;

Result<> openOnce() {
    const std::string missing = "CUDA cannot be used: ";
    if (!::dlopen("libcuda.so.1", RTLD_LAZY | RTLD_GLOBAL))
        return fail(ErrorCode::deviceUnavailable, missing + "no NVIDIA driver was found", "install the NVIDIA driver or choose --device cpu");
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    std::string reason = "liblipar_cuda.so is not installed beside the program";
    for (const fs::path& candidate : {program.parent_path() / "../lib/liblipar_cuda.so", program.parent_path() / "liblipar_cuda.so"}) {
        if (!fs::exists(candidate, ignored))
            continue;
        if (void* module = ::dlopen(candidate.c_str(), RTLD_NOW | RTLD_GLOBAL)) {
            using TableFunction = const KernelTable* (*)();
            if (const auto table = reinterpret_cast<TableFunction>(::dlsym(module, "liparCudaKernels"))) {
                loadedTable = table();
                return {};
            }
        }
        reason = ::dlerror();
    }
    return fail(ErrorCode::deviceUnavailable, missing + reason, "install the CUDA add-on or choose --device cpu");
}

}  // namespace

Result<> openCudaModule() {
    static const Result<> outcome = openOnce();
    return outcome;
}

const KernelTable* cudaKernels() { return loadedTable; }

bool cudaModuleIsOpen() noexcept { return loadedTable != nullptr; }

}  // namespace lipar::kernels
