// The directory of a zip archive (zip64 too), read in place; enough for torch archives, whose records are stored as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace lipar::weights {

class ZipDirectory {
public:
    // Reads the central directory. `file` is the whole file and must outlive the object.
    // Error: modelDamaged with the bare reason (no directory, a name twice, anything that lies outside the file).
    [[nodiscard]] static Result<ZipDirectory> parse(std::span<const std::byte> file);

    struct Record {
        std::uint16_t flags = 0;
        std::uint16_t method = 0;
        std::uint64_t storedSize = 0;  // in the file
        std::uint64_t size = 0;        // unpacked
        std::uint64_t headerOffset = 0;
    };
    [[nodiscard]] const std::map<std::string, Record, std::less<>>& records() const noexcept { return m_records; }

    // The bytes of a record, in place. Error: modelDamaged (no such record, compressed or encrypted, outside the file).
    [[nodiscard]] Result<std::span<const std::byte>> read(std::string_view name) const;

private:
    explicit ZipDirectory(std::span<const std::byte> file) : m_file(file) {}
    std::span<const std::byte> m_file;
    std::map<std::string, Record, std::less<>> m_records;
};

}  // namespace lipar::weights
