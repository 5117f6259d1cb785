// Where a UMT5 encoder's layers are while a prompt goes through them: on a GPU, in the mapped file, or on their way
// through a little of a GPU.
//
// All three give the same numbers on one device in one type. Thread: one object, one thread at a time.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>

#include "engine/core/cancel.h"
#include "engine/models/text/umt5_weights.h"

namespace lipar::models {

class Umt5Layers {
public:
    virtual ~Umt5Layers() = default;
    [[nodiscard]] virtual at::Device device() const noexcept = 0;
    // Layer `index` for the current stream's work; layers are asked for in order, from 0, in each pass.
    [[nodiscard]] virtual Umt5Layer layer(std::size_t index) = 0;
    // The work on layer `index` has been given to the current stream.
    virtual void used(std::size_t index) = 0;
};

// `weights` must outlive what these make.
// All layers on `device` in `dtype`. Error: cancelled.
[[nodiscard]] Result<std::unique_ptr<Umt5Layers>> residentUmt5Layers(const Umt5Weights& weights, at::ScalarType dtype,
                                                                     at::Device device, const CancelToken& cancel);
// On the CPU, out of the mapped file; a layer whose type is not `dtype` is converted while it is used.
[[nodiscard]] std::unique_ptr<Umt5Layers> mappedUmt5Layers(const Umt5Weights& weights, at::ScalarType dtype);
// Two layers of `device`'s memory: while one computes, the next is copied.
[[nodiscard]] std::unique_ptr<Umt5Layers> streamedUmt5Layers(const Umt5Weights& weights, at::ScalarType dtype,
                                                             at::Device device);

}  // namespace lipar::models
