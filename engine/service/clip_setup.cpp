#include "engine/service/clip_setup.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <thread>

#include "engine/core/bounded_queue.h"
#include "engine/media/image_file.h"
#include "engine/media/video_reader.h"
#include "engine/service/memory_account.h"
#include "engine/weights/npy.h"

namespace lipar::service {
namespace {

// Chosen so that a clip plays at about its own speed: 320x192 on a CPU, 832x480 on a GPU.
constexpr double kCpuPixels = 320 * 192;
constexpr double kGpuPixels = 832 * 480;
constexpr std::size_t kReadAhead = 24;  // frames

Result<pipeline::PixelSize> processingSize(const media::MediaInfo& media, const EditSettings& settings, bool onGpu, int pixelsPerToken) {
    const media::VideoStreamInfo& video = media.video;
    if ((settings.width == 0) != (settings.height == 0))
        return fail(ErrorCode::invalidArgument, "the processing size is incomplete: width and height go together");
    if (settings.width > 0) {
        if (settings.width < 16 || settings.height < 16 || settings.width > 8192 || settings.height > 8192)
            return fail(ErrorCode::invalidArgument, "the processing size cannot be used: each side must lie between 16 and 8192 pixels");
        return pipeline::PixelSize{settings.width, settings.height};
    }
    const double aspect = video.sampleAspect.isValid() ? video.sampleAspect.value() : 1.0;
    const bool turned = video.rotation % 180 != 0;
    const double width = video.uprightWidth() * (turned ? 1.0 : aspect), height = video.uprightHeight() * (turned ? aspect : 1.0);
    return pipeline::automaticSize(width, height, onGpu ? kGpuPixels : kCpuPixels, pixelsPerToken);
}

Result<pipeline::RegionMask> readRegion(const std::filesystem::path& path, pipeline::PixelSize size) {
    if (path.empty())
        return pipeline::RegionMask{};
    LIPAR_ASSIGN(const Picture picture, media::readImage(path));
    return pipeline::regionFromPicture(picture, size.width, size.height);
}

Result<> checkSettings(const EditSettings& settings) {
    const auto wrong = [](const std::string& what, const std::string& hint) { return fail(ErrorCode::invalidArgument, what, hint); };
    if (settings.strength && !(*settings.strength >= 0 && *settings.strength <= 1))
        return wrong("the strength cannot be used: it must lie between 0 and 1", "0.4 is the usual one");
    if ((settings.tau1 && !(*settings.tau1 >= 0)) || (settings.tau2 && !(*settings.tau2 >= 0)))
        return wrong("a threshold cannot be used: it must not be negative", "leave it out for the model's own");
    if (settings.minKept && !(*settings.minKept >= 0 && *settings.minKept <= 1))
        return wrong("the smallest kept share cannot be used: it must lie between 0 and 1", "leave it out for none");
    if (settings.targetFps && !(*settings.targetFps > 0))
        return wrong("the target speed cannot be used: it must be above 0 FPS", "leave it out for none");
    for (std::size_t i = 0; i < settings.steps.size(); ++i)
        if (settings.steps[i] < 1 || settings.steps[i] > 1000 || (i > 0 && settings.steps[i] >= settings.steps[i - 1]))
            return wrong("the denoising steps cannot be used: they must descend and lie between 1 and 1000", "for example 400,350,250");
    if (settings.shift && !(*settings.shift >= 0.01 && *settings.shift <= 100))
        return wrong("the shift of the noise schedule cannot be used: it must lie between 0.01 and 100", "leave it out for the model's own");
    if (settings.startSeconds && settings.endSeconds && *settings.endSeconds <= *settings.startSeconds)
        return wrong("the range is empty: its end does not lie after its start", "choose another range");
    return {};
}

Result<> checkLimits(const EditSettings& settings, const weights::ModelManifest& manifest) {
    const weights::SamplingLimits& limits = manifest.sampling.limits;
    std::ostringstream why;
    if (settings.steps.size() > std::size_t(limits.mostSteps)) {
        why << "the denoising steps cannot be used: there are " << settings.steps.size() << ", and model " << manifest.name << " takes " << limits.mostSteps << " at most";
        return fail(ErrorCode::invalidArgument, why.str(), "leave some out, or all of them for the model's own");
    }
    if (!settings.shift || (*settings.shift >= limits.lowestShift && *settings.shift <= limits.highestShift))
        return {};
    why << "the shift of the noise schedule cannot be used: model " << manifest.name << " takes ";
    if (limits.lowestShift < limits.highestShift)
        why << limits.lowestShift << " to " << limits.highestShift;
    else
        why << limits.lowestShift << " alone";
    return fail(ErrorCode::invalidArgument, why.str(), "leave it out for the model's own");
}

// A clip of constant rate lasts a whole number of frames; others as long as the container says, to the microsecond.
Rational exactDuration(const ClipInfo& info) {
    if (!info.variableRate && info.frames > 0 && info.rate.isValid()) {
        const Rational whole = Rational{info.frames, 1} / info.rate;
        if (std::abs(whole.value() - info.durationSeconds) < 1.0 / info.rate.value())
            return whole;
    }
    return Rational{std::llround(info.durationSeconds * 1e6), 1} / Rational{1'000'000, 1};
}

}  // namespace

Result<PromptFindings> readPrompts(const models::TextEncoder& text, const EditSettings& settings) {
    std::vector<std::string> prompts{settings.prompt};
    for (const auto& change : settings.promptChanges)
        prompts.push_back(change.second);
    PromptFindings findings;
    for (const std::string& prompt : prompts) {
        LIPAR_ASSIGN(const models::PromptReading reading, text.read(prompt));
        if (reading.tokens > findings.longest.count)
            findings.longest = {reading.tokens, reading.limit, reading.isTruncated()};
        for (const std::string& word : reading.unknownWords)
            if (std::ranges::find(findings.unknownWords, word) == findings.unknownWords.end())
                findings.unknownWords.push_back(word);
    }
    return findings;
}

ClipInfo describeClip(const media::MediaInfo& media) {
    ClipInfo info;
    const media::VideoStreamInfo& video = media.video;
    info.path = media.path;
    info.width = video.uprightWidth();
    info.height = video.uprightHeight();
    info.frames = video.frameCount;
    info.fps = video.averageRate.value();
    info.durationSeconds = video.durationSeconds > 0 ? video.durationSeconds : media.durationSeconds;
    info.variableRate = video.variableRate;
    info.videoCodec = video.codec;
    if (media.audio) {
        info.audioCodec = media.audio->codec;
        info.audioChannels = media.audio->channels;
        info.audioSampleRate = media.audio->sampleRate;
    }
    info.rate = video.averageRate;
    info.duration = exactDuration(info);
    const Rational aspect = video.sampleAspect.isValid() ? video.sampleAspect : Rational{1, 1};
    info.sampleAspect = video.rotation % 180 == 0 ? aspect.value() : 1.0 / aspect.value();
    const auto note = [&](const std::string& text) { info.note += (info.note.empty() ? "" : ", ") + text; };
    if (video.bitDepth > 8)
        note(std::to_string(video.bitDepth) + "-bit");
    if (video.rotation != 0)
        note("rotated by " + std::to_string(video.rotation) + " degrees");
    if (video.variableRate)
        note("variable frame rate");
    if (video.interlaced)
        note("interlaced");
    if (video.hasAlpha)
        note("with transparency");
    return info;
}

method::KeySequence methodKeys(KeySequence keys) noexcept {
    return keys == KeySequence::perToken ? method::KeySequence::perToken : method::KeySequence::window;
}

Result<> checkKeys(KeySequence keys, Recovery recovery, const weights::ModelManifest& manifest) {
    if (keys == KeySequence::window || pipeline::KvCache::canShrinkKeys(manifest.dit, methodRecovery(recovery)))
        return {};
    const std::string why = recovery == Recovery::none ? "without recovery there are no copies to leave out" : "model " + manifest.name + " attends to more than a window";
    return fail(ErrorCode::invalidArgument, "--keys per-token cannot be used: " + why, "use --keys window");
}

method::Recovery methodRecovery(Recovery recovery) noexcept {
    switch (recovery) {
        case Recovery::none: return method::Recovery::none;
        case Recovery::copy: return method::Recovery::copy;
        case Recovery::full: break;
    }
    return method::Recovery::full;
}

const char* recoveryName(Recovery recovery) noexcept {
    switch (recovery) {
        case Recovery::none: return "none";
        case Recovery::copy: return "copy";
        case Recovery::full: break;
    }
    return "full";
}

Result<EditBasis> basisOfEdit(const std::filesystem::path& input, const EngineChoice& engine, const EditSettings& settings, const LoadedModels& models) {
    EditBasis basis;
    LIPAR_TRY(checkSettings(settings));
    LIPAR_ASSIGN(basis.media, media::probe(input));
    LIPAR_ASSIGN(basis.device, chooseDevice(engine));
    LIPAR_ASSIGN(const std::filesystem::path directory, models.directoryOf(engine.model));
    LIPAR_ASSIGN(basis.manifest, weights::readManifest(directory));
    LIPAR_ASSIGN(basis.manifest, withVae(std::move(basis.manifest), engine.vae));
    const weights::ModelManifest& manifest = basis.manifest;
    LIPAR_TRY(checkLimits(settings, manifest));
    LIPAR_TRY(checkKeys(settings.keys, settings.recovery, manifest));
    if (!manifest.vae || !manifest.text)
        return fail(ErrorCode::modelMissing, "model " + manifest.name + " cannot edit: it has no " + (manifest.vae ? "text encoder" : "autoencoder"),
                    "choose a complete model, such as the built-in one");
    LIPAR_ASSIGN(basis.size, processingSize(basis.media, settings, basis.device.device.is_cuda(), basis.pixelsPerToken()));
    basis.manifest.sampling.shift = settings.shift.value_or(manifest.sampling.shift);
    basis.steps = settings.steps.empty() ? manifest.sampling.steps : settings.steps;
    if (settings.strength)
        basis.steps = pipeline::stepsForStrength(basis.steps, *settings.strength);
    basis.tau1 = settings.tau1.value_or(manifest.pruning.tau1);
    basis.tau2 = settings.tau2.value_or(manifest.pruning.tau2);

    const double start = settings.startSeconds.value_or(0.0);
    const double duration = basis.media.video.durationSeconds;
    if (duration > 0 && start >= duration)
        return fail(ErrorCode::invalidArgument, "the range is empty: it starts at " + std::to_string(start) + " s, the clip ends at " + std::to_string(duration) + " s",
                    "choose another range");
    basis.expectedFrames = basis.media.video.frameCount;
    if ((settings.startSeconds || settings.endSeconds) && duration > 0)
        basis.expectedFrames = std::llround(double(basis.expectedFrames) * (std::min(settings.endSeconds.value_or(duration), duration) - start) / duration);
    return basis;
}

Result<ClipSetup> setUpClip(const std::filesystem::path& input, const EngineChoice& engine, const EditSettings& settings, JobContext& context) {
    LIPAR_ASSIGN(EditBasis basis, basisOfEdit(input, engine, settings, context.models));
    return setUpClip(std::move(basis), engine, settings, context);
}

Result<ClipSetup> setUpClip(EditBasis basis, const EngineChoice& engine, const EditSettings& settings, JobContext& context) {
    ClipSetup setup;
    setup.media = std::move(basis.media);
    setup.device = basis.device;
    setup.size = basis.size;
    setup.expectedFrames = basis.expectedFrames;
    context.progress(Phase::loading);
    LIPAR_ASSIGN(setup.model, context.models.load(engine.model, setup.device, /*ditOnly=*/false, engine.vae));
    LIPAR_TRY(context.cancel.check());

    pipeline::EditParameters& parameters = setup.parameters;
    parameters.prompts.push_back({0.0, settings.prompt});
    for (const auto& [seconds, prompt] : settings.promptChanges)
        parameters.prompts.push_back({seconds, prompt});
    std::ranges::stable_sort(parameters.prompts, {}, &pipeline::PromptChange::seconds);
    parameters.steps = std::move(basis.steps);
    parameters.shift = basis.manifest.sampling.shift;
    parameters.seed = settings.seed;
    parameters.pruning = settings.pruning;
    parameters.thresholds = {float(basis.tau1), float(basis.tau2)};
    parameters.minimumKept = settings.minKept.value_or(0.0);
    parameters.targetFps = settings.targetFps.value_or(0.0);
    parameters.recovery = methodRecovery(settings.recovery);
    parameters.keys = methodKeys(settings.keys);
    LIPAR_ASSIGN(parameters.protectedRegion, readRegion(settings.protectMask, setup.size));
    LIPAR_ASSIGN(parameters.alwaysEdited, readRegion(settings.alwaysEditMask, setup.size));
    if (!settings.maskIn.empty()) {
        LIPAR_ASSIGN(parameters.mask, weights::readMaskNpy(settings.maskIn));
    }

    if (parameters.mask) {
        const models::AutoencoderTraits& traits = setup.model->autoencoder->traits();
        const std::int64_t latents = (setup.expectedFrames + traits.leadFrames + traits.temporal - 1) / traits.temporal;
        if (parameters.mask->frames < latents)
            return fail(ErrorCode::invalidArgument,
                        "the mask does not fit: it has " + std::to_string(parameters.mask->frames) + " latent frames, the clip " + std::to_string(latents),
                        "make the mask from the same clip with the same --size");
    }

    const std::vector<MemoryPart> memory = memoryOfEdit(setup.model->manifest, setup.size, setup.device);
    const std::uint64_t free = freeMemory(setup.device.device);
    if (free == 0)
        return setup;
    const std::optional<AutoencoderLimits> limits = autoencoderLimits(memory, free);
    if (!limits)
        return fail(ErrorCode::outOfMemory,
                    "the job does not fit: it needs about " + std::to_string(leastBytes(memory) >> 20) + " MiB and " + std::to_string(free >> 20) + " MiB are free on " +
                        setup.device.info.name,
                    "use a smaller --size");
    parameters.encoderMemory = limits->encode;
    parameters.decoderMemory = limits->decode;
    return setup;
}

Result<> editAllFrames(const ClipSetup& setup, const EditSettings& settings, pipeline::BlockEditor& editor, const CancelToken& cancel,
                       std::int64_t& damagedFrames, const std::function<bool()>& isEnough) {
    media::ReaderOptions options;
    options.width = setup.size.width;
    options.height = setup.size.height;
    options.startSeconds = settings.startSeconds;
    options.endSeconds = settings.endSeconds;
    options.cudaDevice = decodingDevice(setup.device.device);
    LIPAR_ASSIGN(media::VideoReader reader, media::VideoReader::open(setup.media.path, options, cancel));

    BoundedQueue<media::SourceFrame> frames(kReadAhead);
    Result<> readOutcome;
    std::jthread thread([&] {
        for (;;) {
            Result<std::optional<media::SourceFrame>> frame = reader.next();
            if (!frame)
                readOutcome = std::unexpected(frame.error());
            if (!frame || !*frame || !frames.push(std::move(**frame)))
                break;
        }
        frames.close();
    });
    Result<> outcome;
    std::int64_t count = 0;
    bool enough = false;
    while (outcome && !enough) {
        std::optional<media::SourceFrame> frame = frames.pop();
        if (!frame)
            break;
        ++count;
        outcome = editor.push(std::move(*frame));
        enough = isEnough && isEnough();
    }
    frames.abandon();
    thread.join();
    damagedFrames = reader.damagedFrames();
    LIPAR_TRY(outcome);
    if (enough)
        return {};
    LIPAR_TRY(readOutcome);
    if (count == 0)
        return fail(ErrorCode::decodeFailed, "the clip could not be edited: no frame lies in the range", "choose another range");
    return editor.finish();
}

}  // namespace lipar::service
