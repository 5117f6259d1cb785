// Private to engine/media: a decoder that may give up at any packet, a GPU's, and another that takes over there, the
// CPU's, so that whoever takes the frames sees one stream: none lost, none twice.
//
// Packets are kept from the last key frame on that was handed out. When the first decoder fails, meets damage or a
// packet without a time, the second one decodes them again; frames that were handed out already are dropped by their
// times. It goes on to the end of the file, and after seeks. Damaged streams are thus concealed, repeated and counted
// by the second decoder, as far as the first one notices.
// Thread: one object, one thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/media/video_codec.h"

namespace lipar::media {

class FallbackCodec : public VideoCodec {
public:
    using Open = std::function<Result<std::unique_ptr<VideoCodec>>()>;
    static constexpr std::int64_t kMostKeptBytes = 128
                                                   << 20;  // a stream with fewer key frames goes to the second decoder

    // `openSecond` is called once, when `first` gives up; its errors are those of receive(). `name`: for the log.
    FallbackCodec(std::unique_ptr<VideoCodec> first, Open openSecond, std::string name);

    [[nodiscard]] int send(const AVPacket* packet, AVDiscard skip) override;
    [[nodiscard]] Result<int> receive(AVFrame& frame) override;
    void flush() override;
    void noteLoss() override;

private:
    struct Kept {
        av::PacketPtr packet;  // null: the end
        AVDiscard skip = AVDISCARD_DEFAULT;
    };
    struct KeyFrame {
        std::int64_t timestamp = 0;
        std::int64_t number = 0;  // of its packet, counted from the last flush()
    };

    void keep(const AVPacket* packet, AVDiscard skip);
    void dropUnneeded();
    void giveUp(int status);
    void giveUp(std::string why);
    [[nodiscard]] Result<> changeOver();
    [[nodiscard]] Result<int> receiveFromSecond(AVFrame& frame);
    [[nodiscard]] bool wasHandedOut(const AVFrame& frame);

    std::unique_ptr<VideoCodec> m_first;  // null once it gave up
    std::unique_ptr<VideoCodec> m_second;
    Open m_openSecond;
    std::string m_name;
    std::string m_reason;  // to give up at the next receive(); empty: none
    std::deque<Kept> m_kept;
    std::deque<KeyFrame> m_keyFrames;  // among those kept, ascending
    std::int64_t m_firstKept = 0;      // number of m_kept.front()
    std::int64_t m_keptBytes = 0;
    std::optional<std::int64_t>
        m_handedOut;  // time of the last frame since the last flush(); empty once it was passed again
};

}  // namespace lipar::media
