#include "engine/core/pending_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace lipar {
namespace fs = std::filesystem;

namespace {

Error writeError(const fs::path& path, int systemError) {
    const bool full = systemError == ENOSPC || systemError == EDQUOT;
    return Error{full ? ErrorCode::diskFull : ErrorCode::outputFailed,
                 "cannot write " + path.string() + ": " + std::strerror(systemError),
                 full ? "free some space or choose another folder" : "choose a folder you may write to"};
}

}  // namespace

PendingFile::PendingFile(fs::path temporary, fs::path target)
    : m_temporary(std::move(temporary)), m_target(std::move(target)) {}

PendingFile::PendingFile(PendingFile&& other) noexcept
    : m_temporary(std::exchange(other.m_temporary, {})), m_target(std::exchange(other.m_target, {})) {}

PendingFile& PendingFile::operator=(PendingFile&& other) noexcept {
    std::swap(m_temporary, other.m_temporary);
    std::swap(m_target, other.m_target);
    return *this;
}

PendingFile::~PendingFile() {
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

Result<PendingFile> PendingFile::create(const fs::path& target) {
    std::error_code ignored;
    if (fs::is_directory(target, ignored))
        return fail(ErrorCode::outputFailed, "cannot write " + target.string() + ": it is a folder", "give a file name");
    const std::string stem = "." + target.stem().string() + ".part-" + std::to_string(::getpid()) + "-";
    for (int attempt = 0; attempt < 1000; ++attempt) {
        fs::path temporary = target.parent_path() / (stem + std::to_string(attempt) + target.extension().string());
        const int descriptor = ::open(temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
        if (descriptor >= 0) {
            ::close(descriptor);
            return PendingFile(std::move(temporary), target);
        }
        if (errno != EEXIST)
            return std::unexpected(writeError(target, errno));
    }
    return fail(ErrorCode::outputFailed, "cannot write " + target.string() + ": no free temporary name beside it");
}

Result<> PendingFile::commit() {
    const int descriptor = ::open(m_temporary.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0)
        return std::unexpected(writeError(m_target, errno));
    const int synced = ::fsync(descriptor);
    const int syncError = errno;
    ::close(descriptor);
    if (synced != 0)
        return std::unexpected(writeError(m_target, syncError));
    if (::rename(m_temporary.c_str(), m_target.c_str()) != 0)
        return std::unexpected(writeError(m_target, errno));
    m_temporary.clear();
    return {};
}

}  // namespace lipar
