#include "engine/pipeline/model_bundle.h"

namespace lipar::pipeline {

Result<std::shared_ptr<ModelBundle>> loadModelBundle(const weights::ModelManifest& manifest, at::ScalarType dtype,
                                                     at::Device device, bool ditOnly, models::WideProducts wide) {
    LIPAR_ASSIGN(models::WanDit dit, models::WanDit::load(manifest, dtype, device, wide));
    auto bundle = std::make_shared<ModelBundle>(ModelBundle{manifest, std::move(dit), nullptr, nullptr});
    if (!ditOnly && manifest.vae) {
        LIPAR_ASSIGN(bundle->autoencoder, models::loadAutoencoder(manifest, dtype, device));
    }
    return bundle;
}

}  // namespace lipar::pipeline
