// Files for the tests of engine/weights: a folder of their own and exact bytes.
#pragma once

#include <QTemporaryDir>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/damager.h"

namespace lipar::tests {

inline Bytes bytesOf(std::string_view text) {
    const auto view = std::as_bytes(std::span(text));
    return Bytes(view.begin(), view.end());
}

template <class T>
Bytes bytesOf(const std::vector<T>& values) {
    const auto view = std::as_bytes(std::span(values));
    return Bytes(view.begin(), view.end());
}

inline Bytes readBytes(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    return bytesOf(text);
}

class FileFixture {
public:
    [[nodiscard]] std::filesystem::path path(const std::string& name) const {
        return std::filesystem::path(m_directory.path().toStdString()) / name;
    }
    std::filesystem::path write(const std::string& name, std::span<const std::byte> bytes) const {
        std::filesystem::create_directories(path(name).parent_path());
        std::ofstream stream(path(name), std::ios::binary | std::ios::trunc);
        stream.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
        return path(name);
    }
    std::filesystem::path write(const std::string& name, std::string_view text) const { return write(name, std::as_bytes(std::span(text))); }
    // How many files lie in the folder: a failed write must leave nothing behind.
    [[nodiscard]] std::ptrdiff_t fileCount() const {
        return std::distance(std::filesystem::directory_iterator(path("")), std::filesystem::directory_iterator());
    }

private:
    QTemporaryDir m_directory;
};

}  // namespace lipar::tests
