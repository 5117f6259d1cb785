// Private to engine/media: a CUDA device as FFmpeg wants it for decoding: in the device's primary context, which torch
// uses too, with a stream of its own, so that no copy waits for what others compute. The driver is opened at run time.
// Thread: one object, one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/media/av.h"

namespace lipar::media {

class CudaDevice {
public:
    // `index`: as the driver counts. Error: deviceUnavailable, with what the driver says.
    [[nodiscard]] static Result<CudaDevice> open(int index);
    CudaDevice(CudaDevice&&) noexcept;
    ~CudaDevice();

    // An AVHWDeviceContext; not owned. All references to it must be gone before this object is.
    [[nodiscard]] AVBufferRef* context() const noexcept;

    // A plane in device memory and where it is to go; pitches and rows in bytes.
    struct PlaneCopy {
        const std::uint8_t* device = nullptr;
        std::ptrdiff_t devicePitch = 0;
        std::uint8_t* host = nullptr;
        std::ptrdiff_t hostPitch = 0;
        int rowBytes = 0;
        int rows = 0;
    };
    // When it returns, both planes are there. Error: deviceUnavailable.
    [[nodiscard]] Result<> copyToHost(const PlaneCopy& luma, const PlaneCopy& chroma) const;
    // Whether a finished picture had errors in its coefficients. The driver tells of H.264 and HEVC; else false.
    // `decoder`: the driver's handle.
    [[nodiscard]] bool hasConcealed(void* decoder, int surface) const;
    // Whether the device decodes 4:2:0 of this many bits. Error: deviceUnavailable.
    [[nodiscard]] Result<bool> decodes(AVCodecID codec, int bits) const;

private:
    struct State;
    explicit CudaDevice(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace lipar::media
