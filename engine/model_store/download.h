// Private to engine/model_store: brings one published file to this machine, through whatever the network does on the
// way.
//
// Redirects are followed, https only. A token goes to the host of the first address and to no other. The hub answers
// the first request with the SHA-256 and the length of the file (X-Linked-ETag, X-Linked-Size) and sends on to the
// server that has the bytes. A transfer that breaks off is taken up where it was (Range, If-Range), as long as the file
// is still the same one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "engine/core/cancel.h"
#include "engine/core/model_state.h"
#include "engine/core/result.h"
#include "engine/model_store/http.h"
#include "engine/model_store/partial_file.h"

namespace lipar::model_store {

struct RemoteFile {
    std::string url;
    std::string origin;  // for messages, and to know the file again
    std::string sha256;  // known beforehand; empty: what the server announces
};

struct DownloadEvents {
    // The file's bytes so far and in all (0 = not known); `note` says why it waits.
    std::function<void(TransferPhase phase, std::uint64_t done, std::uint64_t total, const std::string& note)> progress;
    // Once the length is known, before bytes are taken: may refuse for want of room.
    std::function<Result<>(std::uint64_t remaining)> checkRoom;
};

struct Downloaded {
    std::string sha256;  // of the bytes
    std::string entityTag;
    bool announced = false;  // `sha256` was known or announced, and agrees
    std::uint64_t received = 0;
    std::uint64_t resumed = 0;
};

struct RetryRule {
    int retries = 5;
    double firstWait = 1;  // seconds; doubles, to a minute
};

// Completes `part`; the caller gives it its name. Errors: networkFailed, accessDenied, modelDamaged (the bytes are not
// those that were announced: they are dropped), diskFull, outputFailed, cancelled. After any other error what was
// received stays.
[[nodiscard]] Result<Downloaded> download(HttpClient& client, const RemoteFile& file, const std::string& token,
                                          const RetryRule& rule, PartialFile& part, const DownloadEvents& events,
                                          const CancelToken& cancel);

}  // namespace lipar::model_store
