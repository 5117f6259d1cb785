#include "engine/weights/model_files.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "engine/weights/damage.h"
#include "engine/weights/json_fields.h"
#include "engine/weights/mapped_file.h"
#include "engine/weights/strict_json.h"

namespace lipar::weights {
namespace {
namespace fs = std::filesystem;

// The names under which diffusers and transformers keep a network's weights in its folder; an index goes before one
// file.
constexpr const char* kFolderContents[] = {"diffusion_pytorch_model.safetensors.index.json",
                                           "diffusion_pytorch_model.safetensors", "model.safetensors.index.json",
                                           "model.safetensors"};

// Shard -> the tensors it must hold, exactly.
using ShardIndex = std::map<std::string, std::set<std::string>>;

// Metadata is of no use here.
Result<ShardIndex> parseIndex(std::string_view text) {
    LIPAR_ASSIGN(const nlohmann::json root, parseStrictJson(text));
    const auto* weightMap = root.is_object() && root.contains("weight_map") ? &root["weight_map"] : nullptr;
    if (!weightMap || !weightMap->is_object() || weightMap->empty())
        return damaged("it has no weight_map that says which tensor is in which file");
    ShardIndex index;
    for (const auto& [tensor, shard] : weightMap->items()) {
        if (!shard.is_string())
            return damaged("weight_map." + shown(tensor) + " is not a file name");
        const auto& name = shard.get_ref<const std::string&>();
        if (name.empty() || name == "." || name == ".." || name.find_first_of("/\\") != std::string::npos)
            return damaged("weight_map." + shown(tensor) + " names \"" + shown(name) +
                           "\", which is not a file beside the index");
        index[name].insert(tensor);
    }
    return index;
}

Result<ShardIndex> readIndex(const fs::path& path) {
    LIPAR_ASSIGN(const MappedFile file, MappedFile::open(path));
    auto index = parseIndex({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()});
    if (!index)
        return inFile(path, std::move(index).error());
    return index;
}

// A folder becomes the file or index in it; anything else is what it is.
Result<std::string> entryOf(const fs::path& directory, const std::string& name) {
    std::error_code ignored;
    if (!fs::is_directory(directory / name, ignored))
        return name;
    for (const char* const content : kFolderContents)
        if (fs::exists(directory / name / content, ignored))
            return (fs::path(name) / content).generic_string();
    return fail(ErrorCode::modelMissing,
                "cannot open model folder " + (directory / name).string() +
                    ": it holds neither diffusion_pytorch_model.safetensors nor " +
                    "model.safetensors, nor an index of one",
                "download the folder again, whole");
}

std::string besides(const std::string& index, const std::string& shard) {
    return (fs::path(index).parent_path() / shard).generic_string();
}

Result<> checkShard(const fs::path& index, const TensorFile& shard, const std::set<std::string>& expected) {
    const std::string file = shard.path().filename().string();
    for (const std::string& name : expected)
        if (!shard.find(name))
            return inFile(index, {ErrorCode::modelDamaged,
                                  "tensor " + shown(name) + " is not in " + file + ", where the index has it",
                                  "download the model again: its parts do not belong together"});
    for (const auto& [name, tensor] : shard.tensors())
        if (!expected.contains(name))
            return inFile(index, {ErrorCode::modelDamaged,
                                  "tensor " + shown(name) + " is in " + file + ", where the index does not have it",
                                  "download the model again: its parts do not belong together"});
    return {};
}

}  // namespace

Result<std::vector<std::string>> filesBehind(const fs::path& directory, const std::string& name) {
    LIPAR_ASSIGN(const std::string entry, entryOf(directory, name));
    std::vector<std::string> files{entry};
    if (entry.ends_with(kIndexEnding)) {
        LIPAR_ASSIGN(const ShardIndex index, readIndex(directory / entry));
        for (const auto& [shard, tensors] : index)
            files.push_back(besides(entry, shard));
    }
    return files;
}

bool hasFullVae(const ModelManifest& manifest) {
    return manifest.vaeFull && std::ranges::all_of(manifest.vaeFull->files, [&](const std::string& name) {
        std::error_code ignored;
        return fs::exists(manifest.directory / name, ignored);
    });
}

Result<std::vector<std::string>> filesOf(const ModelManifest& manifest) {
    std::vector<std::string> names = manifest.dit.files;
    if (manifest.vae)
        names.insert(names.end(), manifest.vae->files.begin(), manifest.vae->files.end());
    if (hasFullVae(manifest))
        names.insert(names.end(), manifest.vaeFull->files.begin(), manifest.vaeFull->files.end());
    if (manifest.text)
        names.insert(names.end(), manifest.text->files.begin(), manifest.text->files.end());
    std::vector<std::string> files;
    for (const std::string& name : names) {
        LIPAR_ASSIGN(const std::vector<std::string> behind, filesBehind(manifest.directory, name));
        files.insert(files.end(), behind.begin(), behind.end());
    }
    return files;
}

Result<std::vector<TensorFile>> openTensorFiles(const fs::path& directory, const std::vector<std::string>& names) {
    std::vector<TensorFile> files;
    for (const std::string& name : names) {
        LIPAR_ASSIGN(const std::string entry, entryOf(directory, name));
        if (!entry.ends_with(kIndexEnding)) {
            LIPAR_ASSIGN(TensorFile file, TensorFile::open(directory / entry));
            files.push_back(std::move(file));
            continue;
        }
        LIPAR_ASSIGN(const ShardIndex index, readIndex(directory / entry));
        for (const auto& [shard, tensors] : index) {
            LIPAR_ASSIGN(TensorFile file, TensorFile::open(directory / besides(entry, shard)));
            LIPAR_TRY(checkShard(directory / entry, file, tensors));
            files.push_back(std::move(file));
        }
    }
    return files;
}

}  // namespace lipar::weights
