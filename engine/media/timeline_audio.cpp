#include "engine/media/timeline_audio.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>
#include <utility>

#include "engine/media/sound_reader.h"
#include "engine/media/timeline_check.h"

namespace lipar::media {
namespace {

constexpr std::int64_t kPiece = 4096;  // samples mixed at a time

struct Span {
    std::int64_t first = 0;
    std::int64_t end = 0;
};

}  // namespace

struct TimelineMixer::State {
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { closeFinished(0, 0); }

    [[nodiscard]] Result<SoundReader*> readerOf(std::size_t entry, std::int64_t sample);
    [[nodiscard]] Result<> add(std::size_t entry, std::int64_t first, std::span<float> stereo);
    void closeFinished(std::int64_t first, std::int64_t end);
    // Seconds of the source heard at a sample of the timeline.
    [[nodiscard]] Rational sourceTime(const TimelineSound& sound, std::int64_t sample) const {
        return sound.sourceStart + (Rational{sample, timeline.sampleRate} - sound.start) * sound.speed;
    }

    Timeline timeline;
    std::shared_ptr<SourcePool> pool;
    CancelToken cancel;
    std::vector<Span> spans;  // of samples, by entry
    std::map<std::size_t, std::unique_ptr<SoundReader>> open;  // by entry
    std::set<std::filesystem::path> silent;  // sources without sound
    std::vector<float> scratch;
};

Result<SoundReader*> TimelineMixer::State::readerOf(std::size_t entry, std::int64_t sample) {
    const TimelineSound& sound = timeline.sounds[entry];
    if (const auto found = open.find(entry); found != open.end())
        return found->second.get();
    if (silent.contains(sound.input))
        return nullptr;
    LIPAR_ASSIGN(auto reader, pool->takeSound(sound.input, sourceTime(sound, sample), cancel));
    if (!reader) {
        silent.insert(sound.input);
        return nullptr;
    }
    LIPAR_TRY(reader->setOutput(timeline.sampleRate, sound.speed));
    return open.emplace(entry, std::move(reader)).first->second.get();
}

void TimelineMixer::State::closeFinished(std::int64_t first, std::int64_t end) {
    for (auto it = open.begin(); it != open.end();) {
        if (first < end && spans[it->first].first < end && first < spans[it->first].end) {
            ++it;
            continue;
        }
        pool->giveBack(std::move(it->second));
        it = open.erase(it);
    }
}

Result<> TimelineMixer::State::add(std::size_t entry, std::int64_t first, std::span<float> stereo) {
    const TimelineSound& sound = timeline.sounds[entry];
    const std::int64_t from = std::max(first, spans[entry].first);
    const std::int64_t to = std::min(first + std::int64_t(stereo.size() / 2), spans[entry].end);
    if (from >= to || sound.gain == 0)
        return {};
    LIPAR_ASSIGN(SoundReader * reader, readerOf(entry, from));
    if (!reader)
        return {};
    scratch.resize(std::size_t(to - from) * 2);
    // All samples of an entry keep one distance from the source's, whatever is asked for.
    const std::int64_t distance = reader->sampleAt(sourceTime(sound, spans[entry].first)) - spans[entry].first;
    LIPAR_TRY(reader->read(from + distance, scratch));

    const double rate = timeline.sampleRate;
    const double start = sound.start.value() * rate;
    const double end = (sound.start + sound.duration).value() * rate;
    const double fadeIn = sound.fadeIn.value() * rate;
    const double fadeOut = sound.fadeOut.value() * rate;
    const auto faded = [](double passed, double length) {
        return passed >= length ? 1.0 : std::sin(std::max(0.0, passed / length) * std::numbers::pi / 2);
    };
    float* out = stereo.data() + (from - first) * 2;
    for (std::int64_t i = 0; i < to - from; ++i) {
        const double sample = double(from + i);
        const double level = sound.gain * faded(sample - start, fadeIn) * faded(end - sample, fadeOut);
        out[2 * i] += float(scratch[std::size_t(2 * i)] * level);
        out[2 * i + 1] += float(scratch[std::size_t(2 * i + 1)] * level);
    }
    return {};
}

TimelineMixer::TimelineMixer(std::unique_ptr<State> state) : m_state(std::move(state)) {}
TimelineMixer::TimelineMixer(TimelineMixer&&) noexcept = default;
TimelineMixer& TimelineMixer::operator=(TimelineMixer&&) noexcept = default;
TimelineMixer::~TimelineMixer() = default;

Result<TimelineMixer> TimelineMixer::open(Timeline timeline, std::shared_ptr<SourcePool> pool, CancelToken cancel) {
    LIPAR_TRY(checkTimeline(timeline));
    auto state = std::make_unique<State>();
    state->timeline = std::move(timeline);
    state->pool = pool ? std::move(pool) : std::make_shared<SourcePool>();
    state->cancel = std::move(cancel);
    const Rational rate{state->timeline.sampleRate, 1};
    for (const TimelineSound& sound : state->timeline.sounds)
        state->spans.push_back({(sound.start * rate).ceil(), ((sound.start + sound.duration) * rate).ceil()});
    return TimelineMixer(std::move(state));
}

Result<std::vector<float>> TimelineMixer::mix(std::int64_t firstSample, std::int64_t count) {
    std::vector<float> stereo(std::size_t(std::max<std::int64_t>(0, count)) * 2);
    LIPAR_TRY(mixInto(firstSample, stereo));
    return stereo;
}

Result<> TimelineMixer::mixInto(std::int64_t firstSample, std::span<float> stereo) {
    State& state = *m_state;
    std::ranges::fill(stereo, 0.0F);
    const std::int64_t count = std::int64_t(stereo.size() / 2);
    for (std::int64_t done = 0; done < count; done += kPiece) {
        LIPAR_TRY(state.cancel.check());
        const std::int64_t size = std::min(kPiece, count - done);
        const std::int64_t first = firstSample + done;
        state.closeFinished(first, first + size);
        const auto piece = stereo.subspan(std::size_t(done) * 2, std::size_t(size) * 2);
        for (std::size_t entry = 0; entry < state.spans.size(); ++entry)
            if (state.spans[entry].first < first + size && first < state.spans[entry].end)
                LIPAR_TRY(state.add(entry, first, piece));
    }
    for (float& sample : stereo)
        sample = std::clamp(sample, -1.0F, 1.0F);
    return {};
}

std::int64_t TimelineMixer::sampleOfFrame(const Timeline& timeline, std::int64_t frame) {
    return (Rational{frame, 1} / timeline.rate * Rational{timeline.sampleRate, 1}).rounded();
}

}  // namespace lipar::media
