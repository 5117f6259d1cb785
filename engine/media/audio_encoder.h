// Private to engine/media: sound of any layout and rate to one encoded stream, sample by sample.
// Thread: one object, one thread at a time.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

extern "C" {
#include <libavutil/audio_fifo.h>
}

#include "engine/core/result.h"
#include "engine/media/av.h"
#include "engine/media/muxer.h"
#include "engine/media/part_tags.h"

namespace lipar::media {

class AudioEncoder {
public:
    // AAC or Opus at the nearest rate that the encoder takes; adds its stream to the output. Error: outputFailed.
    [[nodiscard]] static Result<AudioEncoder> open(AVCodecID codec, int sampleRate, const AVChannelLayout& layout,
                                                   Muxer& muxer);

    [[nodiscard]] AVStream& stream() const noexcept { return *m_stream; }
    // Sound before / from this output time (seconds) is cut off, to the sample.
    void setStart(double seconds) noexcept { m_startSample = sampleAt(seconds); }
    void setEnd(double seconds) noexcept { m_endSample = sampleAt(seconds); }
    // How its packets lie. A packet's time is that of its first sample when decoded.
    [[nodiscard]] AudioGrid grid() const noexcept;
    // Only packets with first <= time < end are written, at their time - shift. In samples of the encoder's rate.
    void keepPackets(std::int64_t first, std::int64_t end, std::int64_t shift) noexcept;
    // `seconds`: output time of the frame's first sample. Gaps are filled with silence, overlaps dropped.
    [[nodiscard]] Result<> push(const AVFrame& frame, double seconds, Muxer& muxer);
    [[nodiscard]] Result<> finish(Muxer& muxer);

private:
    struct FifoDeleter {
        void operator()(AVAudioFifo* fifo) const noexcept { av_audio_fifo_free(fifo); }
    };
    AudioEncoder(av::CodecPtr codec, AVStream* stream);

    [[nodiscard]] std::int64_t sampleAt(double seconds) const noexcept;
    [[nodiscard]] Result<> prepareResampler(const AVFrame& frame);
    [[nodiscard]] Result<> append(AVFrame& converted);
    [[nodiscard]] Result<> appendSilence(std::int64_t samples, Muxer& muxer);
    [[nodiscard]] Result<> encodeQueued(bool all, Muxer& muxer);
    [[nodiscard]] Result<> drain(Muxer& muxer);

    av::CodecPtr m_codec;
    AVStream* m_stream;
    std::unique_ptr<AVAudioFifo, FifoDeleter> m_queue;
    av::ResamplerPtr m_resampler;
    int m_inputRate = 0;
    int m_inputFormat = -1;
    int m_inputChannels = 0;
    av::PacketPtr m_packet;
    std::int64_t m_firstPacket = std::numeric_limits<std::int64_t>::min();
    std::int64_t m_endPacket = std::numeric_limits<std::int64_t>::max();
    std::int64_t m_packetShift = 0;
    std::optional<std::int64_t> m_startSample;
    std::optional<std::int64_t> m_endSample;
    std::optional<std::int64_t> m_nextSample;  // output time of the next sample to be queued
    std::int64_t m_encodedUntil = 0;  // output time of the first queued sample
};

}  // namespace lipar::media
