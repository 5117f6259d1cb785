// Lossless compression of pictures, each on its own: quick to write, quicker to read, about half the size.
// Thread: one object, one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/core/picture.h"
#include "engine/core/result.h"

namespace lipar::media {

class PictureCompressor {
public:
    // For pictures of one size. Error: outputFailed (this build of FFmpeg has no such encoder, or the size is beyond it).
    [[nodiscard]] static Result<PictureCompressor> open(int width, int height);
    PictureCompressor(PictureCompressor&&) noexcept;
    PictureCompressor& operator=(PictureCompressor&&) noexcept;
    ~PictureCompressor();

    // Errors: invalidArgument (another size), outputFailed.
    [[nodiscard]] Result<std::vector<std::uint8_t>> compress(const Picture& picture);

private:
    struct State;
    explicit PictureCompressor(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

class PictureDecompressor {
public:
    // Error: decodeFailed.
    [[nodiscard]] static Result<PictureDecompressor> open(int width, int height);
    PictureDecompressor(PictureDecompressor&&) noexcept;
    PictureDecompressor& operator=(PictureDecompressor&&) noexcept;
    ~PictureDecompressor();

    // What compress() gave for a picture of this size, bit for bit. Error: decodeFailed.
    [[nodiscard]] Result<PicturePtr> decompress(std::span<const std::uint8_t> bytes);

private:
    struct State;
    explicit PictureDecompressor(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace lipar::media
