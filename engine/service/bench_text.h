// Private to engine/service: `bench --text`.
#pragma once

#include "engine/service/device.h"
#include "engine/service/job.h"

namespace lipar::service {

// One prompt, several times, through the text encoder of request.engine.model; embeddings on disk are left alone.
// Errors: invalidArgument (no model, or one whose text encoder is too small to measure), those of loading.
[[nodiscard]] Result<TextBench> measureTextEncoder(const BenchRequest& request, const Device& device,
                                                   JobContext& context);

}  // namespace lipar::service
