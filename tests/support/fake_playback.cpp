// What the fake engine answers without a model: playback from its clip and its cache, thumbnails, waveforms, look-ups.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "tests/support/fake_engine.h"

namespace lipar::testing {

namespace {

constexpr int playbackBatch = 8;  // pictures each time the event loop comes round

// What a block of an edit is found by: the source and every setting that changes the picture.
std::string keyOf(const std::filesystem::path& input, const service::EditSettings& settings) {
    std::string key = input.string() + '|' + settings.prompt + '|' + std::to_string(settings.seed) + '|' +
                      std::to_string(settings.strength.value_or(-1)) + '|' + std::to_string(settings.pruning) + '|' +
                      std::to_string(settings.tau1.value_or(-1)) + '|' + std::to_string(settings.width) + '|' +
                      settings.protectMask.string() + '|' + settings.alwaysEditMask.string();
    for (const auto& [seconds, prompt] : settings.promptChanges)
        key += '|' + std::to_string(seconds) + prompt;
    for (const int step : settings.steps)
        key += '|' + std::to_string(step);
    return key;
}

PicturePtr scaledToHeight(const Picture& source, int height) {
    const int width = std::max(1, source.width * height / std::max(1, source.height));
    auto scaled = std::make_shared<Picture>(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const auto from = std::size_t(3) * (std::size_t(y * source.height / height) * std::size_t(source.width) +
                                                std::size_t(x * source.width / width));
            const auto to = std::size_t(3) * (std::size_t(y) * std::size_t(width) + std::size_t(x));
            std::copy_n(source.rgb.begin() + std::ptrdiff_t(from), 3, scaled->rgb.begin() + std::ptrdiff_t(to));
        }
    return scaled;
}

}  // namespace

int FakeEngine::clipFrame(double seconds) const {
    const auto frame = int(std::floor(seconds * m_clip.info.fps + 1e-6));
    return std::clamp(frame, 0, int(m_clip.source.size()) - 1);
}

void FakeEngine::start(service::JobId job, const service::PlaybackRequest& request) {
    const auto end = request.endFrame < 0 ? request.timeline.frames : std::min(request.endFrame, request.timeline.frames);
    m_playbacks.push_back({job, request, request.firstFrame, end});
    m_playbackTimer.start();
}

void FakeEngine::advancePlayback() {
    if (m_holdsPlayback)
        return;
    for (auto& playback : m_playbacks) {
        const auto& request = playback.request;
        const auto& timeline = request.timeline;
        // A job without a pace runs as fast as it goes; the pace's own reach is 24 pictures at most.
        const auto last = request.pace ? request.pace->shown() + 20 : playback.end;
        for (int sent = 0; sent < playbackBatch && playback.next < playback.end && playback.next <= last; ++sent) {
            const auto frame = playback.next++;
            if (request.sound) {
                const auto sampleOf = [&](std::int64_t f) {
                    return (Rational{f, 1} / timeline.rate * Rational{timeline.sampleRate, 1}).rounded();
                };
                service::PlaybackSound sound{playback.job, sampleOf(frame), timeline.sampleRate, {}};
                sound.stereo.assign(std::size_t(2 * (sampleOf(frame + 1) - sampleOf(frame))), 0.1f);
                send(std::move(sound));
            }
            send(pictureAt(playback, frame));
        }
    }
    // Receivers may have asked for more, or cancelled, meanwhile; what is done is taken out afterwards.
    std::vector<Playback> done;
    std::erase_if(m_playbacks, [&](const Playback& playback) {
        if (playback.next < playback.end)
            return false;
        done.push_back(playback);
        return true;
    });
    for (const auto& playback : done)
        send(service::JobFinished{playback.job, service::PlaybackReport{playback.end - playback.request.firstFrame}});
    if (m_playbacks.empty())
        m_playbackTimer.stop();
}

service::PlaybackPicture FakeEngine::pictureAt(const Playback& playback, std::int64_t frame) const {
    const auto& request = playback.request;
    const auto time = Rational{frame, 1} / request.timeline.rate;
    service::PlaybackPicture picture;
    picture.job = playback.job;
    picture.frame = frame;
    const auto& stretches = request.timeline.pictures;
    const auto top = std::find_if(stretches.rbegin(), stretches.rend(), [&](const TimelinePictures& stretch) {
        return stretch.start <= time && time < stretch.start + stretch.duration;
    });
    if (top == stretches.rend()) {
        picture.source = std::make_shared<const Picture>(m_clip.source.front()->width, m_clip.source.front()->height);
        return picture;
    }
    const double seconds = (top->sourceStart + (time - top->start) * top->speed).value();
    const auto index = std::size_t(clipFrame(seconds));
    picture.source = m_clip.source[index];
    picture.hasProxy = request.proxies.contains(top->input);
    if (top->edit < 0)
        return picture;
    const auto& settings = request.edits[std::size_t(top->edit)].settings;
    const auto found = m_cache.find(keyOf(top->input, settings));
    const auto isHeld = found != m_cache.end() && std::ranges::any_of(found->second, [&](const auto& block) {
        return block.startSeconds <= seconds + 1e-6 && seconds < block.endSeconds - 1e-6;
    });
    if (!isHeld) {
        picture.editPending = true;
        return picture;
    }
    picture.edited = m_clip.edited[index];
    const auto block = blockAt(playback.job, 0, int(index) / blockFrames * blockFrames);
    const int row = int(index) % blockFrames / 4;
    picture.keep = TokenMask(1, block.keep.rows, block.keep.columns);
    std::copy_n(block.keep.frame(row), block.keep.frameSize(), picture.keep.keep.begin());
    const auto firstAge = block.age.begin() + std::ptrdiff_t(std::size_t(row) * block.keep.frameSize());
    picture.age.assign(firstAge, firstAge + std::ptrdiff_t(block.keep.frameSize()));
    return picture;
}

void FakeEngine::remember(const Edit& edit, const service::BlockFinished& block) {
    auto& blocks = m_cache[keyOf(edit.request.input, edit.request.settings)];
    service::CachedBlock cached;
    cached.startSeconds = block.seconds.front();
    cached.endSeconds = block.seconds.back() + 1 / m_clip.info.fps;
    cached.exact = edit.firstFrame == 0;
    for (int f = 0; f < block.keep.frames; ++f)
        cached.keptPerLatentFrame.push_back(
            double(std::count(block.keep.frame(f), block.keep.frame(f) + block.keep.frameSize(), 1)) /
            double(block.keep.frameSize()));
    std::erase_if(blocks, [&](const service::CachedBlock& other) {
        return other.startSeconds < cached.endSeconds - 1e-6 && cached.startSeconds < other.endSeconds - 1e-6;
    });
    blocks.push_back(std::move(cached));
    std::ranges::sort(blocks, {}, &service::CachedBlock::startSeconds);
}

void FakeEngine::answer(service::JobId job, const service::ThumbnailsRequest& request) {
    for (const double seconds : request.seconds)
        send(service::Thumbnail{job, seconds, scaledToHeight(*m_clip.source[std::size_t(clipFrame(seconds))], request.height)});
    send(service::JobFinished{job, service::ThumbnailsReport{int(request.seconds.size())}});
}

void FakeEngine::answer(service::JobId job, const service::WaveformRequest& request) {
    service::WaveformReport report;
    report.peaksPerSecond = request.peaksPerSecond;
    const auto count = std::size_t(m_clip.info.durationSeconds * request.peaksPerSecond);
    for (std::size_t i = 0; i < count && !m_clip.info.audioCodec.empty(); ++i) {
        const double seconds = double(i) / request.peaksPerSecond;
        const double beat = std::abs(std::sin(seconds * 2 * std::numbers::pi)) * (0.55 + 0.45 * std::sin(seconds * 37));
        report.peaks.push_back(std::uint8_t(20 + 200 * std::abs(beat)));
    }
    send(service::JobFinished{job, report});
}

void FakeEngine::answer(service::JobId job, const service::CacheLookupRequest& request) {
    service::CacheLookupReport report;
    if (const auto found = m_cache.find(keyOf(request.input, request.edit.settings)); found != m_cache.end())
        report.blocks = found->second;
    send(service::JobFinished{job, report});
}

}  // namespace lipar::testing
