// Private to engine/media: whether other pictures need a coded one, read from the packet, so that a decoder on its way to a
// later picture need not even see it. H.264 and HEVC; what decoders themselves leave out keeps one of their threads waiting.
#pragma once

#include "engine/media/av.h"

namespace lipar::media {

class PacketNeed {
public:
    explicit PacketNeed(const AVCodecParameters& stream);
    // Whether the format can be read; where it cannot, no packet is called disposable.
    [[nodiscard]] bool isKnown() const noexcept { return m_format != Format::other; }
    // Whether every other picture of the stream decodes to the same without this packet. Doubt is a no.
    [[nodiscard]] bool isDisposable(const AVPacket& packet) const;

private:
    enum class Format { other, h264, hevc };
    Format m_format = Format::other;
    int m_lengthBytes = 0;      // before each NAL unit; 0 = start codes between them
    int m_highestLayer = -1;    // HEVC's temporal sub-layers, from 0; -1 = not known
};

}  // namespace lipar::media
