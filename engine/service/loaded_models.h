// Private to engine/service: finding models on disk, and keeping the last one used in memory, so that a second edit starts at once.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "engine/core/result.h"
#include "engine/model_store/places.h"
#include "engine/pipeline/model_bundle.h"
#include "engine/service/device.h"
#include "engine/service/events.h"
#include "engine/service/requests.h"

namespace lipar::service {

class LoadedModels {
public:
    explicit LoadedModels(model_store::ModelFolders folders) : m_folders(std::move(folders)) {}

    [[nodiscard]] const model_store::ModelFolders& folders() const noexcept { return m_folders; }
    // A directory, or a name under a models folder; empty = the built-in model. Error: modelMissing.
    [[nodiscard]] Result<std::filesystem::path> directoryOf(const std::filesystem::path& model) const;
    // The last model is given back at once when directory, device, type, extent and autoencoder are the same.
    [[nodiscard]] Result<std::shared_ptr<const pipeline::ModelBundle>> load(const std::filesystem::path& model, const Device& device,
                                                                            bool ditOnly = false, Vae vae = Vae::automatic);
    // The model's text encoder alone, kept and given back likewise; the same that load() puts into the bundle. Large
    // encoders take no memory before they encode. Errors: modelMissing, modelDamaged.
    [[nodiscard]] Result<std::shared_ptr<models::TextEncoder>> loadText(const weights::ModelManifest& manifest,
                                                                        const Device& device);
    void forget() {
        m_last.reset();
        m_text.reset();
    }

private:
    model_store::ModelFolders m_folders;
    std::shared_ptr<models::TextEncoder> m_text;
    std::filesystem::path m_textDirectory;
    Device m_textDevice;
    std::shared_ptr<pipeline::ModelBundle> m_last;
    std::filesystem::path m_lastDirectory;
    Device m_lastDevice;
    bool m_lastDitOnly = false;
    Vae m_lastVae = Vae::automatic;
};

// The model with the autoencoder that is asked for as its own. Error: modelMissing.
[[nodiscard]] Result<weights::ModelManifest> withVae(weights::ModelManifest manifest, Vae vae);

// What people want to know of a model. `sha256` is left empty.
[[nodiscard]] ModelInfo describeModel(const weights::ModelManifest& manifest);

}  // namespace lipar::service
