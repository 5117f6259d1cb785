// Private to engine/kernels/cuda: grid sizes, and launch errors as exceptions.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

namespace lipar::kernels::cuda {

// Blocks of `each` items that cover `items`; the kernels index with 32 bits.
inline unsigned blocksFor(std::int64_t items, std::int64_t each) {
    const std::int64_t blocks = (items + each - 1) / each;
    if (items > std::numeric_limits<std::int32_t>::max() / 2)
        throw std::runtime_error("CUDA kernel not started: " + std::to_string(items) +
                                 " items are too many for one launch");
    return static_cast<unsigned>(blocks);
}

// After a launch: throws std::runtime_error when CUDA refused it.
inline void checkLaunch(const char* kernel) {
    if (const cudaError_t error = cudaGetLastError(); error != cudaSuccess)
        throw std::runtime_error(std::string("CUDA kernel ") + kernel +
                                 " could not be started: " + cudaGetErrorString(error));
}

template <class... Pointers>
bool areAligned16(Pointers... pointers) {
    return ((reinterpret_cast<std::uintptr_t>(pointers) % 16 == 0) && ...);
}

}  // namespace lipar::kernels::cuda
