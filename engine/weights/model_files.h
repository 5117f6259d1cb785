// What a name among the `files` of model.json stands for: a tensor file, an index of shards, or a folder as diffusers
// and transformers lay a network out (manifest.h says which is which).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/weights/manifest.h"
#include "engine/weights/tensor_file.h"

namespace lipar::weights {

inline constexpr const char* kIndexEnding = ".index.json";

// Every file that a network named `name` is read from, relative to `directory`: the tensor files and, first, their
// index if they have one. Errors: modelMissing (no such file, a folder without weights), modelDamaged (an index that
// names no shards, or one outside its folder).
[[nodiscard]] Result<std::vector<std::string>> filesBehind(const std::filesystem::path& directory,
                                                           const std::string& name);

// Whether the model's full autoencoder is there: it is optional, and may be named without being installed.
[[nodiscard]] bool hasFullVae(const ModelManifest& manifest);

// The files of all networks of a model, the full autoencoder's where it has it; without the tokenizer.
[[nodiscard]] Result<std::vector<std::string>> filesOf(const ModelManifest& manifest);

// All tensor files of a network, open. Errors: as filesBehind() and TensorFile::open(), and modelDamaged when an index
// and its shards disagree about which tensors there are.
[[nodiscard]] Result<std::vector<TensorFile>> openTensorFiles(const std::filesystem::path& directory,
                                                              const std::vector<std::string>& names);

}  // namespace lipar::weights
