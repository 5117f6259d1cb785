#include "engine/models/text_encoder.h"

#include "engine/models/text/umt5_encoder.h"
#include "engine/models/text/vocabulary_encoder.h"
#include "engine/models/weight_store.h"

namespace lipar::models {

Result<std::unique_ptr<TextEncoder>> loadTextEncoder(const weights::ModelManifest& manifest,
                                                     const TextEncoderOptions& options) {
    if (!manifest.text || manifest.text->files.empty())
        return fail(ErrorCode::modelMissing, "model " + manifest.name + " cannot read a prompt: it has no text encoder",
                    "add the text encoder to the model, or choose another model");
    const weights::TextConfig& config = *manifest.text;
    if (config.kind == "umt5")
        return Umt5Encoder::load(manifest, options);
    if (config.kind != "vocabulary")
        return fail(ErrorCode::modelDamaged,
                    "model " + manifest.name + " does not load: \"" + config.kind + "\" is not a kind of text encoder that this version knows",
                    "update the program, or correct text.kind in model.json");
    LIPAR_ASSIGN(WeightStore store, WeightStore::open(manifest.directory, config.files));
    return VocabularyEncoder::load(manifest, store);
}

}  // namespace lipar::models
