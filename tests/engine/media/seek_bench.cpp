// Measures how long the viewer waits for a picture of a clip: seek_bench CLIP [SEEKS] [--verify | --proxy FILE]
//
// Goes the way of scrubbing: a compositor for each picture, sources out of a pool. Prints the median, the ninth decile and
// the worst time of each kind of move, and the processor time of all threads for a picture, which other programs that run
// at the same time disturb little. With --verify every picture that a seek gave is compared with the one that decoding the
// whole clip gives; with --proxy the moves are made once more with a proxy, which is written to FILE if it is not there. `long_clip.sh` makes a clip for it; `taskset -c 0,1` leaves it two cores.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "engine/media/media_info.h"
#include "engine/media/proxy.h"
#include "engine/media/timeline_video.h"

using namespace lipar;
using namespace lipar::media;

namespace {

// FNV-1a.
std::uint64_t hashOf(const Picture& picture) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const std::uint8_t byte : picture.rgb)
        hash = (hash ^ byte) * 1099511628211ULL;
    return hash;
}

class Viewer {
public:
    Viewer(Timeline timeline, bool remembers) : m_timeline(std::move(timeline)), m_remembers(remembers) {}

    void setSize(int width, int height) {
        m_width = width;
        m_height = height;
    }
    void setProxies(std::map<std::filesystem::path, std::filesystem::path> proxies) { m_proxies = std::move(proxies); }
    void closeSources() { m_pool->clear(); }
    [[nodiscard]] std::int64_t frames() const { return m_timeline.frames; }
    [[nodiscard]] const std::map<std::int64_t, std::uint64_t>& seen() const { return m_seen; }

    // Milliseconds until the picture is there.
    double show(std::int64_t frame) {
        const auto start = std::chrono::steady_clock::now();
        auto compositor = TimelineCompositor::open(m_timeline, {m_width, m_height, true, nullptr, m_proxies}, m_pool);
        const auto composed = compositor ? compositor->compose(frame) : std::unexpected(compositor.error());
        const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - start;
        if (!composed) {
            std::fprintf(stderr, "%s\n", composed.error().sentence().c_str());
            std::exit(1);
        }
        if (m_remembers && m_width == m_timeline.width)
            m_seen[frame] = hashOf(*composed->source);
        return passed.count();
    }

private:
    Timeline m_timeline;
    bool m_remembers;
    int m_width = 0, m_height = 0;
    std::map<std::filesystem::path, std::filesystem::path> m_proxies;
    std::shared_ptr<SourcePool> m_pool = std::make_shared<SourcePool>();
    std::map<std::int64_t, std::uint64_t> m_seen;
};

void measure(const char* what, int count, const std::function<double(int)>& move) {
    std::vector<double> times;
    const std::clock_t start = std::clock();
    for (int i = 0; i < count; ++i)
        times.push_back(move(i));
    const double processor = double(std::clock() - start) * 1000 / CLOCKS_PER_SEC / count;
    std::ranges::sort(times);
    std::printf("%-32s median %6.1f ms, 90 %% within %6.1f ms, worst %6.1f ms; processor %6.1f ms (%d)\n", what,
                times[times.size() / 2], times[times.size() * 9 / 10], times.back(), processor, count);
    std::fflush(stdout);
}

// Number of pictures that differ from those of a decoding from the first frame to the last.
std::size_t differences(const Timeline& timeline, const std::map<std::int64_t, std::uint64_t>& seen) {
    auto compositor = TimelineCompositor::open(timeline);
    std::size_t count = 0;
    for (std::int64_t frame = 0; compositor && frame < timeline.frames; ++frame) {
        const auto composed = compositor->compose(frame);
        const auto expected = seen.find(frame);
        count += expected != seen.end() && (!composed || hashOf(*composed->source) != expected->second);
    }
    return compositor ? count : seen.size();
}

int usage() {
    std::fprintf(stderr, "usage: seek_bench CLIP [SEEKS] [--verify | --proxy FILE]\n");
    return 2;
}

}  // namespace

int main(int argc, char* argv[]) {
    std::vector<std::string> words(argv + 1, argv + argc);
    const bool verifies = std::erase(words, "--verify") > 0;
    std::filesystem::path proxy;
    if (const auto option = std::ranges::find(words, "--proxy"); option != words.end()) {
        if (option + 1 == words.end() || verifies)
            return usage();
        proxy = *(option + 1);
        words.erase(option, option + 2);
    }
    if (words.empty() || words.size() > 2)
        return usage();
    const int seeks = words.size() > 1 ? std::atoi(words[1].c_str()) : 200;
    if (seeks < 1)
        return usage();
    const auto info = probe(words[0]);
    if (!info) {
        std::fprintf(stderr, "%s\n", info.error().sentence().c_str());
        return 1;
    }
    const VideoStreamInfo& video = info->video;
    Timeline timeline;
    timeline.width = video.uprightWidth();
    timeline.height = video.uprightHeight();
    timeline.rate = video.averageRate;
    timeline.frames = std::int64_t(video.durationSeconds * timeline.rate.value());
    TimelinePictures entry;
    entry.input = words[0];
    entry.duration = Rational{timeline.frames, 1} / timeline.rate;
    timeline.pictures.push_back(entry);
    std::printf("%dx%d, %lld frames\n", timeline.width, timeline.height, (long long)timeline.frames);

    Viewer viewer(timeline, verifies);
    std::mt19937 random(1);
    const auto anywhere = [&](std::int64_t room) {
        return std::int64_t(random() % std::uint64_t(std::max<std::int64_t>(1, timeline.frames - room)));
    };
    const auto measureMoves = [&] {
        measure("first picture, file not yet open", std::min(seeks, 10), [&](int) {
            viewer.closeSources();
            return viewer.show(anywhere(0));
        });
        measure("random seek", seeks, [&](int) { return viewer.show(anywhere(0)); });
        viewer.setSize(timeline.width / 2, timeline.height / 2);
        measure("random seek, half size", seeks, [&](int) { return viewer.show(anywhere(0)); });
        viewer.setSize(timeline.width, timeline.height);

        std::int64_t at = anywhere(0);
        const auto drag = [&](std::int64_t step) {
            return [&, step](int i) {
                at = i % 50 ? std::clamp<std::int64_t>(at + step, 0, timeline.frames - 1) : anywhere(0);
                return viewer.show(at);
            };
        };
        measure("dragging forward, 20 frames", seeks, drag(20));
        measure("dragging back, 20 frames", seeks, drag(-20));
        measure("step forward", seeks, drag(1));
        measure("step back", seeks, drag(-1));
    };
    measureMoves();
    if (!proxy.empty()) {
        const auto start = std::chrono::steady_clock::now();
        const auto made = std::filesystem::exists(proxy) ? Result<bool>(true) : makeProxy(words[0], proxy);
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
        if (!made || !*made) {
            std::fprintf(stderr, "%s\n", made ? "any frame is reached quickly: no proxy is needed" : made.error().sentence().c_str());
            return 1;
        }
        std::printf("\nWith a proxy, made in %.1f s, %.1f MB\n", passed.count(), double(std::filesystem::file_size(proxy)) / 1e6);
        viewer.closeSources();
        viewer.setProxies({{words[0], proxy}});
        measureMoves();
    }
    if (!verifies)
        return 0;
    const std::size_t wrong = differences(timeline, viewer.seen());
    std::printf("%zu pictures compared with a decoding of the whole clip: %zu differ\n", viewer.seen().size(), wrong);
    return wrong == 0 ? 0 : 1;
}
