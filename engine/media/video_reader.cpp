#include "engine/media/video_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "engine/media/frame_cursor.h"
#include "engine/media/orientation.h"
#include "engine/media/picture_converter.h"

namespace lipar::media {
namespace {

constexpr double kTimeTolerance = 1e-6;  // seconds: what typing and floating point do to a time
constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

}  // namespace

struct VideoReader::State {
    State(FrameCursor c, CancelToken token) : cursor(std::move(c)), cancel(std::move(token)) {}

    [[nodiscard]] Result<> start(const ReaderOptions& options);
    [[nodiscard]] Result<std::optional<SourceFrame>> deliver();
    [[nodiscard]] const MediaInfo& info() const noexcept { return cursor.info(); }
    [[nodiscard]] double ticks(double seconds) const { return seconds / info().video.timeBase.value(); }
    [[nodiscard]] std::int64_t atOrAfter(double seconds) const {
        return cursor.firstTimestamp() + std::int64_t(std::ceil(ticks(seconds - kTimeTolerance)));
    }

    FrameCursor cursor;
    CancelToken cancel;
    std::optional<FrameToPicture> converter;  // set by start()
    std::int64_t rangeStart = 0;  // timestamps: [start, end)
    std::int64_t rangeEnd = kForever;
    std::int64_t nextIndex = 0;
    std::int64_t damagedFrames = 0;
    PicturePtr lastPicture;
    std::shared_ptr<const AVFrame> lastFrame;
};

Result<> VideoReader::State::start(const ReaderOptions& options) {
    const VideoStreamInfo& video = info().video;
    converter.emplace(options.width > 0 ? options.width : video.uprightWidth(),
                      options.height > 0 ? options.height : video.uprightHeight(), orientationOf(video));

    const std::int64_t first = cursor.firstTimestamp();
    rangeStart = first;
    if (options.startSeconds && *options.startSeconds > 0)
        rangeStart = std::max(first, atOrAfter(*options.startSeconds));
    if (options.endSeconds)
        rangeEnd = atOrAfter(*options.endSeconds);
    const auto emptyRange = [&] {
        return fail(ErrorCode::invalidArgument,
                    "cannot read " + info().path.string() + ": no frame of the clip lies in the range asked for",
                    "the clip lasts " + std::to_string(video.durationSeconds) + " s");
    };
    if (rangeEnd <= rangeStart)
        return emptyRange();
    if (rangeStart > first)
        LIPAR_TRY(cursor.moveToNext(rangeStart));
    if (!cursor.current() || cursor.current()->timestamp >= rangeEnd)
        return emptyRange();
    return {};
}

Result<std::optional<SourceFrame>> VideoReader::State::deliver() {
    LIPAR_TRY(cancel.check());
    const std::optional<DecodedFrame>& current = cursor.current();
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
    frame.seconds = double(frame.timestamp - cursor.firstTimestamp()) * info().video.timeBase.value();
    frame.duration = cursor.currentDuration();
    LIPAR_TRY(cursor.advance());
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
    LIPAR_ASSIGN(FrameCursor cursor, FrameCursor::open(path, cancel, options.cudaDevice));
    auto state = std::make_unique<State>(std::move(cursor), std::move(cancel));
    LIPAR_TRY(state->start(options));
    return VideoReader(std::move(state));
}

const MediaInfo& VideoReader::info() const noexcept { return m_state->info(); }

Result<std::optional<SourceFrame>> VideoReader::next() { return m_state->deliver(); }

Result<> VideoReader::seek(double seconds) {
    State& state = *m_state;
    LIPAR_TRY(state.cancel.check());
    const auto shown =
        state.cursor.firstTimestamp() + std::int64_t(std::floor(state.ticks(seconds + kTimeTolerance)));
    state.nextIndex = 0;
    const std::int64_t goal = std::clamp(shown, state.rangeStart, state.rangeEnd - 1);
    return shown > state.rangeStart ? state.cursor.moveToShown(goal) : state.cursor.moveToNext(goal);
}

std::int64_t VideoReader::damagedFrames() const noexcept { return m_state->damagedFrames; }

}  // namespace lipar::media
