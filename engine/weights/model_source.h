// Finds a model in files as they were published, and works out its description from what is in them.
#pragma once

#include <filesystem>

#include "engine/core/result.h"
#include "engine/weights/manifest.h"

namespace lipar::weights {

// `source` is one of:
//  - a model directory with its model.json, which then is what counts;
//  - a folder with the files of Wan2.1, Self-Forcing and TAEHV under their published names, in their repositories'
//  folders or side
//    by side; a distilled transformer goes before the base one, the tiny autoencoder before the full one;
//  - a diffusers pipeline (transformer, vae, text_encoder, tokenizer);
//  - a transformer's file alone.
// The description's directory and files name what was found. Sizes come from the tensors' shapes; the number of heads,
// which no shape tells, from a config.json beside them, else heads of 128 as Wan has them; windows, schedule and
// thresholds are those of wan21Manifest(). Errors: modelMissing (no transformer there, a text encoder without its
// tokenizer), modelDamaged.
[[nodiscard]] Result<ModelManifest> findModel(const std::filesystem::path& source);

}  // namespace lipar::weights
