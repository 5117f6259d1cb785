// Private to engine/kernels/cuda: GELU, tanh form.
#pragma once

#include <cuda_runtime.h>

namespace lipar::kernels::cuda {

// x/2 (1 + tanh(u)) = x / (1 + exp(-2u)), which loses no digits where tanh(u) is near -1. As exactly as T can hold.
template <class T>
__device__ float gelu(float x) {
    constexpr float kTwice = 1.5957691216057308f;  // 2 sqrt(2/pi)
    const float exponent = -kTwice * (x + 0.044715f * x * x * x);
    if constexpr (sizeof(T) == sizeof(float))
        return x / (1.0f + expf(exponent));
    else
        return __fdividef(x, 1.0f + __expf(exponent));
}

}  // namespace lipar::kernels::cuda
