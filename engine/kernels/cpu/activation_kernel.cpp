#include <ATen/ATen.h>

#include "engine/kernels/cpu/cpu_kernels.h"

namespace lipar::kernels::cpu {

// ATen's is vectorised over tanh, computes in float32 and works in place.
void geluTanh(Element type, void* x, std::int64_t count, void*) {
    at::Tensor values = at::from_blob(x, {count}, type == Element::float32 ? at::kFloat : at::kBFloat16);
    at::gelu_(values, "tanh");
}

}  // namespace lipar::kernels::cpu
