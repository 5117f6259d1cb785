// The zip archives of torch.save (since version 1.6): data.pkl describes the tensors, data/KEY holds their bytes.
#pragma once

#include <cstddef>
#include <span>

#include "engine/core/result.h"
#include "engine/weights/tensor_table.h"

namespace lipar::weights {

// `file` is the whole file; the views point into it. Which tensors of nested dicts are taken and how they are named:
// tensor_file.h. Error: modelDamaged with the bare reason.
[[nodiscard]] Result<TensorTable> parseTorchArchive(std::span<const std::byte> file);

}  // namespace lipar::weights
