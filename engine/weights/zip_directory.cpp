#include "engine/weights/zip_directory.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/weights/byte_reader.h"
#include "engine/weights/damage.h"

namespace lipar::weights {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kCentralSignature = 0x02014b50;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kLocator64Signature = 0x07064b50;
constexpr std::uint16_t kExtra64 = 0x0001;
constexpr std::uint64_t kEndSize = 22;
constexpr std::uint64_t kLocator64Size = 20;
constexpr std::uint64_t kLongestComment = 0xffff;
constexpr std::uint32_t kIn64 = 0xffffffff;  // a 32-bit field whose value stands in the zip64 extra field
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kEncrypted = 0x0001;

const char* const kTruncatedHint = "the download may be incomplete: install the model again";

std::unexpected<Error> damagedDirectory() {
    return damaged("its zip directory is damaged", kTruncatedHint);
}

// Little-endian fields one after the other; `ok` turns false at the first one that is not there.
class Fields {
public:
    explicit Fields(Bytes bytes) : m_reader(bytes) {}

    template <class T>
    T next() {
        const auto value = m_reader.number<T>();
        ok = ok && value.has_value();
        return value.value_or(T{});
    }
    Bytes take(std::uint64_t count) {
        const auto taken = m_reader.take(count);
        ok = ok && taken.has_value();
        return taken.value_or(Bytes{});
    }
    template <class... T>
    void skip() {
        (static_cast<void>(next<T>()), ...);
    }
    [[nodiscard]] bool atEnd() const noexcept { return m_reader.remaining() == 0; }

    bool ok = true;

private:
    ByteReader m_reader;
};

struct Extent {
    std::uint64_t records = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
};

// The end record is the last one whose comment reaches exactly to the end of the file.
std::optional<std::uint64_t> findEnd(Bytes file) {
    if (file.size() < kEndSize)
        return std::nullopt;
    const std::uint64_t last = file.size() - kEndSize;
    const std::uint64_t first = last - std::min(last, kLongestComment);
    for (std::uint64_t offset = last + 1; offset-- > first;) {
        Fields fields(file.subspan(offset));
        if (fields.next<std::uint32_t>() != kEndSignature)
            continue;
        fields.skip<std::uint64_t, std::uint64_t>();
        if (offset + kEndSize + fields.next<std::uint16_t>() == file.size())
            return offset;
    }
    return std::nullopt;
}

// The zip64 end record, where a locator stands right before the ordinary one. Without a locator the extent stays empty.
Result<std::optional<Extent>> readEnd64(Bytes file, std::uint64_t end) {
    if (end < kLocator64Size)
        return std::nullopt;
    Fields locator(file.subspan(end - kLocator64Size, kLocator64Size));
    if (locator.next<std::uint32_t>() != kLocator64Signature)
        return std::nullopt;
    const auto disk = locator.next<std::uint32_t>();
    const auto offset = locator.next<std::uint64_t>();
    if (disk != 0 || offset > end - kLocator64Size)
        return damagedDirectory();
    Fields fields(file.subspan(offset, end - kLocator64Size - offset));
    if (fields.next<std::uint32_t>() != kEnd64Signature)
        return damagedDirectory();
    fields.skip<std::uint64_t, std::uint16_t, std::uint16_t>();  // size of the record, versions
    const auto thisDisk = fields.next<std::uint32_t>();
    const auto directoryDisk = fields.next<std::uint32_t>();
    const auto recordsHere = fields.next<std::uint64_t>();
    Extent extent;
    extent.records = fields.next<std::uint64_t>();
    extent.size = fields.next<std::uint64_t>();
    extent.offset = fields.next<std::uint64_t>();
    if (!fields.ok || thisDisk != 0 || directoryDisk != 0 || recordsHere != extent.records)
        return damagedDirectory();
    return extent;
}

Result<Extent> findDirectory(Bytes file) {
    const auto end = findEnd(file);
    if (!end)
        return damaged("its zip directory is missing", kTruncatedHint);
    LIPAR_ASSIGN(const std::optional<Extent> extent64, readEnd64(file, *end));
    if (extent64)
        return *extent64;
    Fields fields(file.subspan(*end));
    fields.skip<std::uint32_t>();
    const auto thisDisk = fields.next<std::uint16_t>();
    const auto directoryDisk = fields.next<std::uint16_t>();
    const auto recordsHere = fields.next<std::uint16_t>();
    Extent extent;
    extent.records = fields.next<std::uint16_t>();
    extent.size = fields.next<std::uint32_t>();
    extent.offset = fields.next<std::uint32_t>();
    if (!fields.ok || thisDisk != 0 || directoryDisk != 0 || recordsHere != extent.records)
        return damagedDirectory();
    return extent;
}

// Replaces the fields that are kIn64 by those of the zip64 extra field, which holds exactly these, in this order.
bool readExtra64(Bytes extra, ZipDirectory::Record& record) {
    if (record.size != kIn64 && record.storedSize != kIn64 && record.headerOffset != kIn64)
        return true;
    Fields fields(extra);
    while (fields.ok && !fields.atEnd()) {
        const auto kind = fields.next<std::uint16_t>();
        const Bytes body = fields.take(fields.next<std::uint16_t>());
        if (kind != kExtra64 || !fields.ok)
            continue;
        Fields values(body);
        for (std::uint64_t* field : {&record.size, &record.storedSize, &record.headerOffset})
            if (*field == kIn64)
                *field = values.next<std::uint64_t>();
        return values.ok;
    }
    return false;
}

}  // namespace

Result<ZipDirectory> ZipDirectory::parse(Bytes file) {
    LIPAR_ASSIGN(const Extent extent, findDirectory(file));
    if (extent.offset > file.size() || extent.size > file.size() - extent.offset)
        return damagedDirectory();
    ZipDirectory directory(file);
    Fields fields(file.subspan(extent.offset, extent.size));
    for (std::uint64_t i = 0; i < extent.records; ++i) {
        const auto signature = fields.next<std::uint32_t>();
        if (signature != kCentralSignature)
            return damagedDirectory();
        fields.skip<std::uint16_t, std::uint16_t>();  // versions
        Record record;
        record.flags = fields.next<std::uint16_t>();
        record.method = fields.next<std::uint16_t>();
        fields.skip<std::uint32_t, std::uint32_t>();  // time and date, CRC
        record.storedSize = fields.next<std::uint32_t>();
        record.size = fields.next<std::uint32_t>();
        const auto nameSize = fields.next<std::uint16_t>();
        const auto extraSize = fields.next<std::uint16_t>();
        const auto commentSize = fields.next<std::uint16_t>();
        fields.skip<std::uint16_t, std::uint16_t, std::uint32_t>();  // disk, attributes
        record.headerOffset = fields.next<std::uint32_t>();
        const Bytes name = fields.take(nameSize);
        const Bytes extra = fields.take(extraSize);
        fields.take(commentSize);
        if (!fields.ok || !readExtra64(extra, record))
            return damagedDirectory();
        const std::string nameText(reinterpret_cast<const char*>(name.data()), name.size());
        if (!directory.m_records.emplace(nameText, record).second)
            return damaged("its zip directory names " + shown(nameText) + " twice");
    }
    return directory;
}

Result<std::span<const std::byte>> ZipDirectory::read(std::string_view name) const {
    const auto found = m_records.find(name);
    if (found == m_records.end())
        return damaged("its record " + shown(name) + " is missing");
    const Record& record = found->second;
    if ((record.flags & kEncrypted) != 0)
        return damaged("its record " + shown(name) + " is encrypted");
    if (record.method != kStored)
        return damaged("its record " + shown(name) + " is compressed, which torch never does", "save it again with torch.save");
    if (record.storedSize != record.size || record.headerOffset > m_file.size())
        return damaged("its record " + shown(name) + " is damaged", kTruncatedHint);

    // The local header repeats the name; its extra field, which pads the data, has a length of its own.
    Fields fields(m_file.subspan(record.headerOffset));
    const auto signature = fields.next<std::uint32_t>();
    fields.skip<std::uint16_t, std::uint16_t, std::uint16_t, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>();
    const auto nameSize = fields.next<std::uint16_t>();
    const auto extraSize = fields.next<std::uint16_t>();
    const Bytes localName = fields.take(nameSize);
    fields.take(extraSize);
    const Bytes bytes = fields.take(record.size);
    if (!fields.ok || signature != kLocalSignature || !std::ranges::equal(localName, std::as_bytes(std::span(name))))
        return damaged("its record " + shown(name) + " is damaged or lies outside the file", kTruncatedHint);
    return bytes;
}

}  // namespace lipar::weights
