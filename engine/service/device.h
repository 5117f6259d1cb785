// Private to engine/service: which device and precision a job runs in, and how much memory there is.
#pragma once

#include <ATen/ATen.h>

#include <optional>
#include <string>

#include "engine/core/result.h"
#include "engine/models/dit/wan_dit.h"
#include "engine/models/text_encoder.h"
#include "engine/service/events.h"
#include "engine/service/requests.h"

namespace lipar::service {

struct Device {
    at::Device device = at::kCPU;
    at::ScalarType dtype = at::kFloat;
    models::WideProducts wide = models::WideProducts::dtype;
    models::TextPlacement text = models::TextPlacement::automatic;
    at::ScalarType hostType = at::kFloat;  // of a text encoder on the CPU
    DeviceInfo info;
};

// "auto" takes the first GPU that works, else the CPU. Automatic precision: bfloat16 on GPUs and on CPUs with
// instructions for it, else float32. fp8 is bfloat16 with the wide products of the transformer in 8 bits. Errors: invalidArgument (no such name), deviceUnavailable.
[[nodiscard]] Result<Device> chooseDevice(const std::string& name, Precision precision);
// Also where the text encoder is to be. Error: deviceUnavailable (on a GPU, without one).
[[nodiscard]] Result<Device> chooseDevice(const EngineChoice& engine);

// Where the job's sources are decoded: media::ReaderOptions::cudaDevice.
[[nodiscard]] std::optional<int> decodingDevice(at::Device device);

struct MemoryUse {
    std::uint64_t deviceNow = 0;
    std::uint64_t devicePeak = 0;  // since resetPeak()
    std::uint64_t hostNow = 0;     // resident set
    std::uint64_t hostPeak = 0;
};
[[nodiscard]] MemoryUse memoryUse(at::Device device);
void resetPeak(at::Device device);
// Gives cached device memory back after a failure, so that the next job starts from nothing.
void releaseCachedMemory();
// Memory that a job could still take on the device, bytes.
[[nodiscard]] std::uint64_t freeMemory(at::Device device);

}  // namespace lipar::service
