#include "engine/service/edit_block_file.h"

#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <numeric>
#include <span>

#include "engine/core/pending_file.h"

namespace lipar::service {
namespace {
namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little);

constexpr char kMagic[8] = {'L', 'I', 'P', 'A', 'R', 'B', 'L', 'K'};
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kMostHeaderBytes = 64u << 20;
constexpr std::uint32_t kMostItems = 1u << 24;

struct Preamble {
    char magic[8];
    std::uint32_t version;
    std::uint32_t headerBytes;
    std::uint64_t headerSum;
};
static_assert(sizeof(Preamble) == 24);

// Against broken disks and cut files, not against people: eight bytes at a time, for it runs over megabytes a block.
std::uint64_t checksum(std::span<const std::uint8_t> bytes) {
    constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15;
    std::uint64_t sum = bytes.size() * kPrime;
    const auto mix = [&](std::uint64_t word) { sum = std::rotl((sum ^ word) * kPrime, 29); };
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        mix(word);
    }
    std::uint64_t rest = 0;
    if (at < bytes.size())
        std::memcpy(&rest, bytes.data() + at, bytes.size() - at);
    mix(rest);
    return sum;
}

class Writer {
public:
    template <class T>
    void value(const T& value) {
        const auto* begin = reinterpret_cast<const std::uint8_t*>(&value);
        m_bytes.insert(m_bytes.end(), begin, begin + sizeof(T));
    }
    template <class T>
    void list(const std::vector<T>& values) {
        value(std::uint32_t(values.size()));
        const auto* begin = reinterpret_cast<const std::uint8_t*>(values.data());
        m_bytes.insert(m_bytes.end(), begin, begin + sizeof(T) * values.size());
    }
    [[nodiscard]] const std::vector<std::uint8_t>& bytes() const noexcept { return m_bytes; }

private:
    std::vector<std::uint8_t> m_bytes;
};

class Reader {
public:
    explicit Reader(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}
    template <class T>
    void value(T& value) {
        take(&value, sizeof(T));
    }
    template <class T>
    void list(std::vector<T>& values) {
        std::uint32_t count = 0;
        value(count);
        if (count > kMostItems || count * sizeof(T) > m_bytes.size())
            m_ok = false;
        if (!m_ok)
            return;
        values.resize(count);
        take(values.data(), sizeof(T) * count);
    }
    [[nodiscard]] bool isWhole() const noexcept { return m_ok && m_bytes.empty(); }

private:
    void take(void* target, std::size_t size) {
        if (size > m_bytes.size())
            m_ok = false;
        if (!m_ok || size == 0)
            return;
        std::memcpy(target, m_bytes.data(), size);
        m_bytes = m_bytes.subspan(size);
    }
    std::span<const std::uint8_t> m_bytes;
    bool m_ok = true;
};

// Both directions in one place, so that they cannot differ.
template <class Archive, class Header>
void visit(Archive& archive, Header& header) {
    archive.value(header.index);
    archive.value(header.firstFrame);
    archive.value(header.isLast);
    archive.value(header.width);
    archive.value(header.height);
    archive.value(header.endSeconds);
    archive.list(header.frames);
    archive.value(header.keep.frames);
    archive.value(header.keep.rows);
    archive.value(header.keep.columns);
    archive.list(header.keep.keep);
    archive.list(header.age);
    archive.list(header.latentFrameOf);
    archive.value(header.kept);
    archive.value(header.total);
    archive.value(header.keys);
    archive.list(header.pictureBytes);
}

bool makesSense(const BlockHeader& header) {
    const std::size_t frames = header.frames.size();
    const TokenMask& keep = header.keep;
    if (header.index < 0 || frames == 0 || header.pictureBytes.size() != frames || header.latentFrameOf.size() != frames)
        return false;
    if (header.width < 1 || header.height < 1 || header.width > 16384 || header.height > 16384)
        return false;
    if (keep.frames < 1 || keep.rows < 1 || keep.columns < 1 || keep.keep.size() != keep.frameSize() * std::size_t(keep.frames) || header.age.size() != keep.keep.size())
        return false;
    for (const int row : header.latentFrameOf)
        if (row < 0 || row >= keep.frames)
            return false;
    return true;
}

using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

std::unexpected<Error> damaged(const fs::path& file) {
    return fail(ErrorCode::decodeFailed, "cannot read the cached block " + file.string() + ": it is damaged", "clear the cache");
}

Result<BlockHeader> readHeader(std::FILE* stream, const fs::path& file) {
    Preamble preamble{};
    if (!stream || std::fread(&preamble, sizeof preamble, 1, stream) != 1 || std::memcmp(preamble.magic, kMagic, sizeof kMagic) != 0 ||
        preamble.version != kVersion || preamble.headerBytes > kMostHeaderBytes)
        return damaged(file);
    std::vector<std::uint8_t> bytes(preamble.headerBytes);
    if (std::fread(bytes.data(), 1, bytes.size(), stream) != bytes.size() || checksum(bytes) != preamble.headerSum)
        return damaged(file);
    BlockHeader header;
    Reader reader(bytes);
    visit(reader, header);
    if (!reader.isWhole() || !makesSense(header))
        return damaged(file);
    // A file that was cut is known by its size.
    const std::uint64_t expected = sizeof preamble + bytes.size() + sizeof(std::uint64_t) +
                                   std::accumulate(header.pictureBytes.begin(), header.pictureBytes.end(), std::uint64_t(0));
    std::error_code ignored;
    if (fs::file_size(file, ignored) != expected)
        return damaged(file);
    return header;
}

}  // namespace

Result<> writeBlock(const fs::path& file, BlockHeader header, const std::vector<PicturePtr>& pictures) {
    LIPAR_ASSIGN(media::PictureCompressor compressor, media::PictureCompressor::open(header.width, header.height));
    std::vector<std::uint8_t> packed;
    header.pictureBytes.clear();
    for (const PicturePtr& picture : pictures) {
        LIPAR_ASSIGN(const std::vector<std::uint8_t> bytes, compressor.compress(*picture));
        header.pictureBytes.push_back(std::uint32_t(bytes.size()));
        packed.insert(packed.end(), bytes.begin(), bytes.end());
    }
    Writer writer;
    visit(writer, header);
    Preamble preamble{.magic = {}, .version = kVersion, .headerBytes = std::uint32_t(writer.bytes().size()), .headerSum = checksum(writer.bytes())};
    std::memcpy(preamble.magic, kMagic, sizeof kMagic);
    const std::uint64_t sum = checksum(packed);

    LIPAR_ASSIGN(PendingFile pending, PendingFile::create(file));
    File stream(std::fopen(pending.path().c_str(), "wbe"), std::fclose);
    const auto put = [&](const void* bytes, std::size_t size) { return stream && std::fwrite(bytes, 1, size, stream.get()) == size; };
    errno = 0;
    const bool written = put(&preamble, sizeof preamble) && put(writer.bytes().data(), writer.bytes().size()) && put(packed.data(), packed.size()) &&
                         put(&sum, sizeof sum) && std::fflush(stream.get()) == 0;
    if (!written)
        return fail(errno == ENOSPC || errno == EDQUOT ? ErrorCode::diskFull : ErrorCode::outputFailed,
                    "cannot write an edited block to " + file.parent_path().string() + ": " + std::strerror(errno), "free some space or choose another cache folder");
    stream.reset();
    return pending.commit();
}

Result<BlockHeader> readBlockHeader(const fs::path& file) {
    const File stream(std::fopen(file.c_str(), "rbe"), std::fclose);
    return readHeader(stream.get(), file);
}

Result<StoredBlock> StoredBlock::read(const fs::path& file) {
    const File stream(std::fopen(file.c_str(), "rbe"), std::fclose);
    LIPAR_ASSIGN(BlockHeader header, readHeader(stream.get(), file));
    std::vector<std::uint8_t> bytes(std::accumulate(header.pictureBytes.begin(), header.pictureBytes.end(), std::size_t(0)));
    std::uint64_t sum = 0;
    if (std::fread(bytes.data(), 1, bytes.size(), stream.get()) != bytes.size() || std::fread(&sum, sizeof sum, 1, stream.get()) != 1 || sum != checksum(bytes))
        return damaged(file);
    LIPAR_ASSIGN(media::PictureDecompressor decompressor, media::PictureDecompressor::open(header.width, header.height));
    return StoredBlock(std::move(header), std::move(bytes), std::move(decompressor));
}

Result<PicturePtr> StoredBlock::picture(std::size_t frame) {
    const auto& sizes = m_header.pictureBytes;
    const std::size_t start = std::accumulate(sizes.begin(), sizes.begin() + std::ptrdiff_t(frame), std::size_t(0));
    return m_decompressor.decompress(std::span(m_bytes).subspan(start, sizes[frame]));
}

}  // namespace lipar::service
