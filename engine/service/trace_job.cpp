// `trace`: replays the denoiser on given tensors (cli.md, "trace").
#include <c10/core/GradMode.h>

#include <charconv>

#include "engine/pipeline/block_denoiser.h"
#include "engine/service/clip_setup.h"
#include "engine/service/job.h"
#include "engine/service/tensor_io.h"

namespace lipar::service {
namespace {

struct TraceCase {
    at::Tensor source;  // [T,C,h,w]
    at::Tensor noise;   // [steps,T,C,h,w]
    at::Tensor text;    // [L,text_dim]
    at::Tensor keep;    // [T,gh,gw] bool
    std::vector<int> steps;
    double shift = 5;
};

Result<TraceCase> readCase(const std::filesystem::path& path, const weights::ModelManifest& manifest) {
    LIPAR_ASSIGN(const weights::TensorFile file, openInput(path));
    const auto damaged = [&](const std::string& why) { return fail(ErrorCode::inputDamaged, "cannot use " + path.string() + ": " + why); };
    TraceCase trace;
    LIPAR_ASSIGN(trace.source, readTensor(file, "source_latents", 4));
    LIPAR_ASSIGN(trace.noise, readTensor(file, "noise", 5));
    LIPAR_ASSIGN(trace.text, readTensor(file, "text_embeds", 2));
    trace.steps = manifest.sampling.steps;
    trace.shift = manifest.sampling.shift;
    if (const auto found = file.metadata().find("steps"); found != file.metadata().end()) {
        trace.steps.clear();
        const std::string& text = found->second;
        for (const char* at = text.data(); at < text.data() + text.size();) {
            int step = 0;
            const auto [end, error] = std::from_chars(at, text.data() + text.size(), step);
            if (error != std::errc() || step < 1 || step > 1000)
                return damaged("its metadata \"steps\" is not a list of numbers from 1 to 1000");
            trace.steps.push_back(step);
            at = end;
            while (at < text.data() + text.size() && (*at == ',' || *at == ' '))
                ++at;
        }
    }
    if (const auto found = file.metadata().find("shift"); found != file.metadata().end()) {
        const auto [end, error] = std::from_chars(found->second.data(), found->second.data() + found->second.size(), trace.shift);
        if (error != std::errc() || !(trace.shift > 0))
            return damaged("its metadata \"shift\" is not a positive number");
    }
    const weights::DitConfig& dit = manifest.dit;
    const at::Tensor& source = trace.source;
    if (source.size(1) != dit.outChannels || source.size(2) % dit.patch[1] != 0 || source.size(3) % dit.patch[2] != 0)
        return damaged("source_latents do not fit the model: " + std::to_string(dit.outChannels) + " channels and multiples of its patch are expected");
    std::vector<std::int64_t> noiseShape = source.sizes().vec();
    noiseShape.insert(noiseShape.begin(), std::int64_t(trace.steps.size()));
    if (trace.noise.sizes() != at::IntArrayRef(noiseShape))
        return damaged("noise must be as large as source_latents, once a step");
    if (trace.text.size(1) != dit.textDim || trace.text.size(0) > dit.textLen)
        return damaged("text_embeds do not fit the model: at most " + std::to_string(dit.textLen) + " rows of " + std::to_string(dit.textDim) + " are expected");
    const std::vector<std::int64_t> maskShape{source.size(0), source.size(2) / dit.patch[1], source.size(3) / dit.patch[2]};
    if (file.find("keep_mask")) {
        LIPAR_ASSIGN(trace.keep, readTensor(file, "keep_mask", 3));
        if (trace.keep.sizes() != at::IntArrayRef(maskShape))
            return damaged("keep_mask has another grid than source_latents");
        trace.keep = trace.keep.to(at::kBool);
        trace.keep[0].fill_(true);  // recovery rests on a whole first frame
    } else {
        trace.keep = at::ones(maskShape, at::kBool);
    }
    return trace;
}

// Frames first..first+count-1 along axis `dimension`; past the end the last frame is repeated.
at::Tensor frames(const at::Tensor& tensor, std::int64_t dimension, std::int64_t first, std::int64_t count) {
    const at::Tensor index = at::arange(first, first + count, at::kLong).clamp_max(tensor.size(dimension) - 1);
    return tensor.index_select(dimension, index);
}

}  // namespace

Result<TraceReport> runTrace(const TraceRequest& request, JobContext& context) {
    const c10::NoGradGuard noGradients;
    LIPAR_ASSIGN(const Device device, chooseDevice(request.engine));
    LIPAR_ASSIGN(const std::shared_ptr<const pipeline::ModelBundle> model, context.models.load(request.engine.model, device, true));
    LIPAR_ASSIGN(const TraceCase trace, readCase(request.caseFile, model->manifest));
    const std::int64_t total = trace.source.size(0), blockFrames = model->manifest.dit.blockFrames;
    pipeline::BlockDenoiser denoiser(model->dit, pipeline::FlowSchedule(trace.steps, trace.shift), trace.source.size(2), trace.source.size(3),
                                     methodRecovery(request.recovery), [&](std::int64_t block, std::size_t step) {
                                         return frames(trace.noise[std::int64_t(step)], 0, block * blockFrames, blockFrames);
                                     });
    denoiser.setPrompt(trace.text);
    std::vector<at::Tensor> denoised, denoisedKept;
    for (std::int64_t first = 0; first < total; first += blockFrames) {
        at::Tensor keep = frames(trace.keep, 0, first, blockFrames).to(at::kByte).contiguous();
        if (first + blockFrames > total)
            keep.narrow(0, total - first, first + blockFrames - total).zero_();
        LIPAR_ASSIGN(const pipeline::DenoisedBlock block,
                     denoiser.denoise(frames(trace.source, 0, first, blockFrames), keep.const_data_ptr<std::uint8_t>(), context.cancel, true));
        const std::int64_t count = std::min(blockFrames, total - first);
        denoised.push_back(block.latents.narrow(0, 0, count));
        denoisedKept.push_back(block.keptLatents.narrow(0, 0, count));
        context.emit(Progress{.job = context.id, .phase = Phase::editing, .framesDone = first + count, .framesTotal = total});
    }
    LIPAR_TRY(writeTensors(request.output, {{"denoised", at::cat(denoised)}, {"denoised_kept", at::cat(denoisedKept)}, {"keep_mask", trace.keep}}, {}));
    return TraceReport{request.output, trace.keep.to(at::kFloat).mean().item<double>()};
}

}  // namespace lipar::service
