#include "engine/models/autoencoder.h"

#include <c10/core/GradMode.h>

#include <string>

#include "engine/models/mini_vae/mini_vae_network.h"
#include "engine/models/streamed_autoencoder.h"
#include "engine/models/tae/taehv_network.h"
#include "engine/models/wan_vae/wan_vae_network.h"
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

std::optional<WanVaeKind> wanVaeKind(const std::string& kind) {
    if (kind == "wan")
        return WanVaeKind::wan21;
    return kind == "wan2.2" ? std::optional(WanVaeKind::wan22) : std::nullopt;
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
    const std::optional<WanVaeKind> wan = wanVaeKind(config.kind);
    if (!mini && !taehv && !wan)
        return damaged(kind + " is not a kind of autoencoder that this version knows");
    const int spatial = wan == WanVaeKind::wan22 ? 16 : 8;
    if (config.spatial != spatial || config.temporal != 4)
        return damaged("autoencoders of kind " + kind + " have spatial " + std::to_string(spatial) + " and temporal 4, not " +
                       std::to_string(config.spatial) + " and " + std::to_string(config.temporal));
    if (wan && config.latentChannels != latentChannelsOf(*wan))
        return damaged("autoencoders of kind " + kind + " have " + std::to_string(latentChannelsOf(*wan)) + " latent_channels, not " +
                       std::to_string(config.latentChannels));
    if (!mini && config.guided)
        return damaged("autoencoders of kind " + kind + " have no guided decoder");

    LIPAR_ASSIGN(WeightStore store, WeightStore::open(manifest.directory, config.files));
    const Placement placement{dtype, device};
    if (mini)
        return finish(takeMiniVae(store, placement, config.latentChannels, config.guided), store);
    if (wan)
        return finish(takeWanVae(store, placement, *wan), store);
    return finish(takeTaehv(store, placement, config.latentChannels), store);
}

std::unique_ptr<Autoencoder> randomAutoencoder(const weights::VaeConfig& config, at::ScalarType dtype, at::Device device, std::uint64_t seed) {
    const c10::NoGradGuard noGradients;
    // A random store has every tensor: taking cannot fail.
    if (const std::optional<WanVaeKind> wan = wanVaeKind(config.kind)) {
        WeightStore store = WeightStore::random(publishedWanVaeWidths(*wan), seed);
        return std::move(finish(takeWanVae(store, {dtype, device}, *wan), store)).value();
    }
    if (config.kind != "taehv")
        return nullptr;
    WeightStore store = WeightStore::random(publishedTaehvWidths(), seed);
    return std::move(finish(takeTaehv(store, {dtype, device}, config.latentChannels), store)).value();
}

AutoencoderCost costOf(const weights::VaeConfig& config, int blockFrames) {
    const double frames = double(blockFrames) * config.temporal;  // that go through at once
    if (config.kind == "taehv")
        return {.parameters = 11.5e6, .encode = 110 * frames, .decode = 90 * frames};
    if (config.kind == "wan")
        return {.parameters = 127e6, .encode = encodingValues(WanVaeKind::wan21, 96), .decode = decodingValues(WanVaeKind::wan21, 96), .isTiled = true};
    if (config.kind == "wan2.2")
        return {.parameters = 705e6, .encode = encodingValues(WanVaeKind::wan22, 160), .decode = decodingValues(WanVaeKind::wan22, 256), .isTiled = true};
    return {.parameters = 5.8e6, .encode = 24 * frames, .decode = 40 * frames};
}

}  // namespace lipar::models
