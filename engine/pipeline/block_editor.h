// The editor of one clip, frame by frame in, block by block out: encode, mask, denoise, decode.
//
// Frames are collected into blocks. The mask of a block needs the one after it (one block of look-ahead makes the streamed
// mask equal the whole clip's), so edited blocks come out one block late; finish() brings the rest. Memory does not grow with
// the clip. A last block that is short is filled by repeating the last frame, and what comes of the repeats is dropped.
// On a GPU frames are encoded, blocks denoised and pictures decoded on lanes of their own: while a block is denoised, the next one
// is encoded and the one before decoded. There a block, but for the first, comes out when the next one has been started.
// Thread: one object, one thread. Ownership: shares the model.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/picture.h"
#include "engine/core/result.h"
#include "engine/core/token_mask.h"
#include "engine/lipar/keep_mask_stream.h"
#include "engine/media/video_reader.h"
#include "engine/pipeline/block_denoiser.h"
#include "engine/pipeline/model_bundle.h"
#include "engine/pipeline/processing_size.h"
#include "engine/pipeline/region_mask.h"

namespace lipar::pipeline {

struct PromptChange {
    double seconds = 0;  // from the clip's first frame; takes effect at the next block
    std::string prompt;
};

struct EditParameters {
    std::vector<PromptChange> prompts;  // ascending; the first at 0
    std::vector<int> steps;
    double shift = 5.0;
    std::uint64_t seed = 0;
    bool pruning = true;
    method::MaskThresholds thresholds;
    double minimumKept = 0;         // of a frame, 0..1
    double targetFps = 0;           // 0: thresholds stay as they are
    method::Recovery recovery = method::Recovery::full;
    method::KeySequence keys = method::KeySequence::window;
    RegionMask protectedRegion;     // at processing size; empty = none
    RegionMask alwaysEdited;
    std::optional<TokenMask> mask;  // replaces the computed one; at least as many frames as the clip has latent frames
    bool encodeOnly = false;        // masks are made, nothing is denoised (plan)
    std::uint64_t encoderMemory = 0, decoderMemory = 0;  // bytes on the device (Autoencoder::newEncoder); 0: as much as they take
};

struct EditedBlock {
    int index = 0;
    std::vector<media::SourceFrame> source;  // the clip's frames, repeats left out
    std::vector<PicturePtr> edited;          // one for each
    TokenMask keep;                          // latent frames of the clip in this block, repeats left out
    std::vector<std::uint16_t> age;          // [keep.frames, rows, columns] latent frames since a token was computed
    std::vector<int> latentFrameOf;          // per source frame, row of `keep`
    std::int64_t kept = 0, total = 0, keys = 0;
    double encodeMs = 0, maskMs = 0, cacheMs = 0, decodeMs = 0;
    std::vector<double> stepMs;
};

class BlockEditor {
public:
    using Sink = std::function<Result<>(EditedBlock&&)>;

    // `size`: of the pictures that push() brings. Errors: modelMissing (no autoencoder or text encoder), invalidArgument.
    [[nodiscard]] static Result<std::unique_ptr<BlockEditor>> create(std::shared_ptr<const ModelBundle> model, EditParameters parameters,
                                                                     PixelSize size, CancelToken cancel, Sink sink);

    [[nodiscard]] Result<> push(media::SourceFrame frame);
    [[nodiscard]] Result<> finish();

    [[nodiscard]] int tokenRows() const noexcept { return m_grid.rows(); }
    [[nodiscard]] int tokenColumns() const noexcept { return m_grid.columns(); }
    [[nodiscard]] method::MaskThresholds thresholds() const noexcept { return m_thresholds; }

private:
    // A block on its way: encoded, waiting for its mask.
    struct PendingBlock {
        std::vector<media::SourceFrame> source;
        at::Tensor frames;   // [S*temporal,3,H,W]
        at::Tensor latents;  // [S,C,h,w] float32
        int latentFrames = 0;  // that belong to the clip
        int firstFrame = 0;    // of `frames` that belongs to the clip
        double encodeMs = 0;
    };
    // A block that the device may still be working on.
    struct StartedBlock {
        EditedBlock edited;  // without pictures and times
        std::shared_ptr<LaneClock> denoised;  // null when nothing is denoised
        std::shared_ptr<LaneClock> decoded;
        at::Tensor bytes;  // [frames,H,W,3], whole once `decoded` is
    };
    struct Prompt {
        double seconds = 0;
        at::Tensor embeddings;
        double guideSaturation = 1;
    };

    BlockEditor(std::shared_ptr<const ModelBundle> model, EditParameters parameters, PixelSize size, CancelToken cancel, Sink sink);
    [[nodiscard]] Result<> encodePrompts();
    [[nodiscard]] Result<> takeBlock(bool last);
    [[nodiscard]] Result<> editBlocks(TokenMask masks);
    [[nodiscard]] Result<> editBlock(PendingBlock block, TokenMask keep, double maskMs);
    [[nodiscard]] Result<> deliverBlocks(std::size_t leave);
    void applyRegions(TokenMask& keep) const;
    void updateAge(EditedBlock& block);
    void choosePrompt(double seconds);
    void govern(const EditedBlock& block);

    const std::shared_ptr<const ModelBundle> m_model;
    const EditParameters m_parameters;
    const PixelSize m_size, m_padded;
    const CancelToken m_cancel;
    const Sink m_sink;
    const method::LatentGrid m_grid;
    std::unique_ptr<models::EncoderStream> m_encoder;
    std::unique_ptr<models::DecoderStream> m_decoder;
    method::KeepMaskStream m_maskStream;
    method::MaskThresholds m_thresholds;
    std::optional<BlockDenoiser> m_denoiser;  // unless nothing is denoised
    std::vector<Prompt> m_prompts;
    std::size_t m_prompt = 0;
    std::vector<media::SourceFrame> m_collected;
    const DeviceLane m_encodeLane, m_decodeLane;
    std::vector<PendingBlock> m_pending;      // oldest first, at most two
    std::deque<StartedBlock> m_started;       // likewise, one on a GPU, none on the CPU
    TokenMask m_readyMasks;                   // frames of the oldest pending block that have arrived
    std::vector<std::uint16_t> m_lastAge;     // per token
    double m_maskMs = 0;
    std::int64_t m_encodedFrames = 0;         // latent frames pushed so far
    int m_nextBlock = 0;
};

}  // namespace lipar::pipeline
