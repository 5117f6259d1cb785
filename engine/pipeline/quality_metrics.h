// How much a clip differs from a reference, measured frame by frame while both are decoded.
//
// PSNR: over RGB, values 0..1; overall from the mean of the frames' squared errors. SSIM: luma (BT.601), 7x7 box
// window without padding, constants 0.01^2 and 0.03^2 (Wang et al. 2004). Flicker: what the two clips' changes from
// frame to frame differ by. Warp error: the distorted clip's previous frame is moved along the reference's optical
// flow and compared with its current frame, where the flow is consistent forward and backward (Lai et al. 2018;
// occlusion test of Sundaram et al. 2010).
// Thread: one object, one thread at a time. Memory: two frames and one prepared for flow, about 60 bytes a pixel.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/picture.h"
#include "engine/core/result.h"
#include "engine/pipeline/optical_flow.h"

namespace lipar::pipeline {

struct ClipQuality {
    std::int64_t frames = 0;
    double psnr = 0;       // dB; infinity when equal
    double ssim = 0;       // mean over the frames
    double warpError = 0;  // 1e4 x mean squared error, mean over the frame pairs that have any consistent flow
    double flicker = 0;    // 1000 x mean absolute difference of the frame differences
    std::vector<double> psnrPerFrame;
};

class ClipComparison {
public:
    // The next frame of both clips. Error: invalidArgument when the two pictures, or this and the one before, differ
    // in size, or are smaller than the SSIM window of 7x7.
    [[nodiscard]] Result<> add(const Picture& reference, const Picture& distorted);
    // Of what was added so far; zeros before the first frame.
    [[nodiscard]] ClipQuality result() const;

private:
    void addPair(const Picture& reference, const Picture& distorted, const FlowFrame& current);

    std::vector<double> m_squaredErrors;  // mean of each frame, values 0..1
    double m_ssimSum = 0;
    double m_flickerSum = 0;
    double m_warpSum = 0;
    std::int64_t m_warpPairs = 0;
    Picture m_previousReference;
    Picture m_previousDistorted;
    std::optional<FlowFrame> m_previousFlowFrame;
};

}  // namespace lipar::pipeline
