#include "engine/media/video_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "engine/media/demuxer.h"
#include "engine/media/frame_decoder.h"
#include "engine/media/orientation.h"
#include "engine/media/picture_converter.h"

namespace lipar::media {
namespace {

constexpr double kTimeTolerance = 1e-6;  // seconds: what typing and floating point do to a time
constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

}  // namespace

struct VideoReader::State {
    State(FrameDecoder d, MediaInfo i, CancelToken token)
        : decoder(std::move(d)), info(std::move(i)), cancel(std::move(token)) {}

    [[nodiscard]] Result<> start(const ReaderOptions& options);
    [[nodiscard]] Result<> advance();
    [[nodiscard]] Result<> moveTo(std::int64_t timestamp, bool exactlyOrAfter);
    [[nodiscard]] Result<> seekBefore(std::int64_t timestamp, std::int64_t hurryTo);
    [[nodiscard]] Result<> advanceTo(std::int64_t timestamp, bool exactlyOrAfter);
    [[nodiscard]] Result<std::optional<SourceFrame>> deliver();
    [[nodiscard]] Error nothingDecoded() const;
    [[nodiscard]] double ticks(double seconds) const { return seconds / info.video.timeBase.value(); }
    [[nodiscard]] std::int64_t atOrAfter(double seconds) const {
        return firstTimestamp + std::int64_t(std::ceil(ticks(seconds - kTimeTolerance)));
    }

    FrameDecoder decoder;
    MediaInfo info;
    CancelToken cancel;
    std::optional<FrameToPicture> converter;  // set by start()
    std::int64_t firstTimestamp = 0;
    std::int64_t rangeStart = 0;  // timestamps: [start, end)
    std::int64_t rangeEnd = kForever;
    // Two frames are held: the one to deliver and the one that tells how long it lasts.
    std::optional<DecodedFrame> current;
    std::optional<DecodedFrame> following;
    std::int64_t lastDistance = 0;  // between the two frames before, for the last frame's duration
    std::int64_t nextIndex = 0;
    std::int64_t damagedFrames = 0;
    PicturePtr lastPicture;
    std::shared_ptr<const AVFrame> lastFrame;
};

Error VideoReader::State::nothingDecoded() const {
    return Error{ErrorCode::decodeFailed, "cannot decode " + info.path.string() + ": not one frame of it is whole",
                 "check that it plays elsewhere, or copy it again"};
}

Result<> VideoReader::State::start(const ReaderOptions& options) {
    LIPAR_ASSIGN(current, decoder.next());
    if (!current)
        return std::unexpected(nothingDecoded());
    LIPAR_ASSIGN(following, decoder.next());
    firstTimestamp = current->timestamp;
    info.video.startSeconds = double(firstTimestamp) * info.video.timeBase.value();
    info.video.storedWidth = current->frame->width;  // the frame knows better than the header
    info.video.storedHeight = current->frame->height;
    converter.emplace(options.width > 0 ? options.width : info.video.uprightWidth(),
                      options.height > 0 ? options.height : info.video.uprightHeight(), orientationOf(info.video));

    rangeStart = firstTimestamp;
    if (options.startSeconds && *options.startSeconds > 0)
        rangeStart = std::max(firstTimestamp, atOrAfter(*options.startSeconds));
    if (options.endSeconds)
        rangeEnd = atOrAfter(*options.endSeconds);
    const auto emptyRange = [&] {
        return fail(ErrorCode::invalidArgument,
                    "cannot read " + info.path.string() + ": no frame of the clip lies in the range asked for",
                    "the clip lasts " + std::to_string(info.video.durationSeconds) + " s");
    };
    if (rangeEnd <= rangeStart)
        return emptyRange();
    if (rangeStart > firstTimestamp)
        LIPAR_TRY(moveTo(rangeStart, true));
    if (!current || current->timestamp >= rangeEnd)
        return emptyRange();
    return {};
}

Result<> VideoReader::State::advance() {
    if (current && following)
        lastDistance = following->timestamp - current->timestamp;
    current = std::move(following);
    following.reset();
    if (current) {
        LIPAR_ASSIGN(following, decoder.next());
    }
    return {};
}

// Afterwards `current` is the first frame at or after `timestamp` (and may be none), or else the one shown then.
Result<> VideoReader::State::moveTo(std::int64_t timestamp, bool exactlyOrAfter) {
    constexpr std::int64_t unhurriedFrames = 8;  // decoded in full before the one wanted
    nextIndex = 0;
    const bool ahead = current && following && current->timestamp <= timestamp &&
                       decoder.isCheaperToDecodeOn(following->timestamp, timestamp);
    if (ahead)
        return advanceTo(timestamp, exactlyOrAfter);
    const std::int64_t hurryTo = timestamp - unhurriedFrames * decoder.nominalDuration();
    LIPAR_TRY(seekBefore(timestamp, hurryTo));
    LIPAR_TRY(advanceTo(timestamp, exactlyOrAfter));
    // Where frames last long, the one shown now may be among those left out.
    if (!exactlyOrAfter && current && current->timestamp < hurryTo) {
        LIPAR_TRY(seekBefore(timestamp, firstTimestamp));
        return advanceTo(timestamp, exactlyOrAfter);
    }
    return {};
}

Result<> VideoReader::State::advanceTo(std::int64_t timestamp, bool exactlyOrAfter) {
    while (current) {
        if (exactlyOrAfter ? current->timestamp >= timestamp : !following || following->timestamp > timestamp)
            break;
        LIPAR_TRY(advance());
    }
    return {};
}

// Afterwards `current` is some frame at or before `timestamp`, or the clip's first frame.
Result<> VideoReader::State::seekBefore(std::int64_t timestamp, std::int64_t hurryTo) {
    // Indexes may count in decoding order and key frames may have frames shown before them: then step further back.
    std::int64_t back = 0;
    while (decoder.isSeekable()) {
        const std::int64_t goal = std::max(firstTimestamp, timestamp - back);
        const bool found = decoder.seek(goal);
        if (found) {
            decoder.hurryTo(hurryTo);
            lastDistance = 0;
            LIPAR_ASSIGN(current, decoder.next());
            if (current && (current->timestamp <= timestamp || current->timestamp <= firstTimestamp)) {
                LIPAR_ASSIGN(following, decoder.next());
                return {};
            }
        }
        if (goal <= firstTimestamp)
            break;
        back = back == 0 ? std::max<std::int64_t>(1, std::int64_t(ticks(1.0))) : back * 4;
    }
    // Where seeking is impossible or not to be trusted: from the beginning.
    LIPAR_ASSIGN(decoder, FrameDecoder::open(info.path, cancel));
    LIPAR_ASSIGN(current, decoder.next());
    LIPAR_ASSIGN(following, decoder.next());
    return {};
}

Result<std::optional<SourceFrame>> VideoReader::State::deliver() {
    LIPAR_TRY(cancel.check());
    if (!current || current->timestamp >= rangeEnd)
        return std::nullopt;
    if (current->damaged)
        ++damagedFrames;
    if (!lastPicture || lastFrame != current->frame) {
        LIPAR_ASSIGN(Picture picture, converter->convert(*current->frame));
        lastPicture = std::make_shared<const Picture>(std::move(picture));
        lastFrame = current->frame;
    }
    SourceFrame frame;
    frame.picture = lastPicture;
    frame.index = nextIndex++;
    frame.timestamp = current->timestamp;
    frame.seconds = double(frame.timestamp - firstTimestamp) * info.video.timeBase.value();
    if (following)
        frame.duration = following->timestamp - current->timestamp;
    else if (current->ownDuration > 0)
        frame.duration = current->ownDuration;
    else
        frame.duration = lastDistance > 0 ? lastDistance : decoder.nominalDuration();
    LIPAR_TRY(advance());
    return frame;
}

VideoReader::VideoReader(std::unique_ptr<State> state) : m_state(std::move(state)) {}
VideoReader::VideoReader(VideoReader&&) noexcept = default;
VideoReader& VideoReader::operator=(VideoReader&&) noexcept = default;
VideoReader::~VideoReader() = default;

Result<VideoReader> VideoReader::open(const std::filesystem::path& path, const ReaderOptions& options,
                                      CancelToken cancel) {
    if (options.width < 0 || options.height < 0)
        return fail(ErrorCode::invalidArgument, "cannot read " + path.string() + ": the picture size is negative");
    if (options.endSeconds && *options.endSeconds <= std::max(0.0, options.startSeconds.value_or(0.0)))
        return fail(ErrorCode::invalidArgument, "cannot read " + path.string() + ": the range ends before it starts",
                    "give an end after the start");
    LIPAR_ASSIGN(FrameDecoder decoder, FrameDecoder::open(path, cancel));
    LIPAR_ASSIGN(MediaInfo info, describe(decoder.demuxer()));
    auto state = std::make_unique<State>(std::move(decoder), std::move(info), std::move(cancel));
    LIPAR_TRY(state->start(options));
    return VideoReader(std::move(state));
}

const MediaInfo& VideoReader::info() const noexcept { return m_state->info; }

Result<std::optional<SourceFrame>> VideoReader::next() { return m_state->deliver(); }

Result<> VideoReader::seek(double seconds) {
    State& state = *m_state;
    LIPAR_TRY(state.cancel.check());
    const auto shown = state.firstTimestamp + std::int64_t(std::floor(state.ticks(seconds + kTimeTolerance)));
    const bool inRange = shown > state.rangeStart;
    return state.moveTo(std::clamp(shown, state.rangeStart, state.rangeEnd - 1), !inRange);
}

std::int64_t VideoReader::damagedFrames() const noexcept { return m_state->damagedFrames; }

}  // namespace lipar::media
