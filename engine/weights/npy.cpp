#include "engine/weights/npy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/weights/byte_reader.h"
#include "engine/weights/damage.h"
#include "engine/weights/mapped_file.h"
#include "engine/weights/output_file.h"
#include "engine/weights/tensor_table.h"

namespace lipar::weights {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "\x93NUMPY"sv;
constexpr std::size_t kHeaderAlignment = 64;  // of the data, as NumPy writes it

struct Header {
    std::string type;
    bool fortranOrder = false;
    std::vector<std::int64_t> shape;
};

// The header is a Python dict literal with three known keys; nothing else of the language is understood.
class HeaderParser {
public:
    explicit HeaderParser(std::string_view text) : m_text(text) {}

    std::optional<Header> parse() {
        std::optional<std::string> type;
        std::optional<bool> order;
        std::optional<std::vector<std::int64_t>> shape;
        if (!accept("{"))
            return std::nullopt;
        while (!accept("}")) {
            const auto key = text();
            if (!key || !accept(":"))
                return std::nullopt;
            if (*key == "descr" && !type)
                type = text();
            else if (*key == "fortran_order" && !order)
                order = boolean();
            else if (*key == "shape" && !shape)
                shape = tuple();
            else
                return std::nullopt;
            if (!accept(",") && !m_text.starts_with('}'))
                return std::nullopt;
        }
        skipSpace();
        if (!m_text.empty() || !type || !order || !shape)
            return std::nullopt;
        return Header{std::move(*type), *order, std::move(*shape)};
    }

private:
    void skipSpace() { m_text.remove_prefix(std::min(m_text.find_first_not_of(" \t\r\n"), m_text.size())); }

    bool accept(std::string_view token) {
        skipSpace();
        const bool found = m_text.starts_with(token);
        if (found)
            m_text.remove_prefix(token.size());
        skipSpace();
        return found;
    }

    std::optional<std::string> text() {
        skipSpace();
        if (m_text.empty() || (m_text.front() != '\'' && m_text.front() != '"'))
            return std::nullopt;
        const std::size_t end = m_text.find(m_text.front(), 1);
        if (end == std::string_view::npos)
            return std::nullopt;
        const std::string value(m_text.substr(1, end - 1));
        m_text.remove_prefix(end + 1);
        return value;
    }

    std::optional<bool> boolean() {
        if (accept("True"))
            return true;
        if (accept("False"))
            return false;
        return std::nullopt;
    }

    std::optional<std::vector<std::int64_t>> tuple() {
        if (!accept("("))
            return std::nullopt;
        std::vector<std::int64_t> values;
        while (!accept(")")) {
            std::int64_t value = 0;
            const auto [end, problem] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), value);
            if (problem != std::errc{})
                return std::nullopt;
            m_text.remove_prefix(std::size_t(end - m_text.data()));
            values.push_back(value);
            if (!accept(",") && !m_text.starts_with(')'))
                return std::nullopt;
        }
        return values;
    }

    std::string_view m_text;
};

std::optional<std::string_view> headerText(ByteReader& reader) {
    if (reader.text(kMagic.size()) != kMagic)
        return std::nullopt;
    const auto major = reader.number<std::uint8_t>();
    const auto minor = reader.number<std::uint8_t>();
    if (!major || !minor || *major < 1 || *major > 3)
        return std::nullopt;
    std::optional<std::uint32_t> size;
    if (*major == 1)
        size = reader.number<std::uint16_t>();
    else
        size = reader.number<std::uint32_t>();
    return size ? reader.text(*size) : std::nullopt;
}

}  // namespace

Result<TokenMask> parseMaskNpy(std::span<const std::byte> file) {
    const auto refused = [](std::string reason) {
        return fail(ErrorCode::inputDamaged, std::move(reason), "give a .npy file with a bool array [T, gh, gw], as --mask-out writes it");
    };
    ByteReader reader(file);
    const auto text = headerText(reader);
    if (!text)
        return refused("it is not a .npy file");
    const auto header = HeaderParser(*text).parse();
    if (!header)
        return refused("its header is damaged");
    if (header->type != "|b1" && header->type != "|u1")
        return refused("its type is " + shown(header->type) + ", not bool");
    if (header->fortranOrder)
        return refused("it is in Fortran order");
    if (header->shape.size() != 3)
        return refused("it has " + std::to_string(header->shape.size()) + " dimensions, not 3");
    for (const std::int64_t size : header->shape)
        if (size < 1 || size > std::numeric_limits<int>::max())
            return refused("its shape is " + shown(header->shape));
    const auto expected = elementCountOf(header->shape);
    if (!expected || std::uint64_t(*expected) != reader.remaining())
        return refused("its shape " + shown(header->shape) + " does not fit its " + std::to_string(reader.remaining()) + " bytes of data");

    TokenMask mask(int(header->shape[0]), int(header->shape[1]), int(header->shape[2]));
    const auto bytes = *reader.take(reader.remaining());
    std::ranges::transform(bytes, mask.keep.begin(), [](std::byte b) { return std::uint8_t(b != std::byte{0}); });
    return mask;
}

Result<TokenMask> readMaskNpy(const std::filesystem::path& path) {
    LIPAR_ASSIGN(const MappedFile file, MappedFile::open(path, ErrorCode::inputMissing));
    auto mask = parseMaskNpy(file.bytes());
    if (!mask)
        mask.error().message = "cannot read mask " + path.string() + ": " + mask.error().message;
    return mask;
}

Result<> writeMaskNpy(const std::filesystem::path& path, const TokenMask& mask) {
    const std::array<std::int64_t, 3> shape{mask.frames, mask.rows, mask.columns};
    if (elementCountOf(shape) != std::int64_t(mask.keep.size()) || mask.keep.empty())
        return fail(ErrorCode::invalidArgument, "cannot write mask " + path.string() + ": its shape " + shown(shape) + " does not fit its " +
                                                    std::to_string(mask.keep.size()) + " values");
    std::string header = "{'descr': '|b1', 'fortran_order': False, 'shape': (" + std::to_string(mask.frames) + ", " + std::to_string(mask.rows) +
                         ", " + std::to_string(mask.columns) + "), }";
    const std::size_t prefix = kMagic.size() + 2 + sizeof(std::uint16_t);
    const std::size_t unpadded = prefix + header.size() + 1;
    header.append((kHeaderAlignment - unpadded % kHeaderAlignment) % kHeaderAlignment, ' ');
    header += '\n';
    const auto headerSize = static_cast<std::uint16_t>(header.size());
    constexpr std::array<std::uint8_t, 2> kVersion{1, 0};
    const std::vector<std::span<const std::byte>> parts{
        std::as_bytes(std::span(kMagic)), std::as_bytes(std::span(kVersion)), std::as_bytes(std::span(&headerSize, 1)),
        std::as_bytes(std::span(header)), std::as_bytes(std::span(mask.keep))};
    return writeWholeFile(path, parts);
}

}  // namespace lipar::weights
