#include <QTest>

#include "app/session/frame_store.h"
#include "app/session/timecode.h"
#include "tests/support/fake_engine.h"

using namespace lipar;
using session::FrameStore;

class TestFrameStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsFramesInOrder();
    void staysWithinItsLimit();
    void newestFrameAlwaysStays();
    void findsTheFrameOfATime();
    void tokensBelongToTheirLatentFrame();
    void imagesShareTheirMemory();
    void timecodes();

private:
    testing::FakeEngine m_engine;  // draws 36 frames of 160x96
};

namespace {
constexpr std::size_t pairBytes = std::size_t(2) * 3 * 160 * 96;
}

void TestFrameStore::keepsFramesInOrder() {
    FrameStore store;
    store.append(m_engine.block(1, 0));
    store.append(m_engine.block(1, 1));
    QCOMPARE(store.size(), 24);
    for (int i = 0; i < store.size(); ++i) {
        QCOMPARE(store.at(i).index, std::int64_t(i));
        QCOMPARE(store.at(i).source, m_engine.clip().source[std::size_t(i)]);
        QCOMPARE(store.at(i).edited, m_engine.clip().edited[std::size_t(i)]);
    }
    QCOMPARE(store.bytes(), 24 * pairBytes);
    store.clear();
    QVERIFY(store.isEmpty());
    QCOMPARE(store.bytes(), std::size_t(0));
}

void TestFrameStore::staysWithinItsLimit() {
    FrameStore store(15 * pairBytes);
    for (int block = 0; block < 3; ++block) {
        store.append(m_engine.block(1, block));
        QVERIFY(store.bytes() <= 15 * pairBytes);
    }
    QCOMPARE(store.size(), 15);
    QCOMPARE(store.at(0).index, std::int64_t(21));
    QCOMPARE(store.at(14).index, std::int64_t(35));
    QCOMPARE(store.evicted(), std::int64_t(21));
}

void TestFrameStore::newestFrameAlwaysStays() {
    FrameStore store(1);
    store.append(m_engine.block(1, 0));
    QCOMPARE(store.size(), 1);
    QCOMPARE(store.at(0).index, std::int64_t(11));
}

void TestFrameStore::findsTheFrameOfATime() {
    FrameStore store;
    store.append(m_engine.block(1, 0));
    const double frame = 1.0 / 24;
    QCOMPARE(store.positionAt(-1), 0);
    QCOMPARE(store.positionAt(0), 0);
    QCOMPARE(store.positionAt(2.5 * frame), 2);
    QCOMPARE(store.positionAt(100), 11);
}

void TestFrameStore::tokensBelongToTheirLatentFrame() {
    FrameStore store;
    const auto block = m_engine.block(1, 1);
    store.append(block);
    QVERIFY(store.at(0).hasTokens());
    QCOMPARE(store.at(0).tokens, store.at(3).tokens);
    QVERIFY(store.at(3).tokens != store.at(4).tokens);
    const auto& tokens = *store.at(4).tokens;
    QCOMPARE(tokens.rows, 6);
    QCOMPARE(tokens.columns, 10);
    const std::vector<std::uint8_t> expected(block.keep.frame(1), block.keep.frame(1) + block.keep.frameSize());
    QCOMPARE(tokens.keep, expected);
    QCOMPARE(tokens.age.size(), tokens.keep.size());
}

void TestFrameStore::imagesShareTheirMemory() {
    auto picture = std::make_shared<Picture>(4, 2);
    picture->rgb[3] = 200;
    const auto* memory = picture->rgb.data();
    PicturePtr shared = std::move(picture);
    const auto image = session::imageOf(shared);
    shared.reset();
    QCOMPARE(image.constBits(), memory);
    QCOMPARE(image.pixelColor(1, 0).red(), 200);
    QVERIFY(session::imageOf(nullptr).isNull());
}

void TestFrameStore::timecodes() {
    QCOMPARE(session::timecodeOf(0), QString("00:00.00"));
    QCOMPARE(session::timecodeOf(0.04 * 25), QString("00:01.00"));
    QCOMPARE(session::timecodeOf(62.345), QString("01:02.34"));
    QCOMPARE(session::timecodeOf(3723.5), QString("1:02:03.50"));
}

QTEST_GUILESS_MAIN(TestFrameStore)
#include "tst_frame_store.moc"
