// In which types a transformer's tensors may be stored so that it computes the same from them. What WanDit takes in
// float32 stays as it is; the wide products have a form in 8 bits (wan_dit.h, WideProducts).
#pragma once

#include <string_view>

#include "engine/weights/tensor_file.h"

namespace lipar::models {

enum class StoredForm {
    unchanged,
    bfloat16,  // a matrix that WanDit rounds to its own type anyway
    wide,      // likewise, of a wide product: in fp8 a float8_e4m3fn matrix and NAME_scale, float32, one for each row
};

// `name` is the official one. 8-bit matrices and their scales are left as they are.
[[nodiscard]] StoredForm storedFormOf(std::string_view name, const weights::TensorView& tensor);

}  // namespace lipar::models
