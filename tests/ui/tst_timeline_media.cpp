#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/session/paths.h"
#include "app/session/thumbnail_store.h"
#include "app/session/waveform_store.h"
#include "tests/support/fake_media.h"
#include "tests/support/sample_project.h"

using namespace lipar;
using session::mediaKey;
using session::ThumbnailStore;
using session::toPath;
using session::WaveformStore;

class TestTimelineMedia : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksOnceAndKeeps();
    void keepsOnDisk();
    void keepsTheFolderSmall();
    void dropsWhatNobodyWants();
    void failsQuietly();
    void staysWithinItsMemory();
    void looksUpPeaks();
    void keepsWaveforms();
    void waveformsStayWithinTheirFolder();

private:
    const project::Source m_source = testing::sampleSource("harbour.mp4", 60);
    [[nodiscard]] ThumbnailStore::Wish wish(qint64 milliseconds) const {
        return {mediaKey(m_source), m_source.path, milliseconds};
    }
};

void TestTimelineMedia::asksOnceAndKeeps() {
    testing::FakeMedia engine;
    ThumbnailStore store(engine, {});
    QSignalSpy ready(&store, &ThumbnailStore::ready);
    QVERIFY(store.picture(m_source, 1.5, 48).isNull());
    QVERIFY(store.picture(m_source, 1.5, 48).isNull());
    QTRY_COMPARE(ready.count(), 1);
    const auto picture = store.picture(m_source, 1.5, 48);
    QCOMPARE(picture.height(), 48);
    QVERIFY(picture.width() > 60);
    QCOMPARE(store.picture(m_source, 1.5, ThumbnailStore::storedHeight).height(), ThumbnailStore::storedHeight);
    QTest::qWait(20);
    QCOMPARE(engine.requests.size(), std::size_t(1));
    // What lies nearest stands in for what is not there.
    QVERIFY(!store.nearest(mediaKey(m_source), 9000, 48).isNull());
    QVERIFY(store.nearest("unknown", 9000, 48).isNull());
}

void TestTimelineMedia::keepsOnDisk() {
    const QTemporaryDir folder;
    const auto cache = toPath(folder.filePath("thumbnails"));
    {
        testing::FakeMedia engine;
        ThumbnailStore store(engine, cache);
        store.want(this, {wish(0), wish(1000), wish(2000)});
        QTRY_VERIFY(store.has(mediaKey(m_source), 2000));
        QCOMPARE(engine.requests.size(), std::size_t(1));
    }
    testing::FakeMedia engine;
    ThumbnailStore store(engine, cache);
    store.want(this, {wish(0), wish(2000)});
    QTRY_VERIFY(store.has(mediaKey(m_source), 2000));
    QVERIFY(engine.requests.empty());
}

void TestTimelineMedia::keepsTheFolderSmall() {
    namespace fs = std::filesystem;
    const QTemporaryDir folder;
    const auto cache = toPath(folder.filePath("thumbnails"));
    const auto media = cache / toPath(mediaKey(m_source));
    const auto fileOf = [&](int seconds) { return media / (std::to_string(seconds * 1000) + ".jpg"); };
    const auto bytes = [&] {
        std::uint64_t sum = 0;
        for (const auto& file : fs::directory_iterator(media))
            sum += file.path().extension() == ".jpg" ? file.file_size() : 0;
        return sum;
    };
    testing::FakeMedia engine;
    const auto fetch = [&](std::uint64_t limit, const std::vector<int>& seconds) {
        ThumbnailStore store(engine, cache, limit);
        for (const int second : seconds) {
            store.want(this, {wish(second * 1000)});
            QTRY_VERIFY(store.has(mediaKey(m_source), second * 1000));
        }
    };
    fetch(ThumbnailStore::defaultFolderLimit, {0, 1, 2, 3, 4, 5, 6, 7});
    const auto longAgo = fs::file_time_type::clock::now() - std::chrono::hours(24);
    for (int i = 0; i < 8; ++i)
        fs::last_write_time(fileOf(i), longAgo + std::chrono::minutes(i));
    QFile other(QString::fromStdString((media / "notes.txt").string()));
    QVERIFY(other.open(QIODevice::WriteOnly));
    other.close();
    const std::uint64_t limit = bytes();

    fetch(limit, {0});  // used again: it is there
    QCOMPARE(engine.requests.size(), std::size_t(8));
    QVERIFY(bytes() == limit);
    fetch(limit, {8});
    QVERIFY(bytes() <= limit);
    QVERIFY(fs::exists(fileOf(0)) && fs::exists(fileOf(8)) && fs::exists(fileOf(7)));
    QVERIFY(!fs::exists(fileOf(1)) && !fs::exists(fileOf(2)));
    // Nothing fits: it is shown all the same.
    fetch(1, {9});
    QCOMPARE(bytes(), std::uint64_t(0));
    QVERIFY(other.exists());
}

void TestTimelineMedia::dropsWhatNobodyWants() {
    testing::FakeMedia engine;
    engine.isHolding = true;
    ThumbnailStore store(engine, {});
    const int viewer = 0;
    store.want(this, {wish(0)});
    QTRY_COMPARE(engine.requests.size(), std::size_t(1));
    store.want(&viewer, {wish(5000)});
    QTest::qWait(20);
    QVERIFY(engine.cancelled.empty());
    // Scrolled away: the job is cancelled, what the other view wants comes next.
    store.want(this, {});
    QTRY_COMPARE(engine.requests.size(), std::size_t(2));
    QCOMPARE(engine.cancelled.size(), std::size_t(1));
    const auto& request = std::get<service::ThumbnailsRequest>(engine.requests.back());
    QCOMPARE(request.seconds, std::vector<double>{5.0});
    // An answer that comes too late is dropped.
    engine.send(service::Thumbnail{1, 0, testing::FakeMedia::picture("x", 0, 96)});
    QVERIFY(!store.has(mediaKey(m_source), 0));
}

void TestTimelineMedia::failsQuietly() {
    testing::FakeMedia engine;
    engine.isHolding = true;
    ThumbnailStore store(engine, {});
    store.want(this, {wish(0)});
    QTRY_COMPARE(engine.requests.size(), std::size_t(1));
    engine.send(service::JobFailed{1, Error{ErrorCode::decodeFailed, "the file is broken", {}}});
    store.want(this, {wish(0)});
    QTest::qWait(20);
    QCOMPARE(engine.requests.size(), std::size_t(1));
    store.want(this, {wish(0), wish(1000)});
    QTRY_COMPARE(engine.requests.size(), std::size_t(2));
}

void TestTimelineMedia::staysWithinItsMemory() {
    testing::FakeMedia engine;
    ThumbnailStore store(engine, {});
    const std::size_t one = std::size_t(96) * 166 * 4;
    store.setMemoryLimit(8 * one);
    for (int i = 0; i < 20; ++i) {
        store.want(this, {wish(i * 1000)});
        QTRY_VERIFY(store.has(mediaKey(m_source), i * 1000));
    }
    int kept = 0;
    for (int i = 0; i < 20; ++i)
        kept += store.has(mediaKey(m_source), i * 1000) ? 1 : 0;
    QVERIFY2(kept <= 8 && kept >= 4, qPrintable(QString::number(kept)));
    QVERIFY(store.has(mediaKey(m_source), 19000));
    QVERIFY(!store.has(mediaKey(m_source), 0));
}

void TestTimelineMedia::looksUpPeaks() {
    std::vector<std::uint8_t> peaks(1000, 10);
    peaks[500] = 200;
    const session::Waveform waveform(50, -1, peaks);
    // Peak 500 is the sound from 9.00 to 9.02 s, since the first one lies a second before the picture.
    QCOMPARE(waveform.peakBetween(9.0, 9.02), 200);
    QCOMPARE(waveform.peakBetween(0, 7), 10);  // long stretches are looked up coarsely
    QCOMPARE(waveform.peakBetween(-1, 19), 200);
    QCOMPARE(waveform.peakBetween(100, 200), 0);
    QCOMPARE(waveform.peakBetween(-50, -40), 0);
    QCOMPARE(session::Waveform(50, 0, {}).peakBetween(0, 1), 0);
}

void TestTimelineMedia::keepsWaveforms() {
    const QTemporaryDir folder;
    const auto cache = toPath(folder.filePath("waveforms"));
    const auto key = mediaKey(m_source);
    std::vector<std::uint8_t> peaks;
    {
        testing::FakeMedia engine;
        WaveformStore store(engine, cache);
        QSignalSpy ready(&store, &WaveformStore::ready);
        store.want(this, {{key, m_source.path}});
        QTRY_COMPARE(ready.count(), 1);
        peaks = store.waveform(key)->peaks();
        QVERIFY(peaks.size() > 1000);
    }
    testing::FakeMedia engine;
    WaveformStore store(engine, cache);
    store.want(this, {{key, m_source.path}});
    QTRY_VERIFY(store.waveform(key));
    QVERIFY(store.waveform(key)->peaks() == peaks);
    QVERIFY(engine.requests.empty());
    // No longer wanted before it came.
    engine.isHolding = true;
    const auto other = testing::sampleSource("another harbour.mp4", 10);
    store.want(this, {{mediaKey(other), other.path}});
    QTRY_COMPARE(engine.requests.size(), std::size_t(1));
    store.want(this, {});
    QTRY_COMPARE(engine.cancelled.size(), std::size_t(1));
}

void TestTimelineMedia::waveformsStayWithinTheirFolder() {
    const QTemporaryDir folder;
    const auto cache = toPath(folder.filePath("waveforms"));
    constexpr std::uint64_t limit = 8000;  // the peaks of a few clips
    for (int i = 0; i < 12; ++i) {
        testing::FakeMedia engine;
        WaveformStore store(engine, cache, limit);
        const auto source = testing::sampleSource("harbour.mp4", 20 + i);  // the length tells them apart
        store.want(this, {{mediaKey(source), source.path}});
        QTRY_VERIFY(store.waveform(mediaKey(source)));
    }
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(cache))
        bytes += entry.is_regular_file() ? entry.file_size() : 0;
    QVERIFY2(bytes > 0 && bytes <= limit, qPrintable(QString::number(bytes)));
}

QTEST_MAIN(TestTimelineMedia)
#include "tst_timeline_media.moc"
