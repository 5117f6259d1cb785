// The check that every tensor goes through before it is used, at the speed of memory.
#pragma once

#include "engine/weights/tensor_file.h"

namespace lipar::weights {

// No element is infinite or not a number. Types that hold whole numbers always are finite. Any alignment. Thread: any.
[[nodiscard]] bool allFinite(const TensorView& tensor) noexcept;

}  // namespace lipar::weights
