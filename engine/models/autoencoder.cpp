#include "engine/models/autoencoder.h"

#include <c10/core/GradMode.h>

#include <string>

#include "engine/models/mini_vae/mini_vae_network.h"
#include "engine/models/streamed_autoencoder.h"
#include "engine/models/tae/taehv_network.h"
#include "engine/models/weight_store.h"

namespace lipar::models {
namespace {

template <class Network>
Result<std::unique_ptr<Autoencoder>> finish(Result<Network> network, const WeightStore& store) {
    if (!network)
        return std::unexpected(std::move(network).error());
    LIPAR_TRY(store.checkAllTaken());
    return std::make_unique<StreamedAutoencoder<Network>>(*std::move(network), store.parameterCount());
}

}  // namespace

Result<std::unique_ptr<Autoencoder>> loadAutoencoder(const weights::ModelManifest& manifest, at::ScalarType dtype,
                                                     at::Device device) {
    const c10::NoGradGuard noGradients;
    if (!manifest.vae || manifest.vae->files.empty())
        return fail(ErrorCode::modelMissing, "model " + manifest.name + " cannot read or write video: it has no autoencoder",
                    "add the autoencoder to the model, or choose another model");
    const weights::VaeConfig& config = *manifest.vae;
    const std::string kind = "\"" + config.kind + "\"";
    const auto damaged = [&](const std::string& why) {
        return fail(ErrorCode::modelDamaged, "model " + manifest.name + " does not load: " + why,
                    "update the program, or correct vae in model.json");
    };
    const bool mini = config.kind == "lipar-mini", taehv = config.kind == "taehv";
    if (!mini && !taehv)
        return damaged(kind + " is not a kind of autoencoder that this version knows");
    if (config.spatial != 8 || config.temporal != 4)
        return damaged("autoencoders of kind " + kind + " have spatial 8 and temporal 4, not " + std::to_string(config.spatial) +
                       " and " + std::to_string(config.temporal));
    if (taehv && config.guided)
        return damaged("autoencoders of kind " + kind + " have no guided decoder");

    LIPAR_ASSIGN(WeightStore store, WeightStore::open(manifest.directory, config.files));
    const Placement placement{dtype, device};
    if (mini)
        return finish(takeMiniVae(store, placement, config.latentChannels, config.guided), store);
    return finish(takeTaehv(store, placement, config.latentChannels), store);
}

std::unique_ptr<Autoencoder> randomTaehv(std::int64_t latentChannels, at::ScalarType dtype, at::Device device, std::uint64_t seed) {
    const c10::NoGradGuard noGradients;
    WeightStore store = WeightStore::random(publishedTaehvWidths(), seed);
    return std::move(finish(takeTaehv(store, {dtype, device}, latentChannels), store)).value();  // a random store has every tensor
}

}  // namespace lipar::models
