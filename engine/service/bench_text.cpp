#include "engine/service/bench_text.h"

#include "engine/models/text/umt5_encoder.h"
#include "engine/service/bench_pipeline.h"

namespace lipar::service {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRuns = 5;
// As long as the prompts that people give such models.
constexpr const char* kPrompt =
    "A quiet harbour town at dusk in late autumn, painted in oil with broad, visible strokes. Wet cobblestones reflect "
    "the warm light of shop windows; "
    "fishing boats rock at the pier, their ropes creaking, gulls circle above the masts. An old woman in a dark green "
    "coat walks slowly towards the "
    "camera, a small dog beside her, while behind them two children chase each other around a fountain. Low clouds "
    "move in from the sea, the last sun "
    "breaks through for a moment and paints the roofs red. The camera glides forward at walking pace, close to the "
    "ground, shallow depth of field, soft film grain.";

const char* nameOf(models::TextPlacement place) {
    switch (place) {
        case models::TextPlacement::gpu: return "gpu";
        case models::TextPlacement::streamed: return "streamed";
        case models::TextPlacement::cpu:
        case models::TextPlacement::automatic: break;
    }
    return "cpu";
}

}  // namespace

Result<TextBench> measureTextEncoder(const BenchRequest& request, const Device& device, JobContext& context) {
    if (request.engine.model.empty())
        return fail(ErrorCode::invalidArgument, "there is no text encoder to measure: no model was named",
                    "name one with --model DIR");
    LIPAR_ASSIGN(const std::filesystem::path directory, context.models.directoryOf(request.engine.model));
    LIPAR_ASSIGN(const weights::ModelManifest manifest, weights::readManifest(directory));
    context.progress(Phase::loading);
    releaseCachedMemory();
    resetPeak(device.device);
    TextBench bench;
    auto start = Clock::now();
    LIPAR_ASSIGN(const auto text,
                 models::loadTextEncoder(manifest, {device.text, device.device, device.dtype, device.hostType, {}}));
    auto* const encoder = dynamic_cast<models::Umt5Encoder*>(text.get());
    if (!encoder)
        return fail(
            ErrorCode::invalidArgument,
            "model " + manifest.name + " has nothing to measure: its text encoder is of kind " + manifest.text->kind,
            "name a model whose text encoder is UMT5");
    bench.openSeconds = secondsSince(start);
    start = Clock::now();
    LIPAR_TRY(encoder->prepare(context.cancel));
    bench.loadSeconds = secondsSince(start);

    std::vector<double> milliseconds;
    for (int run = 0; run <= kRuns; ++run) {
        LIPAR_TRY(context.cancel.check());
        context.progress(Phase::measuring, run, kRuns + 1);
        start = Clock::now();
        LIPAR_ASSIGN(const models::EncodedPrompt encoded, encoder->encode(kPrompt, context.cancel));
        (run == 0 ? bench.firstMs : milliseconds.emplace_back()) = 1000 * secondsSince(start);
        bench.tokens = std::min(encoded.reading.tokens, encoded.reading.limit);
    }
    bench.runs = kRuns;
    bench.encodeMs = median(std::move(milliseconds));
    bench.place = nameOf(encoder->placement());
    bench.precision = (bench.place == "cpu" ? device.hostType : device.dtype) == at::kFloat ? "fp32" : "bf16";
    const MemoryUse memory = memoryUse(device.device);
    bench.peakDeviceBytes = memory.devicePeak;
    bench.peakHostBytes = memory.hostPeak;
    return bench;
}

}  // namespace lipar::service
