// Private to engine/media: the sound of a clip without a source.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/cancel.h"
#include "engine/media/audio_encoder.h"
#include "engine/media/audio_feed.h"
#include "engine/media/clip_writer.h"

namespace lipar::media {

class SynthesizedFeed final : public AudioFeed {
public:
    explicit SynthesizedFeed(SynthesizedAudio audio);

    [[nodiscard]] Result<> addStreams(Muxer& muxer) override;
    [[nodiscard]] Result<> start(const AudioCut& cut) override;
    [[nodiscard]] Result<> writeUntil(std::int64_t time, Muxer& muxer) override;
    [[nodiscard]] Result<> finish(std::optional<std::int64_t> end, Muxer& muxer) override;

private:
    [[nodiscard]] Result<> generateUntil(double seconds, Muxer& muxer);

    SynthesizedAudio m_audio;
    std::optional<AudioEncoder> m_encoder;
    AVRational m_timeBase{1, 1};
    std::int64_t m_nextSample = 0;
};

}  // namespace lipar::media
