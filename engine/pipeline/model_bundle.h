// A loaded model: the networks that editing needs, on one device, in one precision.
// Ownership: shared by jobs; immutable while one runs. Thread: any may read.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <optional>

#include "engine/core/result.h"
#include "engine/models/autoencoder.h"
#include "engine/models/dit/wan_dit.h"
#include "engine/models/text_encoder.h"
#include "engine/weights/manifest.h"

namespace lipar::pipeline {

struct ModelBundle {
    weights::ModelManifest manifest;
    models::WanDit dit;
    std::unique_ptr<models::Autoencoder> autoencoder;  // null when the model has none
    std::shared_ptr<models::TextEncoder> text;         // likewise; set by whoever loads the bundle

    [[nodiscard]] at::Device device() const noexcept { return dit.device(); }
    // Video frames that one block makes.
    [[nodiscard]] int framesPerBlock() const noexcept {
        return manifest.dit.blockFrames * (autoencoder ? autoencoder->traits().temporal : 4);
    }
    // Frame sizes must be multiples of this, across and down.
    [[nodiscard]] int pixelsPerToken() const noexcept {
        return manifest.dit.patch[1] * (autoencoder ? autoencoder->traits().spatial : 8);
    }
    [[nodiscard]] std::int64_t parameterCount() const noexcept {
        return dit.parameterCount() + (autoencoder ? autoencoder->parameterCount() : 0);
    }
};

// Transformer and autoencoder. Errors: modelMissing, modelDamaged. With `ditOnly` the autoencoder is not looked for
// (trace).
[[nodiscard]] Result<std::shared_ptr<ModelBundle>> loadModelBundle(
    const weights::ModelManifest& manifest, at::ScalarType dtype, at::Device device, bool ditOnly = false,
    models::WideProducts wide = models::WideProducts::dtype);

}  // namespace lipar::pipeline
