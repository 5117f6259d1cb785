// Private to engine/service: the edits of a timeline as the compositor wants them, out of the cache.
// Thread: one object, one thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/timeline.h"
#include "engine/media/timeline_video.h"
#include "engine/service/cached_edit.h"
#include "engine/service/job.h"

namespace lipar::service {

// Edits that were looked up lately, so that scrubbing finds them without opening their sources again.
class KnownEdits {
public:
    // The edit of this input, refreshed. Errors: as basisOfEdit() and identityOf().
    [[nodiscard]] Result<std::shared_ptr<CachedEdit>> find(const std::filesystem::path& input, const TimelineEdit& edit, const EditCache& cache,
                                                           const std::filesystem::path& cacheFolder, JobContext& context);

private:
    static constexpr std::size_t kMost = 64;
    std::map<std::string, std::shared_ptr<CachedEdit>> m_edits;  // by all that was asked for and the file's state
};

class CachedPictures : public media::PictureSource {
public:
    // A render takes exact blocks alone, and one that is not there is an error.
    enum class Take { any, exactOnly };

    // `edits`: one for each of timeline.pictures; empty where it is not edited or outside of what will be shown.
    CachedPictures(std::vector<std::shared_ptr<CachedEdit>> edits, Take take) : m_edits(std::move(edits)), m_take(take) {}

    [[nodiscard]] Result<Answer> edited(std::size_t entry, Rational seconds) override;
    [[nodiscard]] std::optional<CachedEdit::Place> place(int entry, Rational seconds) const;

private:
    std::vector<std::shared_ptr<CachedEdit>> m_edits;
    Take m_take;
};

// Whether an entry of Timeline::pictures is edited and visible in some frame of a range.
[[nodiscard]] bool isEditedWithin(const TimelinePictures& entry, const Timeline& timeline, std::int64_t firstFrame, std::int64_t endFrame);

// What playback keeps between requests: opened sources, edits looked up. Belongs to one engine's thread.
struct PlaybackMemory {
    std::shared_ptr<media::SourcePool> pictures = std::make_shared<media::SourcePool>();
    std::shared_ptr<media::SourcePool> sounds = std::make_shared<media::SourcePool>();
    KnownEdits edits;
};

}  // namespace lipar::service
