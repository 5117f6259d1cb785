// Golden files as ATen tensors, for tests.
#pragma once

#include <ATen/ATen.h>

#include <cstring>
#include <filesystem>
#include <string>

#include "engine/weights/tensor_file.h"

namespace lipar::test {

// The tensor called `name`; fails the test program loudly when it is absent, since a golden without it is broken.
inline at::Tensor golden(const weights::TensorFile& file, const std::string& name) {
    const weights::TensorView* view = file.find(name);
    TORCH_CHECK(view, "golden tensor ", name, " is missing");
    at::ScalarType type = at::kFloat;
    switch (view->dtype) {
        case weights::DType::f64: type = at::kDouble; break;
        case weights::DType::f16: type = at::kHalf; break;
        case weights::DType::bf16: type = at::kBFloat16; break;
        case weights::DType::i64: type = at::kLong; break;
        case weights::DType::i32: type = at::kInt; break;
        case weights::DType::u8: type = at::kByte; break;
        case weights::DType::boolean: type = at::kBool; break;
        default: break;
    }
    at::Tensor tensor = at::empty(view->shape, at::TensorOptions().dtype(type));
    std::memcpy(tensor.data_ptr(), view->bytes.data(), view->bytes.size());
    return tensor;
}

// Largest absolute difference as a share of the expected values' largest magnitude.
inline double relativeError(const at::Tensor& actual, const at::Tensor& expected) {
    const at::Tensor wanted = expected.to(at::kDouble);
    return ((actual.to(at::kDouble) - wanted).abs().max() / wanted.abs().max()).item<double>();
}

inline double maxError(const at::Tensor& actual, const at::Tensor& expected) {
    return (actual.to(at::kDouble) - expected.to(at::kDouble)).abs().max().item<double>();
}

}  // namespace lipar::test
