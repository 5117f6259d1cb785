// The safetensors format: 8 bytes header length, a JSON header, then the tensors' bytes without gap or overlap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/weights/tensor_table.h"

namespace lipar::weights {

// `file` is the whole file; the views point into it. Error: modelDamaged with the bare reason.
[[nodiscard]] Result<TensorTable> parseSafetensors(std::span<const std::byte> file);

struct TensorSpec {
    std::string name;
    DType dtype = DType::f32;
    std::vector<std::int64_t> shape;
};

// Where everything stands in a file that is to be written.
struct SafetensorsPlan {
    std::string head;                    // length and header
    std::vector<TensorSpec> tensors;     // in the order of their bytes
    std::vector<std::uint64_t> offsets;  // of each, from the end of the head
    std::uint64_t dataSize = 0;
};

// Error: invalidArgument with the bare reason (a shape too large for any file, a name twice, text that is not UTF-8).
[[nodiscard]] Result<SafetensorsPlan> planSafetensors(std::vector<TensorSpec> tensors,
                                                      const std::map<std::string, std::string>& metadata);

}  // namespace lipar::weights
