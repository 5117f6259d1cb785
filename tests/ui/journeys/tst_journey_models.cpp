// Journey 7 of the editor: a model is fetched from a server that does not make it easy, checked, used for a clip,
// removed, and brought back from a folder on this machine.
#include <atomic>
#include <fstream>

#include <QCryptographicHash>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "engine/weights/hash.h"
#include "tests/support/https_server.h"
#include "tests/ui/journeys/journey_window.h"

using namespace lipar;
using session::Preview;
using test::ServerAnswer;
using test::ServerRequest;
using testing::JourneyWindow;
using testing::WindowDriver;

namespace {

const QString model = QStringLiteral("harbour");
const QString builtIn = QStringLiteral(LIPAR_SOURCE_DIR "/resources/models/lipar-mini");

std::string bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

void write(const QString& path, const std::string& bytes) {
    std::ofstream(path.toStdString(), std::ios::binary) << bytes;
}

// The built-in model's files under another name, as somebody else would publish them: small, and it really edits.
struct Publisher {
    std::map<std::string, std::string> files;  // by path of the request
    std::map<std::string, std::string> digests;
    std::atomic<std::size_t> bytesPerSecond{0};
    std::atomic<int> cuts{0};          // how often still a transformer breaks off after its first megabyte
    std::atomic<bool> isLying{false};  // the text encoder is of the right length and has a wrong byte

    Publisher() {
        for (const auto* name : {"dit.safetensors", "text.safetensors", "vae.safetensors"}) {
            const auto path = std::string("/maker/harbour/resolve/main/") + name;
            files[path] = bytesOf(builtIn + "/" + name);
            digests[path] = *weights::sha256OfText(files[path]);
        }
    }

    [[nodiscard]] ServerAnswer answer(const ServerRequest& request) {
        const auto file = files.find(request.path);
        if (file == files.end())
            return {.status = 404, .body = "no such file"};
        const auto& digest = digests.at(file->first);
        auto body = file->second;
        if (isLying && request.path.ends_with("text.safetensors"))
            body.back() = char(body.back() ^ 1);
        auto answer = test::serveFile(request, body, "\"" + digest.substr(0, 32) + "\"");
        answer.bytesPerSecond = bytesPerSecond;
        if (request.path.ends_with("dit.safetensors") && cuts > 0) {
            --cuts;
            answer.sent = std::size_t(1) << 20;
        }
        return answer;
    }

    [[nodiscard]] std::string catalogue(const std::string& server) const {
        const auto file = [&](const char* part, const char* purpose, const std::string& name) {
            const auto path = "/maker/harbour/resolve/main/" + name;
            return std::string(R"({"part":")") + part + R"(","purpose":")" + purpose +
                   R"(","license":"Apache-2.0","host":"hub","repository":"maker/harbour","revision":"main","path":")" +
                   name + R"(","sha256":")" + digests.at(path) + R"(","bytes":)" +
                   std::to_string(files.at(path).size()) + R"(,"exact_size":true})";
        };
        auto manifest = bytesOf(builtIn + "/model.json");
        const std::string name = R"("name": "lipar-mini")";
        manifest.replace(manifest.find(name), name.size(), R"("name": "harbour")");
        return R"({"schema":1,"version":1,"hosts":{"hub":")" + server +
               R"(/{repository}/resolve/{revision}/{path}"},"models":[{"name":"harbour","title":"Harbour",)" +
               R"("summary":"A small model that edits.","license":"Apache-2.0","files":[)" +
               file("transformer", "Denoises the video.", "dit.safetensors") + "," +
               file("text-encoder", "Reads the prompt.", "text.safetensors") + "," +
               file("vae", "Turns pictures into latents and back.", "vae.safetensors") + R"(],"manifest":)" + manifest +
               "}]}";
    }
};

}  // namespace

class TestJourneyModels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void bringAModel();

private:
    QTemporaryDir m_folder;
    Publisher m_publisher;
    std::unique_ptr<test::HttpsServer> m_server;
};

void TestJourneyModels::initTestCase() {
    testing::WarningLog::install();
    QVERIFY(m_folder.isValid());
    const auto certificate = test::makeCertificate();
    m_server = std::make_unique<test::HttpsServer>(
        certificate, [this](const ServerRequest& request) { return m_publisher.answer(request); });
    write(m_folder.filePath("ca.pem"), certificate.certificate);
    write(m_folder.filePath("catalogue.json"), m_publisher.catalogue(m_server->url()));
    qputenv("LIPAR_CA_FILE", m_folder.filePath("ca.pem").toUtf8());
    qputenv("LIPAR_MODEL_CATALOGUE", m_folder.filePath("catalogue.json").toUtf8());
    qputenv("LIPAR_MODELS", m_folder.filePath("models").toUtf8());  // the built-in one lies where the program came from
    qputenv("XDG_CONFIG_HOME", m_folder.filePath("config").toUtf8());
    for (const auto* name : {"https_proxy", "all_proxy", "no_proxy", "LIPAR_MODEL_MIRROR", "LIPAR_MODEL_TOKEN"})
        qputenv(name, "");
}

void TestJourneyModels::cleanup() {
    const auto warnings = testing::WarningLog::take();
    QVERIFY2(warnings.isEmpty(), qPrintable(warnings.join('\n')));
}

void TestJourneyModels::bringAModel() {
    const auto clip = testing::makeWanderingClip(m_folder.filePath("boats.mp4"), "160x96", 24, 24, false);
    JourneyWindow studio(m_folder.filePath("studio"));
    auto& session = studio.session();
    auto& driver = studio.driver();
    auto& editor = *session.clipEditor();
    auto* preview = session.preview();
    const auto inCard = [&](const char* name) {
        return driver.item("model-" + model)->findChild<QQuickItem*>(name);
    };
    const auto stateText = [&] { return inCard("modelState")->property("text").toString(); };
    const auto becomes = [&](const char* state) { return WindowDriver::waitFor([&] { return stateText() == state; }); };
    const auto press = [&](const char* name) {
        studio.settle();
        driver.click(inCard(name));
    };
    const auto modelFile = [&](const char* name) { return m_folder.filePath("models/" + model + "/" + name); };
    const auto edits = [&](const char* prompt) {
        driver.press(Qt::Key_F2);
        studio.settle();
        studio.writePrompt(prompt);
        return WindowDriver::waitFor([&] { return preview->prompt() == prompt && preview->state() == Preview::Done; });
    };

    session.openFile(QUrl::fromLocalFile(clip));
    QVERIFY(WindowDriver::waitFor([&] { return editor.hasPicture(); }));

    studio.report("the clip is there");

    // The list, from the panel of the editor.
    driver.click(driver.named("Panel: Models"));
    studio.settle();
    driver.click(driver.item("openModelsPage"));
    QVERIFY(WindowDriver::waitFor([&] { return driver.find("model-" + model) != nullptr; }));
    QCOMPARE(stateText(), QString("Not installed"));
    QVERIFY2(inCard("modelFit")->property("text").toString().startsWith("Fits this computer"),
             qPrintable(inCard("modelFit")->property("text").toString()));
    QVERIFY(!inCard("useModel")->isVisible());
    studio.report("listed");

    // Fetched slowly, paused: what was received stays.
    m_publisher.bytesPerSecond = std::size_t(6) << 20;
    press("installModel");
    QVERIFY(becomes("Downloading"));
    QVERIFY(WindowDriver::waitFor([&] { return m_server->bodyBytesSent() > (std::size_t(5) << 20); }));
    QVERIFY(inCard("modelProgressText")->property("text").toString().contains(" MB"));
    press("pauseModel");
    QVERIFY(becomes("Paused"));
    QVERIFY(WindowDriver::waitFor([&] { return inCard("modelPaused")->isVisible(); }));
    studio.report("paused");

    // Resumed; the connection breaks off twice, and then a file has a wrong byte.
    m_publisher.bytesPerSecond = 0;
    m_publisher.cuts = 2;
    m_publisher.isLying = true;
    m_server->forgetRequests();
    press("installModel");
    QVERIFY(WindowDriver::waitFor([&] { return inCard("modelError")->isVisible(); }));
    QVERIFY(stateText() != "Installed");
    QVERIFY(!QFile::exists(modelFile("text.safetensors")));
    QCOMPARE(session.messages()->count(), 1);
    const auto requests = m_server->requests();
    const auto resumed = std::ranges::count_if(requests, [](const ServerRequest& request) {
        return request.path.ends_with("dit.safetensors") && request.header("range").starts_with("bytes=");
    });
    QVERIFY2(resumed >= 3, "it began again instead of going on from what was received");
    studio.report("a wrong byte is found");
    m_publisher.isLying = false;
    press("installModel");
    QVERIFY(becomes("Installed"));
    studio.report("installed");
    for (const auto& [path, digest] : m_publisher.digests) {
        QFile file(modelFile(path.substr(path.rfind('/') + 1).c_str()));
        QCryptographicHash hash(QCryptographicHash::Sha256);
        QVERIFY(file.open(QIODevice::ReadOnly) && hash.addData(&file));
        QCOMPARE(hash.result().toHex(), QByteArray::fromStdString(digest));
    }
    studio.report("its digests taken by this test");
    press("verifyModel");
    QVERIFY(WindowDriver::waitFor([&] { return inCard("modelVerified")->isVisible(); }));
    studio.report("checked");

    // The clip goes over to it, and it edits.
    QVERIFY(WindowDriver::waitFor([&] { return inCard("useModel")->isVisible(); }));
    QCOMPARE(editor.modelName(), QString("lipar-mini"));
    press("useModel");
    QCOMPARE(editor.modelName(), model);
    QVERIFY2(edits("oil painting"), "the model did not edit");
    QCOMPARE(studio.trackOf(0).clips.front().edit.model, model.toStdString());
    studio.report("the clip is edited with it");

    // In use, it stays; once the clip is back with the built-in model, it may go.
    driver.press(Qt::Key_F6);
    session.modelManager()->refresh();
    QVERIFY(becomes("Installed, in use"));
    QVERIFY(!inCard("removeModel")->isEnabled());
    QVERIFY(inCard("inUseText")->isVisible());
    studio.settle();
    driver.click(driver.item("model-lipar-mini")->findChild<QQuickItem*>("useModel"));
    QCOMPARE(editor.modelName(), QString("lipar-mini"));
    QVERIFY2(edits("pencil sketch"), "the built-in model did not edit");
    driver.press(Qt::Key_F6);
    session.modelManager()->refresh();
    QVERIFY(becomes("Installed"));
    press("removeModel");
    press("confirmRemoval");
    QVERIFY(becomes("Not installed"));
    QVERIFY(!QFile::exists(modelFile("dit.safetensors")));
    studio.report("removed");

    // Its files, as they lie in somebody's downloads under other names: nothing is fetched.
    const QDir downloads(m_folder.filePath("somebody/downloads"));
    QVERIFY(downloads.mkpath("."));
    int number = 0;
    for (const auto& [path, bytes] : m_publisher.files)
        write(downloads.filePath(QString("download-%1.safetensors").arg(++number)), bytes);
    m_server->forgetRequests();
    studio.report("other files written by this test");
    studio.settings().setLastFolder(QUrl::fromLocalFile(m_folder.filePath("somebody")));
    driver.click(driver.item("importModelFolder"));
    QVERIFY(WindowDriver::waitFor([&] { return driver.find("folderDialogDelegate0") != nullptr; }));
    studio.settle();
    driver.click(driver.item("folderDialogDelegate0"));
    QQuickItem* open = nullptr;  // of Qt's own dialog: its button has a text with a mark for the keyboard, and no name
    driver.visitItems([&](QQuickItem* item) {
        if (item->inherits("QQuickAbstractButton") && item->property("text").toString().remove('&') == "Open")
            open = item;
    });
    QVERIFY(open);
    driver.click(open);
    QVERIFY(becomes("Installed"));
    QVERIFY(driver.item("modelImport")->isVisible());
    QVERIFY(m_server->requests().empty());
    QCOMPARE(session.modelManager()->importedFiles(), 3);
    press("verifyModel");
    QVERIFY(WindowDriver::waitFor([&] { return inCard("modelVerified")->isVisible(); }));
    studio.report("imported");

    // It becomes the model for new edits.
    QVERIFY(WindowDriver::waitFor([&] { return inCard("useForNewEdits")->isVisible(); }));
    press("useForNewEdits");
    QCOMPARE(studio.settings().newEditModel(), model);
    QCOMPARE(editor.newEditModel(), model);
    QCOMPARE(editor.modelName(), QString("lipar-mini"));  // of the clip, whose edit has begun
    QCOMPARE(session.messages()->count(), 1);  // the wrong byte
    QVERIFY(studio.longestGap() < JourneyWindow::hanging);
}

QTEST_MAIN(TestJourneyModels)
#include "tst_journey_models.moc"
