#include "engine/media/clip_join.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "engine/media/clip_writer.h"
#include "engine/media/demuxer.h"
#include "engine/media/muxer.h"
#include "engine/media/output_format.h"
#include "engine/media/part_tags.h"

namespace lipar::media {
namespace fs = std::filesystem;

namespace {

struct Part {
    PartInfo info;
    Demuxer demuxer;
    AVStream* video = nullptr;
    AVStream* sound = nullptr;  // may be none
    std::int64_t firstSample = 0;  // of the timeline, at the sound's rate
    std::int64_t endSample = 0;
};

std::unexpected<Error> refused(const std::string& why, const std::string& hint) {
    return fail(ErrorCode::invalidArgument, "cannot join the parts: " + why, hint);
}

Result<PartInfo> partInfo(const Demuxer& demuxer) {
    std::optional<PartInfo> part = partOf(demuxer.context()->metadata);
    if (!part)
        return fail(ErrorCode::inputUnsupported,
                    "cannot join " + demuxer.path().string() + ": it is not a rendered part of a timeline",
                    "join files that were rendered from one project");
    return std::move(*part);
}

Result<Part> openPart(const fs::path& path, const CancelToken& cancel) {
    // Edit lists hide the packets that decoders only need to get going; the grid counts them too.
    LIPAR_ASSIGN(Demuxer demuxer, Demuxer::open(path, cancel, Demuxer::EditLists::shiftOnly));
    LIPAR_ASSIGN(PartInfo info, partInfo(demuxer));
    Part part{std::move(info), std::move(demuxer)};
    LIPAR_ASSIGN(part.video, part.demuxer.videoStream());
    if (part.info.sampleRate > 0) {
        const int sound = av_find_best_stream(part.demuxer.context(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
        if (sound < 0)
            return fail(ErrorCode::inputDamaged, "cannot join " + path.string() + ": its sound is missing",
                        "render this part again");
        part.sound = part.demuxer.context()->streams[sound];
        part.firstSample = firstSampleOf(part.info.firstFrame, part.info.rate, part.info.sampleRate);
        part.endSample = firstSampleOf(part.info.endFrame, part.info.rate, part.info.sampleRate);
    }
    part.demuxer.keepStreams([&](const AVStream& stream) { return &stream == part.video || &stream == part.sound; });
    return part;
}

bool sameCoding(const AVCodecParameters& a, const AVCodecParameters& b) {
    return a.codec_id == b.codec_id && a.width == b.width && a.height == b.height && a.format == b.format &&
           a.sample_rate == b.sample_rate && a.ch_layout.nb_channels == b.ch_layout.nb_channels &&
           a.extradata_size == b.extradata_size &&
           (a.extradata_size == 0 || std::memcmp(a.extradata, b.extradata, std::size_t(a.extradata_size)) == 0);
}

Result<> checkNeighbours(const Part& before, const Part& after) {
    const std::string a = before.demuxer.path().string(), b = after.demuxer.path().string();
    const PartInfo& first = before.info;
    const PartInfo& second = after.info;
    if (first.timeline != second.timeline || first.rate != second.rate)
        return refused(a + " and " + b + " are not of the same timeline", "render all parts from one project");
    if (first.endFrame != second.firstFrame)
        return refused(a + " ends before frame " + std::to_string(first.endFrame) + " and " + b + " begins at frame " +
                           std::to_string(second.firstFrame),
                       "name the parts in order, without gaps or overlaps");
    const bool sameSound = first.sampleRate == second.sampleRate && first.packetSamples == second.packetSamples &&
                           first.packetOffset == second.packetOffset &&
                           (!before.sound || sameCoding(*before.sound->codecpar, *after.sound->codecpar));
    if (!sameSound || !sameCoding(*before.video->codecpar, *after.video->codecpar))
        return refused(a + " and " + b + " were encoded differently",
                       "render all parts with the same codec, quality and size");
    return {};
}

std::int64_t timeOf(const AVPacket& packet) { return packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts; }

// The frame that a packet of the part shows, counted from the part's first.
std::int64_t frameOf(const Part& part, const AVPacket& packet) {
    return (Rational{timeOf(packet), 1} * av::fromAv(part.video->time_base) * part.info.rate).rounded();
}

// Reads all packets of a part from its beginning.
template <class Handle>
Result<> forEachPacket(Part& part, Handle handle) {
    const av::PacketPtr packet = av::makePacket();
    while (true) {
        LIPAR_ASSIGN(const Demuxer::ReadStatus status, part.demuxer.read(*packet));
        if (status == Demuxer::ReadStatus::end)
            return {};
        if (status == Demuxer::ReadStatus::damaged)
            return fail(ErrorCode::inputDamaged, "cannot join " + part.demuxer.path().string() + ": it is damaged",
                        "render this part again");
        LIPAR_TRY(handle(*packet));
    }
}

// Checks that every frame is there once; the most frames by which one is decoded before it is shown.
Result<std::int64_t> decodingDelay(Part& part) {
    const std::int64_t count = part.info.endFrame - part.info.firstFrame;
    std::vector<bool> seen(std::size_t(count), false);
    std::int64_t packets = 0;
    std::int64_t delay = 0;
    bool isWhole = true;
    LIPAR_TRY(forEachPacket(part, [&](const AVPacket& packet) -> Result<> {
        if (packet.stream_index != part.video->index)
            return {};
        const std::int64_t frame = frameOf(part, packet);
        const bool isNew = frame >= 0 && frame < count && !seen[std::size_t(frame)];
        isWhole = isWhole && isNew && (packets > 0 || (packet.flags & AV_PKT_FLAG_KEY));
        if (isNew)
            seen[std::size_t(frame)] = true;
        delay = std::max(delay, packets - frame);
        ++packets;
        return {};
    }));
    if (!isWhole || packets != count)
        return fail(ErrorCode::inputDamaged,
                    "cannot join " + part.demuxer.path().string() + ": it does not hold each of its " +
                        std::to_string(count) + " frames once",
                    "render this part again");
    return delay;
}

class Joiner {
public:
    Joiner(Muxer muxer, AVStream* video, AVStream* sound, const Part& first, std::int64_t delay)
        : m_muxer(std::move(muxer)),
          m_video(video),
          m_sound(sound),
          m_firstFrame(first.info.firstFrame),
          m_firstSample(first.firstSample),
          m_frameTime{int(first.info.rate.den), int(first.info.rate.num)},
          m_delay(delay) {}

    [[nodiscard]] static Result<Joiner> open(const fs::path& target, const Part& first, const PartInfo& whole,
                                             std::int64_t delay);
    [[nodiscard]] Result<> copy(Part& part, bool isFirst) {
        return forEachPacket(part, [&](AVPacket& packet) {
            return packet.stream_index == part.video->index ? copyPicture(part, packet)
                                                            : copySound(part, packet, isFirst);
        });
    }
    [[nodiscard]] Result<> finish() { return m_muxer.finish(); }

private:
    [[nodiscard]] Result<> copyPicture(const Part& part, AVPacket& packet) {
        packet.pts = part.info.firstFrame - m_firstFrame + frameOf(part, packet);
        packet.dts = m_decoded++ - m_delay;
        packet.duration = 1;
        return m_muxer.write(packet, *m_video, m_frameTime);
    }
    [[nodiscard]] Result<> copySound(const Part& part, AVPacket& packet, bool isFirst) {
        const PartInfo& info = part.info;
        const Rational seconds = Rational{timeOf(packet), 1} * av::fromAv(part.sound->time_base);
        const std::int64_t near = (seconds * Rational{info.sampleRate, 1}).rounded() + part.firstSample;
        const std::int64_t index = Rational{near - info.packetOffset, info.packetSamples}.rounded();
        const std::int64_t sample = index * info.packetSamples + info.packetOffset;
        const bool isOwn = (isFirst || sample >= part.firstSample) && sample < part.endSample;
        if (!isOwn || (m_lastSample && sample <= *m_lastSample))
            return {};
        m_lastSample = sample;
        av_packet_free_side_data(&packet);  // what to skip is told anew by the joined file
        packet.flags &= ~AV_PKT_FLAG_DISCARD;
        packet.pts = packet.dts = sample - m_firstSample;
        packet.duration = info.packetSamples;
        return m_muxer.write(packet, *m_sound, {1, info.sampleRate});
    }

    Muxer m_muxer;
    AVStream* m_video;
    AVStream* m_sound;
    std::int64_t m_firstFrame;
    std::int64_t m_firstSample;
    AVRational m_frameTime;
    std::int64_t m_delay;
    std::int64_t m_decoded = 0;
    std::optional<std::int64_t> m_lastSample;
};

Result<AVStream*> addStreamLike(Muxer& muxer, const AVStream& in, AVRational timeBase) {
    LIPAR_ASSIGN(AVStream * out, muxer.addStream());
    if (const int copied = avcodec_parameters_copy(out->codecpar, in.codecpar); copied < 0)
        return std::unexpected(muxer.error(copied));
    out->codecpar->codec_tag = muxer.tagFor(in.codecpar->codec_id);
    out->time_base = timeBase;
    out->sample_aspect_ratio = in.sample_aspect_ratio;
    return out;
}

Result<Joiner> Joiner::open(const fs::path& target, const Part& first, const PartInfo& whole, std::int64_t delay) {
    WriterOptions options;
    for (const char* codec : {"h264", "hevc", "av1", "vp9", "prores", "ffv1"})
        if (first.video->codecpar->codec_id == codecIdOf(codec))
            options.codec = codec;
    LIPAR_ASSIGN(const OutputFormat format, chooseOutputFormat(target, options));
    if (first.sound && !canHoldAudio(*format.container, first.sound->codecpar->codec_id))
        return refused(std::string(format.container->name) + " does not hold the parts' sound",
                       "choose the container of the parts");
    LIPAR_ASSIGN(Muxer muxer, Muxer::create(target, *format.container));
    const AVRational frameTime{int(whole.rate.den), int(whole.rate.num)};
    LIPAR_ASSIGN(AVStream * video, addStreamLike(muxer, *first.video, frameTime));
    video->avg_frame_rate = av_inv_q(frameTime);
    AVStream* sound = nullptr;
    if (first.sound) {
        LIPAR_ASSIGN(sound, addStreamLike(muxer, *first.sound, {1, whole.sampleRate}));
        setPartSound(muxer.context()->metadata, {whole.sampleRate, whole.packetSamples, whole.packetOffset});
    }
    setPartFrames(muxer.context()->metadata, whole);
    LIPAR_TRY(muxer.begin(frameTime));
    return Joiner(std::move(muxer), video, sound, first, delay);
}

}  // namespace

Result<PartInfo> readPartInfo(const fs::path& path) {
    LIPAR_ASSIGN(const Demuxer demuxer, Demuxer::open(path));
    return partInfo(demuxer);
}

Result<> joinParts(std::span<const fs::path> paths, const fs::path& target, CancelToken cancel) {
    if (paths.empty())
        return refused("none is named", "name the parts in order");
    // Read twice, first to check all before anything is written. One file is open beside the first at a time.
    std::int64_t delay = 0;
    LIPAR_ASSIGN(const Part first, openPart(paths.front(), cancel));
    PartInfo whole = first.info;
    std::optional<Part> before;
    for (const fs::path& path : paths) {
        LIPAR_ASSIGN(Part part, openPart(path, cancel));
        if (before)
            LIPAR_TRY(checkNeighbours(*before, part));
        LIPAR_ASSIGN(const std::int64_t own, decodingDelay(part));
        delay = std::max(delay, own);
        whole.endFrame = part.info.endFrame;
        before = std::move(part);
    }
    LIPAR_ASSIGN(Joiner joiner, Joiner::open(target, first, whole, delay));
    for (const fs::path& path : paths) {
        LIPAR_ASSIGN(Part part, openPart(path, cancel));
        LIPAR_TRY(joiner.copy(part, &path == &paths.front()));
    }
    LIPAR_TRY(cancel.check());
    return joiner.finish();
}

}  // namespace lipar::media
