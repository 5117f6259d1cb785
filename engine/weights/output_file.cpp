#include "engine/weights/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "engine/core/pending_file.h"

namespace lipar::weights {
namespace {

// Zero, or errno.
int writeAll(int descriptor, std::span<const std::byte> bytes) {
    constexpr std::size_t kAtOnce = std::size_t(1) << 30;  // below the kernel's limit for one write
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), std::min(bytes.size(), kAtOnce));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return 0;
}

int writeParts(const std::filesystem::path& path, std::span<const std::span<const std::byte>> parts) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (descriptor < 0)
        return errno;
    int problem = 0;
    for (const auto part : parts)
        if (problem == 0)
            problem = writeAll(descriptor, part);
    if (::close(descriptor) != 0 && problem == 0)
        problem = errno;
    return problem;
}

}  // namespace

Result<> writeWholeFile(const std::filesystem::path& target, std::span<const std::span<const std::byte>> parts) {
    LIPAR_ASSIGN(PendingFile pending, PendingFile::create(target));
    if (const int problem = writeParts(pending.path(), parts); problem != 0) {
        const bool full = problem == ENOSPC || problem == EDQUOT;
        return fail(full ? ErrorCode::diskFull : ErrorCode::outputFailed,
                    "cannot write " + target.string() + ": " + std::strerror(problem),
                    full ? "free some space or choose another folder" : "choose a folder you may write to");
    }
    return pending.commit();
}

}  // namespace lipar::weights
