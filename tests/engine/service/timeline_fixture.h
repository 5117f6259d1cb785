// What the tests of cache, render and playback share: small clips, an edit by the built-in model, events gathered.
#pragma once

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <set>

#include "engine/service/engine.h"
#include "tests/support/test_clip.h"

namespace lipar::test {

namespace fs = std::filesystem;

// A folder with what a test makes.
class Shop {
public:
    [[nodiscard]] fs::path path(const QString& name) const { return m_folder.filePath(name).toStdString(); }
    [[nodiscard]] service::EditCacheSettings cache() const { return {path("cache"), std::uint64_t(1) << 30}; }

    // Begins with what another cache holds.
    void takeCacheOf(const Shop& other) const { fs::copy(other.path("cache"), path("cache"), fs::copy_options::recursive); }

    // Every block in the cache, sorted.
    [[nodiscard]] std::vector<fs::path> blocks() const {
        std::set<fs::path> found;
        std::error_code ignored;
        for (const auto& entry : fs::recursive_directory_iterator(path("cache"), ignored))
            if (entry.path().extension() == ".block")
                found.insert(entry.path());
        return {found.begin(), found.end()};
    }
    [[nodiscard]] std::uint64_t cacheBytes() const {
        std::uint64_t bytes = 0;
        for (const fs::path& block : blocks())
            bytes += fs::file_size(block);
        return bytes;
    }

private:
    QTemporaryDir m_folder;
};

inline service::TimelineEdit paint() {
    service::TimelineEdit edit;
    edit.engine.device = "cpu";
    edit.engine.precision = service::Precision::fp32;
    edit.settings.prompt = "oil painting";
    edit.settings.width = 96;
    edit.settings.height = 64;
    return edit;
}

inline service::EditRequest editRequest(const fs::path& input, const service::TimelineEdit& edit, const service::EditCacheSettings& cache) {
    service::EditRequest request;
    request.input = input;
    request.engine = edit.engine;
    request.settings = edit.settings;
    request.cache = cache;
    request.sendPictures = true;
    return request;
}

// A job's outcome and everything it sent.
struct Played {
    Result<service::Report> outcome = fail(ErrorCode::internal, "not run");
    std::vector<service::Event> events;

    template <class T>
    [[nodiscard]] std::vector<T> all() const {
        std::vector<T> found;
        for (const service::Event& event : events)
            if (const T* one = std::get_if<T>(&event))
                found.push_back(*one);
        return found;
    }
    template <class T>
    [[nodiscard]] const T& report() const {
        if (!outcome)
            qFatal("the job failed: %s", outcome.error().sentence().c_str());
        return std::get<T>(*outcome);
    }
};

inline Played play(service::Request request, const CancelToken& cancel = {}) {
    Played played;
    played.outcome = service::runJob(std::move(request), [&](const service::Event& event) { played.events.push_back(event); }, cancel);
    return played;
}

inline std::vector<PicturePtr> editedPictures(const Played& played) {
    std::vector<PicturePtr> pictures;
    for (const auto& block : played.all<service::BlockFinished>())
        pictures.insert(pictures.end(), block.edited.begin(), block.edited.end());
    return pictures;
}

inline bool isSame(const std::vector<PicturePtr>& a, const std::vector<PicturePtr>& b) {
    return std::ranges::equal(a, b, [](const PicturePtr& x, const PicturePtr& y) { return x && y && x->rgb == y->rgb; });
}

// Largest mean difference of the pictures' channels, of 255.
inline double difference(const Picture& a, const Picture& b) {
    if (a.rgb.size() != b.rgb.size() || a.rgb.empty())
        return 255;
    double sum = 0;
    for (std::size_t i = 0; i < a.rgb.size(); ++i)
        sum += std::abs(int(a.rgb[i]) - int(b.rgb[i]));
    return sum / double(a.rgb.size());
}

}  // namespace lipar::test
