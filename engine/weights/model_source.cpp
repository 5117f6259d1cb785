#include "engine/weights/model_source.h"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/weights/damage.h"
#include "engine/weights/key_map.h"
#include "engine/weights/mapped_file.h"
#include "engine/weights/model_files.h"
#include "engine/weights/strict_json.h"

namespace lipar::weights {
namespace {
namespace fs = std::filesystem;

// Where the parts of a model lie in their repositories, what goes before first.
constexpr const char* kTransformers[] = {"self_forcing_dmd.pt", "checkpoints/self_forcing_dmd.pt", "transformer",
                                         "diffusion_pytorch_model.safetensors.index.json",
                                         "diffusion_pytorch_model.safetensors"};
constexpr const char* kTinyAutoencoders[] = {"taew2_1.safetensors", "safetensors/taew2_1.safetensors", "taew2_1.pth"};
constexpr const char* kFullAutoencoders[] = {"Wan2.1_VAE.pth", "vae"};
constexpr const char* kTextEncoders[] = {"models_t5_umt5-xxl-enc-bf16.pth", "text_encoder"};
constexpr const char* kTokenizers[] = {"spiece.model", "google/umt5-xxl/spiece.model", "tokenizer/spiece.model"};

constexpr int kWanHeadDim = 128;

std::optional<std::string> firstOf(const fs::path& folder, std::span<const char* const> names) {
    std::error_code ignored;
    for (const char* const name : names)
        if (fs::exists(folder / name, ignored))
            return name;
    return std::nullopt;
}

// Shapes by official name.
using Shapes = std::map<std::string, std::vector<std::int64_t>, std::less<>>;

Result<Shapes> shapesOf(const fs::path& directory, const std::vector<std::string>& names) {
    LIPAR_ASSIGN(const std::vector<TensorFile> files, openTensorFiles(directory, names));
    std::vector<std::string_view> stored;
    for (const TensorFile& file : files)
        for (const auto& [name, tensor] : file.tensors())
            stored.push_back(name);
    const KeyMap map = KeyMap::detect(stored);
    Shapes shapes;
    for (const TensorFile& file : files)
        for (const auto& [name, tensor] : file.tensors())
            shapes.emplace(map.officialName(name), tensor.shape);
    return shapes;
}

Result<std::vector<int>> sizesOf(const Shapes& shapes, const std::string& name, std::size_t rank) {
    const auto found = shapes.find(name);
    if (found == shapes.end())
        return damaged("it has no tensor " + name + ", so that it is no Wan transformer",
                       "choose the transformer's file or the model's folder");
    std::vector<int> sizes;
    for (const std::int64_t size : found->second) {
        constexpr std::int64_t kLargest = 1 << 20;
        if (size < 1 || size > kLargest)
            return damaged("tensor " + name + " has shape " + shown(found->second));
        sizes.push_back(int(size));
    }
    if (sizes.size() != rank)
        return damaged("tensor " + name + " has shape " + shown(found->second) + ", not " + std::to_string(rank) +
                       " dimensions");
    return sizes;
}

Result<> readShapes(const Shapes& shapes, DitConfig& dit) {
    LIPAR_ASSIGN(const auto patch, sizesOf(shapes, "patch_embedding.weight", 5));
    LIPAR_ASSIGN(const auto text, sizesOf(shapes, "text_embedding.0.weight", 2));
    LIPAR_ASSIGN(const auto time, sizesOf(shapes, "time_embedding.0.weight", 2));
    LIPAR_ASSIGN(const auto ffn, sizesOf(shapes, "blocks.0.ffn.0.weight", 2));
    LIPAR_ASSIGN(const auto head, sizesOf(shapes, "head.head.weight", 2));
    dit.dim = patch[0];
    dit.inChannels = patch[1];
    dit.patch = {patch[2], patch[3], patch[4]};
    dit.textDim = text[1];
    dit.freqDim = time[1];
    dit.ffnDim = ffn[0];
    dit.outChannels = int(head[0] / (std::int64_t(patch[2]) * patch[3] * patch[4]));
    dit.sourceConcat = dit.inChannels == 2 * dit.outChannels;
    dit.numLayers = 0;
    while (shapes.contains("blocks." + std::to_string(dit.numLayers) + ".modulation"))
        ++dit.numLayers;
    return {};
}

// Of Wan's and diffusers' config.json, what shapes do not tell. Other fields are of no interest here.
Result<> readConfig(const fs::path& path, DitConfig& dit) {
    LIPAR_ASSIGN(const MappedFile file, MappedFile::open(path));
    const auto config = parseStrictJson({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()});
    if (!config)
        return inFile(path, config.error());
    const auto number = [&](const char* name, int& target) {
        if (config->is_object() && config->contains(name) && (*config)[name].is_number_integer())
            target = (*config)[name].get<int>();
    };
    number("num_heads", dit.numHeads);
    number("num_attention_heads", dit.numHeads);
    number("text_len", dit.textLen);
    return {};
}

Result<> readTransformer(ModelManifest& manifest) {
    DitConfig& dit = manifest.dit;
    const fs::path named = manifest.directory / dit.files.front();
    auto shapes = shapesOf(manifest.directory, dit.files);
    if (!shapes)
        return std::unexpected(std::move(shapes).error());
    if (auto read = readShapes(*shapes, dit); !read)
        return inFile(named, std::move(read).error());
    std::error_code ignored;
    dit.numHeads = dit.dim % kWanHeadDim == 0 ? dit.dim / kWanHeadDim : 0;
    const fs::path config = (fs::is_directory(named, ignored) ? named : named.parent_path()) / "config.json";
    if (fs::exists(config, ignored))
        LIPAR_TRY(readConfig(config, dit));
    if (dit.numHeads == 0)
        return fail(ErrorCode::modelDamaged,
                    "cannot tell the number of heads of " + named.string() + ": its width " + std::to_string(dit.dim) +
                        " is no multiple of Wan's heads of 128, and there is no config.json beside it",
                    "put the config.json that was published with it beside it");
    return {};
}

Result<> findParts(ModelManifest& manifest) {
    const fs::path& folder = manifest.directory;
    const auto transformer = firstOf(folder, kTransformers);
    if (!transformer)
        return fail(ErrorCode::modelMissing,
                    "cannot find a model in " + folder.string() +
                        ": it holds no model.json and no transformer under a published name (" + kTransformers[0] +
                        ", " + kTransformers[4] + ", a diffusers folder " + kTransformers[2] + ")",
                    "give the folder that holds the files as they were downloaded, or the transformer's file");
    manifest.dit.files = {*transformer};
    const auto tiny = firstOf(folder, kTinyAutoencoders), full = firstOf(folder, kFullAutoencoders);
    if (tiny)
        manifest.vae = VaeConfig{.kind = "taehv", .files = {*tiny}};
    if (full)
        (tiny ? manifest.vaeFull : manifest.vae) = VaeConfig{.kind = "wan", .files = {*full}};
    if (const auto text = firstOf(folder, kTextEncoders)) {
        const auto tokenizer = firstOf(folder, kTokenizers);
        if (!tokenizer)
            return fail(
                ErrorCode::modelMissing,
                "cannot use the text encoder in " + folder.string() + ": its tokenizer spiece.model is not there",
                "download google/umt5-xxl/spiece.model as well");
        TextConfig& encoder = manifest.text.emplace();
        encoder.kind = "umt5";
        encoder.files = {*text};
        encoder.tokenizer = *tokenizer;
    }
    return {};
}

}  // namespace

Result<ModelManifest> findModel(const fs::path& source) {
    std::error_code ignored;
    if (fs::is_directory(source, ignored) && fs::exists(source / "model.json", ignored))
        return readManifest(source);
    ModelManifest manifest = wan21Manifest();
    manifest.vae.reset();
    manifest.vaeFull.reset();
    if (fs::is_directory(source, ignored)) {
        manifest.directory = source;
        LIPAR_TRY(findParts(manifest));
    } else {
        manifest.directory = source.parent_path();
        manifest.dit.files = {source.filename().string()};
    }
    LIPAR_TRY(readTransformer(manifest));
    for (auto* vae : {&manifest.vae, &manifest.vaeFull})
        if (*vae)
            (*vae)->latentChannels = manifest.dit.outChannels;
    // The same checks as for a description that somebody wrote.
    const fs::path directory = manifest.directory;
    LIPAR_ASSIGN(manifest, parseManifest(manifestText(manifest), source.string()));
    manifest.directory = directory;
    return manifest;
}

}  // namespace lipar::weights
