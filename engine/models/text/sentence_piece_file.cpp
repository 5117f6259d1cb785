#include "engine/models/text/sentence_piece_file.h"

#include <cstdint>
#include <cstring>
#include <optional>

namespace lipar::models {
namespace {

// Protocol buffers: field number and wire type, then a value or a length and bytes.
struct Field {
    std::uint64_t number = 0;
    std::uint64_t value = 0;  // of a varint
    std::string_view bytes;   // of a text or a nested message
};

class FieldReader {
public:
    explicit FieldReader(std::string_view message) : m_rest(message) {}

    [[nodiscard]] bool atEnd() const noexcept { return m_rest.empty(); }

    // Nothing where the message is broken.
    std::optional<Field> next() {
        const auto key = varint();
        if (!key)
            return std::nullopt;
        Field field;
        field.number = *key >> 3;
        switch (*key & 7) {
            case 0: {
                const auto value = varint();
                if (!value)
                    return std::nullopt;
                field.value = *value;
                return field;
            }
            case 1: return take(8, field);
            case 2: {
                const auto size = varint();
                return size ? take(*size, field) : std::nullopt;
            }
            case 5: return take(4, field);
            default: return std::nullopt;
        }
    }

private:
    std::optional<std::uint64_t> varint() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64 && !m_rest.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= std::uint64_t(byte & 0x7F) << shift;
            if (byte < 0x80)
                return value;
        }
        return std::nullopt;
    }
    std::optional<Field> take(std::uint64_t size, Field field) {
        if (size > m_rest.size())
            return std::nullopt;
        field.bytes = m_rest.substr(0, std::size_t(size));
        m_rest.remove_prefix(std::size_t(size));
        return field;
    }

    std::string_view m_rest;
};

// Of the model, of its training and of its normaliser (sentencepiece_model.proto).
constexpr std::uint64_t kPieces = 1, kTrainer = 2, kNormalizer = 3, kModelType = 3, kCharacterMap = 2;
constexpr std::uint64_t kUnigram = 1, kLastModelType = 4;

Result<> damaged(const char* why) {
    return fail(ErrorCode::modelDamaged, why);
}

// The map is a length, a double-array trie of 32-bit units and the texts that its leaves point into. A unit at `place`
// leads to place ^ offset ^ byte, so whatever the byte, the target lies in the same 256 units as place ^ offset.
Result<> checkCharacterMap(std::string_view map) {
    if (map.empty())
        return {};
    constexpr std::size_t kUnit = sizeof(std::uint32_t), kBlock = 256;
    std::uint32_t trieBytes = 0;
    if (map.size() <= kUnit)
        return damaged("its table of characters is cut off");
    std::memcpy(&trieBytes, map.data(), kUnit);
    if (trieBytes >= map.size() - kUnit || trieBytes % (kBlock * kUnit) != 0 || trieBytes == 0)
        return damaged("its table of characters has an impossible size");
    const std::string_view trie = map.substr(kUnit, trieBytes), texts = map.substr(kUnit + trieBytes);
    if (texts.back() != '\0')
        return damaged("its table of characters has no end");
    const std::size_t units = trieBytes / kUnit;
    const auto unitAt = [&](std::size_t place) {
        std::uint32_t unit = 0;
        std::memcpy(&unit, trie.data() + place * kUnit, kUnit);
        return unit;
    };
    for (std::size_t place = 0; place < units; ++place) {
        const std::uint32_t unit = unitAt(place);
        constexpr std::uint32_t kLeaf = 1u << 31, kHasLeaf = 1u << 8;
        if (unit & kLeaf)
            continue;
        const std::size_t target = place ^ (std::size_t(unit >> 10) << ((unit & (1u << 9)) >> 6));
        if ((target | (kBlock - 1)) >= units)
            return damaged("its table of characters leads out of the file");
        if ((unit & kHasLeaf) && (unitAt(target) & ~kLeaf) >= texts.size())
            return damaged("its table of characters names a text that is not there");
    }
    return {};
}

}  // namespace

Result<> checkSentencePieceFile(std::string_view bytes) {
    bool hasPieces = false;
    for (FieldReader model(bytes); !model.atEnd();) {
        const auto field = model.next();
        if (!field)
            return damaged("it is not a SentencePiece model, or cut off");
        hasPieces = hasPieces || field->number == kPieces;
        if (field->number != kTrainer && field->number != kNormalizer)
            continue;
        for (FieldReader part(field->bytes); !part.atEnd();) {
            const auto inner = part.next();
            if (!inner)
                return damaged("its settings are broken");
            if (field->number == kTrainer && inner->number == kModelType &&
                (inner->value < kUnigram || inner->value > kLastModelType))
                return damaged("it is of a kind that is not known");
            if (field->number == kNormalizer && inner->number == kCharacterMap)
                if (Result<> sound = checkCharacterMap(inner->bytes); !sound)
                    return sound;
        }
    }
    return hasPieces ? Result<>() : damaged("it holds no pieces");
}

}  // namespace lipar::models
