#include "engine/media/clip_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "engine/media/audio_feed.h"
#include "engine/media/demuxer.h"
#include "engine/media/muxer.h"
#include "engine/media/orientation.h"
#include "engine/media/output_format.h"
#include "engine/media/part_tags.h"
#include "engine/media/source_audio.h"
#include "engine/media/synthesized_audio.h"
#include "engine/media/timeline_check.h"
#include "engine/media/timeline_sound.h"
#include "engine/media/video_encoder.h"

namespace lipar::media {
namespace {

constexpr double kLongestStart = 60;  // seconds: a later first frame is a clock's reading, not a pause

void copyMetadata(const AVFormatContext& source, AVFormatContext& target) {
    constexpr std::array keys{"title", "artist", "comment", "copyright", "date", "creation_time", "location"};
    for (const char* key : keys) {
        if (const AVDictionaryEntry* entry = av_dict_get(source.metadata, key, nullptr, 0))
            av_dict_set(&target.metadata, key, entry->value, 0);
    }
}

Result<> addDisplayMatrix(AVStream& stream, const OutputSize& size, const Muxer& muxer) {
    const Orientation orientation{size.rotation, size.mirrored};
    if (orientation.isUpright())
        return {};
    const DisplayMatrix matrix = displayMatrix(orientation, size.storedWidth, size.storedHeight);
    std::uint8_t* data = av_stream_new_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, sizeof(matrix));
    if (!data)
        return std::unexpected(muxer.error(AVERROR(ENOMEM)));
    std::memcpy(data, matrix.data(), sizeof(matrix));
    return {};
}

Result<AVStream*> addVideoStream(Muxer& muxer, const VideoEncoder& encoder, const OutputSize& size) {
    LIPAR_ASSIGN(AVStream * stream, muxer.addStream());
    if (const int copied = avcodec_parameters_from_context(stream->codecpar, &encoder.context()); copied < 0)
        return std::unexpected(muxer.error(copied));
    if (const std::uint32_t tag = muxer.tagFor(stream->codecpar->codec_id))
        stream->codecpar->codec_tag = tag;
    stream->time_base = encoder.context().time_base;
    stream->avg_frame_rate = encoder.context().framerate;
    stream->sample_aspect_ratio = encoder.context().sample_aspect_ratio;
    LIPAR_TRY(addDisplayMatrix(*stream, size, muxer));
    return stream;
}

}  // namespace

struct ClipWriter::State {
    State(VideoEncoder e, Muxer m, AVStream* video, std::unique_ptr<AudioFeed> sound, const MediaInfo& info,
          const WriterOptions& o, CancelToken token)
        : encoder(std::move(e)),
          muxer(std::move(m)),
          stream(video),
          audio(std::move(sound)),
          timeBase(av::toAv(info.video.timeBase)),
          sourceStart(std::llround(info.video.startSeconds / info.video.timeBase.value())),
          options(o),
          cancel(std::move(token)),
          packet(av::makePacket()) {}

    [[nodiscard]] static Result<std::unique_ptr<State>> open(const std::filesystem::path& target,
                                                             const MediaInfo& source, const WriterOptions& options,
                                                             Demuxer* demuxer, std::unique_ptr<AudioFeed> audio,
                                                             CancelToken cancel, const PartInfo* part = nullptr);
    [[nodiscard]] Result<> begin(std::int64_t timestamp);
    [[nodiscard]] Result<> writePackets();

    VideoEncoder encoder;
    Muxer muxer;
    AVStream* stream;
    std::unique_ptr<AudioFeed> audio;  // may be none
    AVRational timeBase;
    std::int64_t sourceStart;
    WriterOptions options;
    CancelToken cancel;
    av::PacketPtr packet;
    std::int64_t shift = 0;  // output time = source time - shift
    std::optional<std::int64_t> lastTimestamp;
    std::int64_t lastDuration = 1;
    bool isClosed = false;
};

Result<std::unique_ptr<ClipWriter::State>> ClipWriter::State::open(const std::filesystem::path& target,
                                                                   const MediaInfo& source,
                                                                   const WriterOptions& options, Demuxer* demuxer,
                                                                   std::unique_ptr<AudioFeed> audio,
                                                                   CancelToken cancel, const PartInfo* part) {
    av::redirectLog();
    LIPAR_TRY(cancel.check());
    LIPAR_ASSIGN(const OutputFormat format, chooseOutputFormat(target, options));
    LIPAR_ASSIGN(const OutputSize size, chooseOutputSize(source, options, *format.container));
    if (!source.video.timeBase.isValid())
        return fail(ErrorCode::invalidArgument,
                    "cannot write " + target.string() + ": the source's time base is not valid");
    LIPAR_ASSIGN(Muxer muxer, Muxer::create(target, *format.container));
    LIPAR_ASSIGN(VideoEncoder encoder, VideoEncoder::open(format, size, source.video, muxer.wantsGlobalHeaders()));
    LIPAR_ASSIGN(AVStream * stream, addVideoStream(muxer, encoder, size));
    if (demuxer)
        copyMetadata(*demuxer->context(), *muxer.context());
    if (part)
        setPartFrames(muxer.context()->metadata, *part);
    if (demuxer && options.audio != AudioPolicy::none)
        audio = std::make_unique<SourceAudio>(std::move(*demuxer), options.audio);
    if (audio)
        LIPAR_TRY(audio->addStreams(muxer));
    LIPAR_TRY(muxer.begin(encoder.context().time_base));
    return std::make_unique<State>(std::move(encoder), std::move(muxer), stream, std::move(audio), source, options,
                                   std::move(cancel));
}

Result<> ClipWriter::State::begin(std::int64_t timestamp) {
    const bool isCut = options.startSeconds && *options.startSeconds > 0;
    if (isCut)
        shift = timestamp - sourceStart;
    const double start = double(timestamp - shift) * av_q2d(timeBase);
    if (start < 0 || start > kLongestStart)
        shift = timestamp;
    if (!audio)
        return {};
    return audio->start({timeBase, shift, isCut ? std::optional(timestamp) : std::nullopt});
}

Result<> ClipWriter::State::writePackets() {
    while (true) {
        LIPAR_TRY(cancel.check());
        LIPAR_ASSIGN(const bool received, encoder.receive(*packet));
        if (!received)
            return {};
        if (audio)
            LIPAR_TRY(audio->writeUntil(packet->dts + shift, muxer));
        LIPAR_TRY(muxer.write(*packet, *stream, timeBase));
    }
}

ClipWriter::ClipWriter(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ClipWriter::ClipWriter(ClipWriter&&) noexcept = default;
ClipWriter& ClipWriter::operator=(ClipWriter&&) noexcept = default;
ClipWriter::~ClipWriter() = default;

Result<ClipWriter> ClipWriter::open(const std::filesystem::path& target, const MediaInfo& source,
                                    const WriterOptions& options, CancelToken cancel) {
    LIPAR_TRY(checkWriterOptions(target, options));
    LIPAR_ASSIGN(Demuxer demuxer, Demuxer::open(source.path, cancel));
    LIPAR_ASSIGN(auto state, State::open(target, source, options, &demuxer, nullptr, std::move(cancel)));
    return ClipWriter(std::move(state));
}

Result<ClipWriter> ClipWriter::openNew(const std::filesystem::path& target, const MediaInfo& format,
                                       const WriterOptions& options, std::optional<SynthesizedAudio> audio,
                                       CancelToken cancel) {
    std::unique_ptr<AudioFeed> feed;
    if (audio && options.audio != AudioPolicy::none)
        feed = std::make_unique<SynthesizedFeed>(std::move(*audio));
    LIPAR_ASSIGN(auto state, State::open(target, format, options, nullptr, std::move(feed), std::move(cancel)));
    return ClipWriter(std::move(state));
}

Result<> ClipWriter::write(const Picture& picture, std::int64_t timestamp, std::int64_t duration) {
    State& state = *m_state;
    LIPAR_TRY(state.cancel.check());
    if (state.isClosed)
        return fail(ErrorCode::invalidArgument, "cannot write a frame: the clip has been finished");
    if (state.lastTimestamp && timestamp <= *state.lastTimestamp)
        return fail(ErrorCode::invalidArgument, "cannot write a frame: its time is not after the one before");
    if (!state.lastTimestamp)
        LIPAR_TRY(state.begin(timestamp));
    state.lastTimestamp = timestamp;
    state.lastDuration = std::max<std::int64_t>(1, duration);
    LIPAR_TRY(state.encoder.send(picture, timestamp - state.shift, state.lastDuration));
    return state.writePackets();
}

Result<> ClipWriter::finish() {
    State& state = *m_state;
    LIPAR_TRY(state.cancel.check());
    if (state.isClosed)
        return fail(ErrorCode::invalidArgument, "cannot finish the clip twice");
    if (!state.lastTimestamp)
        return fail(ErrorCode::outputFailed, "cannot write the clip: it has no frame");
    state.isClosed = true;
    LIPAR_TRY(state.encoder.sendEnd());
    LIPAR_TRY(state.writePackets());
    if (state.audio) {
        std::optional<std::int64_t> end;
        if (state.options.endSeconds)
            end = *state.lastTimestamp + state.lastDuration;
        LIPAR_TRY(state.audio->finish(end, state.muxer));
    }
    LIPAR_TRY(state.cancel.check());
    return state.muxer.finish();
}

Result<ClipWriter> ClipWriter::openTimeline(const std::filesystem::path& target, const Timeline& timeline,
                                            TimelineRange range, const WriterOptions& options, CancelToken cancel) {
    LIPAR_TRY(checkTimeline(timeline));
    if (range.firstFrame < 0 || range.endFrame <= range.firstFrame)
        return fail(ErrorCode::invalidArgument,
                    "cannot write " + target.string() + ": the range of frames to be written is empty",
                    "choose a range inside the timeline");
    PartInfo part;
    part.timeline = range.timeline.empty() ? nameOf(timeline) : range.timeline;
    part.firstFrame = range.firstFrame;
    part.endFrame = range.endFrame;
    part.rate = timeline.rate;
    WriterOptions plain = options;
    plain.width = plain.height = 0;
    plain.startSeconds.reset();
    plain.endSeconds.reset();
    std::unique_ptr<AudioFeed> sound;
    if (range.sound && options.audio != AudioPolicy::none)
        sound = std::make_unique<TimelineSoundFeed>(std::move(range), timeline.rate, timeline.sampleRate);
    const MediaInfo format = newClipFormat(timeline.width, timeline.height, timeline.rate);
    LIPAR_ASSIGN(auto state,
                 State::open(target, format, plain, nullptr, std::move(sound), std::move(cancel), &part));
    return ClipWriter(std::move(state));
}

MediaInfo newClipFormat(int width, int height, Rational rate) {
    MediaInfo info;
    info.video.storedWidth = width;
    info.video.storedHeight = height;
    info.video.averageRate = rate;
    info.video.timeBase = {rate.den, rate.num};
    info.video.pixelFormat = "yuv420p";
    info.video.colorPrimaries = info.video.colorTransfer = info.video.colorMatrix = AVCOL_SPC_BT709;
    info.video.colorRange = AVCOL_RANGE_MPEG;
    info.video.chromaLocation = AVCHROMA_LOC_LEFT;
    return info;
}

}  // namespace lipar::media
