#include "app/project/text_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "engine/core/pending_file.h"

namespace lipar::project {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaximumBytes = std::uintmax_t(1) << 30;

std::unexpected<Error> cannotOpen(const fs::path& file, ErrorCode code, const std::string& why, const std::string& hint) {
    return std::unexpected(aboutFile(file, Error{code, why, hint}));
}

}  // namespace

Error aboutFile(const fs::path& file, Error error) {
    error.message = "cannot open " + file.string() + ": " + error.message;
    return error;
}

Result<std::string> readTextFile(const fs::path& file) {
    std::error_code error;
    if (fs::is_directory(file, error))
        return cannotOpen(file, ErrorCode::inputMissing, "it is a folder", "give a file");
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return cannotOpen(file, ErrorCode::inputMissing, std::strerror(errno), "check the path and that you may read it");
    if (const auto bytes = fs::file_size(file, error); !error && bytes > kMaximumBytes)
        return cannotOpen(file, ErrorCode::inputDamaged, "it is larger than any project", "check that it is the right file");
    return std::string{std::istreambuf_iterator<char>(stream), {}};
}

Result<> writeTextFile(const fs::path& file, const std::string& text) {
    LIPAR_ASSIGN(PendingFile pending, PendingFile::create(file));
    errno = 0;
    std::ofstream stream(pending.path(), std::ios::binary | std::ios::trunc);
    stream << text << std::flush;
    stream.close();
    if (!stream) {
        const int why = errno;
        const bool full = why == ENOSPC || why == EDQUOT || why == EFBIG;
        return fail(full ? ErrorCode::diskFull : ErrorCode::outputFailed,
                    "cannot write " + file.string() + ": " + std::strerror(why),
                    full ? "free some space or choose another folder" : "choose a folder you may write to");
    }
    return pending.commit();
}

}  // namespace lipar::project
