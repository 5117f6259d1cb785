// Private to engine/media: the sound of a source file, copied packet by packet or encoded anew.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/media/audio_encoder.h"
#include "engine/media/audio_feed.h"
#include "engine/media/demuxer.h"

namespace lipar::media {

class SourceAudio final : public AudioFeed {
public:
    // `policy`: copy or aac. Takes the demuxer over and reads it on its own, in step with the pictures.
    SourceAudio(Demuxer source, AudioPolicy policy);

    [[nodiscard]] Result<> addStreams(Muxer& muxer) override;
    [[nodiscard]] Result<> start(const AudioCut& cut) override;
    [[nodiscard]] Result<> writeUntil(std::int64_t time, Muxer& muxer) override;
    [[nodiscard]] Result<> finish(std::optional<std::int64_t> end, Muxer& muxer) override;

private:
    struct Track {
        AVStream* in = nullptr;
        AVStream* out = nullptr;  // of copied packets
        std::int64_t nextTime = 0;  // where the packet before ended, the input's time base: for packets without a time
        std::int64_t lastOutputTime = AV_NOPTS_VALUE;
        av::CodecPtr decoder;  // with `encoder`: of sound that is encoded anew
        std::optional<AudioEncoder> encoder;
    };

    [[nodiscard]] Result<> addCopy(AVStream& in, Muxer& muxer);
    [[nodiscard]] Result<> addTranscode(AVStream& in, Muxer& muxer);
    [[nodiscard]] Track* trackOf(int streamIndex);
    [[nodiscard]] Result<bool> fillPending();
    [[nodiscard]] Result<> handlePending(Muxer& muxer);
    [[nodiscard]] Result<> copyPacket(Track& track, std::int64_t time, Muxer& muxer);
    [[nodiscard]] Result<> transcode(Track& track, const AVPacket* packet, Muxer& muxer);
    [[nodiscard]] double outputSeconds(std::int64_t time, AVRational timeBase) const;

    Demuxer m_source;
    AudioPolicy m_policy;
    std::vector<Track> m_tracks;
    AudioCut m_cut;
    std::optional<std::int64_t> m_end;
    av::PacketPtr m_pending;  // read, but not due yet
    bool m_hasPending = false;
    bool m_atEnd = false;
};

}  // namespace lipar::media
