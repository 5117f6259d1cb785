// Private to engine/media: the decoded frames of a file's picture stream, in presentation order, each with an exact,
// strictly ascending timestamp; what damage swallowed comes as a repetition.
// Thread: one object, one thread at a time (decoding itself uses several).
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "engine/core/cancel.h"
#include "engine/core/result.h"
#include "engine/media/av.h"
#include "engine/media/demuxer.h"
#include "engine/media/packet_need.h"
#include "engine/media/video_codec.h"

namespace lipar::media {

struct DecodedFrame {
    std::shared_ptr<const AVFrame> frame;
    std::int64_t timestamp = 0;  // the stream's time base
    std::int64_t ownDuration = 0;  // as the container tells; 0 = it does not
    bool damaged = false;  // decoded with errors, or a repetition of the frame before
};

class FrameDecoder {
public:
    // `cudaDevice`: as ReaderOptions'. Errors: those of Demuxer::open and Demuxer::videoStream, inputUnsupported.
    [[nodiscard]] static Result<FrameDecoder> open(const std::filesystem::path& path, CancelToken cancel,
                                                   std::optional<int> cudaDevice = {});

    [[nodiscard]] const Demuxer& demuxer() const noexcept { return m_demuxer; }
    [[nodiscard]] const AVStream& stream() const noexcept { return *m_stream; }
    // Usual distance of two frames in the stream's time base, at least 1.
    [[nodiscard]] std::int64_t nominalDuration() const noexcept { return m_nominalDuration; }

    // The next frame, or nothing at the end. Error: cancelled.
    [[nodiscard]] Result<std::optional<DecodedFrame>> next();
    // False where frames carry no times of their own, so that they must be counted from the beginning.
    [[nodiscard]] bool isSeekable() const noexcept { return m_hasTimestamps; }
    // Next comes a frame at or, where key frames or the container's index are rough, after or before `timestamp`.
    [[nodiscard]] bool seek(std::int64_t timestamp);
    // Until the next seek(), frames before `timestamp` that no other frame needs may be left out, to get there sooner.
    void hurryTo(std::int64_t timestamp) noexcept { m_hurryTo = std::max(m_hurryTo, timestamp); }
    // The time of the last frame within (`after`, `notAfter`] that was left out since the last seek().
    [[nodiscard]] std::optional<std::int64_t> leftOut(std::int64_t after, std::int64_t notAfter) const;
    // Until the next seek(), all but key frames are left out.
    void onlyKeyFrames() noexcept { m_onlyKeyFrames = true; }
    void setCancel(CancelToken cancel) { m_demuxer.setCancel(std::move(cancel)); }
    // Whether decoding on from one time to a later one costs no more than seeking: no key frame lies between, as far as can be told.
    [[nodiscard]] bool isCheaperToDecodeOn(std::int64_t from, std::int64_t to) const;
    // The time of the key frame nearest to one, as far as the container's index tells.
    [[nodiscard]] std::optional<std::int64_t> nearestKeyFrame(std::int64_t timestamp) const;

private:
    FrameDecoder(Demuxer demuxer, AVStream* stream, std::unique_ptr<VideoCodec> codec);

    [[nodiscard]] Result<> feed();
    void send(const AVPacket* packet);
    void accept(const AVFrame& frame);
    void repeatLost(std::int64_t before);
    void noteDamage() noexcept;

    Demuxer m_demuxer;
    AVStream* m_stream;
    std::unique_ptr<VideoCodec> m_codec;
    PacketNeed m_need;
    av::PacketPtr m_packet;
    av::FramePtr m_frame;
    std::int64_t m_nominalDuration = 1;
    std::deque<DecodedFrame> m_ready;
    std::optional<DecodedFrame> m_last;  // since the last seek
    // Times of packets whose frame has not come yet, and the latest of them when damage was last noticed: a frame
    // that does not come is lost only if something went wrong (some streams have packets that show nothing).
    std::multiset<std::int64_t> m_expected;
    std::int64_t m_damageHorizon;
    std::int64_t m_hurryTo;
    std::set<std::int64_t> m_leftOut;  // times of frames, since the last seek
    bool m_onlyKeyFrames = false;
    bool m_awaitsKeyFrame = false;
    bool m_hasTimestamps;
    bool m_atEnd = false;
};

}  // namespace lipar::media
