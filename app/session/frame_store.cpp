#include "app/session/frame_store.h"

#include <algorithm>
#include <map>

namespace lipar::session {

namespace {

std::size_t bytesOf(const ShownFrame& frame) {
    return (frame.source ? frame.source->rgb.size() : 0) + (frame.edited ? frame.edited->rgb.size() : 0);
}

std::shared_ptr<const TokenRow> tokenRow(const service::BlockFinished& block, int latentFrame) {
    const auto& keep = block.keep;
    if (latentFrame < 0 || latentFrame >= keep.frames)
        return nullptr;
    auto row = std::make_shared<TokenRow>();
    row->rows = keep.rows;
    row->columns = keep.columns;
    row->keep.assign(keep.frame(latentFrame), keep.frame(latentFrame) + keep.frameSize());
    if (block.age.size() == keep.keep.size()) {
        const auto first = block.age.begin() + std::ptrdiff_t(std::size_t(latentFrame) * keep.frameSize());
        row->age.assign(first, first + std::ptrdiff_t(keep.frameSize()));
    }
    return row;
}

}  // namespace

void FrameStore::append(const service::BlockFinished& block) {
    std::map<int, std::shared_ptr<const TokenRow>> rows;
    const auto count = std::max(block.source.size(), block.edited.size());
    for (std::size_t i = 0; i < count; ++i) {
        ShownFrame frame;
        frame.index = block.firstFrame + std::int64_t(i);
        frame.seconds = i < block.seconds.size() ? block.seconds[i] : lastSeconds();
        frame.source = i < block.source.size() ? block.source[i] : nullptr;
        frame.edited = i < block.edited.size() ? block.edited[i] : nullptr;
        if (i < block.latentFrameOf.size()) {
            const int latentFrame = block.latentFrameOf[i];
            const auto [it, isNew] = rows.try_emplace(latentFrame);
            if (isNew)
                it->second = tokenRow(block, latentFrame);
            frame.tokens = it->second;
        }
        m_bytes += bytesOf(frame);
        m_frames.push_back(std::move(frame));
    }
    while (m_bytes > m_limit && m_frames.size() > 1) {
        m_bytes -= bytesOf(m_frames.front());
        m_frames.pop_front();
        ++m_evicted;
    }
}

void FrameStore::clear() {
    m_frames.clear();
    m_bytes = 0;
    m_evicted = 0;
}

int FrameStore::positionAt(double seconds) const {
    const auto after = std::upper_bound(m_frames.begin(), m_frames.end(), seconds,
                                        [](double t, const ShownFrame& frame) { return t < frame.seconds; });
    return std::max(0, int(after - m_frames.begin()) - 1);
}

}  // namespace lipar::session
