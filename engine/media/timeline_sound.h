// Private to engine/media: the mixed sound of a range of a timeline, in packets that lie on the whole timeline's grid.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "engine/core/rational.h"
#include "engine/media/audio_encoder.h"
#include "engine/media/audio_feed.h"
#include "engine/media/clip_writer.h"

namespace lipar::media {

class TimelineSoundFeed final : public AudioFeed {
public:
    // `rate`: frames a second, `sampleRate` of what range.sound gives.
    TimelineSoundFeed(TimelineRange range, Rational rate, int sampleRate);

    [[nodiscard]] Result<> addStreams(Muxer& muxer) override;
    [[nodiscard]] Result<> start(const AudioCut& cut) override;
    [[nodiscard]] Result<> writeUntil(std::int64_t time, Muxer& muxer) override;
    [[nodiscard]] Result<> finish(std::optional<std::int64_t> end, Muxer& muxer) override;

private:
    [[nodiscard]] Result<> encodeUntil(std::int64_t sample, Muxer& muxer);

    TimelineRange m_range;
    Rational m_rate;
    int m_sampleRate;
    std::optional<AudioEncoder> m_encoder;
    std::int64_t m_nextSample = 0;  // of the timeline, at m_sampleRate
    std::int64_t m_end = 0;
};

}  // namespace lipar::media
