// The mixed sound of a timeline: stereo, floating point, at Timeline::sampleRate, exact to the sample.
// Thread: one object, one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/result.h"
#include "engine/core/timeline.h"
#include "engine/media/source_pool.h"

namespace lipar::media {

// Sample n is played n / sampleRate seconds after the timeline's first picture. Sources of any rate and layout are
// resampled and mixed down (mono plays on both sides at full level, surround as ITU-R BS.775 says). Fades follow a
// quarter of a sine, so that a cross-fade of unlike sounds keeps its power. The sum is cut off at full scale.
class TimelineMixer {
public:
    // `pool`: as TimelineCompositor's. Sources are opened when they are first heard. Error: invalidArgument.
    [[nodiscard]] static Result<TimelineMixer> open(Timeline timeline, std::shared_ptr<SourcePool> pool = {},
                                                    CancelToken cancel = {});
    TimelineMixer(TimelineMixer&&) noexcept;
    TimelineMixer& operator=(TimelineMixer&&) noexcept;
    ~TimelineMixer();

    // Interleaved left and right of `count` samples from `firstSample` on, which may lie anywhere: there is silence
    // outside of all sounds, before 0 too. The samples do not depend on what was asked for before.
    // Errors: as probe() (a source without sound is silent), cancelled.
    [[nodiscard]] Result<std::vector<float>> mix(std::int64_t firstSample, std::int64_t count);
    // The same into memory of the caller's, stereo.size() / 2 samples.
    [[nodiscard]] Result<> mixInto(std::int64_t firstSample, std::span<float> stereo);

    // The first sample that belongs to a frame: parts of a timeline meet there.
    [[nodiscard]] static std::int64_t sampleOfFrame(const Timeline& timeline, std::int64_t frame);

private:
    struct State;
    explicit TimelineMixer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace lipar::media
