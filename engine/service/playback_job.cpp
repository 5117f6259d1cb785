// Pictures and sound of a timeline for the viewer: decoding and the cache, no model.
#include <algorithm>

#include "engine/media/timeline_audio.h"
#include "engine/service/cached_pictures.h"
#include "engine/service/job.h"

namespace lipar::service {
namespace {

constexpr double kSoundPieceSeconds = 0.25;
constexpr double kSoundAheadSeconds = 1.5;   // of the picture that is being composed
constexpr double kRefreshSeconds = 0.25;     // between looks for blocks that were edited meanwhile

// Mixes and sends sound in pieces, ahead of the pictures.
class SoundAhead {
public:
    SoundAhead(media::TimelineMixer mixer, const Timeline& timeline, std::int64_t firstFrame, std::int64_t endFrame)
        : m_mixer(std::move(mixer)),
          m_timeline(timeline),
          m_next(media::TimelineMixer::sampleOfFrame(timeline, firstFrame)),
          m_end(media::TimelineMixer::sampleOfFrame(timeline, endFrame)) {}

    // Sends what is to be heard until a while after `frame`.
    [[nodiscard]] Result<> sendUntil(std::int64_t frame, JobContext& context) {
        const std::int64_t ahead = std::int64_t(kSoundAheadSeconds * m_timeline.sampleRate), piece = std::int64_t(kSoundPieceSeconds * m_timeline.sampleRate);
        const std::int64_t until = std::min(m_end, media::TimelineMixer::sampleOfFrame(m_timeline, frame) + ahead);
        while (m_next < until) {
            LIPAR_TRY(context.cancel.check());
            const std::int64_t count = std::min(piece, m_end - m_next);
            LIPAR_ASSIGN(std::vector<float> stereo, m_mixer.mix(m_next, count));
            context.emit(PlaybackSound{context.id, m_next, m_timeline.sampleRate, std::move(stereo)});
            m_next += count;
        }
        return {};
    }

private:
    media::TimelineMixer m_mixer;
    const Timeline& m_timeline;
    std::int64_t m_next, m_end;
};

// Edits that cannot be looked up (a mask or the model is gone) are shown as not edited yet: the edit's own job says why.
std::vector<std::shared_ptr<CachedEdit>> findEdits(const PlaybackRequest& request, std::int64_t endFrame, JobContext& context) {
    const EditCache cache(request.cache);
    std::vector<std::shared_ptr<CachedEdit>> edits(request.timeline.pictures.size());
    for (std::size_t i = 0; i < edits.size(); ++i) {
        const TimelinePictures& entry = request.timeline.pictures[i];
        if (!isEditedWithin(entry, request.timeline, request.firstFrame, endFrame) || std::size_t(entry.edit) >= request.edits.size())
            continue;
        if (auto found = context.playback.edits.find(entry.input, request.edits[std::size_t(entry.edit)], cache, request.cache.folder, context))
            edits[i] = std::move(*found);
    }
    return edits;
}

bool lacksEdit(const PlaybackRequest& request, const std::vector<std::shared_ptr<CachedEdit>>& edits, std::int64_t frame) {
    for (std::size_t i = 0; i < edits.size(); ++i)
        if (!edits[i] && isEditedWithin(request.timeline.pictures[i], request.timeline, frame, frame + 1))
            return true;
    return false;
}

}  // namespace

Result<PlaybackReport> runPlayback(const PlaybackRequest& request, JobContext& context) {
    const Timeline& timeline = request.timeline;
    const std::int64_t end = request.endFrame < 0 ? timeline.frames : std::min(request.endFrame, timeline.frames);
    const auto edits = findEdits(request, end, context);
    CachedPictures pictures(edits, CachedPictures::Take::any);
    const media::CompositorOptions options{request.width, request.height, true, &pictures, request.proxies};
    LIPAR_ASSIGN(media::TimelineCompositor compositor, media::TimelineCompositor::open(timeline, options, context.playback.pictures, context.cancel));
    std::optional<SoundAhead> sound;
    if (request.sound && !timeline.sounds.empty()) {
        LIPAR_ASSIGN(media::TimelineMixer mixer, media::TimelineMixer::open(timeline, context.playback.sounds, context.cancel));
        sound.emplace(std::move(mixer), timeline, request.firstFrame, end);
    }

    PlaybackReport report;
    auto refreshed = std::chrono::steady_clock::now();
    for (std::int64_t frame = request.firstFrame; frame < end; ++frame) {
        LIPAR_TRY(context.cancel.check());
        if (sound)
            LIPAR_TRY(sound->sendUntil(frame, context));
        if (request.pace) {
            LIPAR_TRY(request.pace->waitFor(frame, context.cancel));
            // Too late for these: a slow machine shows fewer pictures, never slower ones.
            frame = std::clamp(request.pace->shown(), frame, end - 1);
        }
        if (secondsSince(refreshed) > kRefreshSeconds) {
            for (const auto& edit : edits)
                if (edit)
                    edit->refresh();
            refreshed = std::chrono::steady_clock::now();
        }
        LIPAR_ASSIGN(media::ComposedFrame composed, compositor.compose(frame));
        PlaybackPicture event;
        event.job = context.id;
        event.frame = frame;
        event.source = std::move(composed.source);
        event.edited = std::move(composed.edited);
        event.editPending = composed.editPending || lacksEdit(request, edits, frame);
        event.hasProxy = composed.hasProxy;
        if (composed.topEntry >= 0) {
            if (const auto place = pictures.place(composed.topEntry, composed.topSeconds)) {
                const BlockHeader& header = *place->header;
                const int row = header.latentFrameOf[std::size_t(place->frame)];
                event.keep = TokenMask(1, header.keep.rows, header.keep.columns);
                std::copy_n(header.keep.frame(row), header.keep.frameSize(), event.keep.keep.begin());
                const auto age = header.age.begin() + std::ptrdiff_t(header.keep.frameSize()) * row;
                event.age.assign(age, age + std::ptrdiff_t(header.keep.frameSize()));
            }
        }
        context.emit(std::move(event));
        ++report.frames;
    }
    return report;
}

}  // namespace lipar::service
