// Private to engine/media: a source's sound as stereo samples at any rate, from any place, the same samples wherever
// reading began.
// Thread: one object, one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/rational.h"
#include "engine/core/result.h"
#include "engine/media/av.h"
#include "engine/media/demuxer.h"

namespace lipar::media {

class SoundReader {
public:
    // `clockStart`: the time, on the file's own clock, that callers call 0. Empty where the file has no sound.
    // Errors: as probe(); inputUnsupported where nothing can decode it.
    [[nodiscard]] static Result<std::unique_ptr<SoundReader>> open(const std::filesystem::path& path,
                                                                   Rational clockStart, CancelToken cancel);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_demuxer.path(); }
    [[nodiscard]] int inputRate() const noexcept { return m_inputRate; }
    // When the sound begins, on the file's own clock.
    [[nodiscard]] Rational start() const { return {m_firstIndex, m_inputRate}; }
    // As the headers say; 0 = they do not.
    [[nodiscard]] double durationSeconds() const noexcept;
    // Whether the file was read to its end and has no sound from this output sample on.
    [[nodiscard]] bool isPastEnd(std::int64_t sample) const;
    void setCancel(CancelToken cancel) { m_demuxer.setCancel(std::move(cancel)); }
    // Seconds to be decoded before the sound at `seconds` comes; many where that takes a seek.
    [[nodiscard]] double distanceTo(Rational seconds) const;
    // The samples asked for from now on: `rate` a second of what is heard at `speed`.
    [[nodiscard]] Result<> setOutput(int rate, Rational speed);
    // Fills interleaved left and right. Sample m is heard m / rate * speed seconds after the file's own time 0 (not
    // after clockStart: see firstSample()). Silence where the file has none. Error: cancelled, decodeFailed.
    [[nodiscard]] Result<> read(std::int64_t sample, std::span<float> stereo);
    // The sample nearest to `seconds` after clockStart, both divided by the speed.
    [[nodiscard]] std::int64_t sampleAt(Rational seconds) const;

private:
    SoundReader(Demuxer demuxer, AVStream* stream, av::CodecPtr decoder, Rational clockStart);

    [[nodiscard]] Result<> seek(std::int64_t sample);
    [[nodiscard]] Result<> decodeMore();
    [[nodiscard]] Result<bool> nextFrame();
    [[nodiscard]] Result<> prepareResampler(const AVFrame& frame);
    [[nodiscard]] Result<> feed(const AVFrame& frame, std::int64_t skipped);
    [[nodiscard]] Result<> feedSilence(std::int64_t samples);
    [[nodiscard]] Result<> resample(const std::uint8_t** data, int samples);
    [[nodiscard]] std::int64_t indexOf(const AVFrame& frame) const;

    Demuxer m_demuxer;
    AVStream* m_stream;
    av::CodecPtr m_decoder;
    Rational m_clockStart;
    int m_inputRate;
    av::PacketPtr m_packet;
    av::FramePtr m_frame;  // decoded, not used yet, if m_hasFrame
    bool m_hasFrame = false;
    bool m_atEnd = false;
    std::int64_t m_firstIndex = 0;  // of the file's first frame
    std::optional<std::int64_t> m_secondIndex;  // of the frame after it, from which all frames are equally long
    bool m_isSettled = false;  // a frame came since the last seek, so that the next ones are counted on from it
    std::int64_t m_frameIndex = 0;  // input sample at which m_frame begins
    std::int64_t m_countedIndex = 0;  // input sample after the frame decoded last

    int m_outputRate = 0;
    Rational m_speed{1, 1};
    Rational m_step{1, 1};  // input samples an output sample
    av::ResamplerPtr m_resampler;
    int m_resamplerFormat = -1;
    AVChannelLayout m_resamplerLayout{};
    std::int64_t m_nextInput = 0;  // input sample that the resampler gets next
    std::vector<float> m_buffer;  // output, interleaved
    std::int64_t m_bufferStart = 0;
    bool m_isPlaced = false;  // m_buffer goes on where it ends
};

// When the sound of a file begins, on its own clock. Errors: as Demuxer::open(); inputUnsupported where there is none.
[[nodiscard]] Result<Rational> soundStart(const std::filesystem::path& path, const CancelToken& cancel);

}  // namespace lipar::media
