#include "engine/lipar/per_token_keys.h"

#include <algorithm>

namespace lipar::method {

PerTokenKeys::PerTokenKeys(const KeyWindow& window) : m_window(window), m_runs(std::size_t(window.tokens)) {}

// Of a run that goes on in the block only as many earlier keys count as its new copies leave room for.
void PerTokenKeys::supersedeOpenRun(const std::vector<std::size_t>& rows, std::int64_t copies) {
    std::int64_t room = std::max<std::int64_t>(0, m_window.copies - copies);
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)  // the most recent first
        if (room-- <= 0)
            m_rows[*row].isSuperseded = true;
}

std::vector<PerTokenKeys::Place> PerTokenKeys::placeRuns(const std::uint8_t* keep) {
    const std::int64_t tokens = m_window.tokens, frames = m_window.blockFrames;
    // Rows of each token's open run, by frame.
    std::vector<std::vector<std::size_t>> open(static_cast<std::size_t>(tokens));
    for (std::size_t row = 0; row < m_rows.size(); ++row)
        if (const Row& each = m_rows[row]; !isSink(each.frame) && !each.isSuperseded && each.run == m_runs[std::size_t(each.token)])
            open[std::size_t(each.token)].push_back(row);
    for (auto& rows : open)
        std::ranges::sort(rows, {}, [&](std::size_t row) { return m_rows[row].frame; });

    std::vector<Place> places(static_cast<std::size_t>(frames * tokens));
    for (std::int64_t token = 0; token < tokens; ++token) {
        const auto place = [&](std::int64_t frame) -> Place& { return places[std::size_t(frame * tokens + token)]; };
        const auto isKept = [&](std::int64_t frame) { return keep[frame * tokens + token] != 0; };
        for (std::int64_t frame = 0; frame < frames;) {
            const bool startsRun = isKept(frame);
            const std::int64_t firstCopy = startsRun ? frame + 1 : frame;
            std::int64_t end = firstCopy;
            while (end < frames && !isKept(end))
                ++end;
            if (startsRun)
                place(frame) = {++m_runs[std::size_t(token)], true, end - firstCopy >= m_window.copies};
            else
                supersedeOpenRun(open[std::size_t(token)], end - firstCopy);
            for (std::int64_t copy = firstCopy; copy < end; ++copy) {
                const bool isRecent = copy >= end - m_window.copies;
                place(copy) = {m_runs[std::size_t(token)], isRecent || isSink(m_nextFrame + copy), !isRecent};
            }
            frame = end;
        }
    }
    return places;
}

KeyPlacement PerTokenKeys::beginBlock(const std::uint8_t* keep) {
    std::vector<Place> places = placeRuns(keep);
    const std::int64_t first = m_nextFrame, tokens = m_window.tokens;
    m_nextFrame += m_window.blockFrames;
    const std::int64_t oldest = m_nextFrame - m_window.windowFrames;

    // What stays, and which copies would leave.
    struct Spare {
        std::int64_t frame, token;
        std::size_t index;  // of a row, or of a place of the block
        bool isPlace;
    };
    std::vector<Spare> spares;
    std::vector<bool> stays(m_rows.size());
    std::int64_t count = 0;
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        const Row& each = m_rows[row];
        if (!isSink(each.frame) && each.frame < oldest)
            continue;
        stays[row] = isSink(each.frame) || !each.isSuperseded;
        if (!stays[row])
            spares.push_back({each.frame, each.token, row, false});
        count += stays[row];
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (!places[i].isHeld)
            spares.push_back({first + std::int64_t(i) / tokens, std::int64_t(i) % tokens, i, true});
        count += places[i].isHeld;
    }
    const std::int64_t missing = (m_window.multiple - count % m_window.multiple) % m_window.multiple;
    const auto taken = std::min(std::size_t(missing), spares.size());
    std::ranges::partial_sort(spares, spares.begin() + std::ptrdiff_t(taken), [](const Spare& a, const Spare& b) {
        return a.frame != b.frame ? a.frame > b.frame : a.token < b.token;
    });
    for (std::size_t i = 0; i < taken; ++i) {
        if (spares[i].isPlace)
            places[spares[i].index].isHeld = true;
        else
            stays[spares[i].index] = true;
    }
    count += std::int64_t(taken);

    // Rows below the count that are free take what lies behind the count, then the block's own keys in order.
    KeyPlacement placement;
    placement.count = count;
    std::vector<std::size_t> free;
    for (std::size_t row = 0; row < std::size_t(count); ++row)
        if (row >= m_rows.size() || !stays[row])
            free.push_back(row);
    std::vector<Row> rows = m_rows;
    rows.resize(std::size_t(count));
    auto next = free.begin();
    for (std::size_t row = std::size_t(count); row < m_rows.size(); ++row) {
        if (!stays[row])
            continue;
        placement.movedFrom.push_back(std::int64_t(row));
        placement.movedTo.push_back(std::int64_t(*next));
        rows[*next++] = m_rows[row];
    }
    placement.rows.assign(places.size(), KeyPlacement::kNowhere);
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (!places[i].isHeld)
            continue;
        placement.rows[i] = std::int64_t(*next);
        rows[*next++] = {first + std::int64_t(i) / tokens, std::int64_t(i) % tokens, places[i].run, places[i].isSuperseded};
    }
    m_rows = std::move(rows);
    return placement;
}

}  // namespace lipar::method
