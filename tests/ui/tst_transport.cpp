#include <QSignalSpy>
#include <QTest>

#include "app/session/transport.h"
#include "tests/support/fake_engine.h"

using namespace lipar;
using session::Transport;

class TestTransport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void stepsAndScrubs();
    void playsToTheEndAndStops();
    void waitsAtTheEndWhileLive();
    void playsAgainFromTheStart();
    void followsWhenItsFrameLeaves();

private:
    testing::FakeEngine m_engine;  // draws 36 frames of 160x96, 24 a second
    std::unique_ptr<session::FrameStore> m_store;
    std::unique_ptr<Transport> m_transport;
};

void TestTransport::init() {
    m_store = std::make_unique<session::FrameStore>();
    m_transport = std::make_unique<Transport>(*m_store);
    m_store->append(m_engine.block(1, 0));
    m_transport->storeChanged();
}

void TestTransport::stepsAndScrubs() {
    QCOMPARE(m_transport->frameNumber(), 0);
    m_transport->step(1);
    m_transport->step(1);
    QCOMPARE(m_transport->frameNumber(), 2);
    m_transport->step(-5);
    QCOMPARE(m_transport->frameNumber(), 0);
    m_transport->seek(5.0 / 24 + 0.001);
    QCOMPARE(m_transport->frameNumber(), 5);
    m_transport->toEnd();
    QCOMPARE(m_transport->frameNumber(), 11);
    m_transport->step(1);
    QCOMPARE(m_transport->frameNumber(), 11);
    m_transport->toStart();
    QCOMPARE(m_transport->frameNumber(), 0);
}

void TestTransport::playsToTheEndAndStops() {
    QSignalSpy frames(m_transport.get(), &Transport::frameChanged);
    m_transport->play();
    QVERIFY(m_transport->isPlaying());
    QTRY_VERIFY(!m_transport->isPlaying());
    QCOMPARE(m_transport->frameNumber(), 11);
    QVERIFY(frames.count() <= 11);
}

void TestTransport::waitsAtTheEndWhileLive() {
    m_transport->setLive(true);
    m_transport->seek(m_transport->lastSeconds());
    m_transport->play();
    QTest::qWait(100);
    QVERIFY(m_transport->isPlaying());
    QCOMPARE(m_transport->frameNumber(), 11);
    m_store->append(m_engine.block(1, 1));
    m_transport->storeChanged();
    // What came while it waited is played, not skipped.
    QTRY_COMPARE(m_transport->frameNumber(), 12);
    m_transport->setLive(false);
    QTRY_VERIFY(!m_transport->isPlaying());
    QCOMPARE(m_transport->frameNumber(), 23);
}

void TestTransport::playsAgainFromTheStart() {
    m_transport->toEnd();
    m_transport->play();
    QCOMPARE(m_transport->frameNumber(), 0);
    m_transport->toggle();
    QVERIFY(!m_transport->isPlaying());
}

void TestTransport::followsWhenItsFrameLeaves() {
    session::FrameStore small(std::size_t(2) * 3 * 160 * 96 * 6);
    Transport transport(small);
    small.append(m_engine.block(1, 0));
    transport.storeChanged();
    QCOMPARE(transport.frameNumber(), 6);
    small.append(m_engine.block(1, 1));
    transport.storeChanged();
    QCOMPARE(transport.frameNumber(), 18);
    QCOMPARE(transport.framesDropped(), 18);
}

QTEST_GUILESS_MAIN(TestTransport)
#include "tst_transport.moc"
