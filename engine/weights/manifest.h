// model.json: what a model directory holds and how its networks are shaped.
// A field that the family does not know is an error that names it; so is a missing or misshapen one.
//
// A name among the `files` of a network is one of these, relative to the model directory:
//  - a tensor file: safetensors, or a torch archive as published (.pt, .pth), whatever its ending;
//  - an index of shards (NAME.safetensors.index.json), which names the files beside it;
//  - a folder as diffusers and transformers lay a network out (transformer, vae, text_encoder): the index or the one
//    safetensors file in it. Its config.json is not read: what this description says holds.
// Inside, tensors may have the official names or those of diffusers and transformers (key_map.h).
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace lipar::weights {

// Wan's DiT (models.md). Token counts follow from the latent size and `patch`.
// Of family "wan-bidirectional" block_frames latent frames (21 if not said otherwise) are denoised at once, each seeing all of them and
// no others: sinkFrames is 0, windowFrames and ropeMaxFrames are blockFrames, and model.json names none of the three.
struct DitConfig {
    std::vector<std::string> files;  // relative to the model directory
    int dim = 0;
    int ffnDim = 0;
    int numHeads = 0;
    int numLayers = 0;
    int inChannels = 0;   // channels of the patch embedding: twice the latent's with sourceConcat
    int outChannels = 0;  // channels of a latent
    int textDim = 0;
    int textLen = 0;
    int freqDim = 256;
    std::array<int, 3> patch{1, 2, 2};  // t, h, w
    double eps = 1e-6;
    bool sourceConcat = false;  // clean source latents joined to the noisy ones along channels
    int blockFrames = 3;        // S, latent frames denoised together
    int sinkFrames = 1;
    std::optional<int> windowFrames;   // recent frames kept visible, the current block's included; empty = all
    std::optional<int> ropeMaxFrames;  // positions are clamped to this many frames; empty = never

    [[nodiscard]] int headDim() const noexcept { return dim / numHeads; }
};

struct VaeConfig {
    std::string kind;  // "lipar-mini", "taehv" (tiny ones), "wan" or "wan2.2" (full ones)
    std::vector<std::string> files;
    int latentChannels = 16;  // 48 where kind is "wan2.2"
    int spatial = 8;          // pixels a latent place, each way; likewise 16
    int temporal = 4;         // video frames a latent frame
    bool guided = false;

    [[nodiscard]] bool isFull() const noexcept { return kind == "wan" || kind == "wan2.2"; }
};

struct TextConfig {
    std::string kind;  // "vocabulary" or "umt5"
    std::vector<std::string> files;
    std::string tokenizer;                         // umt5: SentencePiece model
    std::vector<std::string> words;                // vocabulary: token id = index; 0 = <pad>, 1 = <end>
    std::map<std::string, std::string> prompts;    // look name -> prompt text
    std::vector<std::string> strengths;            // "", "subtle", "strong"
    std::map<std::string, double> guideSaturation; // look name -> saturation of the decoder's guide, 0..1
};

// What an edit may ask of the model besides its own steps and shift; what it was not trained for is left out.
struct SamplingLimits {
    int mostSteps = 100;
    double lowestShift = 0.01;
    double highestShift = 100.0;
};

struct SamplingConfig {
    std::vector<int> steps{400};  // of 1000, descending
    double shift = 5.0;           // within the limits, as the steps are
    SamplingLimits limits;
};

struct PruningConfig {
    double tau1 = 0.15;  // short-term threshold
    double tau2 = 0.3;   // long-term threshold
};

struct ModelManifest {
    std::filesystem::path directory;
    std::string name;
    std::string version;  // may be empty
    std::string family;   // "wan-causal" or "wan-bidirectional"
    std::string license;
    DitConfig dit;
    std::optional<VaeConfig> vae;    // what edits use; absent: only trace, bench and plan --latents work
    // `vae_full`: a full autoencoder of the same latents beside a tiny `vae`, for whoever asks for it. Absent: none.
    std::optional<VaeConfig> vaeFull;
    std::optional<TextConfig> text;
    SamplingConfig sampling;
    PruningConfig pruning;
};

// Reads DIR/model.json and checks it. Errors: modelMissing (no directory or no model.json), modelDamaged.
[[nodiscard]] Result<ModelManifest> readManifest(const std::filesystem::path& directory);
// The same from text, for configs without a directory (`lipar bench --config FILE.json`); `origin` names it in errors.
[[nodiscard]] Result<ModelManifest> parseManifest(const std::string& json, const std::string& origin);
// The description as model.json has it: what parseManifest() reads back.
[[nodiscard]] std::string manifestText(const ModelManifest& manifest);
// The same model with its full or its tiny autoencoder as `vae`, and no `vaeFull`. Error: modelMissing where it has no such one.
[[nodiscard]] Result<ModelManifest> withFullVae(ModelManifest manifest);
[[nodiscard]] Result<ModelManifest> withTinyVae(ModelManifest manifest);
// The published shape of Wan2.1-T2V-1.3B with Self-Forcing, TAEHV and Wan's own autoencoder, no files.
[[nodiscard]] ModelManifest wan21Manifest();
// The same family at the published shape of Wan2.1-T2V-14B: wider, more heads and layers, nothing else.
[[nodiscard]] ModelManifest wan21LargeManifest();
// The published shape of Wan2.2-TI2V-5B: bidirectional, 48 channels, Wan 2.2's autoencoder alone.
[[nodiscard]] ModelManifest wan22Manifest();
// By name: wan2.1-1.3b, wan2.1-14b, wan2.2-ti2v-5b. Empty for other names.
[[nodiscard]] std::optional<ModelManifest> publishedManifest(const std::string& name);

}  // namespace lipar::weights
