// `plan`: encodes and masks, denoises nothing of the clip.
#include "engine/service/estimate.h"
#include "engine/service/job.h"
#include "engine/service/tensor_io.h"
#include "engine/weights/npy.h"

namespace lipar::service {
namespace {

void fillPruning(PruningReport& report, const TokenMask& mask) {
    report.keptRatio = mask.keptRatio();
    for (int frame = 0; frame < mask.frames; ++frame) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < mask.frameSize(); ++i)
            kept += mask.frame(frame)[i];
        report.keptPerLatentFrame.push_back(double(kept) / double(mask.frameSize()));
    }
}

// The mask of given latents: no clip, no network, only the model's numbers.
Result<PlanReport> planLatents(const PlanRequest& request, JobContext& context) {
    LIPAR_ASSIGN(const std::filesystem::path directory, context.models.directoryOf(request.engine.model));
    LIPAR_ASSIGN(const weights::ModelManifest manifest, weights::readManifest(directory));
    LIPAR_ASSIGN(const weights::TensorFile file, openInput(request.latents));
    LIPAR_ASSIGN(const at::Tensor latents, readTensor(file, "source_latents", 4));
    const method::LatentGrid grid{int(latents.size(1)), int(latents.size(2)), int(latents.size(3)), manifest.dit.patch[1], manifest.dit.patch[2]};
    LIPAR_TRY(method::checkGrid(grid));
    PlanReport report;
    report.pruning.enabled = request.settings.pruning;
    report.pruning.tau1 = request.settings.tau1.value_or(manifest.pruning.tau1);
    report.pruning.tau2 = request.settings.tau2.value_or(manifest.pruning.tau2);
    report.pruning.recovery = recoveryName(request.settings.recovery);
    report.input.path = request.latents;
    report.device.kind = "cpu";
    TokenMask mask = request.settings.pruning
                         ? method::keepMask(latents.const_data_ptr<float>(), int(latents.size(0)), grid, manifest.dit.blockFrames,
                                            {float(report.pruning.tau1), float(report.pruning.tau2)})
                         : TokenMask(int(latents.size(0)), grid.rows(), grid.columns());
    if (request.settings.minKept)
        method::enforceMinimumKept(mask, *request.settings.minKept);
    fillPruning(report.pruning, mask);
    if (!request.settings.maskOut.empty())
        LIPAR_TRY(weights::writeMaskNpy(request.settings.maskOut, mask));
    return report;
}

}  // namespace

Result<PlanReport> runPlan(const PlanRequest& request, JobContext& context) {
    if (!request.latents.empty())
        return planLatents(request, context);
    LIPAR_ASSIGN(ClipSetup setup, setUpClip(request.input, request.engine, request.settings, context));
    setup.parameters.encodeOnly = true;

    TokenMask mask;
    std::vector<MaskedBlock> blocks;
    std::int64_t frames = 0;
    const auto take = [&](pipeline::EditedBlock&& block) -> Result<> {
        mask.rows = block.keep.rows;
        mask.columns = block.keep.columns;
        mask.frames += block.keep.frames;
        mask.keep.insert(mask.keep.end(), block.keep.keep.begin(), block.keep.keep.end());
        blocks.push_back({int(block.source.size()), block.kept, block.total, block.encodeMs + block.maskMs});
        frames += std::int64_t(block.source.size());
        context.emit(Progress{.job = context.id, .phase = Phase::measuring, .framesDone = frames, .framesTotal = std::max(frames, setup.expectedFrames), .keptRatio = mask.keptRatio()});
        return {};
    };
    LIPAR_ASSIGN(const std::unique_ptr<pipeline::BlockEditor> editor,
                 pipeline::BlockEditor::create(setup.model, setup.parameters, setup.size, context.cancel, take));
    std::int64_t damaged = 0;
    LIPAR_TRY(editAllFrames(setup, request.settings, *editor, context.cancel, damaged));
    LIPAR_ASSIGN(const BlockCost cost, measureBlockCost(setup, context.cancel));

    PlanReport report;
    report.input = describeClip(setup.media);
    report.device = setup.device.info;
    report.pruning.enabled = request.settings.pruning;
    report.pruning.tau1 = setup.parameters.thresholds.tau1;
    report.pruning.tau2 = setup.parameters.thresholds.tau2;
    report.pruning.recovery = recoveryName(request.settings.recovery);
    fillPruning(report.pruning, mask);
    if (!request.settings.prompt.empty() || !request.settings.promptChanges.empty()) {
        LIPAR_ASSIGN(const PromptFindings findings, readPrompts(*setup.model->text, request.settings));
        report.promptTokens = findings.longest;
    }
    report.estimate = estimateOf(blocks, cost, setup);
    if (!request.settings.maskOut.empty())
        LIPAR_TRY(weights::writeMaskNpy(request.settings.maskOut, mask));
    return report;
}

}  // namespace lipar::service
