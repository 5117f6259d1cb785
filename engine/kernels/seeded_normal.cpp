#include "engine/kernels/seeded_normal.h"

#include <ATen/CPUGeneratorImpl.h>

#include "engine/kernels/cpu/normal_avx2.h"

namespace lipar::kernels {

at::Tensor seededNormal(std::uint64_t seed, at::IntArrayRef sizes) {
    const at::TensorOptions options = at::TensorOptions().dtype(at::kFloat);
#ifdef __x86_64__
    // What ATen does for other counts and processors is not repeated here.
    at::Tensor numbers = at::empty(sizes, options);
    if (numbers.numel() % cpu::kNormalGroup == 0 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        cpu::fillNormal(seed, numbers.data_ptr<float>(), std::size_t(numbers.numel()));
        return numbers;
    }
#endif
    return at::randn(sizes, at::Generator(at::detail::createCPUGenerator(seed)), options);
}

}  // namespace lipar::kernels
