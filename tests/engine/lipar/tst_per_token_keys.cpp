// Which keys stay, against the rule applied to every place of the window at once.
#include "engine/lipar/per_token_keys.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <utility>

using namespace lipar::method;

namespace {

using Position = std::pair<std::int64_t, std::int64_t>;  // frame, token

// Masks in which tokens stay kept or pruned for a while.
std::vector<std::uint8_t> randomMasks(const KeyWindow& window, int blocks, double change, std::mt19937& random) {
    std::vector<std::uint8_t> keep;
    std::uniform_real_distribution<double> uniform;
    for (std::int64_t i = 0; i < blocks * window.blockFrames * window.tokens; ++i) {
        if (i < window.tokens)
            keep.push_back(1);
        else
            keep.push_back(uniform(random) < change ? std::uint8_t(uniform(random) < 0.5) : keep[std::size_t(i - window.tokens)]);
    }
    return keep;
}

// The keys of a block, from those of the block before.
std::set<Position> expectedKeys(const KeyWindow& window, const std::vector<std::uint8_t>& keep, int block, const std::set<Position>& before) {
    const std::int64_t first = block * window.blockFrames, end = first + window.blockFrames;
    std::set<Position> there = before;
    for (std::int64_t frame = first; frame < end; ++frame)
        for (std::int64_t token = 0; token < window.tokens; ++token)
            there.emplace(frame, token);
    std::set<Position> needed;
    std::vector<Position> spare;
    for (const auto& [frame, token] : there) {
        const auto isKept = [&, token = token](std::int64_t at) { return keep[std::size_t(at * window.tokens + token)] != 0; };
        if (frame >= window.sinkFrames && frame < end - window.windowFrames)
            continue;
        std::int64_t later = 0;
        while (frame + later + 1 < end && !isKept(frame + later + 1))
            ++later;
        if (frame < window.sinkFrames || (frame >= first && isKept(frame)) || later < window.copies)
            needed.emplace(frame, token);
        else
            spare.emplace_back(frame, token);
    }
    std::ranges::sort(spare, [](const Position& a, const Position& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
    for (std::size_t i = 0; i < spare.size() && std::int64_t(needed.size()) % window.multiple != 0; ++i)
        needed.insert(spare[i]);
    return needed;
}

}  // namespace

class TestPerTokenKeys : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTheRule();
    void staticTokensCostOneKey();
};

void TestPerTokenKeys::equalsTheRule() {
    std::mt19937 random(1);
    for (int run = 0; run < 200; ++run) {
        const auto between = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(random); };
        KeyWindow window{.sinkFrames = between(0, 2), .blockFrames = between(2, 4), .tokens = between(1, 40), .copies = between(1, 3), .multiple = between(1, 3) * 8};
        window.windowFrames = window.blockFrames + between(0, 5);
        const int blocks = between(1, 9);
        const std::vector<std::uint8_t> keep = randomMasks(window, blocks, 0.05 * between(1, 12), random);
        PerTokenKeys keys(window);
        std::set<Position> expected;
        std::map<std::int64_t, Position> rows;  // what lies where
        for (int block = 0; block < blocks; ++block) {
            expected = expectedKeys(window, keep, block, expected);
            const KeyPlacement placement = keys.beginBlock(keep.data() + block * window.blockFrames * window.tokens);
            QCOMPARE(placement.count, std::int64_t(expected.size()));
            QCOMPARE(keys.count(), placement.count);
            for (std::size_t i = 0; i < placement.movedFrom.size(); ++i) {
                QVERIFY(placement.movedTo[i] < placement.count && placement.movedFrom[i] >= placement.count);
                rows[placement.movedTo[i]] = rows.at(placement.movedFrom[i]);
            }
            rows.erase(rows.lower_bound(placement.count), rows.end());
            for (std::size_t i = 0; i < placement.rows.size(); ++i)
                if (placement.rows[i] != KeyPlacement::kNowhere)
                    rows[placement.rows[i]] = {block * window.blockFrames + std::int64_t(i) / window.tokens, std::int64_t(i) % window.tokens};
            std::set<Position> actual;
            for (const auto& [row, position] : rows)
                actual.insert(position);
            QCOMPARE(std::int64_t(rows.size()), placement.count);  // no gaps
            QVERIFY(actual == expected);                          // and nothing twice
            for (std::int64_t row = 0; row < window.sinkFrames * window.tokens; ++row)
                QVERIFY(rows.at(row) == Position(row / window.tokens, row % window.tokens));  // the sink stays in front
        }
    }
}

// Sink, window and block hold seven places of a token; where nothing moves, the sink's key and the newest copy are left.
void TestPerTokenKeys::staticTokensCostOneKey() {
    PerTokenKeys keys({.tokens = 10});
    std::vector<std::uint8_t> keep(30, 0);
    std::fill_n(keep.begin(), 10, std::uint8_t(1));
    QCOMPARE(keys.beginBlock(keep.data()).count, 20);
    std::ranges::fill(keep, std::uint8_t(0));
    for (int block = 1; block < 6; ++block)
        QCOMPARE(keys.beginBlock(keep.data()).count, 20);
    std::ranges::fill(keep, std::uint8_t(1));
    QCOMPARE(keys.beginBlock(keep.data()).count, 10 + 10 + 30);
    QCOMPARE(keys.beginBlock(keep.data()).count, 10 + 30 + 30);
}

QTEST_GUILESS_MAIN(TestPerTokenKeys)
#include "tst_per_token_keys.moc"
