// A frame of video as plain memory, the one picture type that crosses the engine's borders.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace lipar {

// RGB, 8 bits a channel, full range, rows tightly packed: rgb.size() == 3 * width * height.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;

    Picture() = default;
    Picture(int w, int h) : width(w), height(h), rgb(std::size_t(3) * std::size_t(w) * std::size_t(h)) {}
    [[nodiscard]] bool isEmpty() const noexcept { return rgb.empty(); }
};

using PicturePtr = std::shared_ptr<const Picture>;

}  // namespace lipar
