// Members of Wan's family that differ from the built-in model by configuration alone, through the whole editor: Wan's
// own autoencoder, and the 14B transformer's proportions.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <QTest>

#include <filesystem>

#include "engine/pipeline/block_editor.h"
#include "engine/pipeline/frame_tensors.h"
#include "tests/support/golden_tensors.h"

using namespace lipar;
using namespace lipar::pipeline;

namespace {

constexpr int kWidth = 144, kHeight = 48;  // wide enough for two tiles

class FixedPrompt final : public models::TextEncoder {
public:
    explicit FixedPrompt(const weights::DitConfig& config) : m_embeddings(at::ones({2, config.textDim})) {}
    Result<models::PromptReading> read(const std::string&) const override { return models::PromptReading{}; }
    Result<models::EncodedPrompt> encode(const std::string&, const CancelToken&) override {
        return models::EncodedPrompt{m_embeddings, {}, 1.0};
    }

private:
    at::Tensor m_embeddings;
};

// A published description with every width divided, and Wan's autoencoder with narrow weights.
std::shared_ptr<const ModelBundle> modelLike(weights::ModelManifest manifest, int heads, int layers) {
    weights::DitConfig& dit = manifest.dit;
    dit.numHeads = heads;
    dit.numLayers = layers;
    dit.ffnDim = dit.ffnDim * (heads * 12) / dit.dim;
    dit.dim = heads * 12;
    dit.textDim = 16;
    dit.textLen = 6;
    dit.freqDim = 32;
    manifest = *weights::withFullVae(std::move(manifest));
    manifest.vae->files = {manifest.vae->kind == "wan" ? "wan21_vae_weights.safetensors"
                                                       : "wan22_vae_weights.safetensors"};
    manifest.directory = std::filesystem::path(LIPAR_GOLDEN_DIR) / "models";
    auto bundle = std::make_shared<ModelBundle>(ModelBundle{
        manifest, models::WanDit::random(dit, at::kFloat, at::kCPU, 1), nullptr, std::make_unique<FixedPrompt>(dit)});
    auto autoencoder = models::loadAutoencoder(manifest, at::kFloat, at::kCPU);
    if (!autoencoder)
        qFatal("%s", autoencoder.error().sentence().c_str());
    bundle->autoencoder = std::move(*autoencoder);
    return bundle;
}

std::shared_ptr<const ModelBundle> smallWan() {
    return modelLike(weights::wan21Manifest(), 4, 2);
}

// A square that moves over a still ground.
media::SourceFrame frameAt(int index) {
    auto picture = std::make_shared<Picture>(kWidth, kHeight);
    for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x)
            for (int c = 0; c < 3; ++c) {
                const bool inside = x >= index && x < index + 12 && y >= 8 && y < 20;
                picture->rgb[std::size_t(3 * (y * kWidth + x) + c)] =
                    std::uint8_t(inside ? 220 - 60 * c : 40 + 2 * x + y);
            }
    return {.picture = picture, .index = index, .timestamp = index, .duration = 1, .seconds = index / 16.0};
}

struct Edit {
    std::vector<PicturePtr> pictures;
    std::vector<std::int64_t> sourceFrames;
    TokenMask keep;
};

Edit edit(const std::shared_ptr<const ModelBundle>& model, int frames, EditParameters parameters = {}) {
    parameters.prompts = {{0.0, "anything"}};
    parameters.steps = {400, 250};
    Edit made;
    const auto sink = [&](EditedBlock&& block) -> Result<> {
        for (const media::SourceFrame& frame : block.source)
            made.sourceFrames.push_back(frame.index);
        made.pictures.insert(made.pictures.end(), block.edited.begin(), block.edited.end());
        made.keep.rows = block.keep.rows;
        made.keep.columns = block.keep.columns;
        made.keep.frames += block.keep.frames;
        made.keep.keep.insert(made.keep.keep.end(), block.keep.keep.begin(), block.keep.keep.end());
        return {};
    };
    auto editor = BlockEditor::create(model, std::move(parameters), {kWidth, kHeight}, {}, sink);
    if (!editor)
        qFatal("%s", editor.error().sentence().c_str());
    for (int i = 0; i < frames; ++i)
        if (const auto pushed = (*editor)->push(frameAt(i)); !pushed)
            qFatal("%s", pushed.error().sentence().c_str());
    if (const auto finished = (*editor)->finish(); !finished)
        qFatal("%s", finished.error().sentence().c_str());
    return made;
}

// The whole clip's latents: its first frame alone, then four frames each; the last one filled by repeats.
at::Tensor latentsOf(const ModelBundle& model, int frames) {
    std::vector<PicturePtr> pictures(3, frameAt(0).picture);
    for (int i = 0; i < frames; ++i)
        pictures.push_back(frameAt(i).picture);
    while (pictures.size() % 4 != 0)
        pictures.push_back(pictures.back());
    return model.autoencoder->newEncoder()->encode(picturesToTensor(pictures, kWidth, kHeight, at::kFloat, at::kCPU));
}

double largestDifference(const std::vector<PicturePtr>& a, const std::vector<PicturePtr>& b) {
    int largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < a[i]->rgb.size(); ++j)
            largest = std::max(largest, std::abs(int(a[i]->rgb[j]) - int(b[i]->rgb[j])));
    return largest;
}

}  // namespace

class TestModelFamily : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    // Blocks of three latent frames are 9 and then 12 pictures; whatever the length, as many come out as went in.
    void everyFrameComesOutOnce_data() {
        QTest::addColumn<int>("frames");
        for (const int frames : {1, 8, 9, 10, 22})
            QTest::addRow("%d frames", frames) << frames;
    }
    void everyFrameComesOutOnce() {
        QFETCH(int, frames);
        const Edit made = edit(smallWan(), frames);
        QCOMPARE(made.pictures.size(), std::size_t(frames));
        for (int i = 0; i < frames; ++i)
            QCOMPARE(made.sourceFrames[std::size_t(i)], std::int64_t(i));
        QCOMPARE(made.keep.frames, 1 + (frames + 2) / 4);
    }

    // The blocks' boundaries are nowhere in the latents: the streamed mask is that of the clip encoded whole.
    void theMaskIsThatOfTheWholeClip() {
        const auto model = smallWan();
        const at::Tensor latents = latentsOf(*model, 33);
        EditParameters parameters;
        parameters.encodeOnly = true;
        const float spread = latents.std().item<float>();
        parameters.thresholds = {0.3f * spread, 0.6f * spread};
        const Edit made = edit(model, 33, parameters);
        const method::LatentGrid grid{16, int(latents.size(2)), int(latents.size(3)), 2, 2};
        const TokenMask whole =
            method::keepMask(latents.const_data_ptr<float>(), int(latents.size(0)), grid, 3, parameters.thresholds);
        QVERIFY(whole.keptRatio() < 1);
        QVERIFY(made.keep == whole);
    }

    void prunedEditsStayCloseToWholeOnes() {
        const auto model = smallWan();
        EditParameters pruned, whole;
        pruned.thresholds = {0.0f, 0.0f};  // everything that moves at all
        whole.pruning = false;
        QVERIFY(largestDifference(edit(model, 21, pruned).pictures, edit(model, 21, whole).pictures) < 64);
    }

    // The same edit in less memory: tiles as small as they get.
    void littleMemoryGivesTheSameEditButForSeams() {
        const auto model = smallWan();
        EditParameters tight;
        tight.encoderMemory = tight.decoderMemory = 1;
        const Edit made = edit(model, 13, tight);
        QCOMPARE(made.pictures.size(), std::size_t(13));
        const double difference = largestDifference(made.pictures, edit(model, 13).pictures);
        QVERIFY2(difference > 0 && difference < 64, qPrintable(QString::number(difference)));
    }

    // More heads and layers in the proportions of 14B: nothing but the description changes.
    void proportionsOf14BRunByConfigurationAlone() {
        const weights::ModelManifest large = weights::wan21LargeManifest(), small = weights::wan21Manifest();
        QCOMPARE(large.dit.headDim(), small.dit.headDim());
        QCOMPARE(large.dit.dim / large.dit.numHeads * large.dit.numHeads, large.dit.dim);
        const auto model = modelLike(large, 10, 5);
        QCOMPARE(model->dit.config().ffnDim, 324);
        QCOMPARE(model->dit.config().numLayers, 5);
        const Edit made = edit(model, 21);
        QCOMPARE(made.pictures.size(), std::size_t(21));
    }

    // Wan2.2-TI2V-5B, seven latent frames at once: all of a clip's frames, a part of them and a little more than one
    // time.
    void bidirectionalModelsEditAClipABlockAtATime_data() {
        QTest::addColumn<int>("frames");
        for (const int frames : {1, 25, 26})
            QTest::addRow("%d frames", frames) << frames;
    }
    void bidirectionalModelsEditAClipABlockAtATime() {
        QFETCH(int, frames);
        const auto model = modelLike(sevenFrames(), 3, 2);
        for (const method::Recovery recovery :
             {method::Recovery::full, method::Recovery::copy, method::Recovery::none}) {
            EditParameters parameters;
            parameters.recovery = recovery;
            parameters.thresholds = {0.02f, 0.04f};
            const Edit made = edit(model, frames, parameters);
            QCOMPARE(made.pictures.size(), std::size_t(frames));
            QCOMPARE(made.keep.frames, 1 + (frames + 2) / 4);
        }
    }

    // A frame sees those after it in its block, which no causal model allows, and nothing of another block.
    void bidirectionalFramesSeeTheirBlockAlone() {
        const auto model = modelLike(sevenFrames(), 3, 2);
        const models::WanDit& dit = model->dit;
        const FlowSchedule schedule({400, 250}, 5.0);
        at::Generator generator = at::detail::createCPUGenerator(3);
        const at::Tensor first = at::randn({7, 48, 4, 6}, generator), second = at::randn({7, 48, 4, 6}, generator);
        const std::vector<std::uint8_t> keep(7 * 2 * 3, 1);
        // The clip's blocks, each with the noise that it would have as the only one.
        const auto denoised = [&](const std::vector<at::Tensor>& blocks) {
            BlockDenoiser denoiser(dit, schedule, 4, 6, method::Recovery::full, [](std::int64_t, std::size_t step) {
                at::Generator noise = at::detail::createCPUGenerator(std::uint64_t(step) + 10);
                return at::randn({7, 48, 4, 6}, noise);
            });
            denoiser.setPrompt(at::ones({2, 16}));
            at::Tensor last;
            for (const at::Tensor& block : blocks)
                last = denoiser.denoise(block, keep.data(), {})->latents;
            return last;
        };
        const at::Tensor alone = denoised({second});
        QVERIFY(test::maxError(denoised({first, second}), alone) < 1e-4);
        at::Tensor changed = second.clone();
        changed[6].neg_();
        QVERIFY(test::maxError(denoised({changed}).narrow(0, 0, 1), alone.narrow(0, 0, 1)) > 1e-3);
    }

private:
    static weights::ModelManifest sevenFrames() {
        weights::ModelManifest manifest = weights::wan22Manifest();
        manifest.dit.blockFrames = 7;
        manifest.dit.windowFrames = manifest.dit.ropeMaxFrames = 7;
        return manifest;
    }
};

QTEST_GUILESS_MAIN(TestModelFamily)
#include "tst_model_family.moc"
