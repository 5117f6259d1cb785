#include "engine/service/cached_edit.h"

#include <algorithm>

namespace lipar::service {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t kOpenBlocks = 3;
constexpr double kRounding = 1e-6;  // of times that went through double or microseconds

}  // namespace

void CachedEdit::refresh() {
    std::vector<Run> runs;
    std::error_code ignored;
    for (const EditRange& range : m_cache.runs(m_identity.key)) {
        const auto known = std::ranges::find(m_runs, range, &Run::range);
        Run run = known != m_runs.end() ? std::move(*known) : Run{range, {}, {}, range == m_identity.range};
        const fs::file_time_type changed = fs::last_write_time(m_cache.folderOf(m_identity.key, range), ignored);
        if (changed != run.changed) {
            std::map<int, BlockHeader> blocks;
            for (const int index : m_cache.blocks(m_identity.key, range)) {
                // A block is written once, but the last one once more when the run turns out to end there.
                const auto before = run.blocks.find(index);
                const bool isSettled = before != run.blocks.end() && run.blocks.upper_bound(index) != run.blocks.end();
                if (isSettled) {
                    blocks.emplace(index, std::move(before->second));
                } else if (Result<BlockHeader> header = m_cache.readHeader(m_identity.key, range, index)) {
                    blocks.emplace(index, std::move(*header));
                }
            }
            run.blocks = std::move(blocks);
            run.changed = changed;
        }
        runs.push_back(std::move(run));
    }
    m_runs = std::move(runs);
    std::ranges::sort(m_runs, [](const Run& a, const Run& b) { return a.isExact != b.isExact ? a.isExact : a.changed > b.changed; });
}

const CachedEdit::Run* CachedEdit::exact() const {
    return !m_runs.empty() && m_runs.front().isExact && !m_runs.front().blocks.empty() ? &m_runs.front() : nullptr;
}

std::optional<CachedEdit::Place> CachedEdit::findIn(const Run& run, double seconds) {
    const double time = seconds + kRounding;
    // Blocks ascend in time as in number.
    auto block = std::ranges::partition_point(run.blocks, [&](const auto& entry) { return entry.second.frames.front().seconds <= time; });
    if (block == run.blocks.begin()) {
        if (!run.isExact || run.blocks.empty() || block->first != 0)
            return std::nullopt;
    } else {
        --block;
    }
    const BlockHeader& header = block->second;
    if (time >= header.endSeconds && !(header.isLast && run.isExact))
        return std::nullopt;
    const auto next = std::ranges::partition_point(header.frames, [&](const BlockFrame& frame) { return frame.seconds <= time; });
    return Place{run.range, &header, std::max(0, int(next - header.frames.begin()) - 1), run.isExact};
}

std::optional<CachedEdit::Place> CachedEdit::find(double seconds, bool exactOnly) const {
    for (const Run& run : m_runs) {
        if (exactOnly && !run.isExact)
            break;
        if (const auto place = findIn(run, seconds))
            return place;
    }
    return std::nullopt;
}

bool CachedEdit::reaches(double seconds) const {
    const double begin = double(m_identity.range.begin) / 1e6 - m_identity.frameSeconds, end = double(m_identity.range.end) / 1e6 + m_identity.frameSeconds;
    return seconds >= begin - kRounding && (seconds < end + kRounding || m_identity.reachesEnd);
}

PicturePtr CachedEdit::picture(const Place& place) {
    auto opened = std::ranges::find_if(m_opened, [&](const Opened& one) { return one.run == place.run && one.block.header().index == place.header->index; });
    if (opened == m_opened.end()) {
        Result<StoredBlock> block = m_cache.read(m_identity.key, place.run, place.header->index);
        if (!block)
            return {};
        if (m_opened.size() == kOpenBlocks)
            m_opened.pop_front();
        m_opened.push_back({place.run, std::move(*block)});
        opened = std::prev(m_opened.end());
    }
    if (std::size_t(place.frame) >= opened->block.header().frames.size())
        return {};
    const Result<PicturePtr> picture = opened->block.picture(std::size_t(place.frame));
    return picture ? *picture : PicturePtr{};
}

bool CachedEdit::covers(double from, double to) const {
    const Run* run = exact();
    if (!run)
        return false;
    for (double time = from;;) {
        const auto place = findIn(*run, time);
        if (!place)
            return false;
        if (place->header->isLast || place->header->endSeconds > to - kRounding)
            return true;
        time = std::max(time + kRounding, place->header->endSeconds);
    }
}

void CachedEdit::touch(double from, double to) const {
    std::error_code ignored;
    if (const Run* run = exact())
        for (const auto& [index, header] : run->blocks)
            if (header.endSeconds > from && header.frames.front().seconds <= to)
                fs::last_write_time(m_cache.fileOf(m_identity.key, run->range, index), fs::file_time_type::clock::now(), ignored);
}

std::vector<const BlockHeader*> CachedEdit::exactPrefix() const {
    std::vector<const BlockHeader*> prefix;
    if (const Run* run = exact())
        for (const auto& [index, header] : run->blocks) {
            if (index != int(prefix.size()))
                break;
            prefix.push_back(&header);
        }
    return prefix;
}

std::vector<std::pair<const BlockHeader*, bool>> CachedEdit::allBlocks() const {
    std::vector<std::pair<const BlockHeader*, bool>> found;
    for (const Run& run : m_runs)
        for (const auto& [index, header] : run.blocks)
            found.emplace_back(&header, run.isExact);
    return found;
}

}  // namespace lipar::service
