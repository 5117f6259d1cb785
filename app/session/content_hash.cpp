#include "app/session/content_hash.h"

#include <algorithm>
#include <system_error>

#include <QCryptographicHash>
#include <QFile>

#include "app/session/paths.h"

namespace lipar::session {

namespace {
constexpr qint64 endBytes = qint64(1) << 20;
}

Result<FileIdentity> identityOf(const std::filesystem::path& path) {
    QFile file(toNative(path));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::inputMissing,
                    "\"" + toNative(path.filename()).toStdString() + "\" could not be read: " +
                        file.errorString().toStdString(),
                    "check that the file is there and that you may read it");
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(file.read(endBytes));
    if (file.size() > endBytes) {
        file.seek(std::max(endBytes, file.size() - endBytes));
        hash.addData(file.read(endBytes));
    }
    return FileIdentity{std::uint64_t(file.size()), hash.result().toHex().toStdString()};
}

Result<std::vector<std::filesystem::path>> findFiles(const std::vector<FileIdentity>& wanted,
                                                     const std::filesystem::path& folder, const CancelToken& cancel) {
    std::vector<std::filesystem::path> found(wanted.size());
    std::error_code error;
    std::filesystem::recursive_directory_iterator entry(
        folder, std::filesystem::directory_options::skip_permission_denied, error);
    for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
        LIPAR_TRY(cancel.check());
        std::error_code unreadable;
        if (!entry->is_regular_file(unreadable))
            continue;
        const auto bytes = entry->file_size(unreadable);
        if (unreadable || std::ranges::find(wanted, bytes, &FileIdentity::bytes) == wanted.end())
            continue;
        const auto identity = identityOf(entry->path());
        for (std::size_t i = 0; identity && i < wanted.size(); ++i)
            if (found[i].empty() && wanted[i] == *identity)
                found[i] = entry->path();
        if (std::ranges::none_of(found, &std::filesystem::path::empty))
            break;
    }
    return found;
}

}  // namespace lipar::session
