// The front of lif_block.h: the memory that a stream of keep masks carries along, and the steps on it, on one device.
//
// float32 latents on the CPU or a CUDA device (openCudaModule() done). Which frames are due when is the business of
// engine/lipar/keep_mask_stream.h. Thread: one at a time. Errors: torch's exceptions; std::runtime_error where CUDA
// refuses a launch.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "engine/core/token_mask.h"
#include "engine/kernels/kernel_table.h"
#include "engine/kernels/lif_block.h"

namespace lipar::kernels {

class LifSteps {
public:
    // On `device`, or on the CPU where tokens have more than kMostLifTokenValues values. blockFrames >= 1.
    LifSteps(const LatentGrid& grid, int blockFrames, at::Device device);

    [[nodiscard]] at::Device device() const noexcept { return m_device; }

    // Takes the next frames of the clip, `first` the first of them: [1..blockFrames,C,h,w] float32, contiguous, on
    // device(). They must stay until endBlock().
    void findDifferences(const at::Tensor& frames, int first);
    // Of the frames just taken and the one before them. Nothing to do for a count below 1.
    void decide(const LifDecisions& decisions);
    // From now on the last frame taken is the only one that can be decided.
    void endBlock();
    // lif_block.h, lifMasks; waits for it.
    [[nodiscard]] TokenMask masks(int first, int count, int lastDecided);

private:
    [[nodiscard]] float* frame(int i) const;
    [[nodiscard]] const KernelTable& backend() const;
    [[nodiscard]] void* stream() const;

    at::Device m_device;
    LifState m_state;
    LifBlock m_block;
    at::Tensor m_differences, m_decisions;  // rings
    at::Tensor m_frames;                    // [4,C,h,w] M, the running copy, the last frame of two blocks in turn
    std::vector<at::Tensor> m_tables;       // networks and places
    int m_turn = 0;                         // which of the last two
};

}  // namespace lipar::kernels
