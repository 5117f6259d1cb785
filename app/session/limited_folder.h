// A cache folder that does not grow without bound: of its files those used longest ago are removed first.
//
// Files lie one folder deep (FOLDER/NAME/FILE); a file's modification time is when it was used last, so programs that share
// the folder agree. Files of other endings are left alone. Failures are passed over: a cache costs time, nothing else.
// Thread: one object, one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace lipar::session {

class LimitedFolder {
public:
    // `extension`: of the files that count, such as ".jpg".
    LimitedFolder(std::filesystem::path folder, std::string extension, std::uint64_t limitBytes);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_folder; }
    // After a file was read.
    void noteUsed(const std::filesystem::path& file) const;
    // After a file was written. Makes room where the limit is passed: a quarter of it, so that this is seldom.
    void noteWritten(const std::filesystem::path& file);

private:
    void makeRoom();

    std::filesystem::path m_folder;
    std::string m_extension;
    std::uint64_t m_limit;
    std::optional<std::uint64_t> m_bytes;  // once the folder has been looked through
};

}  // namespace lipar::session
