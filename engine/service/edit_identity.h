// Private to engine/service: what makes two edits the same, known before any model is loaded.
#pragma once

#include <cstdint>
#include <string>

#include "engine/core/cancel.h"
#include "engine/service/clip_setup.h"

namespace lipar::service {

// Where a run of an edit begins and ends, microseconds of the source from its first frame. The model is causal, so the
// pictures depend on the beginning; the end is part of it because the last block's mask sees it.
struct EditRange {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    friend auto operator<=>(const EditRange&, const EditRange&) = default;
};

struct EditIdentity {
    std::string key;  // SHA-256, hexadecimal, of everything else that changes the pictures
    EditRange range;
    double frameSeconds = 0.04;  // of the source, on average
    bool reachesEnd = false;     // the range ends where the source does
};

// The source counts by its size and the digest of its first and last MiB, region masks by their digests, models by theirs;
// digests of files that have not changed are remembered by the process. Errors: inputMissing, modelMissing, cancelled.
[[nodiscard]] Result<EditIdentity> identityOf(const EditBasis& basis, const EditSettings& settings, const CancelToken& cancel);

// SHA-256 of a model, remembered likewise; those of large models also from one start to the next, by the path, size and
// time of every file.
[[nodiscard]] Result<std::string> digestOfModel(const std::filesystem::path& directory, const CancelToken& cancel);

}  // namespace lipar::service
