// The model manager's jobs through the engine's public face, and what they see of engines at work.
#include <QtTest>

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "engine/service/engine.h"

using namespace lipar;
using namespace lipar::service;

class TestModelStoreJobs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void listsModelsOfBothFolders();
    void saysWhetherAModelFits();
    void aModelInMemoryIsInUse();

private:
    [[nodiscard]] EngineOptions options() const {
        return {.modelsFolder = m_folder->filePath("models").toStdString(), .threads = 1};
    }
    [[nodiscard]] Result<Report> run(Request request) const { return runJob(std::move(request), {}, {}, options()); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

// The user has a model of their own beside the one that comes with the program.
void TestModelStoreJobs::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    const std::filesystem::path models = m_folder->filePath("models").toStdString();
    std::filesystem::create_directories(models);
    std::filesystem::copy(std::filesystem::path(LIPAR_SOURCE_DIR) / "resources/models/lipar-mini", models / "own");
}

void TestModelStoreJobs::listsModelsOfBothFolders() {
    const auto report = run(ModelListRequest{.catalogue = true});
    QVERIFY(report);
    const auto& list = std::get<ModelListReport>(*report);
    QCOMPARE(list.models.size(), 2u);
    QCOMPARE(list.folder.string(), m_folder->filePath("models").toStdString());
    QCOMPARE(list.entries.front().name, std::string("lipar-mini"));
    QVERIFY(list.entries.front().builtIn);
    QCOMPARE(list.entries.front().state, ModelState::installed);
    QCOMPARE(list.entries.back().name, std::string("own"));
    QCOMPARE(list.entries.back().state, ModelState::installed);
    // Without being asked for, nothing of the kind is looked up.
    const auto plain = run(ModelListRequest{});
    QCOMPARE(std::get<ModelListReport>(*plain).models.size(), 2u);
    QVERIFY(std::get<ModelListReport>(*plain).entries.empty());
}

void TestModelStoreJobs::saysWhetherAModelFits() {
    const auto report = run(ModelShowRequest{"wan2.1-1.3b"});
    QVERIFY(report);
    const auto& entry = std::get<ModelShowReport>(*report).entry;
    QVERIFY(entry && entry->state == ModelState::notInstalled);
    QVERIFY(entry->fit.deviceBytes > 5'000'000'000);  // its weights alone are more
    QVERIFY(entry->fit.diskBytes > 10'000'000'000);
    QVERIFY(!entry->fit.words.empty());
    const bool isShort = entry->fit.deviceBytes > entry->fit.deviceFree || entry->fit.diskBytes > entry->fit.diskFree ||
                         entry->fit.hostBytes > entry->fit.hostFree;
    QVERIFY(!isShort || entry->fit.verdict != FitVerdict::fits);
    const auto small = run(ModelShowRequest{"lipar-mini"});
    QVERIFY(std::get<ModelShowReport>(*small).entry->fit.deviceBytes < 1'000'000'000);
}

void TestModelStoreJobs::aModelInMemoryIsInUse() {
    const auto clip = m_folder->filePath("sample.mp4").toStdString();
    QVERIFY(run(MakeSampleRequest{clip}));
    std::mutex mutex;
    std::condition_variable changed;
    bool loaded = false;
    {
        Engine engine(
            [&](const Event& event) {
                const std::scoped_lock lock(mutex);
                loaded = loaded || std::holds_alternative<BlockFinished>(event);
                if (const auto* failed = std::get_if<JobFailed>(&event))
                    qInfo("%s", failed->error.message.c_str());
                changed.notify_all();
            },
            options());
        EditRequest edit;
        edit.input = clip;
        edit.engine = {.model = "own", .device = "cpu"};
        edit.settings.prompt = "oil painting";
        edit.settings.width = 160;
        edit.settings.height = 96;
        engine.submit(edit);
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return loaded; });
        }
        const auto removed = run(ModelRemoveRequest{"own"});
        QVERIFY(!removed);
        QCOMPARE(removed.error().code, ErrorCode::inUse);
        QVERIFY(QFile::exists(m_folder->filePath("models/own/dit.safetensors")));
        const auto list = run(ModelListRequest{.catalogue = true});
        QVERIFY(std::get<ModelListReport>(*list).entries.back().inUse);
    }
    QVERIFY(run(ModelRemoveRequest{"own"}));
    QVERIFY(!QFile::exists(m_folder->filePath("models/own")));
}

QTEST_GUILESS_MAIN(TestModelStoreJobs)
#include "tst_model_store_jobs.moc"
