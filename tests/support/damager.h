// Damage done to files on purpose, for tests of their readers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <random>
#include <span>
#include <vector>

namespace lipar::tests {

using Bytes = std::vector<std::byte>;

// Damages files in the ways that find a missing check: flipped bits, lengths at their limits, lost, doubled and
// inserted stretches. The same seed gives the same sequence.
class Damager {
public:
    explicit Damager(std::uint64_t seed) : m_random(seed) {}

    // A copy of exactly its size, so that an address sanitizer sees the first byte read beyond it.
    Bytes operator()(const Bytes& original) {
        Bytes bytes = original;
        for (std::size_t i = 0, n = 1 + below(3); i < n && !bytes.empty(); ++i)
            damageOnce(bytes);
        return Bytes(bytes.begin(), bytes.end());
    }

private:
    std::size_t below(std::size_t limit) { return std::size_t(m_random() % limit); }

    void damageOnce(Bytes& bytes) {
        const std::size_t at = below(bytes.size());
        const auto from = bytes.begin() + std::ptrdiff_t(at);
        const std::size_t length = 1 + below(std::min<std::size_t>(bytes.size() - at, 24));
        switch (below(6)) {
            case 0: bytes[at] ^= std::byte(1u << below(8)); break;
            case 1: bytes[at] = std::byte(below(256)); break;
            case 2: bytes.resize(at); break;
            case 3: bytes.erase(from, from + std::ptrdiff_t(length)); break;
            case 4: {
                const Bytes copied(from, from + std::ptrdiff_t(length));
                bytes.insert(bytes.begin() + std::ptrdiff_t(below(bytes.size() + 1)), copied.begin(), copied.end());
                break;
            }
            default: overwriteNumber(bytes, at); break;
        }
    }

    void overwriteNumber(Bytes& bytes, std::size_t at) {
        const std::uint64_t limits[] = {0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, std::uint64_t(1) << 60,
                                        0x7fffffffffffffff, ~std::uint64_t(0), bytes.size(), bytes.size() + 1, bytes.size() - at};
        const std::uint64_t value = limits[below(std::size(limits))];
        const std::size_t width = std::size_t(1) << below(4);
        std::memcpy(bytes.data() + at, &value, std::min(width, bytes.size() - at));
    }

    std::mt19937_64 m_random;
};

// Adds up the bytes, so that a view that leaves its file is read and found.
inline unsigned touch(std::span<const std::byte> bytes) {
    unsigned sum = 0;
    for (const std::byte b : bytes)
        sum += std::to_integer<unsigned>(b);
    return sum;
}

}  // namespace lipar::tests
