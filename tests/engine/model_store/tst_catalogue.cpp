// The catalogue that is shipped, and catalogues that are wrong.
#include <QtTest>

#include "engine/weights/manifest.h"
#include "store_fixture.h"

using namespace lipar;
using namespace lipar::model_store;
using namespace lipar::model_store::test;

class TestCatalogue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theShippedOneIsSound();
    void addressesOfFiles();
    void wrongOnes_data();
    void wrongOnes();
    void whereModelsLie();
};

void TestCatalogue::theShippedOneIsSound() {
    const auto catalogue = readCatalogue(std::filesystem::path(LIPAR_SOURCE_DIR) / "resources/models/catalogue.json");
    QCOMPARE(complaint(catalogue), std::string());
    QVERIFY(catalogue->find(kBuiltInModel) && catalogue->find(kBuiltInModel)->builtIn);
    for (const CatalogueModel& model : catalogue->models) {
        QVERIFY(!model.title.empty() && !model.summary.empty() && !model.license.empty());
        if (model.builtIn)
            continue;
        // Each file that model.json names is one that the model fetches without being asked.
        const auto manifest = weights::parseManifest(model.manifest, model.name);
        QVERIFY(manifest);
        std::vector<std::string> named = manifest->dit.files;
        for (const auto& section : {manifest->vae ? manifest->vae->files : std::vector<std::string>{},
                                    manifest->text ? manifest->text->files : std::vector<std::string>{}})
            named.insert(named.end(), section.begin(), section.end());
        if (manifest->text && !manifest->text->tokenizer.empty())
            named.push_back(manifest->text->tokenizer);
        for (const std::string& name : named)
            QVERIFY2(std::ranges::any_of(
                         model.files, [&](const CatalogueFile& file) { return file.name == name && !file.optional; }),
                     name.c_str());
        for (const CatalogueFile& file : model.files) {
            QVERIFY(!file.purpose.empty() && !file.license.empty() && file.bytes > 0);
            QVERIFY2(model.license.find(file.license) != std::string::npos, file.part.c_str());
        }
    }
}

void TestCatalogue::addressesOfFiles() {
    const auto catalogue = readCatalogue(std::filesystem::path(LIPAR_SOURCE_DIR) / "resources/models/catalogue.json");
    const CatalogueFile* const file = catalogue->find("wan2.1-1.3b")->find("tokenizer");
    QVERIFY(file);
    QCOMPARE(file->name, std::string("spiece.model"));
    QVERIFY(file->url.starts_with("https://") &&
            file->url.ends_with("/Wan-AI/Wan2.1-T2V-1.3B/resolve/main/google/umt5-xxl/spiece.model"));
    QCOMPARE(file->mirroredUrl("https://mirror.example//"),
             std::string("https://mirror.example/Wan-AI/Wan2.1-T2V-1.3B/resolve/main/google/umt5-xxl/spiece.model"));
    // Only the host with accounts is ever given a token.
    QVERIFY(file->takesToken);
    QVERIFY(!catalogue->find("wan2.1-1.3b")->find("tiny-vae")->takesToken);
}

void TestCatalogue::wrongOnes_data() {
    QTest::addColumn<QByteArray>("what");
    QTest::addColumn<QByteArray>("with");
    QTest::newRow("not JSON") << QByteArray("{") << QByteArray("");
    QTest::newRow("newer schema") << QByteArray("\"schema\":1,\"version\"") << QByteArray("\"schema\":2,\"version\"");
    QTest::newRow("unknown field") << QByteArray("\"version\":1") << QByteArray("\"version\":1,\"more\":1");
    QTest::newRow("unknown field of a file")
        << QByteArray("\"part\":\"tokenizer\"") << QByteArray("\"part\":\"tokenizer\",\"extra\":1");
    QTest::newRow("not https") << QByteArray("https://") << QByteArray("http://");
    QTest::newRow("way out of the folder")
        << QByteArray("\"path\":\"spiece.model\"") << QByteArray("\"path\":\"../spiece.model\"");
    QTest::newRow("hidden file") << QByteArray("\"path\":\"spiece.model\"") << QByteArray("\"path\":\".lock\"");
    QTest::newRow("name with a slash") << QByteArray("\"name\":\"tiny\",\"title\"")
                                       << QByteArray("\"name\":\"a/b\",\"title\"");
    QTest::newRow("part twice") << QByteArray("\"part\":\"tokenizer\"") << QByteArray("\"part\":\"text-encoder\"");
    QTest::newRow("no size") << QByteArray("\"bytes\":") << QByteArray("\"octets\":");
    QTest::newRow("short digest") << QByteArray("\"kind\":\"sentencepiece\"")
                                  << QByteArray("\"kind\":\"sentencepiece\",\"sha256\":\"abc\"");
    QTest::newRow("manifest of another") << QByteArray("\"schema\":1,\"name\":\"tiny\"")
                                         << QByteArray("\"schema\":1,\"name\":\"other\"");
    QTest::newRow("manifest that is none") << QByteArray("\"family\":\"wan-causal\"") << QByteArray("\"family\":\"x\"");
}

void TestCatalogue::wrongOnes() {
    QFETCH(const QByteArray, what);
    QFETCH(const QByteArray, with);
    QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("catalogue.json").toStdString();
    QByteArray text = QByteArray::fromStdString(PublishedModel(1000).catalogue("https://localhost:1"));
    writeFile(path, text.toStdString());
    QCOMPARE(complaint(readCatalogue(path)), std::string());
    const auto at = text.indexOf(what);
    QVERIFY(at >= 0);
    text.replace(at, what.size(), with);
    writeFile(path, text.toStdString());
    const auto read = readCatalogue(path);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::modelDamaged);
    QVERIFY(read.error().message.find(path.string()) != std::string::npos);
}

void TestCatalogue::whereModelsLie() {
    QTemporaryDir home;
    const auto at = [&](const char* name) { return std::filesystem::path(home.filePath(name).toStdString()); };
    qunsetenv("LIPAR_MODELS");
    qputenv("HOME", home.path().toLocal8Bit());
    qunsetenv("XDG_DATA_HOME");
    QCOMPARE(findModelFolders().user, at(".local/share/lipar-studio/models"));
    qputenv("XDG_DATA_HOME", home.filePath("data").toLocal8Bit());
    QCOMPARE(findModelFolders().user, at("data/lipar-studio/models"));
    qputenv("LIPAR_MODELS", home.filePath("mine").toLocal8Bit());
    QCOMPARE(findModelFolders().user, at("mine"));
    // The shipped folder is found beside the program, whatever the user's is.
    QVERIFY(std::filesystem::exists(findModelFolders().shipped / kBuiltInModel / "model.json"));

    // Both folders are looked in; of two models with one name the user's counts.
    const ModelFolders folders{at("user"), at("shipped")};
    writeFile(at("shipped/a/model.json"), "{}");
    writeFile(at("shipped/b/model.json"), "{}");
    writeFile(at("user/b/model.json"), "{}");
    writeFile(at("user/a/half.part"), "");
    QCOMPARE(folders.installed(), (std::vector{at("shipped/a"), at("user/b")}));
    QCOMPARE(folders.directoryOf("a"), at("shipped/a"));
    QCOMPARE(folders.directoryOf("b"), at("user/b"));
    QCOMPARE(folders.directoryOf("c"), std::filesystem::path());
    QCOMPARE(folders.directoryOf("../user"), std::filesystem::path());
    QCOMPARE(folders.directoryOf(".."), std::filesystem::path());
}

QTEST_GUILESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
