#include "engine/service/bench_pipeline.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

#include "engine/pipeline/block_editor.h"
#include "engine/pipeline/frame_tensors.h"
#include "engine/service/clip_setup.h"

namespace lipar::service {
namespace {

// More different frames than a block has, of an odd number, so that no block repeats the one before.
constexpr int kDifferentFrames = 13;
// How far apart moving noise and rest are told: of the latents' own spread.
constexpr double kThresholdOfSpread = 0.05;
constexpr int kTrialBlocks = 4;

class RandomPrompt final : public models::TextEncoder {
public:
    explicit RandomPrompt(const weights::DitConfig& config)
        : m_embeddings(at::randn({config.textLen, config.textDim})) {}
    Result<models::PromptReading> read(const std::string&) const override { return models::PromptReading{}; }
    Result<models::EncodedPrompt> encode(const std::string&, const CancelToken&) override {
        return models::EncodedPrompt{m_embeddings, {}, 1.0};
    }

private:
    at::Tensor m_embeddings;
};

// Noise that is new in each frame in the leftmost `moving` columns.
std::vector<PicturePtr> noiseFrames(pipeline::PixelSize size, int moving) {
    std::mt19937 random(1);
    Picture still(size.width, size.height);
    for (auto& value : still.rgb)
        value = std::uint8_t(random());
    std::vector<PicturePtr> frames;
    for (int i = 0; i < kDifferentFrames; ++i) {
        auto frame = std::make_shared<Picture>(still);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < 3 * moving; ++x)
                frame->rgb[std::size_t(y) * std::size_t(size.width) * 3 + std::size_t(x)] = std::uint8_t(random());
        frames.push_back(std::move(frame));
    }
    return frames;
}

constexpr int kCancels = 8;

struct Run {
    double firstMs = 0;
    std::vector<double> blockMs, encodeMs, maskMs, decodeMs;
    std::int64_t kept = 0, total = 0;
};

class BenchEditor {
public:
    BenchEditor(std::shared_ptr<const pipeline::ModelBundle> model, const Device& device, pipeline::PixelSize size,
                JobContext& context)
        : m_model(std::move(model)), m_device(device), m_size(size), m_context(context) {}

    // Edits `ignored` blocks and then `measured` ones.
    Result<Run> run(int moving, int ignored, int measured, pipeline::EditParameters parameters) const {
        Run run;
        int done = 0;
        auto last = std::chrono::steady_clock::now();
        const auto sink = [&](pipeline::EditedBlock&& block) -> Result<> {
            const auto now = std::chrono::steady_clock::now();
            const double ms = std::chrono::duration<double, std::milli>(now - last).count();
            if (done == 0)
                run.firstMs = ms;
            if (done++ >= ignored) {
                run.blockMs.push_back(ms);
                run.encodeMs.push_back(block.encodeMs);
                run.maskMs.push_back(block.maskMs);
                run.decodeMs.push_back(block.decodeMs);
                run.kept += block.kept;
                run.total += block.total;
            }
            last = now;
            return {};
        };
        const std::vector<PicturePtr> frames = noiseFrames(m_size, moving);
        waitUntilIdle();  // an edit before leaves a block on its way
        last = std::chrono::steady_clock::now();
        LIPAR_ASSIGN(const auto editor,
                     pipeline::BlockEditor::create(m_model, std::move(parameters), m_size, m_context.cancel, sink));
        for (std::int64_t i = 0; done < ignored + measured; ++i)
            LIPAR_TRY(editor->push(frameAt(frames, i)));
        return run;
    }

    // Cancels while blocks are on their way, each time a little later in a block's course; milliseconds until nothing
    // is.
    Result<double> slowestCancel(int moving, double blockMs, const pipeline::EditParameters& parameters) const {
        const std::vector<PicturePtr> frames = noiseFrames(m_size, moving);
        double slowest = 0;
        for (int trial = 0; trial < kCancels; ++trial) {
            CancelSource source;
            std::chrono::steady_clock::time_point cancelled;
            std::jthread canceller;
            int done = 0;
            const auto sink = [&](pipeline::EditedBlock&&) -> Result<> {
                if (++done == 3)
                    canceller = std::jthread([&, delay = blockMs * (trial + 0.5) / kCancels] {
                        std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(delay));
                        cancelled = std::chrono::steady_clock::now();
                        source.cancel();
                    });
                return {};
            };
            LIPAR_ASSIGN(const auto editor,
                         pipeline::BlockEditor::create(m_model, parameters, m_size, source.token(), sink));
            Result<> outcome;
            for (std::int64_t i = 0; outcome; ++i) {
                LIPAR_TRY(m_context.cancel.check());
                outcome = editor->push(frameAt(frames, i));
            }
            canceller.join();
            waitUntilIdle();
            slowest = std::max(
                slowest,
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - cancelled).count());
        }
        return slowest;
    }

    // Standard deviation of a noisy block's latents.
    [[nodiscard]] double spread() const {
        const auto encoder = m_model->autoencoder->newEncoder();
        std::vector<PicturePtr> pictures = noiseFrames(m_size, m_size.width);
        pictures.resize(std::size_t(m_model->framesPerBlock()));
        return encoder
            ->encode(pipeline::picturesToTensor(pictures, m_size.width, m_size.height, m_device.dtype, m_device.device))
            .std()
            .item<double>();
    }

private:
    void waitUntilIdle() const {
        for (const auto work : {pipeline::DeviceLane::Work::encode, pipeline::DeviceLane::Work::decode})
            pipeline::DeviceLane(m_device.device, work).wait();
        pipeline::DeviceLane::current(m_device.device).wait();
    }
    static media::SourceFrame frameAt(const std::vector<PicturePtr>& frames, std::int64_t i) {
        return {.picture = frames[std::size_t(i) % frames.size()],
                .index = i,
                .timestamp = i,
                .duration = 1,
                .seconds = double(i) / 16};
    }

    std::shared_ptr<const pipeline::ModelBundle> m_model;
    const Device& m_device;
    pipeline::PixelSize m_size;
    JobContext& m_context;
};

}  // namespace

int warmUpBlocks(const weights::DitConfig& dit) {
    const int window = dit.windowFrames ? dit.sinkFrames + *dit.windowFrames : 2 * dit.blockFrames;
    return (window + dit.blockFrames - 1) / dit.blockFrames + 3;
}

double median(std::vector<double> values) {
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void completeForBench(pipeline::ModelBundle& model, const Device& device) {
    if (!model.autoencoder && model.manifest.vae)
        model.autoencoder = models::randomAutoencoder(*model.manifest.vae, device.dtype, device.device, 0);
    if (!model.text)
        model.text = std::make_unique<RandomPrompt>(model.manifest.dit);
}

Result<PipelineTimes> measurePipeline(const std::shared_ptr<const pipeline::ModelBundle>& model, const Device& device,
                                      pipeline::PixelSize size, double kept, const BenchRequest& request,
                                      JobContext& context) {
    const BenchEditor editor(model, device, size, context);
    const auto threshold = float(kThresholdOfSpread * editor.spread());
    pipeline::EditParameters parameters;
    parameters.prompts.push_back({0.0, ""});
    parameters.steps = model->manifest.sampling.steps;
    parameters.shift = model->manifest.sampling.shift;
    parameters.thresholds = {threshold, 2 * threshold};
    parameters.keys = methodKeys(request.keys);
    parameters.pruning = kept < 1;

    // The strip's width by halving, in tokens.
    const int columns = size.width / model->pixelsPerToken();
    int least = 0, most = columns;
    while (parameters.pruning && most - least > 1) {
        const int middle = (least + most) / 2;
        pipeline::EditParameters trial = parameters;
        trial.encodeOnly = true;
        LIPAR_ASSIGN(const Run run, editor.run(middle * model->pixelsPerToken(), 2, kTrialBlocks, std::move(trial)));
        (double(run.kept) / double(run.total) < kept ? least : most) = middle;
    }
    LIPAR_ASSIGN(const Run run, editor.run(least * model->pixelsPerToken(), warmUpBlocks(model->manifest.dit),
                                           request.blocks, parameters));
    PipelineTimes times;
    times.kept = double(run.kept) / double(run.total);
    times.blockMs = median(run.blockMs);
    times.encodeMs = median(run.encodeMs);
    times.maskMs = median(run.maskMs);
    times.decodeMs = median(run.decodeMs);
    // Once more, now that everything is warm.
    LIPAR_ASSIGN(const Run again, editor.run(least * model->pixelsPerToken(), 1, 0, parameters));
    times.firstPictureMs = again.firstMs;
    if (request.profile) {
        const auto edit = [&]() -> Result<> {
            LIPAR_TRY(editor.run(least * model->pixelsPerToken(), 0, request.blocks, parameters));
            return {};
        };
        LIPAR_ASSIGN(times.profile, profileKernels(device.device, edit));
    }
    LIPAR_ASSIGN(times.cancelMs, editor.slowestCancel(least * model->pixelsPerToken(), times.blockMs, parameters));
    return times;
}

}  // namespace lipar::service
