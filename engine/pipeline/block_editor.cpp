#include "engine/pipeline/block_editor.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "engine/pipeline/frame_tensors.h"

namespace lipar::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

method::LatentGrid gridOf(const ModelBundle& model, PixelSize padded) {
    const models::AutoencoderTraits& traits = model.autoencoder->traits();
    return {traits.latentChannels, padded.height / traits.spatial, padded.width / traits.spatial, model.manifest.dit.patch[1],
            model.manifest.dit.patch[2]};
}

// Appends the frames of `more` to `masks`.
void append(TokenMask& masks, const TokenMask& more) {
    masks.rows = more.rows;
    masks.columns = more.columns;
    masks.frames += more.frames;
    masks.keep.insert(masks.keep.end(), more.keep.begin(), more.keep.end());
}

TokenMask takeFrames(TokenMask& masks, int frames) {
    TokenMask taken;
    taken.rows = masks.rows;
    taken.columns = masks.columns;
    taken.frames = frames;
    const auto end = masks.keep.begin() + std::ptrdiff_t(masks.frameSize()) * frames;
    taken.keep.assign(masks.keep.begin(), end);
    masks.keep.erase(masks.keep.begin(), end);
    masks.frames -= frames;
    return taken;
}

}  // namespace

Result<std::unique_ptr<BlockEditor>> BlockEditor::create(std::shared_ptr<const ModelBundle> model, EditParameters parameters, PixelSize size,
                                                         CancelToken cancel, Sink sink) {
    if (!model->autoencoder || !model->text)
        return fail(ErrorCode::modelMissing,
                    "model " + model->manifest.name + " cannot edit: it has no " + (model->autoencoder ? "text encoder" : "autoencoder"),
                    "choose a complete model, such as the built-in one");
    std::unique_ptr<BlockEditor> editor(new BlockEditor(std::move(model), std::move(parameters), size, std::move(cancel), std::move(sink)));
    if (const auto& mask = editor->m_parameters.mask;
        mask && (mask->rows != editor->m_grid.rows() || mask->columns != editor->m_grid.columns()))
        return fail(ErrorCode::invalidArgument,
                    "the mask does not fit: it has " + std::to_string(mask->rows) + "x" + std::to_string(mask->columns) + " tokens a frame, the clip " +
                        std::to_string(editor->m_grid.rows()) + "x" + std::to_string(editor->m_grid.columns()),
                    "make the mask with the same --size");
    LIPAR_TRY(editor->encodePrompts());
    return editor;
}

BlockEditor::BlockEditor(std::shared_ptr<const ModelBundle> model, EditParameters parameters, PixelSize size, CancelToken cancel, Sink sink)
    : m_model(std::move(model)),
      m_parameters(std::move(parameters)),
      m_size(size),
      m_padded(paddedSize(size, m_model->pixelsPerToken())),
      m_cancel(std::move(cancel)),
      m_sink(std::move(sink)),
      m_grid(gridOf(*m_model, m_padded)),
      m_encoder(m_model->autoencoder->newEncoder(m_parameters.encoderMemory)),
      m_decoder(m_model->autoencoder->newDecoder(m_parameters.decoderMemory)),
      m_maskStream(m_grid, m_model->manifest.dit.blockFrames, m_parameters.thresholds, method::LookAhead::oneBlock),
      m_thresholds(m_parameters.thresholds),
      m_encodeLane(m_model->device(), DeviceLane::Work::encode),
      m_decodeLane(m_model->device(), DeviceLane::Work::decode),
      m_lastAge(std::size_t(m_grid.tokens())) {
    if (!m_parameters.encodeOnly)
        m_denoiser.emplace(m_model->dit, FlowSchedule(m_parameters.steps, m_parameters.shift), m_grid.height, m_grid.width, m_parameters.recovery,
                           seededNoise(m_parameters.seed, m_model->manifest.dit.blockFrames, m_grid.channels, m_grid.height, m_grid.width),
                           m_parameters.keys);
}

Result<> BlockEditor::encodePrompts() {
    if (!m_denoiser)
        return {};
    for (const PromptChange& change : m_parameters.prompts) {
        LIPAR_ASSIGN(models::EncodedPrompt encoded, m_model->text->encode(change.prompt, m_cancel));
        m_prompts.push_back({change.seconds, encoded.embeddings, encoded.guideSaturation});
    }
    m_model->text->offload();
    m_denoiser->setPrompt(m_prompts.front().embeddings);
    return {};
}

void BlockEditor::choosePrompt(double seconds) {
    std::size_t chosen = 0;
    while (chosen + 1 < m_prompts.size() && m_prompts[chosen + 1].seconds <= seconds)
        ++chosen;
    if (chosen != m_prompt)
        m_denoiser->setPrompt(m_prompts[chosen].embeddings);
    m_prompt = chosen;
}

Result<> BlockEditor::push(media::SourceFrame frame) {
    m_collected.push_back(std::move(frame));
    const int lead = m_nextBlock == 0 && m_pending.empty() && m_encodedFrames == 0 ? m_model->autoencoder->traits().leadFrames : 0;
    if (int(m_collected.size()) + lead < m_model->framesPerBlock())
        return {};
    return takeBlock(false);
}

Result<> BlockEditor::finish() {
    if (!m_collected.empty())
        LIPAR_TRY(takeBlock(true));
    std::optional<TokenMask> rest;
    if (!m_parameters.mask) {
        const DeviceLane::Scope onLane(m_encodeLane);
        rest = m_maskStream.finish();
    }
    if (rest)
        LIPAR_TRY(editBlocks(std::move(*rest)));
    return deliverBlocks(0);
}

// Encodes what has been collected and asks for masks.
Result<> BlockEditor::takeBlock(bool last) {
    const c10::NoGradGuard noGradients;
    LIPAR_TRY(m_cancel.check());
    const models::AutoencoderTraits& traits = m_model->autoencoder->traits();
    const auto start = Clock::now();
    PendingBlock block;
    block.source = std::move(m_collected);
    m_collected.clear();
    block.firstFrame = m_encodedFrames == 0 ? traits.leadFrames : 0;
    std::vector<PicturePtr> pictures(std::size_t(block.firstFrame), block.source.front().picture);
    for (const media::SourceFrame& frame : block.source)
        pictures.push_back(frame.picture);
    block.latentFrames = (int(pictures.size()) + traits.temporal - 1) / traits.temporal;
    pictures.resize(std::size_t(m_model->framesPerBlock()), pictures.back());
    std::optional<TokenMask> masks;
    std::optional<DeviceLane::Scope> onLane(m_encodeLane);
    LaneClock clock(m_model->device());
    clock.mark();
    block.frames = picturesToTensor(pictures, m_padded.width, m_padded.height, m_model->dit.dtype(), m_model->device());
    block.latents = m_encoder->encode(block.frames);  // [S,C,h,w]
    clock.mark();
    if (m_parameters.mask) {
        if (m_encodedFrames + block.latentFrames > m_parameters.mask->frames)
            return fail(ErrorCode::invalidArgument,
                        "the mask does not fit: it has " + std::to_string(m_parameters.mask->frames) + " latent frames, the clip has more",
                        "make the mask from the same clip");
        masks = TokenMask(block.latentFrames, m_grid.rows(), m_grid.columns());
        std::copy_n(m_parameters.mask->frame(int(m_encodedFrames)), masks->keep.size(), masks->keep.begin());
    } else {
        masks = m_maskStream.push(block.latents.narrow(0, 0, block.latentFrames));
    }
    onLane.reset();
    block.encodeMs = clock.intervals().front();
    m_maskMs = std::max(0.0, millisecondsSince(start) - block.encodeMs);
    m_encodedFrames += block.latentFrames;
    m_pending.push_back(std::move(block));
    return masks ? editBlocks(std::move(*masks)) : Result<>{};
}

Result<> BlockEditor::editBlocks(TokenMask masks) {
    append(m_readyMasks, masks);
    while (!m_pending.empty() && m_readyMasks.frames >= m_pending.front().latentFrames) {
        PendingBlock block = std::move(m_pending.front());
        m_pending.erase(m_pending.begin());
        TokenMask keep = takeFrames(m_readyMasks, block.latentFrames);
        LIPAR_TRY(editBlock(std::move(block), std::move(keep), std::exchange(m_maskMs, 0.0)));
    }
    return {};
}

// Protected tokens are reused, always-edited ones computed; the clip's first frame stays whole, which recovery rests on.
void BlockEditor::applyRegions(TokenMask& keep) const {
    const int pixels = m_model->pixelsPerToken();
    if (m_parameters.minimumKept > 0)
        method::enforceMinimumKept(keep, m_parameters.minimumKept);
    if (!m_parameters.protectedRegion.isEmpty()) {
        const auto inside = tokensWhollyInside(m_parameters.protectedRegion, keep.rows, keep.columns, pixels);
        for (std::size_t i = 0; i < keep.keep.size(); ++i)
            keep.keep[i] &= std::uint8_t(!inside[i % inside.size()]);
    }
    if (!m_parameters.alwaysEdited.isEmpty()) {
        const auto touched = tokensTouched(m_parameters.alwaysEdited, keep.rows, keep.columns, pixels);
        for (std::size_t i = 0; i < keep.keep.size(); ++i)
            keep.keep[i] |= touched[i % touched.size()];
    }
    if (m_nextBlock == 0)
        std::fill_n(keep.frame(0), keep.frameSize(), std::uint8_t(1));
}

void BlockEditor::updateAge(EditedBlock& block) {
    block.age.resize(block.keep.keep.size());
    for (std::size_t i = 0; i < block.age.size(); ++i) {
        std::uint16_t& last = m_lastAge[i % m_lastAge.size()];
        last = block.keep.keep[i] ? 0 : std::uint16_t(std::min(last + 1, 65535));
        block.age[i] = last;
    }
}

Result<> BlockEditor::editBlock(PendingBlock block, TokenMask keep, double maskMs) {
    const c10::NoGradGuard noGradients;
    const models::AutoencoderTraits& traits = m_model->autoencoder->traits();
    if (m_parameters.pruning)
        applyRegions(keep);
    else
        std::ranges::fill(keep.keep, std::uint8_t(1));

    StartedBlock started;
    EditedBlock& edited = started.edited;
    edited.index = m_nextBlock;
    edited.encodeMs = block.encodeMs;
    edited.maskMs = maskMs;
    edited.total = std::int64_t(keep.keep.size());
    edited.kept = std::int64_t(keep.keptCount());
    for (std::size_t i = 0; i < block.source.size(); ++i)
        edited.latentFrameOf.push_back((int(i) + block.firstFrame) / traits.temporal);

    if (m_denoiser) {
        choosePrompt(block.source.front().seconds);
        // Repeats after the clip's end are reused, never computed.
        TokenMask padded(m_model->manifest.dit.blockFrames, keep.rows, keep.columns, !m_parameters.pruning);
        std::ranges::copy(keep.keep, padded.keep.begin());
        const DeviceLane denoiseLane = DeviceLane::current(m_model->device());
        denoiseLane.after(m_encodeLane);
        denoiseLane.use(block.latents);
        LIPAR_ASSIGN(const DenoisedBlock denoised, m_denoiser->denoise(block.latents, padded.keep.data(), m_cancel));
        edited.keys = denoised.keys;
        started.denoised = denoised.clock;
        LIPAR_TRY(m_cancel.check());
        m_decodeLane.after(denoiseLane);
        m_decodeLane.use(denoised.latents);
        m_decodeLane.use(block.frames);
        const DeviceLane::Scope onLane(m_decodeLane);
        started.decoded = std::make_shared<LaneClock>(m_model->device());
        started.decoded->mark();
        const at::Tensor guide = traits.guided ? withSaturation(block.frames, m_prompts[m_prompt].guideSaturation) : at::Tensor();
        const at::Tensor decoded = m_decoder->decode(denoised.latents, guide);
        started.bytes = tensorToBytes(decoded.narrow(0, block.firstFrame, std::int64_t(block.source.size())), m_size.width, m_size.height);
        started.decoded->mark();
    }
    edited.source = std::move(block.source);
    edited.keep = std::move(keep);
    updateAge(edited);
    ++m_nextBlock;
    m_started.push_back(std::move(started));
    // The first block is handed on at once: somebody may be waiting for a picture.
    const bool isAhead = m_model->device().is_cuda() && m_denoiser && m_nextBlock > 1;
    return deliverBlocks(isAhead ? 1 : 0);
}

// Hands on what was started first, until `leave` blocks are left on their way.
Result<> BlockEditor::deliverBlocks(std::size_t leave) {
    while (m_started.size() > leave) {
        StartedBlock started = std::move(m_started.front());
        m_started.pop_front();
        EditedBlock& edited = started.edited;
        if (started.denoised) {
            edited.decodeMs = started.decoded->intervals().front();
            DenoisedBlock::Times times = DenoisedBlock::timesOf(*started.denoised);
            edited.stepMs = std::move(times.stepMs);
            edited.cacheMs = times.cacheMs;
            edited.edited = bytesToPictures(started.bytes);
            if (!m_parameters.protectedRegion.isEmpty())
                for (std::size_t i = 0; i < edited.edited.size(); ++i)
                    edited.edited[i] = withSourcePixels(*edited.edited[i], *edited.source[i].picture, m_parameters.protectedRegion);
        }
        govern(edited);
        LIPAR_TRY(m_sink(std::move(edited)));
    }
    return {};
}

// Holds a target speed by moving both thresholds together: cost is linear in kept tokens, so a gentle proportional step a
// block settles within a few blocks without swinging.
void BlockEditor::govern(const EditedBlock& block) {
    if (m_parameters.targetFps <= 0 || !m_parameters.pruning || m_parameters.mask || block.source.empty())
        return;
    const double ms = block.encodeMs + block.maskMs + std::accumulate(block.stepMs.begin(), block.stepMs.end(), 0.0) + block.cacheMs + block.decodeMs;
    const double wantedMs = 1000.0 * double(block.source.size()) / m_parameters.targetFps;
    const double factor = std::clamp(std::pow(ms / wantedMs, 0.7), 0.7, 1.5);
    m_thresholds.tau1 = float(std::clamp(m_thresholds.tau1 * factor, 0.005, 2.0));
    m_thresholds.tau2 = float(std::clamp(m_thresholds.tau2 * factor, 0.01, 4.0));
    m_maskStream.setThresholds(m_thresholds);
}

}  // namespace lipar::pipeline
