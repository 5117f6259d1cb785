// Reads little-endian numbers and stretches of bytes in order, never past the end.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace lipar::weights {

static_assert(std::endian::native == std::endian::little, "model files are little-endian and used in place");

class ByteReader {
public:
    explicit ByteReader(std::span<const std::byte> bytes) noexcept : m_bytes(bytes) {}

    [[nodiscard]] std::size_t offset() const noexcept { return m_offset; }
    [[nodiscard]] std::size_t remaining() const noexcept { return m_bytes.size() - m_offset; }

    // Everything below gives nothing, and moves nowhere, when fewer bytes are left.
    template <std::unsigned_integral T>
    [[nodiscard]] std::optional<T> number() noexcept {
        if (remaining() < sizeof(T))
            return std::nullopt;
        T value;
        std::memcpy(&value, m_bytes.data() + m_offset, sizeof(T));
        m_offset += sizeof(T);
        return value;
    }

    [[nodiscard]] std::optional<std::span<const std::byte>> take(std::uint64_t count) noexcept {
        if (count > remaining())
            return std::nullopt;
        const auto taken = m_bytes.subspan(m_offset, count);
        m_offset += count;
        return taken;
    }

    [[nodiscard]] std::optional<std::string_view> text(std::uint64_t count) noexcept {
        const auto taken = take(count);
        if (!taken)
            return std::nullopt;
        return std::string_view(reinterpret_cast<const char*>(taken->data()), taken->size());
    }

    // Up to the next '\n', which is consumed and not part of the text.
    [[nodiscard]] std::optional<std::string_view> line() noexcept {
        const std::string_view rest(reinterpret_cast<const char*>(m_bytes.data()) + m_offset, remaining());
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos)
            return std::nullopt;
        m_offset += end + 1;
        return rest.substr(0, end);
    }

private:
    std::span<const std::byte> m_bytes;
    std::size_t m_offset = 0;
};

}  // namespace lipar::weights
