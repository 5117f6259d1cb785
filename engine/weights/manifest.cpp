#include "engine/weights/manifest.h"

#include <algorithm>
#include <set>
#include <span>
#include <sstream>
#include <utility>

#include "engine/weights/damage.h"
#include "engine/weights/json_fields.h"
#include "engine/weights/mapped_file.h"
#include "engine/weights/strict_json.h"

namespace lipar::weights {
namespace {

constexpr int kSchema = 1;
constexpr auto kCausal = "wan-causal";
constexpr auto kBidirectional = "wan-bidirectional";
constexpr int kBidirectionalFrames = 21;  // latent frames that Wan was trained on at once
constexpr auto kFileName = "model.json";
// Bounds that no real model comes near; they keep every product of sizes far from overflow.
constexpr int kWidest = 1 << 16;
constexpr int kMostLayers = 1 << 10;
constexpr int kMostFrames = 1 << 12;
constexpr int kTrainingSteps = 1000;
constexpr int kMostSteps = 100;
constexpr double kLowestShift = 0.01;
constexpr double kHighestShift = 100.0;

// A name below the model directory: no way out of it and no other spelling of the same file.
bool isPlainRelative(const std::string& name) {
    if (name.empty() || std::ranges::any_of(name, [](char c) { return c == '\\' || static_cast<unsigned char>(c) < 0x20; }))
        return false;
    std::size_t start = 0;
    while (start <= name.size()) {
        const std::size_t end = std::min(name.find('/', start), name.size());
        const std::string part = name.substr(start, end - start);
        if (part.empty() || part == "." || part == "..")
            return false;
        start = end + 1;
    }
    return true;
}

Result<> checkFileName(const std::string& path, const std::string& name) {
    if (!isPlainRelative(name))
        return damaged(path + " names \"" + shown(name) + "\", which is not a plain file name inside the model's folder");
    return {};
}

Result<> readFiles(JsonFields& fields, std::vector<std::string>& files) {
    LIPAR_TRY(fields.texts("files", files, Presence::optional));
    std::set<std::string> seen;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const std::string path = fields.pathOf("files") + "[" + std::to_string(i) + "]";
        LIPAR_TRY(checkFileName(path, files[i]));
        if (!seen.insert(files[i]).second)
            return damaged(path + " names " + shown(files[i]) + " a second time");
    }
    return {};
}

Result<> checkDit(const DitConfig& dit) {
    const auto number = [](int value) { return std::to_string(value); };
    if (dit.dim % dit.numHeads != 0)
        return damaged("dit.dim is " + number(dit.dim) + ", which is not divisible by dit.num_heads, " + number(dit.numHeads));
    if (dit.headDim() % 2 != 0)
        return damaged("dit.dim / dit.num_heads is " + number(dit.headDim()) + ", which is odd: rotary positions need pairs");
    if (dit.freqDim % 2 != 0)
        return damaged("dit.freq_dim is " + number(dit.freqDim) + ", which is odd: it holds pairs of cosine and sine");
    const int expected = dit.sourceConcat ? 2 * dit.outChannels : dit.outChannels;
    if (dit.inChannels != expected)
        return damaged("dit.in_channels is " + number(dit.inChannels) + ", but " + number(dit.outChannels) + " dit.out_channels with source_concat " +
                       (dit.sourceConcat ? "true" : "false") + " make it " + number(expected));
    if (dit.windowFrames && *dit.windowFrames < dit.blockFrames)
        return damaged("dit.window_frames is " + number(*dit.windowFrames) + ", less than the " + number(dit.blockFrames) +
                       " dit.block_frames it includes");
    if (dit.ropeMaxFrames && *dit.ropeMaxFrames < dit.blockFrames)
        return damaged("dit.rope_max_frames is " + number(*dit.ropeMaxFrames) + ", less than dit.block_frames, " + number(dit.blockFrames));
    return {};
}

// Frames that see each other and no others.
void makeBidirectional(DitConfig& dit) {
    dit.sinkFrames = 0;
    dit.windowFrames = dit.blockFrames;
    dit.ropeMaxFrames = dit.blockFrames;
}

Result<DitConfig> readDit(JsonFields fields, bool isBidirectional) {
    DitConfig dit;
    if (isBidirectional)
        dit.blockFrames = kBidirectionalFrames;
    LIPAR_TRY(readFiles(fields, dit.files));
    LIPAR_TRY(fields.integer("dim", dit.dim, 1, kWidest));
    LIPAR_TRY(fields.integer("ffn_dim", dit.ffnDim, 1, kWidest));
    LIPAR_TRY(fields.integer("num_heads", dit.numHeads, 1, kWidest));
    LIPAR_TRY(fields.integer("num_layers", dit.numLayers, 1, kMostLayers));
    LIPAR_TRY(fields.integer("in_channels", dit.inChannels, 1, kWidest));
    LIPAR_TRY(fields.integer("out_channels", dit.outChannels, 1, kWidest));
    LIPAR_TRY(fields.integer("text_dim", dit.textDim, 1, kWidest));
    LIPAR_TRY(fields.integer("text_len", dit.textLen, 1, kWidest));
    LIPAR_TRY(fields.integer("freq_dim", dit.freqDim, 2, kWidest, Presence::optional));
    std::vector<int> patch(dit.patch.begin(), dit.patch.end());
    LIPAR_TRY(fields.integers("patch", patch, 1, 16, Presence::optional));
    if (patch.size() != dit.patch.size())
        return damaged(fields.pathOf("patch") + " has " + std::to_string(patch.size()) + " sizes, not 3 (time, height, width)");
    std::ranges::copy(patch, dit.patch.begin());
    LIPAR_TRY(fields.number("eps", dit.eps, 1e-12, 1e-1, Presence::optional));
    LIPAR_TRY(fields.boolean("source_concat", dit.sourceConcat, Presence::optional));
    LIPAR_TRY(fields.integer("block_frames", dit.blockFrames, 1, kMostFrames, Presence::optional));
    if (isBidirectional) {
        makeBidirectional(dit);
    } else {
        LIPAR_TRY(fields.integer("sink_frames", dit.sinkFrames, 0, kMostFrames, Presence::optional));
        LIPAR_TRY(fields.nullableInteger("window_frames", dit.windowFrames, 1, kMostFrames));
        LIPAR_TRY(fields.nullableInteger("rope_max_frames", dit.ropeMaxFrames, 1, kMostFrames));
    }
    LIPAR_TRY(fields.finish());
    LIPAR_TRY(checkDit(dit));
    return dit;
}

Result<VaeConfig> readVae(JsonFields fields, const DitConfig& dit) {
    VaeConfig vae;
    LIPAR_TRY(fields.text("kind", vae.kind));
    if (vae.kind != "lipar-mini" && vae.kind != "taehv" && !vae.isFull())
        return damaged(fields.pathOf("kind") + " is " + shown(vae.kind) + ", not lipar-mini, taehv, wan or wan2.2");
    if (vae.kind == "wan2.2") {
        vae.latentChannels = 48;
        vae.spatial = 16;
    }
    LIPAR_TRY(readFiles(fields, vae.files));
    LIPAR_TRY(fields.integer("latent_channels", vae.latentChannels, 1, kWidest, Presence::optional));
    LIPAR_TRY(fields.integer("spatial", vae.spatial, 1, 64, Presence::optional));
    LIPAR_TRY(fields.integer("temporal", vae.temporal, 1, 64, Presence::optional));
    LIPAR_TRY(fields.boolean("guided", vae.guided, Presence::optional));
    LIPAR_TRY(fields.finish());
    if (vae.latentChannels != dit.outChannels)
        return damaged(fields.pathOf("latent_channels") + " is " + std::to_string(vae.latentChannels) + ", but dit.out_channels is " +
                       std::to_string(dit.outChannels));
    return vae;
}

// A full autoencoder beside a tiny one: the DiT must not see a difference.
Result<> checkFullVae(const std::optional<VaeConfig>& vae, const VaeConfig& full) {
    if (!full.isFull())
        return damaged("vae_full.kind is " + shown(full.kind) + ", not wan or wan2.2");
    if (!vae || vae->isFull())
        return damaged("vae_full stands beside no tiny vae", "a full autoencoder that is the only one is described by vae");
    if (full.latentChannels != vae->latentChannels || full.spatial != vae->spatial || full.temporal != vae->temporal)
        return damaged("vae_full has other latents than vae: latent_channels, spatial and temporal must be the same");
    return {};
}

std::vector<std::string> wordsOf(const std::string& prompt) {
    std::istringstream stream(prompt);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(std::move(word));
    return words;
}

// Every word of a prompt must be one the model knows, and the prompt with its strength and <end> must fit.
Result<> checkPrompts(const JsonFields& fields, const TextConfig& text, int textLen) {
    const std::set<std::string> known(text.words.begin(), text.words.end());
    const auto checkKnown = [&](const std::string& path, const std::vector<std::string>& words) -> Result<> {
        for (const std::string& word : words)
            if (!known.contains(word))
                return damaged(path + " uses the word " + shown(word) + ", which is not in " + fields.pathOf("words"));
        return {};
    };
    std::size_t longestStrength = 0;
    for (const std::string& strength : text.strengths) {
        const auto words = wordsOf(strength);
        LIPAR_TRY(checkKnown(fields.pathOf("strengths"), words));
        longestStrength = std::max(longestStrength, words.size());
    }
    for (const auto& [look, prompt] : text.prompts) {
        const std::string path = fields.pathOf("prompts") + "." + shown(look);
        const auto words = wordsOf(prompt);
        LIPAR_TRY(checkKnown(path, words));
        if (longestStrength + words.size() + 1 > std::size_t(textLen))
            return damaged(path + " is longer than dit.text_len, " + std::to_string(textLen) + ", allows");
    }
    for (const auto& [look, saturation] : text.guideSaturation)
        if (!text.prompts.contains(look))
            return damaged(fields.pathOf("guide_saturation") + "." + shown(look) + " names a look that " + fields.pathOf("prompts") +
                           " does not have");
    return {};
}

Result<> readVocabulary(JsonFields& fields, TextConfig& text, int textLen) {
    LIPAR_TRY(fields.texts("words", text.words));
    LIPAR_TRY(fields.namedTexts("prompts", text.prompts, Presence::optional));
    LIPAR_TRY(fields.texts("strengths", text.strengths, Presence::optional));
    LIPAR_TRY(fields.namedNumbers("guide_saturation", text.guideSaturation, 0.0, 1.0, Presence::optional));
    LIPAR_TRY(fields.finish());
    if (text.words.size() < 2 || text.words[0] != "<pad>" || text.words[1] != "<end>")
        return damaged(fields.pathOf("words") + " does not begin with <pad> and <end>");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < text.words.size(); ++i) {
        const std::string path = fields.pathOf("words") + "[" + std::to_string(i) + "]";
        if (wordsOf(text.words[i]) != std::vector{text.words[i]})
            return damaged(path + " is \"" + shown(text.words[i]) + "\", not a word");
        if (!seen.insert(text.words[i]).second)
            return damaged(path + " is " + shown(text.words[i]) + " a second time");
    }
    return checkPrompts(fields, text, textLen);
}

Result<TextConfig> readText(JsonFields fields, const DitConfig& dit) {
    TextConfig text;
    LIPAR_TRY(fields.text("kind", text.kind));
    LIPAR_TRY(readFiles(fields, text.files));
    if (text.kind == "vocabulary") {
        LIPAR_TRY(readVocabulary(fields, text, dit.textLen));
        return text;
    }
    if (text.kind != "umt5")
        return damaged(fields.pathOf("kind") + " is " + shown(text.kind) + ", not vocabulary or umt5");
    LIPAR_TRY(fields.text("tokenizer", text.tokenizer));
    LIPAR_TRY(checkFileName(fields.pathOf("tokenizer"), text.tokenizer));
    LIPAR_TRY(fields.finish());
    return text;
}

Result<SamplingLimits> readLimits(JsonFields fields) {
    SamplingLimits limits;
    LIPAR_TRY(fields.integer("most_steps", limits.mostSteps, 1, kMostSteps, Presence::optional));
    LIPAR_TRY(fields.number("lowest_shift", limits.lowestShift, kLowestShift, kHighestShift, Presence::optional));
    LIPAR_TRY(fields.number("highest_shift", limits.highestShift, kLowestShift, kHighestShift, Presence::optional));
    LIPAR_TRY(fields.finish());
    return limits;
}

Result<SamplingConfig> readSampling(JsonFields fields) {
    SamplingConfig sampling;
    LIPAR_TRY(fields.integers("steps", sampling.steps, 1, kTrainingSteps, Presence::optional));
    LIPAR_TRY(fields.number("shift", sampling.shift, kLowestShift, kHighestShift, Presence::optional));
    LIPAR_ASSIGN(const auto limits, fields.section("limits", Presence::optional));
    if (limits) {
        LIPAR_ASSIGN(sampling.limits, readLimits(*limits));
    }
    LIPAR_TRY(fields.finish());
    if (sampling.steps.empty() || sampling.steps.size() > std::size_t(sampling.limits.mostSteps))
        return damaged(fields.pathOf("steps") + " has " + std::to_string(sampling.steps.size()) + " steps, not 1 to " +
                       std::to_string(sampling.limits.mostSteps));
    if (sampling.shift < sampling.limits.lowestShift || sampling.shift > sampling.limits.highestShift)
        return damaged(fields.pathOf("shift") + " lies outside " + fields.pathOf("limits"));
    if (std::ranges::adjacent_find(sampling.steps, std::less_equal()) != sampling.steps.end())
        return damaged(fields.pathOf("steps") + " are not in descending order");
    return sampling;
}

Result<PruningConfig> readPruning(JsonFields fields) {
    constexpr double kHighest = 1000.0;  // distances of latents; a threshold above all of them prunes everything
    PruningConfig pruning;
    LIPAR_TRY(fields.number("tau1", pruning.tau1, 0.0, kHighest, Presence::optional));
    LIPAR_TRY(fields.number("tau2", pruning.tau2, 0.0, kHighest, Presence::optional));
    LIPAR_TRY(fields.finish());
    return pruning;
}

Result<ModelManifest> readRoot(const nlohmann::json& root) {
    LIPAR_ASSIGN(JsonFields fields, JsonFields::of(root, ""));
    int schema = 0;
    LIPAR_TRY(fields.integer("schema", schema, 1, 1'000'000));
    if (schema != kSchema)
        return damaged("schema is " + std::to_string(schema) + ", and this program knows " + std::to_string(kSchema),
                       "this model needs a newer version of the program");
    ModelManifest manifest;
    LIPAR_TRY(fields.text("name", manifest.name));
    if (manifest.name.empty())
        return damaged("name is empty");
    LIPAR_TRY(fields.text("family", manifest.family));
    if (manifest.family != kCausal && manifest.family != kBidirectional)
        return damaged("family is " + shown(manifest.family) + ", not " + kCausal + " or " + kBidirectional, "this model may need a newer version of the program");
    LIPAR_TRY(fields.text("version", manifest.version, Presence::optional));
    LIPAR_TRY(fields.text("license", manifest.license, Presence::optional));

    LIPAR_ASSIGN(const auto dit, fields.section("dit"));
    LIPAR_ASSIGN(manifest.dit, readDit(*dit, manifest.family == kBidirectional));
    LIPAR_ASSIGN(const auto vae, fields.section("vae", Presence::optional));
    if (vae) {
        LIPAR_ASSIGN(manifest.vae, readVae(*vae, manifest.dit));
    }
    LIPAR_ASSIGN(const auto vaeFull, fields.section("vae_full", Presence::optional));
    if (vaeFull) {
        LIPAR_ASSIGN(manifest.vaeFull, readVae(*vaeFull, manifest.dit));
        LIPAR_TRY(checkFullVae(manifest.vae, *manifest.vaeFull));
    }
    LIPAR_ASSIGN(const auto text, fields.section("text", Presence::optional));
    if (text) {
        LIPAR_ASSIGN(manifest.text, readText(*text, manifest.dit));
    }
    LIPAR_ASSIGN(const auto sampling, fields.section("sampling", Presence::optional));
    if (sampling) {
        LIPAR_ASSIGN(manifest.sampling, readSampling(*sampling));
    }
    LIPAR_ASSIGN(const auto pruning, fields.section("pruning", Presence::optional));
    if (pruning) {
        LIPAR_ASSIGN(manifest.pruning, readPruning(*pruning));
    }
    LIPAR_TRY(fields.finish());
    return manifest;
}

Error named(Error error, const std::string& origin) {
    error.message = "cannot read model description " + origin + ": " + error.message;
    return error;
}

Result<ModelManifest> parse(std::string_view json, const std::string& origin) {
    auto root = parseStrictJson(json);
    if (!root)
        return std::unexpected(named(std::move(root).error(), origin));
    auto manifest = readRoot(*root);
    if (!manifest)
        return std::unexpected(named(std::move(manifest).error(), origin));
    return manifest;
}

}  // namespace

Result<ModelManifest> parseManifest(const std::string& json, const std::string& origin) {
    return parse(json, origin);
}

Result<ModelManifest> readManifest(const std::filesystem::path& directory) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(directory, ignored))
        return fail(ErrorCode::modelMissing, "cannot open model " + directory.string() + ": there is no such folder",
                    "give the name of an installed model or the path of a model's folder");
    const std::filesystem::path path = directory / kFileName;
    if (!std::filesystem::exists(path, ignored))
        return fail(ErrorCode::modelMissing, "cannot open model " + directory.string() + ": it has no " + kFileName,
                    "give the path of a model's folder");
    LIPAR_ASSIGN(const MappedFile file, MappedFile::open(path));
    const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
    LIPAR_ASSIGN(ModelManifest manifest, parse(text, path.string()));
    manifest.directory = directory;

    const auto incomplete = [&](const std::string& field) {
        return fail(ErrorCode::modelDamaged, "cannot read model description " + path.string() + ": " + field + " names no file",
                    "install the model again");
    };
    if (manifest.dit.files.empty())
        return incomplete("dit.files");
    if (manifest.vae && manifest.vae->files.empty())
        return incomplete("vae.files");
    if (manifest.vaeFull && manifest.vaeFull->files.empty())
        return incomplete("vae_full.files");
    if (manifest.text && manifest.text->files.empty())
        return incomplete("text.files");
    return manifest;
}

Result<ModelManifest> withFullVae(ModelManifest manifest) {
    if (manifest.vaeFull)
        manifest.vae = std::exchange(manifest.vaeFull, std::nullopt);
    if (!manifest.vae || !manifest.vae->isFull())
        return fail(ErrorCode::modelMissing, "model " + manifest.name + " has no full autoencoder: its model.json describes none",
                    "leave --vae out, or add vae_full to the model");
    return manifest;
}

Result<ModelManifest> withTinyVae(ModelManifest manifest) {
    manifest.vaeFull.reset();
    if (!manifest.vae || manifest.vae->isFull())
        return fail(ErrorCode::modelMissing, "model " + manifest.name + " has no tiny autoencoder: its model.json describes " + (manifest.vae ? "a full one alone" : "none"),
                    "leave --vae out");
    return manifest;
}

ModelManifest wan21Manifest() {
    ModelManifest manifest;
    manifest.name = "wan2.1-1.3b";
    manifest.family = kCausal;
    manifest.license = "Apache-2.0";
    DitConfig& dit = manifest.dit;
    dit.dim = 1536;
    dit.ffnDim = 8960;
    dit.numHeads = 12;
    dit.numLayers = 30;
    dit.inChannels = 16;
    dit.outChannels = 16;
    dit.textDim = 4096;
    dit.textLen = 512;
    dit.windowFrames = 6;
    dit.ropeMaxFrames = 21;
    manifest.vae = VaeConfig{.kind = "taehv", .files = {}};
    manifest.vaeFull = VaeConfig{.kind = "wan", .files = {}};
    manifest.sampling.steps = {400, 350, 250};
    return manifest;
}

ModelManifest wan21LargeManifest() {
    ModelManifest manifest = wan21Manifest();
    manifest.name = "wan2.1-14b";
    manifest.dit.dim = 5120;
    manifest.dit.ffnDim = 13824;
    manifest.dit.numHeads = 40;
    manifest.dit.numLayers = 40;
    return manifest;
}

ModelManifest wan22Manifest() {
    ModelManifest manifest = wan21Manifest();
    manifest.name = "wan2.2-ti2v-5b";
    manifest.family = kBidirectional;
    manifest.dit.dim = 3072;
    manifest.dit.ffnDim = 14336;
    manifest.dit.numHeads = 24;
    manifest.dit.inChannels = 48;
    manifest.dit.outChannels = 48;
    manifest.dit.blockFrames = kBidirectionalFrames;
    makeBidirectional(manifest.dit);
    manifest.vae = VaeConfig{.kind = "wan2.2", .files = {}, .latentChannels = 48, .spatial = 16};
    manifest.vaeFull.reset();
    return manifest;
}

std::optional<ModelManifest> publishedManifest(const std::string& name) {
    for (ModelManifest manifest : {wan21Manifest(), wan21LargeManifest(), wan22Manifest()})
        if (manifest.name == name)
            return manifest;
    return std::nullopt;
}

}  // namespace lipar::weights
