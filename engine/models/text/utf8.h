// UTF-8, code point by code point.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lipar::models {

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 1;
};

// The code point at the start of `text`, which is not empty. Bytes that do not decode come out one by one as U+FFFD.
[[nodiscard]] inline CodePoint decodeUtf8(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 1)
        return {lead, 1};
    if (length == 0 || text.size() < length)
        return {0xFFFD, 1};
    char32_t value = lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return {0xFFFD, 1};
        value = value << 6 | (byte(i) & 0x3Fu);
    }
    return {value, length};
}

// `value` up to 0x10FFFF.
[[nodiscard]] inline std::string encodeUtf8(char32_t value) {
    const auto tail = [&](int shift) { return char(0x80 | (value >> shift & 0x3F)); };
    if (value < 0x80)
        return {char(value)};
    if (value < 0x800)
        return {char(0xC0 | value >> 6), tail(0)};
    if (value < 0x10000)
        return {char(0xE0 | value >> 12), tail(6), tail(0)};
    return {char(0xF0 | value >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace lipar::models
