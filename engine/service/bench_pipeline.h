// Private to engine/service: the whole editor for `bench`, frames in host memory at both ends.
#pragma once

#include <memory>
#include <vector>

#include "engine/pipeline/model_bundle.h"
#include "engine/pipeline/processing_size.h"
#include "engine/service/device.h"
#include "engine/service/job.h"
#include "engine/service/kernel_profile.h"

namespace lipar::service {

// Medians over whole blocks, once the window is full and the passes are recorded.
struct PipelineTimes {
    double kept = 1;                                // of the blocks measured, by the keep mask that the editor made
    double blockMs = 0;                             // from one block that comes out to the next
    double encodeMs = 0, maskMs = 0, decodeMs = 0;  // on their own lanes, beside the transformer's work
    double firstPictureMs = 0;  // from nothing to the first block that comes out, as after a change of prompt
    double cancelMs = 0;        // from a cancel to a device without work, the longest of several
    KernelProfile profile;      // of `blocks` blocks more, where request.profile
};

// Edits frames of noise that stand still but for a strip of them, as wide as it takes to keep about `kept` of the
// tokens: the mask is the real one. Errors: those of the editor.
[[nodiscard]] Result<PipelineTimes> measurePipeline(const std::shared_ptr<const pipeline::ModelBundle>& model,
                                                    const Device& device, pipeline::PixelSize size, double kept,
                                                    const BenchRequest& request, JobContext& context);

// Blocks until the window is full and every pass has been recorded.
[[nodiscard]] int warmUpBlocks(const weights::DitConfig& dit);

[[nodiscard]] double median(std::vector<double> values);

// Gives a model that has none an autoencoder and prompts of random numbers.
void completeForBench(pipeline::ModelBundle& model, const Device& device);

}  // namespace lipar::service
