// ProxyStore: which proxies are made, found again, given up, and how much of the disk they take.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/session/paths.h"
#include "app/session/proxy_store.h"
#include "app/session/thumbnail_store.h"
#include "tests/support/fake_media.h"
#include "tests/support/small_project.h"

using namespace lipar;
using session::ProxyStore;
using session::toPath;

namespace {

project::Project projectWith(std::vector<std::string> names) {
    auto project = testing::smallProject().project;
    auto source = project.sources.front();
    project.sources.clear();
    for (auto& track : project.tracks)
        track.clips.clear();
    for (const auto& name : names) {
        source.id = project.nextId++;
        source.path = "/no such folder/" + name;
        source.contentHash = name + std::string(40, 'a');
        project.sources.push_back(source);
    }
    return project;
}

}  // namespace

class TestProxyStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void makesOneAfterTheOther();
    void findsWhatIsThere();
    void onlyWhereNeeded();
    void cancelled();
    void leavesWithItsSource();
    void switchedOff();
    void failuresAreDoneWithout();
    void staysWithinItsFolder();
    void withoutAFolder();

private:
    [[nodiscard]] std::filesystem::path folder() const { return toPath(m_folder->filePath("proxies")); }
    [[nodiscard]] static int asked(const testing::FakeMedia& engine) { return int(engine.requests.size()); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestProxyStore::init() {
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestProxyStore::makesOneAfterTheOther() {
    testing::FakeMedia engine;
    engine.isHolding = true;
    session::ProjectDocument document;
    document.replace(projectWith({"one.mp4", "two.mp4"}), {}, false);
    ProxyStore store(document, engine, folder());
    QTRY_COMPARE(asked(engine), 1);
    const auto first = std::get<service::ProxyRequest>(engine.requests[0]);
    QCOMPARE(first.input, std::filesystem::path("/no such folder/one.mp4"));
    QTRY_COMPARE(store.clipName(), QString("one.mp4"));
    engine.send(service::Progress{.job = 1, .phase = service::Phase::converting, .framesDone = 250, .framesTotal = 1000});
    QCOMPARE(store.progress(), 0.25);
    QSignalSpy changed(&store, &ProxyStore::proxiesChanged);
    engine.send(service::JobFinished{1, service::ProxyReport{true}});
    QCOMPARE(changed.count(), 1);
    QCOMPARE(store.proxies().at(first.input), first.output);
    QCOMPARE(asked(engine), 2);
    QCOMPARE(store.clipName(), QString("two.mp4"));
    QCOMPARE(store.progress(), 0);
    engine.send(service::JobFinished{2, service::ProxyReport{true}});
    QCOMPARE(store.proxies().size(), std::size_t(2));
    QVERIFY(store.clipName().isEmpty());
}

void TestProxyStore::findsWhatIsThere() {
    session::ProjectDocument document;
    document.replace(projectWith({"one.mp4"}), {}, false);
    {
        testing::FakeMedia engine;
        ProxyStore store(document, engine, folder());
        QTRY_COMPARE(store.proxies().size(), std::size_t(1));
    }
    testing::FakeMedia engine;
    ProxyStore store(document, engine, folder());
    QTRY_COMPARE(store.proxies().size(), std::size_t(1));
    QCOMPARE(asked(engine), 0);
}

void TestProxyStore::onlyWhereNeeded() {
    testing::FakeMedia engine;
    engine.needsProxies = false;
    session::ProjectDocument document;
    auto project = projectWith({"one.mp4", "sound.wav"});
    project.sources[1].width = 0;
    document.replace(project, {}, false);
    ProxyStore store(document, engine, folder());
    QTRY_COMPARE(asked(engine), 1);
    QTRY_VERIFY(store.clipName().isEmpty());
    QVERIFY(store.proxies().empty());
    document.replace(project, {}, false);  // not asked again
    QTest::qWait(50);
    QCOMPARE(asked(engine), 1);
}

void TestProxyStore::cancelled() {
    testing::FakeMedia engine;
    engine.isHolding = true;
    session::ProjectDocument document;
    document.replace(projectWith({"one.mp4", "two.mp4"}), {}, false);
    ProxyStore store(document, engine, folder());
    QTRY_COMPARE(store.clipName(), QString("one.mp4"));
    store.cancel();
    QVERIFY(engine.cancelled.contains(1));
    QCOMPARE(store.clipName(), QString("two.mp4"));
    document.replace(document.project(), {}, false);
    QTest::qWait(50);
    QCOMPARE(asked(engine), 2);
}

void TestProxyStore::leavesWithItsSource() {
    testing::FakeMedia engine;
    engine.isHolding = true;
    session::ProjectDocument document;
    document.replace(projectWith({"one.mp4"}), {}, false);
    ProxyStore store(document, engine, folder());
    QTRY_COMPARE(store.clipName(), QString("one.mp4"));
    document.replace(projectWith({"two.mp4"}), {}, false);
    QVERIFY(engine.cancelled.contains(1));
    QTRY_COMPARE(store.clipName(), QString("two.mp4"));
    // It comes back: it is wanted again.
    document.replace(projectWith({"one.mp4"}), {}, false);
    QTRY_COMPARE(store.clipName(), QString("one.mp4"));
}

void TestProxyStore::switchedOff() {
    testing::FakeMedia engine;
    session::ProjectDocument document;
    document.replace(projectWith({"one.mp4"}), {}, false);
    ProxyStore store(document, engine, folder());
    QTRY_COMPARE(store.proxies().size(), std::size_t(1));
    store.setEnabled(false);
    QVERIFY(store.proxies().empty());
    document.replace(projectWith({"two.mp4"}), {}, false);
    QTest::qWait(50);
    QCOMPARE(asked(engine), 1);
    store.setEnabled(true);
    QTRY_COMPARE(store.proxies().size(), std::size_t(1));
    QCOMPARE(asked(engine), 2);
}

void TestProxyStore::failuresAreDoneWithout() {
    testing::FakeMedia engine;
    engine.isHolding = true;
    session::ProjectDocument document;
    document.replace(projectWith({"one.mp4", "two.mp4"}), {}, false);
    ProxyStore store(document, engine, folder());
    QTRY_COMPARE(store.clipName(), QString("one.mp4"));
    engine.send(service::JobFailed{1, Error{ErrorCode::diskFull, "the disk is full", {}}});
    QCOMPARE(store.clipName(), QString("two.mp4"));
    QVERIFY(store.proxies().empty());
}

void TestProxyStore::staysWithinItsFolder() {
    testing::FakeMedia engine;
    engine.proxyBytes = 1000;
    session::ProjectDocument document;
    constexpr std::uint64_t limit = 4000;
    {
        ProxyStore store(document, engine, folder(), limit);
        std::vector<std::string> names;
        for (int i = 0; i < 9; ++i) {
            names.push_back(std::to_string(i) + ".mp4");
            document.replace(projectWith(names), {}, false);
            QTRY_VERIFY(store.proxies().contains("/no such folder/" + names.back()));
        }
    }
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder()))
        bytes += entry.is_regular_file() ? entry.file_size() : 0;
    QVERIFY2(bytes > 0 && bytes <= limit, qPrintable(QString::number(bytes)));
}

void TestProxyStore::withoutAFolder() {
    testing::FakeMedia engine;
    session::ProjectDocument document;
    ProxyStore store(document, engine, {});
    document.replace(projectWith({"one.mp4"}), {}, false);
    QTest::qWait(50);
    QCOMPARE(asked(engine), 0);
}

QTEST_GUILESS_MAIN(TestProxyStore)
#include "tst_proxy_store.moc"
