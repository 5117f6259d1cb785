#include "engine/media/packet_need.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace lipar::media {
namespace {

using Bytes = std::span<const std::uint8_t>;

// What a NAL unit says about the picture that it belongs to.
enum class Verdict { nothing, disposable, needed };

// The first position of 00 00 01 from `from` on, or the size.
std::size_t startCode(Bytes bytes, std::size_t from) {
    for (std::size_t i = from; i + 3 <= bytes.size(); ++i)
        if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1)
            return i;
    return bytes.size();
}

// Calls `visit` with each NAL unit until it answers false. False also where the bytes are no sequence of units.
template <class Visit>
bool eachUnit(Bytes bytes, int lengthBytes, Visit visit) {
    if (lengthBytes == 0) {
        for (std::size_t at = startCode(bytes, 0); at < bytes.size();) {
            const std::size_t next = startCode(bytes, at + 3);
            if (!visit(bytes.subspan(at + 3, next - at - 3)))
                return false;
            at = next;
        }
        return true;
    }
    while (!bytes.empty()) {
        if (bytes.size() < std::size_t(lengthBytes))
            return false;
        std::size_t length = 0;
        for (int i = 0; i < lengthBytes; ++i)
            length = length << 8 | bytes[std::size_t(i)];
        bytes = bytes.subspan(std::size_t(lengthBytes));
        if (length > bytes.size() || !visit(bytes.first(length)))
            return false;
        bytes = bytes.subspan(length);
    }
    return true;
}

// ITU-T H.264, 7.4.1: nal_ref_idc is 0 where no picture refers to this one.
Verdict h264Verdict(Bytes unit) {
    const int type = unit[0] & 0x1f;
    if (type == 6 || type == 9 || type == 12)  // messages, delimiter, filler
        return Verdict::nothing;
    const bool isSlice = type >= 1 && type <= 4;
    return isSlice && (unit[0] & 0x60) == 0 ? Verdict::disposable : Verdict::needed;
}

// ITU-T H.265, 7.4.2.2: a sub-layer non-reference picture may still be needed by one of a higher sub-layer.
Verdict hevcVerdict(Bytes unit, int highestLayer) {
    if (unit.size() < 2)
        return Verdict::needed;
    const int type = unit[0] >> 1 & 0x3f;
    if (type == 35 || type == 38 || type == 39 || type == 40)  // delimiter, filler, messages
        return Verdict::nothing;
    const bool isNonReference = type < 16 && type % 2 == 0;
    return isNonReference && (unit[1] & 7) - 1 == highestLayer ? Verdict::disposable : Verdict::needed;
}

// The highest temporal sub-layer that a video parameter set (7.3.2.1) announces; -1 where there is none.
int highestLayerOf(Bytes extra) {
    int highest = -1;
    eachUnit(extra, 0, [&](Bytes unit) {
        const bool isParameterSet = unit.size() >= 4 && (unit[0] >> 1 & 0x3f) == 32;
        if (isParameterSet)
            highest = unit[3] >> 1 & 7;
        return !isParameterSet;
    });
    return highest;
}

}  // namespace

PacketNeed::PacketNeed(const AVCodecParameters& stream) {
    const Bytes extra(stream.extradata, stream.extradata ? std::size_t(stream.extradata_size) : 0);
    // Configuration records (ISO/IEC 14496-15) begin with their version, 1; start codes with 0.
    const bool isRecord = !extra.empty() && extra[0] == 1;
    if (stream.codec_id == AV_CODEC_ID_H264) {
        if (isRecord && extra.size() < 7)
            return;
        m_format = Format::h264;
        m_lengthBytes = isRecord ? (extra[4] & 3) + 1 : 0;
    } else if (stream.codec_id == AV_CODEC_ID_HEVC) {
        if (isRecord && extra.size() < 23)
            return;
        m_format = Format::hevc;
        m_lengthBytes = isRecord ? (extra[21] & 3) + 1 : 0;
        m_highestLayer = isRecord ? (extra[21] >> 3 & 7) - 1 : highestLayerOf(extra);
    }
}

bool PacketNeed::isDisposable(const AVPacket& packet) const {
    if (m_format == Format::other || packet.size <= 0)
        return false;
    if (av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, nullptr))
        return false;
    bool isPicture = false;
    const bool isWhole = eachUnit({packet.data, std::size_t(packet.size)}, m_lengthBytes, [&](Bytes unit) {
        if (unit.empty())
            return true;
        const Verdict verdict = m_format == Format::h264 ? h264Verdict(unit) : hevcVerdict(unit, m_highestLayer);
        isPicture = isPicture || verdict == Verdict::disposable;
        return verdict != Verdict::needed;
    });
    return isWhole && isPicture;
}

}  // namespace lipar::media
