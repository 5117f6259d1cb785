#include "engine/service/edit_cache.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <optional>

namespace lipar::service {
namespace {
namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* kExtension = ".block";

template <class Number>
std::optional<Number> numberOf(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

bool isKey(const std::string& name) {
    return name.size() == 64 && std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<EditRange> rangeOf(const std::string& name) {
    const std::size_t dash = name.find('-');
    if (dash == std::string::npos)
        return std::nullopt;
    const auto begin = numberOf<std::int64_t>(std::string_view(name).substr(0, dash)), end = numberOf<std::int64_t>(std::string_view(name).substr(dash + 1));
    return begin && end ? std::optional(EditRange{*begin, *end}) : std::nullopt;
}

// Calls `visit` for every entry; what disappears meanwhile (another process clears) is passed over.
void forEachEntry(const fs::path& folder, const std::function<void(const fs::directory_entry&)>& visit) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        visit(*entry);
}

struct BlockFile {
    fs::path path;
    std::uint64_t bytes = 0;
    fs::file_time_type used;
};

// Every block of the folder; temporary files that a killed process left are removed on the way.
std::vector<BlockFile> allBlocks(const fs::path& folder) {
    std::vector<BlockFile> files;
    const auto now = fs::file_time_type::clock::now();
    forEachEntry(folder, [&](const fs::directory_entry& edit) {
        if (!isKey(edit.path().filename().string()))
            return;
        forEachEntry(edit.path(), [&](const fs::directory_entry& run) {
            if (!rangeOf(run.path().filename().string()))
                return;
            forEachEntry(run.path(), [&](const fs::directory_entry& file) {
                std::error_code error, ignored;
                const auto used = file.last_write_time(error);
                const std::string name = file.path().filename().string();
                if (error || !name.ends_with(kExtension))
                    return;
                if (!name.starts_with('.'))
                    files.push_back({file.path(), file.file_size(ignored), used});
                else if (now - used > 1h)
                    fs::remove(file.path(), ignored);
            });
        });
    });
    return files;
}

// Removes a block and its folders when they became empty.
void removeBlock(const fs::path& file) {
    std::error_code ignored;
    fs::remove(file, ignored);
    if (fs::remove(file.parent_path(), ignored))
        fs::remove(file.parent_path().parent_path(), ignored);
}

}  // namespace

fs::path EditCache::folderOf(const std::string& key, const EditRange& run) const {
    return folderOf(key) / (std::to_string(run.begin) + "-" + std::to_string(run.end));
}

fs::path EditCache::fileOf(const std::string& key, const EditRange& run, int index) const {
    const std::string digits = std::to_string(index);
    return folderOf(key, run) / (std::string(8 - std::min<std::size_t>(8, digits.size()), '0') + digits + kExtension);
}

std::vector<EditRange> EditCache::runs(const std::string& key) const {
    std::vector<EditRange> found;
    forEachEntry(folderOf(key), [&](const fs::directory_entry& entry) {
        if (const auto range = rangeOf(entry.path().filename().string()))
            found.push_back(*range);
    });
    return found;
}

std::vector<int> EditCache::blocks(const std::string& key, const EditRange& run) const {
    std::vector<int> found;
    forEachEntry(folderOf(key, run), [&](const fs::directory_entry& entry) {
        if (const auto index = numberOf<int>(entry.path().stem().string()); index && entry.path().extension() == kExtension)
            found.push_back(*index);
    });
    std::ranges::sort(found);
    return found;
}

Result<> EditCache::write(const std::string& key, const EditRange& run, BlockHeader header, const std::vector<PicturePtr>& pictures) const {
    const fs::path file = fileOf(key, run, header.index);
    std::error_code error;
    Result<> written;
    // Twice: another process that clears the cache may take the folder away in between.
    for (int attempt = 0; attempt < 2; ++attempt) {
        fs::create_directories(file.parent_path(), error);
        if (error)
            return fail(error == std::errc::no_space_on_device ? ErrorCode::diskFull : ErrorCode::outputFailed,
                        "cannot create the cache folder " + file.parent_path().string() + ": " + error.message(), "choose another cache folder");
        written = writeBlock(file, header, pictures);
        if (written || fs::exists(file.parent_path(), error))
            break;
    }
    return written;
}

Result<StoredBlock> EditCache::read(const std::string& key, const EditRange& run, int index) const {
    const fs::path file = fileOf(key, run, index);
    std::error_code ignored;
    Result<StoredBlock> block = StoredBlock::read(file);
    if (!block)
        removeBlock(file);
    else
        fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);
    return block;
}

Result<BlockHeader> EditCache::readHeader(const std::string& key, const EditRange& run, int index) const {
    const fs::path file = fileOf(key, run, index);
    Result<BlockHeader> header = readBlockHeader(file);
    if (!header)
        removeBlock(file);
    return header;
}

void EditCache::enforceLimit(fs::file_time_type keepFrom) const {
    std::vector<BlockFile> files = allBlocks(m_settings.folder);
    std::uint64_t total = 0;
    for (const BlockFile& file : files)
        total += file.bytes;
    if (total <= m_settings.limitBytes)
        return;
    std::ranges::sort(files, {}, &BlockFile::used);
    for (const BlockFile& file : files) {
        if (total <= m_settings.limitBytes || file.used >= keepFrom)
            break;
        removeBlock(file.path);
        total -= file.bytes;
    }
}

std::uint64_t EditCache::clear() const {
    std::uint64_t freed = 0;
    for (const BlockFile& file : allBlocks(m_settings.folder)) {
        removeBlock(file.path);
        freed += file.bytes;
    }
    return freed;
}

}  // namespace lipar::service
