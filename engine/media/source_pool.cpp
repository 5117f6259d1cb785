#include "engine/media/source_pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "engine/media/open_source.h"
#include "engine/media/sound_reader.h"

namespace lipar::media {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kRememberedStarts = 4096;
constexpr std::int64_t kHeldBytes = 320 << 20;  // of frames for moves back, in all idle sources

template <class List, class Stamp, class Cost>
auto takeCheapest(List& list, const Stamp& stamp, Cost cost) -> decltype(list.front().source) {
    auto best = list.end();
    for (auto it = list.begin(); it != list.end(); ++it)
        if (it->stamp == stamp && (best == list.end() || cost(*it->source) < cost(*best->source)))
            best = it;
    if (best == list.end())
        return nullptr;
    auto source = std::move(best->source);
    list.erase(best);
    return source;
}

template <class List>
void keepAtMost(List& list, std::size_t count) {
    if (list.size() > count)
        list.erase(list.begin(), list.end() - std::ptrdiff_t(count));
}

}  // namespace

SourcePool::SourcePool(std::optional<int> cudaDevice) : m_cudaDevice(cudaDevice) {}
SourcePool::~SourcePool() = default;

void SourcePool::clear() {
    m_pictures.clear();
    m_sounds.clear();
}

SourcePool::Stamp SourcePool::stampOf(const fs::path& path) {
    std::error_code error;  // a file that is not there is told when it is opened
    Stamp stamp{path, 0, {}};
    stamp.bytes = fs::file_size(path, error);
    stamp.changed = fs::last_write_time(path, error);
    return stamp;
}

Result<std::unique_ptr<OpenSource>> SourcePool::takePictures(const fs::path& path, Rational seconds,
                                                             const CancelToken& cancel) {
    const auto cost = [&](const OpenSource& source) { return source.framesTo(seconds); };
    if (auto source = takeCheapest(m_pictures, stampOf(path), cost)) {
        source->setCancel(cancel);
        return source;
    }
    return OpenSource::open(path, cancel, m_cudaDevice);
}

std::int64_t SourcePool::framesTo(const fs::path& path, Rational seconds) const {
    const Stamp stamp = stampOf(path);
    std::int64_t least = OpenSource::kSeekCost;
    for (const auto& idle : m_pictures)
        if (idle.stamp == stamp)
            least = std::min(least, idle.source->framesTo(seconds));
    return least;
}

void SourcePool::giveBack(std::unique_ptr<OpenSource> source) {
    const Stamp stamp = stampOf(source->info().path);
    std::erase_if(m_pictures, [&](const auto& idle) { return idle.stamp.path == stamp.path && idle.stamp != stamp; });
    m_pictures.push_back({stamp, std::move(source)});
    keepAtMost(m_pictures, kIdlePictures);
    std::int64_t room = kHeldBytes;
    for (auto idle = m_pictures.rbegin(); idle != m_pictures.rend(); ++idle) {
        room -= idle->source->heldBytes();
        if (room < 0)
            idle->source->forgetHeld();
    }
}

Result<std::unique_ptr<SoundReader>> SourcePool::takeSound(const fs::path& path, Rational seconds,
                                                           const CancelToken& cancel) {
    const auto cost = [&](const SoundReader& reader) { return reader.distanceTo(seconds); };
    if (auto reader = takeCheapest(m_sounds, stampOf(path), cost)) {
        reader->setCancel(cancel);
        return reader;
    }
    LIPAR_ASSIGN(const Rational start, clockStart(path, cancel));
    return SoundReader::open(path, start, cancel);
}

void SourcePool::giveBack(std::unique_ptr<SoundReader> reader) {
    const Stamp stamp = stampOf(reader->path());
    std::erase_if(m_sounds, [&](const auto& idle) { return idle.stamp.path == stamp.path && idle.stamp != stamp; });
    m_sounds.push_back({stamp, std::move(reader)});
    keepAtMost(m_sounds, kIdleSounds);
}

Result<Rational> SourcePool::clockStart(const fs::path& path, const CancelToken& cancel) {
    const Stamp stamp = stampOf(path);
    if (const auto known = std::ranges::find(m_starts, stamp, &Start::stamp); known != m_starts.end())
        return known->seconds;
    Rational start;
    auto pictures = takePictures(path, {}, cancel);
    if (pictures) {
        start = (*pictures)->clockStart();
        giveBack(std::move(*pictures));
    } else {
        const ErrorCode code = pictures.error().code;
        if (code == ErrorCode::cancelled || code == ErrorCode::inputMissing)
            return std::unexpected(std::move(pictures).error());
        LIPAR_ASSIGN(start, soundStart(path, cancel));
    }
    if (m_starts.size() >= kRememberedStarts)
        m_starts.clear();
    m_starts.push_back({stamp, start});
    return start;
}

}  // namespace lipar::media
