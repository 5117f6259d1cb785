#include "app/session/playback_sound.h"

#include <algorithm>

namespace lipar::session {

void SoundBuffer::start(std::int64_t firstSample) {
    const std::scoped_lock lock(m_mutex);
    m_pieces.clear();
    m_position = firstSample;
}

void SoundBuffer::write(std::int64_t firstSample, std::span<const float> stereo) {
    const std::scoped_lock lock(m_mutex);
    const auto end = firstSample + std::int64_t(stereo.size() / 2);
    const bool isInOrder = m_pieces.empty() || firstSample >= m_pieces.back().end();
    if (end <= m_position || end > m_position + limitSamples || !isInOrder)
        return;
    m_pieces.push_back({firstSample, {stereo.begin(), stereo.end()}});
}

void SoundBuffer::read(std::span<float> stereo) {
    const std::scoped_lock lock(m_mutex);
    std::ranges::fill(stereo, 0.0f);
    const auto end = m_position + std::int64_t(stereo.size() / 2);
    for (const auto& piece : m_pieces) {
        const auto from = std::max(piece.first, m_position);
        const auto to = std::min(piece.end(), end);
        if (from < to)
            std::copy_n(piece.stereo.begin() + 2 * (from - piece.first), 2 * (to - from),
                        stereo.begin() + 2 * (from - m_position));
    }
    m_position = end;
    while (!m_pieces.empty() && m_pieces.front().end() <= m_position)
        m_pieces.pop_front();
}

std::int64_t SoundBuffer::position() const {
    const std::scoped_lock lock(m_mutex);
    return m_position;
}

}  // namespace lipar::session
