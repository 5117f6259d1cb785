// Sound between the engine, which writes it in pieces, and the device, which reads it as it plays. Thread: any.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <vector>

namespace lipar::session {

// Samples are addressed by their number on the timeline; each is a pair, left and right.
class SoundBuffer {
public:
    static constexpr std::int64_t limitSamples = 48000 * 20;  // ahead of the reader; what lies beyond is not kept

    // Empties it; reading goes on from this sample.
    void start(std::int64_t firstSample);
    // Interleaved pairs; what has been read past already is left out.
    void write(std::int64_t firstSample, std::span<const float> stereo);
    // Fills `stereo` with what comes next, silence where nothing has been written, and moves on.
    void read(std::span<float> stereo);
    // The next sample to be read.
    [[nodiscard]] std::int64_t position() const;

private:
    struct Piece {
        std::int64_t first = 0;
        std::vector<float> stereo;
        [[nodiscard]] std::int64_t end() const { return first + std::int64_t(stereo.size() / 2); }
    };

    mutable std::mutex m_mutex;
    std::deque<Piece> m_pieces;  // ascending
    std::int64_t m_position = 0;
};

}  // namespace lipar::session
