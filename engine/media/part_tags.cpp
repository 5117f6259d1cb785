#include "engine/media/part_tags.h"

#include <bit>
#include <cinttypes>
#include <cstdio>
#include <string_view>

namespace lipar::media {
namespace {

constexpr const char* kTimeline = "lipar_timeline";
constexpr const char* kFrames = "lipar_frames";  // "0-250"
constexpr const char* kRate = "lipar_rate";      // "25/1"
constexpr const char* kSound = "lipar_sound";    // "48000 1024 -1024": rate, samples a packet, first packet's place

// FNV-1a, 64 bits.
class Fingerprint {
public:
    void add(std::uint64_t value) {
        for (int byte = 0; byte < 8; ++byte)
            addByte(std::uint8_t(value >> (8 * byte)));
    }
    void add(const Rational& value) {
        add(std::uint64_t(value.num));
        add(std::uint64_t(value.den));
    }
    void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
    void add(std::string_view text) {
        for (const char c : text)
            addByte(std::uint8_t(c));
        add(std::uint64_t(text.size()));
    }
    [[nodiscard]] std::uint64_t value() const { return m_hash; }

private:
    void addByte(std::uint8_t byte) { m_hash = (m_hash ^ byte) * 0x100000001b3; }
    std::uint64_t m_hash = 0xcbf29ce484222325;
};

template <class Entry>
void addTimes(Fingerprint& print, const Entry& entry) {
    print.add(entry.input.filename().string());
    for (const Rational& time :
         {entry.start, entry.duration, entry.sourceStart, entry.speed, entry.fadeIn, entry.fadeOut})
        print.add(time);
}

std::string valueOf(const AVDictionary* tags, const char* key) {
    const AVDictionaryEntry* entry = av_dict_get(tags, key, nullptr, 0);
    return entry ? entry->value : std::string();
}

}  // namespace

void setPartFrames(AVDictionary*& tags, const PartInfo& part) {
    const auto pair = [](std::int64_t a, char between, std::int64_t b) {
        return std::to_string(a) + between + std::to_string(b);
    };
    av_dict_set(&tags, kTimeline, part.timeline.c_str(), 0);
    av_dict_set(&tags, kFrames, pair(part.firstFrame, '-', part.endFrame).c_str(), 0);
    av_dict_set(&tags, kRate, pair(part.rate.num, '/', part.rate.den).c_str(), 0);
}

void setPartSound(AVDictionary*& tags, const AudioGrid& grid) {
    const std::string text = std::to_string(grid.sampleRate) + " " + std::to_string(grid.packetSamples) + " " +
                             std::to_string(grid.packetOffset);
    av_dict_set(&tags, kSound, text.c_str(), 0);
}

bool hasPartTags(const AVDictionary* tags) { return av_dict_get(tags, kTimeline, nullptr, 0) != nullptr; }

std::optional<PartInfo> partOf(const AVDictionary* tags) {
    PartInfo part;
    part.timeline = valueOf(tags, kTimeline);
    const bool isWhole =
        !part.timeline.empty() &&
        std::sscanf(valueOf(tags, kFrames).c_str(), "%" SCNd64 "-%" SCNd64, &part.firstFrame, &part.endFrame) == 2 &&
        std::sscanf(valueOf(tags, kRate).c_str(), "%" SCNd64 "/%" SCNd64, &part.rate.num, &part.rate.den) == 2;
    if (!isWhole || part.firstFrame < 0 || part.endFrame <= part.firstFrame || !part.rate.isValid())
        return std::nullopt;
    if (const std::string sound = valueOf(tags, kSound); !sound.empty()) {
        const int read =
            std::sscanf(sound.c_str(), "%d %d %d", &part.sampleRate, &part.packetSamples, &part.packetOffset);
        if (read != 3 || part.sampleRate <= 0 || part.packetSamples <= 0)
            return std::nullopt;
    }
    return part;
}

std::string nameOf(const Timeline& timeline) {
    Fingerprint print;
    for (const std::int64_t number : {std::int64_t(timeline.width), std::int64_t(timeline.height), timeline.frames,
                                      std::int64_t(timeline.sampleRate), std::int64_t(timeline.pictures.size())})
        print.add(std::uint64_t(number));
    print.add(timeline.rate);
    for (const TimelinePictures& entry : timeline.pictures) {
        addTimes(print, entry);
        print.add(std::uint64_t(entry.edit));
    }
    for (const TimelineSound& entry : timeline.sounds) {
        addTimes(print, entry);
        print.add(entry.gain);
    }
    char text[17];
    std::snprintf(text, sizeof(text), "%016" PRIx64, print.value());
    return text;
}

}  // namespace lipar::media
