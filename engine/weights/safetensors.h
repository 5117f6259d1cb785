// The safetensors format: 8 bytes header length, a JSON header, then the tensors' bytes without gap or overlap.
#pragma once

#include <cstddef>
#include <span>

#include "engine/core/result.h"
#include "engine/weights/tensor_table.h"

namespace lipar::weights {

// `file` is the whole file; the views point into it. Error: modelDamaged with the bare reason.
[[nodiscard]] Result<TensorTable> parseSafetensors(std::span<const std::byte> file);

}  // namespace lipar::weights
