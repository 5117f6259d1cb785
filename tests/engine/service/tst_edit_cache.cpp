// The edit cache through the engine's public face: found again when it should be, and only then, whatever happens to the disk.
#include "tests/engine/service/timeline_fixture.h"

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

using namespace lipar;
using namespace lipar::service;
using namespace lipar::test;

class TestEditCache : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void secondRunIsReplayedWithoutTheModel();
    void interruptedRunIsReplayedAndContinued();
    void everySettingThatMattersIsAMiss_data();
    void everySettingThatMattersIsAMiss();
    void anotherNameOfTheSameBytesIsAHit();
    void damagedBlocksAreIgnoredAndRemoved_data();
    void damagedBlocksAreIgnoredAndRemoved();
    void limitIsKeptByLastUse();
    void clearLeavesOtherFilesAlone();
    void fullDiskLeavesTheEditWhole();
    void killLeavesNoDamagedBlock();
    void lookupPrefersExactBlocks();

private:
    [[nodiscard]] Played edit(const Shop& shop, const TimelineEdit& edit) const { return play(editRequest(m_clip, edit, shop.cache())); }

    QTemporaryDir m_folder;
    fs::path m_clip;
    Shop m_filled;  // whose cache holds paint() of the clip
    std::vector<PicturePtr> m_pictures;
};

void TestEditCache::initTestCase() {
    QVERIFY(m_folder.isValid());
    m_clip = makeClip(m_folder.filePath("clip.mp4"), 96, 64, 30);
    const Played made = edit(m_filled, paint());
    QCOMPARE(made.report<EditReport>().blocks.size(), std::size_t(3));
    m_pictures = editedPictures(made);
}

void TestEditCache::secondRunIsReplayedWithoutTheModel() {
    const Shop shop;
    const Played first = edit(shop, paint());
    QCOMPARE(first.report<EditReport>().blocks.size(), std::size_t(3));
    QCOMPARE(shop.blocks().size(), std::size_t(3));

    const Played second = edit(shop, paint());
    const auto& report = second.report<EditReport>();
    QVERIFY(isSame(editedPictures(first), editedPictures(second)));
    QCOMPARE(report.blocks.size(), std::size_t(3));
    QCOMPARE(report.pruning.keptPerLatentFrame, first.report<EditReport>().pruning.keptPerLatentFrame);
    for (const BlockReport& block : report.blocks)
        QCOMPARE(block.ms.total(), 0.0);  // nothing was computed
    const auto before = first.all<BlockFinished>(), after = second.all<BlockFinished>();
    for (std::size_t i = 0; i < before.size(); ++i) {
        QCOMPARE(after[i].firstFrame, before[i].firstFrame);
        QVERIFY(after[i].keep == before[i].keep && after[i].age == before[i].age && after[i].seconds == before[i].seconds);
        QVERIFY(isSame(after[i].source, before[i].source));
    }
    for (const Progress& progress : second.all<Progress>())
        QVERIFY(progress.phase != Phase::loading);

    // The cache alone makes the output file, sound and all.
    EditRequest request = editRequest(m_clip, paint(), shop.cache());
    request.output.path = shop.path("out.mp4");
    QVERIFY(play(request).outcome);
    QCOMPARE(probeLines(request.output.path, "frame=pts_time"), probeLines(m_clip, "frame=pts_time"));
}

void TestEditCache::interruptedRunIsReplayedAndContinued() {
    const Shop shop;
    shop.takeCacheOf(m_filled);
    fs::remove(shop.blocks().back());
    const Played again = edit(shop, paint());
    QCOMPARE(again.all<BlockFinished>().size(), std::size_t(3));  // each once
    QVERIFY(isSame(m_pictures, editedPictures(again)));
    QCOMPARE(shop.blocks().size(), std::size_t(3));
    QCOMPARE(again.report<EditReport>().blocks[0].ms.total(), 0.0);
    QVERIFY(again.report<EditReport>().blocks[2].ms.total() > 0.0);
}

void TestEditCache::everySettingThatMattersIsAMiss_data() {
    QTest::addColumn<std::function<void(TimelineEdit&)>>("change");
    const auto row = [](const char* name, std::function<void(TimelineEdit&)> change) { QTest::newRow(name) << change; };
    row("prompt", [](TimelineEdit& e) { e.settings.prompt = "ink drawing"; });
    row("prompt change", [](TimelineEdit& e) { e.settings.promptChanges = {{0.5, "ink drawing"}}; });
    row("seed", [](TimelineEdit& e) { e.settings.seed = 7; });
    row("strength", [](TimelineEdit& e) { e.settings.strength = 0.9; });
    row("steps", [](TimelineEdit& e) { e.settings.steps = {500, 300}; });
    row("size", [](TimelineEdit& e) { e.settings.width = 80; });
    row("pruning", [](TimelineEdit& e) { e.settings.pruning = false; });
    row("tau1", [](TimelineEdit& e) { e.settings.tau1 = 0.5; });
    row("tau2", [](TimelineEdit& e) { e.settings.tau2 = 0.9; });
    row("min kept", [](TimelineEdit& e) { e.settings.minKept = 0.9; });
    row("recovery", [](TimelineEdit& e) { e.settings.recovery = Recovery::none; });
    row("precision", [](TimelineEdit& e) { e.engine.precision = Precision::bf16; });
    row("start", [](TimelineEdit& e) { e.settings.startSeconds = 0.25; });
    row("end", [](TimelineEdit& e) { e.settings.endSeconds = 0.75; });
}

void TestEditCache::everySettingThatMattersIsAMiss() {
    QFETCH(const std::function<void(TimelineEdit&)>, change);
    TimelineEdit other = paint();
    change(other);
    const Played asked = play(CacheLookupRequest{m_clip, other, m_filled.cache()});
    for (const CachedBlock& block : asked.report<CacheLookupReport>().blocks)
        QVERIFY(!block.exact);
    const auto same = play(CacheLookupRequest{m_clip, paint(), m_filled.cache()}).report<CacheLookupReport>();
    QCOMPARE(same.blocks.size(), std::size_t(3));
    QVERIFY(std::ranges::all_of(same.blocks, &CachedBlock::exact));
}

void TestEditCache::anotherNameOfTheSameBytesIsAHit() {
    const Shop shop;
    shop.takeCacheOf(m_filled);
    fs::copy_file(m_clip, shop.path("copy.mp4"));
    QCOMPARE(play(CacheLookupRequest{shop.path("copy.mp4"), paint(), shop.cache()}).report<CacheLookupReport>().blocks.size(), std::size_t(3));
    // Naming what is the default anyway changes nothing.
    TimelineEdit same = paint();
    same.settings.startSeconds = 0;
    same.settings.endSeconds = 30.0 / 24;
    QCOMPARE(play(CacheLookupRequest{m_clip, same, shop.cache()}).report<CacheLookupReport>().blocks.size(), std::size_t(3));
}

void TestEditCache::damagedBlocksAreIgnoredAndRemoved_data() {
    QTest::addColumn<int>("kind");
    QTest::newRow("cut") << 0;
    QTest::newRow("empty") << 1;
    QTest::newRow("a bit of a picture") << 2;
    QTest::newRow("a bit of the header") << 3;
    QTest::newRow("longer") << 4;
}

void TestEditCache::damagedBlocksAreIgnoredAndRemoved() {
    QFETCH(const int, kind);
    const Shop shop;
    shop.takeCacheOf(m_filled);
    const fs::path victim = shop.blocks()[1];
    const auto size = qint64(fs::file_size(victim));
    QFile file(QString::fromStdString(victim.string()));
    QVERIFY(file.open(QIODevice::ReadWrite));
    if (kind == 0)
        QVERIFY(file.resize(size / 2));
    else if (kind == 1)
        QVERIFY(file.resize(0));
    else if (kind == 4)
        QVERIFY(file.resize(size + 1));
    else {
        const qint64 at = kind == 2 ? size - 100 : 60;
        file.seek(at);
        char byte = 0;
        QVERIFY(file.getChar(&byte));
        file.seek(at);
        file.putChar(char(byte ^ 16));
    }
    file.close();
    const Played again = edit(shop, paint());
    QVERIFY(again.outcome);
    QVERIFY(isSame(m_pictures, editedPictures(again)));
    QCOMPARE(again.all<BlockFinished>().size(), std::size_t(3));
    QCOMPARE(qint64(fs::file_size(victim)), size);  // whole again
}

void TestEditCache::limitIsKeptByLastUse() {
    const Shop shop;
    shop.takeCacheOf(m_filled);
    const std::uint64_t one = shop.cacheBytes();
    const auto old = shop.blocks();
    for (const fs::path& block : old)
        fs::last_write_time(block, fs::file_time_type::clock::now() - std::chrono::hours(1));
    TimelineEdit other = paint();
    other.settings.seed = 3;
    EditRequest request = editRequest(m_clip, other, shop.cache());
    request.cache.limitBytes = one + one / 2;
    QVERIFY(play(request).outcome);
    QVERIFY(shop.cacheBytes() <= request.cache.limitBytes);
    QCOMPARE(play(CacheLookupRequest{m_clip, other, shop.cache()}).report<CacheLookupReport>().blocks.size(), std::size_t(3));
    QVERIFY(play(CacheLookupRequest{m_clip, paint(), shop.cache()}).report<CacheLookupReport>().blocks.size() < 3);
}

void TestEditCache::clearLeavesOtherFilesAlone() {
    const Shop shop;
    shop.takeCacheOf(m_filled);
    const std::uint64_t bytes = shop.cacheBytes();
    fs::copy_file(m_clip, shop.path("cache/holiday.mp4"));
    fs::copy_file(m_clip, shop.path("cache/holiday.block"));
    QCOMPARE(play(ClearCacheRequest{shop.cache()}).report<ClearCacheReport>().freedBytes, bytes);
    QVERIFY(fs::exists(shop.path("cache/holiday.mp4")) && fs::exists(shop.path("cache/holiday.block")));
    QCOMPARE(std::distance(fs::directory_iterator(shop.path("cache")), fs::directory_iterator{}), std::ptrdiff_t(2));
}

void TestEditCache::fullDiskLeavesTheEditWhole() {
    const Shop shop;
    fs::create_directories(shop.path("cache"));
    if (::mount("tmpfs", shop.path("cache").c_str(), "tmpfs", 0, "size=64k") != 0)
        QSKIP("a full disk needs the right to mount one");
    const Played played = edit(shop, paint());
    const auto blocks = shop.blocks();
    ::umount(shop.path("cache").c_str());
    QCOMPARE(played.report<EditReport>().blocks.size(), std::size_t(3));
    QVERIFY(blocks.size() < 3);
}

void TestEditCache::killLeavesNoDamagedBlock() {
    const Shop shop;
    for (const int milliseconds : {150, 400, 700}) {
        // The child is this program: a fork of one that uses threads may not compute.
        QProcess child;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("LIPAR_TEST_CLIP", QString::fromStdString(m_clip.string()));
        environment.insert("LIPAR_TEST_CACHE", QString::fromStdString(shop.path("cache").string()));
        child.setProcessEnvironment(environment);
        child.start(QCoreApplication::applicationFilePath(), QStringList{});
        QVERIFY(child.waitForStarted());
        child.waitForFinished(milliseconds);
        child.kill();
        child.waitForFinished();
        const Played found = play(CacheLookupRequest{m_clip, paint(), shop.cache()});
        for (const CachedBlock& block : found.report<CacheLookupReport>().blocks)
            QVERIFY(block.endSeconds > block.startSeconds);
    }
    const Played after = edit(shop, paint());
    QVERIFY(isSame(m_pictures, editedPictures(after)));
}

void TestEditCache::lookupPrefersExactBlocks() {
    const Shop shop;
    TimelineEdit preview = paint();
    preview.settings.startSeconds = 0.25;
    QVERIFY(edit(shop, preview).outcome);
    const auto fromPreview = play(CacheLookupRequest{m_clip, paint(), shop.cache()}).report<CacheLookupReport>();
    QCOMPARE(fromPreview.blocks.size(), std::size_t(2));  // 24 frames
    QVERIFY(std::ranges::none_of(fromPreview.blocks, &CachedBlock::exact));
    QCOMPARE(fromPreview.blocks.front().startSeconds, 0.25);

    QVERIFY(edit(shop, paint()).outcome);
    const auto both = play(CacheLookupRequest{m_clip, paint(), shop.cache()}).report<CacheLookupReport>();
    QCOMPARE(both.blocks.size(), std::size_t(3));
    QVERIFY(std::ranges::all_of(both.blocks, &CachedBlock::exact));
    QCOMPARE(both.blocks.back().endSeconds, 30.0 / 24);
    QCOMPARE(both.blocks.front().keptPerLatentFrame.size(), std::size_t(3));
}

int main(int argc, char** argv) {
    // What killLeavesNoDamagedBlock() starts and kills.
    if (const char* clip = std::getenv("LIPAR_TEST_CLIP")) {
        EditCacheSettings cache;
        cache.folder = std::getenv("LIPAR_TEST_CACHE");
        return runJob(editRequest(clip, paint(), cache)) ? 0 : 1;
    }
    QCoreApplication application(argc, argv);
    TestEditCache test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_edit_cache.moc"
