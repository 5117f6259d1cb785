// Private to engine/service: what `edit` and `plan` share before the first frame is read.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/media/media_info.h"
#include "engine/pipeline/block_editor.h"
#include "engine/service/device.h"
#include "engine/service/job.h"
#include "engine/weights/manifest.h"

namespace lipar::service {

struct ClipSetup {
    media::MediaInfo media;
    Device device;
    std::shared_ptr<const pipeline::ModelBundle> model;
    pipeline::EditParameters parameters;
    pipeline::PixelSize size;          // of the pictures that are read
    std::int64_t expectedFrames = 0;   // in the range, as far as the container tells
};

// What is known of an edit before its model is loaded.
struct EditBasis {
    media::MediaInfo media;
    Device device;
    weights::ModelManifest manifest;
    pipeline::PixelSize size;  // of the pictures that are read
    std::vector<int> steps;
    double tau1 = 0, tau2 = 0;
    std::int64_t expectedFrames = 0;  // in the range, as far as the container tells

    [[nodiscard]] int pixelsPerToken() const { return manifest.dit.patch[1] * manifest.vae->spatial; }
};

// What a model sees of an edit's prompts: the longest one's length, and every unknown word once.
struct PromptFindings {
    PromptTokens longest;
    std::vector<std::string> unknownWords;
};
// Reads them without encoding. Errors: those of the tokenizer.
[[nodiscard]] Result<PromptFindings> readPrompts(const models::TextEncoder& text, const EditSettings& settings);

[[nodiscard]] ClipInfo describeClip(const media::MediaInfo& media);

// Probes, chooses the device, reads the model's numbers, checks every setting. Errors: those of cli.md.
[[nodiscard]] Result<EditBasis> basisOfEdit(const std::filesystem::path& input, const EngineChoice& engine, const EditSettings& settings,
                                            const LoadedModels& models);

// Probes, chooses the device, loads the model, checks every setting, sizes the job. Errors: those of cli.md.
[[nodiscard]] Result<ClipSetup> setUpClip(const std::filesystem::path& input, const EngineChoice& engine, const EditSettings& settings,
                                          JobContext& context);
[[nodiscard]] Result<ClipSetup> setUpClip(EditBasis basis, const EngineChoice& engine, const EditSettings& settings, JobContext& context);

// Reads the clip's range on a thread of its own and hands every frame to `editor`, then finishes it. Where `isEnough` is
// given and says so after a frame, it stops there without finishing.
[[nodiscard]] Result<> editAllFrames(const ClipSetup& setup, const EditSettings& settings, pipeline::BlockEditor& editor,
                                     const CancelToken& cancel, std::int64_t& damagedFrames, const std::function<bool()>& isEnough = {});

[[nodiscard]] method::KeySequence methodKeys(KeySequence keys) noexcept;
// Whether the model's keys can be shrunk where that is asked for. Error: invalidArgument.
[[nodiscard]] Result<> checkKeys(KeySequence keys, Recovery recovery, const weights::ModelManifest& manifest);
[[nodiscard]] method::Recovery methodRecovery(Recovery recovery) noexcept;
[[nodiscard]] const char* recoveryName(Recovery recovery) noexcept;

}  // namespace lipar::service
