// Models as the engine lists them, for tests and pictures of the page of models.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/core/model_state.h"

namespace lipar::testing {

inline ModelFileEntry modelFile(std::string part, std::string purpose, std::string name, std::uint64_t bytes) {
    ModelFileEntry file;
    file.part = std::move(part);
    file.purpose = std::move(purpose);
    file.name = std::move(name);
    file.license = "Apache-2.0";
    file.bytes = bytes;
    return file;
}

inline ModelEntry builtInModel() {
    ModelEntry entry;
    entry.name = "lipar-mini";
    entry.title = "LIPAR mini";
    entry.summary =
        "The small model that comes with the program. It knows a fixed list of looks and runs on any processor.";
    entry.license = "Apache-2.0";
    entry.inCatalogue = entry.builtIn = true;
    entry.state = ModelState::installed;
    entry.bytes = entry.bytesPresent = 14'200'000;
    entry.fit = {.verdict = FitVerdict::fits,
                 .words = "fits",
                 .device = "AMD EPYC 9654",
                 .deviceBytes = 410'000'000,
                 .deviceFree = 12'400'000'000};
    return entry;
}

inline ModelEntry bigModel() {
    ModelEntry entry;
    entry.name = "wan2.1-1.3b";
    entry.title = "Wan2.1 1.3B Self-Forcing";
    entry.summary =
        "A video model of 1.3 billion parameters, distilled to few steps. It takes any English or Chinese prompt and "
        "wants a GPU.";
    entry.license = "Apache-2.0, MIT";
    entry.inCatalogue = true;
    entry.bytes = 17'126'500'000;
    entry.files = {
        modelFile("transformer", "Denoises the video: the causal transformer.", "self_forcing_dmd.pt", 5'700'000'000),
        modelFile("text-encoder", "Reads the prompt.", "models_t5_umt5-xxl-enc-bf16.pth", 11'400'000'000),
        modelFile("tokenizer", "Cuts the prompt into the words that the text encoder knows.", "spiece.model",
                  4'500'000)};
    entry.fit = {.verdict = FitVerdict::fits,
                 .words = "fits",
                 .device = "NVIDIA H100",
                 .diskBytes = 17'126'500'000,
                 .diskFree = 212'000'000'000,
                 .deviceBytes = 11'300'000'000,
                 .deviceFree = 78'000'000'000,
                 .hostBytes = 12'400'000'000,
                 .hostFree = 96'000'000'000};
    return entry;
}

inline ModelEntry installed(ModelEntry entry) {
    entry.state = ModelState::installed;
    entry.bytesPresent = entry.bytes;
    entry.fit.diskBytes = 0;
    for (auto& file : entry.files) {
        file.state = ModelFileState::present;
        file.bytesPresent = file.bytes;
    }
    return entry;
}

inline ModelEntry partial(ModelEntry entry, std::uint64_t present) {
    entry.state = ModelState::partial;
    entry.bytesPresent = present;
    entry.files.front().state = ModelFileState::partial;
    entry.files.front().bytesPresent = present;
    return entry;
}

inline ModelEntry damaged(ModelEntry entry) {
    entry = installed(std::move(entry));
    entry.state = ModelState::damaged;
    entry.files.front().state = ModelFileState::damaged;
    entry.problem = "self_forcing_dmd.pt has other bytes than when it was installed";
    return entry;
}

inline TransferState received(std::uint64_t done, std::uint64_t total, double rate, double seconds) {
    TransferState state;
    state.model = "wan2.1-1.3b";
    state.file = "self_forcing_dmd.pt";
    state.phase = TransferPhase::receiving;
    state.done = done;
    state.total = total;
    state.bytesPerSecond = rate;
    state.secondsLeft = seconds;
    return state;
}

}  // namespace lipar::testing
