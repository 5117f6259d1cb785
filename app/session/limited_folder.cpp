#include "app/session/limited_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

namespace lipar::session {
namespace fs = std::filesystem;

namespace {

struct File {
    fs::path path;
    std::uint64_t bytes = 0;
    fs::file_time_type used;
};

// What disappears meanwhile (another program makes room) is passed over.
template <class Visit>
void eachEntry(const fs::path& folder, Visit visit) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        visit(*entry);
}

std::vector<File> filesIn(const fs::path& folder, const std::string& extension) {
    std::vector<File> files;
    eachEntry(folder, [&](const fs::directory_entry& inner) {
        eachEntry(inner.path(), [&](const fs::directory_entry& entry) {
            std::error_code error;
            if (entry.path().extension() != extension || !entry.is_regular_file(error))
                return;
            const std::uint64_t bytes = entry.file_size(error);
            const auto used = error ? fs::file_time_type() : entry.last_write_time(error);
            if (!error)
                files.push_back({entry.path(), bytes, used});
        });
    });
    return files;
}

}  // namespace

LimitedFolder::LimitedFolder(fs::path folder, std::string extension, std::uint64_t limitBytes)
    : m_folder(std::move(folder)), m_extension(std::move(extension)), m_limit(limitBytes) {}

void LimitedFolder::noteUsed(const fs::path& file) const {
    std::error_code ignored;
    fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);
}

void LimitedFolder::noteWritten(const fs::path& file) {
    std::error_code error;
    const std::uint64_t bytes = fs::file_size(file, error);
    if (m_bytes && !error)
        *m_bytes += bytes;
    if (!m_bytes || *m_bytes > m_limit)
        makeRoom();
}

void LimitedFolder::makeRoom() {
    std::vector<File> files = filesIn(m_folder, m_extension);
    std::uint64_t total = 0;
    for (const File& file : files)
        total += file.bytes;
    if (total > m_limit) {
        std::ranges::sort(files, {}, &File::used);
        for (const File& file : files) {
            if (total <= m_limit - m_limit / 4)
                break;
            std::error_code ignored;
            fs::remove(file.path, ignored);
            fs::remove(file.path.parent_path(), ignored);  // only when it became empty
            total -= file.bytes;
        }
    }
    m_bytes = total;
}

}  // namespace lipar::session
