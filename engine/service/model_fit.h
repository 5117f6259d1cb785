// Private to engine/service: whether a model fits this machine, in figures and in words.
#pragma once

#include "engine/core/model_state.h"
#include "engine/model_store/model_store.h"
#include "engine/service/device.h"

namespace lipar::service {

// Fills entry.fit, of which the store has set the disk and the text encoder's need. `manifest` as it is, or will be
// once the model is installed; nullptr: nothing is known of what an edit needs. The size that is reckoned with: 832x480
// on a GPU, 320x192 on a CPU.
void judgeFit(ModelEntry& entry, const weights::ModelManifest* manifest, const Device& device);
// Of every entry of the store, on the device that an edit would take by itself.
[[nodiscard]] std::vector<ModelEntry> entriesWithFit(const model_store::ModelStore& store);
[[nodiscard]] Result<ModelEntry> entryWithFit(const model_store::ModelStore& store, const std::string& name);

}  // namespace lipar::service
