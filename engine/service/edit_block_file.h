// Private to engine/service: one edited block on disk.
//
// Layout, little-endian: "LIPARBLK", u32 version (1), u32 size of the header, u64 checksum of the header, the header, the
// compressed pictures (media::PictureCompressor) one after the other, u64 checksum of them. A file that is shorter, longer
// or does not match its checksums is damaged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/core/picture.h"
#include "engine/core/result.h"
#include "engine/core/token_mask.h"
#include "engine/media/picture_codec.h"

namespace lipar::service {

struct BlockFrame {
    std::int64_t timestamp = 0;  // in the source's time base
    std::int64_t duration = 0;
    double seconds = 0;  // from the source's first frame
};

struct BlockHeader {
    int index = 0;                // in its run
    std::int64_t firstFrame = 0;  // likewise
    bool isLast = false;          // nothing of the run comes after it
    int width = 0;
    int height = 0;
    double endSeconds = 0;  // of the last frame
    std::vector<BlockFrame> frames;
    TokenMask keep;
    std::vector<std::uint16_t> age;  // as BlockFinished's
    std::vector<int> latentFrameOf;
    std::int64_t kept = 0, total = 0, keys = 0;
    std::vector<std::uint32_t> pictureBytes;  // compressed, one a frame
};

// Written beside and renamed, so that a block is whole or not there. Fills `header.pictureBytes`.
// Errors: diskFull, outputFailed.
[[nodiscard]] Result<> writeBlock(const std::filesystem::path& file, BlockHeader header, const std::vector<PicturePtr>& pictures);

// Error: decodeFailed where the file is damaged or cannot be read.
[[nodiscard]] Result<BlockHeader> readBlockHeader(const std::filesystem::path& file);

// A block read as a whole; its pictures are decompressed one by one. Thread: one object, one thread.
class StoredBlock {
public:
    [[nodiscard]] static Result<StoredBlock> read(const std::filesystem::path& file);
    [[nodiscard]] const BlockHeader& header() const noexcept { return m_header; }
    [[nodiscard]] Result<PicturePtr> picture(std::size_t frame);

private:
    StoredBlock(BlockHeader header, std::vector<std::uint8_t> bytes, media::PictureDecompressor decompressor)
        : m_header(std::move(header)), m_bytes(std::move(bytes)), m_decompressor(std::move(decompressor)) {}
    BlockHeader m_header;
    std::vector<std::uint8_t> m_bytes;
    media::PictureDecompressor m_decompressor;
};

}  // namespace lipar::service
