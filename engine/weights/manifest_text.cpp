#include <nlohmann/json.hpp>

#include <utility>

#include "engine/weights/manifest.h"

namespace lipar::weights {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;

Json orNull(const std::optional<int>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json ditJson(const DitConfig& dit) {
    return {{"files", dit.files},
            {"dim", dit.dim},
            {"ffn_dim", dit.ffnDim},
            {"num_heads", dit.numHeads},
            {"num_layers", dit.numLayers},
            {"in_channels", dit.inChannels},
            {"out_channels", dit.outChannels},
            {"source_concat", dit.sourceConcat},
            {"text_dim", dit.textDim},
            {"text_len", dit.textLen},
            {"freq_dim", dit.freqDim},
            {"patch", dit.patch},
            {"eps", dit.eps},
            {"block_frames", dit.blockFrames},
            {"sink_frames", dit.sinkFrames},
            {"window_frames", orNull(dit.windowFrames)},
            {"rope_max_frames", orNull(dit.ropeMaxFrames)}};
}

Json vaeJson(const VaeConfig& vae) {
    return {{"kind", vae.kind},       {"files", vae.files},       {"latent_channels", vae.latentChannels},
            {"spatial", vae.spatial}, {"temporal", vae.temporal}, {"guided", vae.guided}};
}

Json textJson(const TextConfig& text) {
    Json json{{"kind", text.kind}, {"files", text.files}};
    if (text.kind == "vocabulary") {
        json["words"] = text.words;
        json["prompts"] = text.prompts;
        json["strengths"] = text.strengths;
        json["guide_saturation"] = text.guideSaturation;
    } else {
        json["tokenizer"] = text.tokenizer;
    }
    return json;
}

}  // namespace

std::string manifestText(const ModelManifest& manifest) {
    Json root{{"schema", kSchema}, {"name", manifest.name}, {"family", manifest.family}};
    if (!manifest.version.empty())
        root["version"] = manifest.version;
    if (!manifest.license.empty())
        root["license"] = manifest.license;
    root["dit"] = ditJson(manifest.dit);
    if (manifest.vae)
        root["vae"] = vaeJson(*manifest.vae);
    if (manifest.vaeFull)
        root["vae_full"] = vaeJson(*manifest.vaeFull);
    if (manifest.text)
        root["text"] = textJson(*manifest.text);
    const SamplingLimits& limits = manifest.sampling.limits;
    root["sampling"] = {{"steps", manifest.sampling.steps},
                        {"shift", manifest.sampling.shift},
                        {"limits",
                         {{"most_steps", limits.mostSteps},
                          {"lowest_shift", limits.lowestShift},
                          {"highest_shift", limits.highestShift}}}};
    root["pruning"] = {{"tau1", manifest.pruning.tau1}, {"tau2", manifest.pruning.tau2}};
    return root.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lipar::weights
