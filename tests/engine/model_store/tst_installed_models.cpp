// What is said and done about models that are there: list, verify, repair, remove, import.
#include <QtTest>

#include <sys/stat.h>

#include "engine/weights/mapped_file.h"
#include "store_fixture.h"

using namespace lipar;
using namespace lipar::model_store;
using namespace lipar::model_store::test;

namespace {

void flipAByte(const std::filesystem::path& path) {
    std::string bytes = readFile(path);
    bytes[bytes.size() / 2] ^= 1;
    writeFile(path, bytes);
}

}  // namespace

class TestInstalledModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void listsWhatCanBeHadAndWhatIsThere();
    void seesDamageOfSize();
    void verifyFindsASingleBit();
    void verifyOfSomethingThatIsNotThere();
    void repairFetchesOnlyWhatIsDamaged();
    void repairOfASoundModelFetchesNothing();
    void repairBringsBackAModelDescription();
    void repairDoesNotTouchWhatIsOpen();
    void removesEverythingOfAModel();
    void removesWhatAnUnfinishedInstallLeft();
    void leavesOtherPeoplesFiles();
    void keepsTheBuiltInModel();
    void keepsWhatIsInUse();
    void removesAModelOfSomebodysOwn();
    void importsByTensors();
    void importsByDigest();
    void importsInEveryMode_data();
    void importsInEveryMode();
    void importsNothingElse();
    void importMendsAPartlyInstalledModel();

private:
    // A folder with the model's files under other names, among files that have nothing to do with it.
    static std::filesystem::path scatter(const StoreFixture& fixture);
};

void TestInstalledModels::listsWhatCanBeHadAndWhatIsThere() {
    StoreFixture fixture;
    const auto own = fixture.models() / "own";
    writeFile(own / "model.json",
              R"({"schema":1,"name":"own","family":"wan-causal","license":"mine","dit":{"files":["d.safetensors"],
        "dim":96,"ffn_dim":128,"num_heads":2,"num_layers":2,"in_channels":16,"out_channels":16,"text_dim":32,"text_len":8}})");
    writeFile(own / "d.safetensors", lipar::test::safetensorsOf(1000, 1));
    auto entries = fixture.store().entries();
    QCOMPARE(entries.size(), 2u);
    QCOMPARE(entries[0].name, std::string("tiny"));
    QCOMPARE(entries[0].state, ModelState::notInstalled);
    QVERIFY(entries[0].inCatalogue);
    QCOMPARE(entries[0].bytes, fixture.published.requiredBytes());
    QCOMPARE(entries[0].fit.diskBytes, fixture.published.requiredBytes());
    QVERIFY(entries[0].fit.diskFree > 0);
    QCOMPARE(entries[1].name, std::string("own"));
    QCOMPARE(entries[1].state, ModelState::installed);
    QCOMPARE(entries[1].license, std::string("mine"));
    QVERIFY(!entries[1].inCatalogue);

    QVERIFY(fixture.install());
    entries = fixture.store().entries();
    QCOMPARE(entries[0].state, ModelState::installed);
    QCOMPARE(entries[0].bytesPresent, fixture.published.requiredBytes());
    std::filesystem::remove(fixture.model("text.safetensors"));
    QCOMPARE(fixture.store().entry("tiny")->state, ModelState::partial);
}

void TestInstalledModels::seesDamageOfSize() {
    StoreFixture fixture;
    QVERIFY(fixture.install());
    std::filesystem::resize_file(fixture.model("text.safetensors"), 1000);
    const ModelEntry entry = *fixture.store().entry("tiny");
    QCOMPARE(entry.state, ModelState::damaged);
    QCOMPARE(entry.files[1].state, ModelFileState::damaged);
    QVERIFY(entry.files[1].problem.find("1000 bytes") != std::string::npos);
}

void TestInstalledModels::verifyFindsASingleBit() {
    StoreFixture fixture;
    QVERIFY(fixture.install());
    auto verified = fixture.store().verify("tiny", {}, {});
    QVERIFY(verified);
    QCOMPARE(verified->tensors, 2u);
    QVERIFY(
        std::ranges::none_of(verified->files, [](const auto& file) { return file.state == ModelFileState::damaged; }));
    flipAByte(fixture.model("dit.safetensors"));
    QCOMPARE(fixture.store().entry("tiny")->state, ModelState::installed);  // nobody has read it yet
    verified = fixture.store().verify("tiny", {}, {});
    QCOMPARE(verified->files[0].state, ModelFileState::damaged);
    QVERIFY(verified->files[0].problem.find("SHA-256") != std::string::npos);
    QCOMPARE(fixture.store().entry("tiny")->state, ModelState::damaged);  // remembered
}

void TestInstalledModels::verifyOfSomethingThatIsNotThere() {
    StoreFixture fixture;
    QCOMPARE(fixture.store().verify("tiny", {}, {}).error().code, ErrorCode::modelMissing);
    QCOMPARE(fixture.store().verify("nobody", {}, {}).error().code, ErrorCode::modelMissing);
    QVERIFY(!std::filesystem::exists(fixture.model()));
}

void TestInstalledModels::repairFetchesOnlyWhatIsDamaged() {
    StoreFixture fixture;
    QVERIFY(fixture.install());
    flipAByte(fixture.model("text.safetensors"));
    std::filesystem::remove(fixture.model("spiece.model"));
    fixture.server().forgetRequests();
    const auto repaired = fixture.store().repair("tiny", fixture.settings, {}, {});
    QCOMPARE(complaint(repaired), std::string());
    QCOMPARE(repaired->repaired, (std::vector<std::string>{"text.safetensors", "spiece.model"}));
    QVERIFY(fixture.requestsFor(PublishedModel::transformer).empty());
    QVERIFY(fixture.isInstalled());
    QVERIFY(fixture.store().verify("tiny", {}, {}));
    QCOMPARE(fixture.store().entry("tiny")->state, ModelState::installed);
}

void TestInstalledModels::repairOfASoundModelFetchesNothing() {
    StoreFixture fixture;
    QVERIFY(fixture.install());
    fixture.server().forgetRequests();
    const auto repaired = fixture.store().repair("tiny", fixture.settings, {}, {});
    QCOMPARE(complaint(repaired), std::string());
    QVERIFY(repaired->repaired.empty());
    QVERIFY(fixture.server().requests().empty());
}

void TestInstalledModels::repairBringsBackAModelDescription() {
    StoreFixture fixture;
    QVERIFY(fixture.install());
    const std::string before = readFile(fixture.model("model.json"));
    writeFile(fixture.model("model.json"), before.substr(0, 40));
    QCOMPARE(fixture.store().entry("tiny")->state, ModelState::damaged);
    QCOMPARE(complaint(fixture.store().repair("tiny", fixture.settings, {}, {})), std::string());
    QCOMPARE(readFile(fixture.model("model.json")), before);
    std::filesystem::remove(fixture.model("model.json"));
    QCOMPARE(complaint(fixture.store().repair("tiny", fixture.settings, {}, {})), std::string());
    QCOMPARE(readFile(fixture.model("model.json")), before);
}

void TestInstalledModels::repairDoesNotTouchWhatIsOpen() {
    StoreFixture fixture;
    QVERIFY(fixture.install());
    flipAByte(fixture.model("dit.safetensors"));
    const std::string damaged = readFile(fixture.model("dit.safetensors"));
    fixture.server().forgetRequests();
    {
        const auto mapped = weights::MappedFile::open(fixture.model("dit.safetensors"));
        QVERIFY(mapped);
        QCOMPARE(fixture.store().repair("tiny", fixture.settings, {}, {}).error().code, ErrorCode::inUse);
        QVERIFY(fixture.server().requests().empty());
        QCOMPARE(readFile(fixture.model("dit.safetensors")), damaged);
    }
    QCOMPARE(complaint(fixture.store().repair("tiny", fixture.settings, {}, {})), std::string());
    QVERIFY(fixture.isInstalled());
}

void TestInstalledModels::removesEverythingOfAModel() {
    StoreFixture fixture;
    QVERIFY(fixture.install({"full-vae"}));
    const auto freed = fixture.store().remove("tiny");
    QCOMPARE(complaint(freed), std::string());
    QVERIFY(*freed >=
            fixture.published.requiredBytes() + fixture.published.files.at(PublishedModel::autoencoder).size());
    QVERIFY(!std::filesystem::exists(fixture.model()));
    QCOMPARE(fixture.store().remove("tiny").error().code, ErrorCode::modelMissing);
}

void TestInstalledModels::removesWhatAnUnfinishedInstallLeft() {
    StoreFixture fixture;
    fixture.settings.retries = 0;
    fixture.server().setHandler([&](const ServerRequest& request) {
        ServerAnswer answer = fixture.published.answer(request);
        answer.sent = kMegabyte;
        return answer;
    });
    QVERIFY(!fixture.install());
    QVERIFY(std::filesystem::exists(fixture.model("dit.safetensors.part")));
    QVERIFY(fixture.store().remove("tiny"));
    QVERIFY(!std::filesystem::exists(fixture.model()));
}

void TestInstalledModels::leavesOtherPeoplesFiles() {
    StoreFixture fixture;
    QVERIFY(fixture.install());
    writeFile(fixture.model("notes.txt"), "mine");
    QVERIFY(fixture.store().remove("tiny"));
    QCOMPARE(fixture.files(), QStringList{"notes.txt"});
    QCOMPARE(fixture.store().entry("tiny")->state, ModelState::notInstalled);
}

void TestInstalledModels::keepsTheBuiltInModel() {
    StoreFixture fixture;
    writeFile(fixture.path("shipped/lipar-mini/model.json"), "{}");
    writeFile(fixture.path("shipped/other/model.json"), "{}");
    for (const char* name : {"lipar-mini", "other"}) {
        QCOMPARE(fixture.store().remove(name).error().code, ErrorCode::invalidArgument);
        QVERIFY(std::filesystem::exists(fixture.path("shipped") / name / "model.json"));
    }
    QCOMPARE(fixture.store().install("lipar-mini", {}, fixture.settings, {}, {}).error().code,
             ErrorCode::invalidArgument);
}

void TestInstalledModels::keepsWhatIsInUse() {
    StoreFixture fixture;
    QVERIFY(fixture.install());
    {
        const auto mapped = weights::MappedFile::open(fixture.model("text.safetensors"));
        QVERIFY(mapped);
        QVERIFY(fixture.store().entry("tiny")->inUse);
        QCOMPARE(fixture.store().remove("tiny").error().code, ErrorCode::inUse);
        QVERIFY(fixture.isInstalled());
    }
    QVERIFY(!fixture.store().entry("tiny")->inUse);
    QVERIFY(fixture.store().remove("tiny"));
}

void TestInstalledModels::removesAModelOfSomebodysOwn() {
    StoreFixture fixture;
    const auto own = fixture.models() / "own";
    writeFile(own / "model.json", R"({"schema":1,"name":"own","family":"wan-causal","dit":{"files":["d.safetensors"],
        "dim":96,"ffn_dim":128,"num_heads":2,"num_layers":2,"in_channels":16,"out_channels":16,"text_dim":32,"text_len":8}})");
    writeFile(own / "d.safetensors", lipar::test::safetensorsOf(1000, 1));
    QVERIFY(fixture.store().remove("own"));
    QVERIFY(!std::filesystem::exists(own));
}

std::filesystem::path TestInstalledModels::scatter(const StoreFixture& fixture) {
    const auto folder = fixture.path("downloads");
    writeFile(folder / "a/renamed.safetensors", fixture.published.files.at(PublishedModel::transformer));
    writeFile(folder / "a/b/text.safetensors", fixture.published.files.at(PublishedModel::textEncoder));
    writeFile(folder / "spiece.model", fixture.published.files.at(PublishedModel::tokenizer));
    writeFile(folder / "other.safetensors", lipar::test::safetensorsOf(7000, 9));
    writeFile(folder / "broken.safetensors", "\x07\x07\x07\x07\x07\x07\x07\x07" + std::string(2000, 'x'));
    writeFile(folder / "letter.txt", std::string(3000, 'x'));
    return folder;
}

void TestInstalledModels::importsByTensors() {
    StoreFixture fixture;
    const auto folder = scatter(fixture);
    const auto imported = fixture.store().import(folder, "", CopyMode::automatic, {}, {});
    QCOMPARE(complaint(imported), std::string());
    QCOMPARE(imported->size(), 3u);
    QCOMPARE((*imported)[0].recognisedBy, std::string("tensors"));
    QCOMPARE((*imported)[2].recognisedBy, std::string("name"));
    QVERIFY(fixture.isInstalled());
    QVERIFY(fixture.server().requests().empty());
    // The originals are as they were.
    QCOMPARE(readFile(folder / "a/renamed.safetensors"), fixture.published.files.at(PublishedModel::transformer));
    QVERIFY(fixture.store().verify("tiny", {}, {}));
}

void TestInstalledModels::importsByDigest() {
    StoreFixture fixture;
    const std::string digest = fixture.published.digest(PublishedModel::tokenizer);
    std::string catalogue = fixture.published.catalogue(fixture.server().url());
    const std::string kind = R"("kind":"sentencepiece")";
    catalogue.replace(catalogue.find(kind), kind.size(), kind + R"(,"sha256":")" + digest + R"(","exact_size":true)");
    writeFile(fixture.path("catalogue.json"), catalogue);
    const auto folder = fixture.path("downloads");
    writeFile(folder / "unlike", fixture.published.files.at(PublishedModel::tokenizer));
    std::string other = fixture.published.files.at(PublishedModel::tokenizer);
    other[100] ^= 1;
    writeFile(folder / "spiece.model", other);
    const auto imported = fixture.store().import(folder, "tiny", CopyMode::automatic, {}, {});
    QCOMPARE(complaint(imported), std::string());
    QCOMPARE(imported->size(), 1u);
    QCOMPARE((*imported)[0].from, folder / "unlike");
    QCOMPARE((*imported)[0].recognisedBy, std::string("digest"));
    QCOMPARE(fixture.store().entry("tiny")->state, ModelState::partial);
}

void TestInstalledModels::importsInEveryMode_data() {
    QTest::addColumn<int>("mode");
    QTest::addColumn<QByteArray>("how");
    QTest::newRow("copy") << int(CopyMode::copy) << QByteArray("copied");
    QTest::newRow("link") << int(CopyMode::link) << QByteArray("linked");
    QTest::newRow("reference") << int(CopyMode::reference) << QByteArray("referenced");
}

void TestInstalledModels::importsInEveryMode() {
    QFETCH(const int, mode);
    QFETCH(const QByteArray, how);
    StoreFixture fixture;
    const auto folder = scatter(fixture);
    const auto imported = fixture.store().import(folder, "", CopyMode(mode), {}, {});
    QCOMPARE(complaint(imported), std::string());
    QVERIFY(fixture.isInstalled());
    const QByteArray done = QByteArray::fromStdString((*imported)[0].how);
    QVERIFY(done == how || (CopyMode(mode) == CopyMode::copy && done == "shared"));  // a file system that shares blocks
    const auto file = fixture.model("dit.safetensors");
    QCOMPARE(std::filesystem::is_symlink(file), CopyMode(mode) == CopyMode::reference);
    QCOMPARE(std::filesystem::hard_link_count(file) > 1, CopyMode(mode) == CopyMode::link);
    // Removing the model leaves what was imported.
    QVERIFY(fixture.store().remove("tiny"));
    QCOMPARE(readFile(folder / "a/renamed.safetensors"), fixture.published.files.at(PublishedModel::transformer));
    if (CopyMode(mode) == CopyMode::reference) {
        QVERIFY(fixture.store().import(folder, "", CopyMode(mode), {}, {}));
        std::filesystem::remove(folder / "a/renamed.safetensors");
        QCOMPARE(fixture.store().entry("tiny")->state, ModelState::damaged);
        QCOMPARE(complaint(fixture.store().repair("tiny", fixture.settings, {}, {})), std::string());
        QVERIFY(fixture.isInstalled());
    }
}

void TestInstalledModels::importsNothingElse() {
    StoreFixture fixture;
    const auto folder = fixture.path("downloads");
    writeFile(folder / "other.safetensors", lipar::test::safetensorsOf(7000, 9));
    writeFile(folder / "dit.safetensors", "too short");
    QCOMPARE(fixture.store().import(folder, "", CopyMode::automatic, {}, {}).error().code, ErrorCode::inputUnsupported);
    QCOMPARE(fixture.store().import(fixture.path("nowhere"), "", CopyMode::automatic, {}, {}).error().code,
             ErrorCode::inputMissing);
    QCOMPARE(fixture.store().import(folder, "nobody", CopyMode::automatic, {}, {}).error().code,
             ErrorCode::invalidArgument);
    QVERIFY(!std::filesystem::exists(fixture.model()));
}

void TestInstalledModels::importMendsAPartlyInstalledModel() {
    StoreFixture fixture;
    fixture.settings.retries = 0;
    fixture.server().setHandler([&](const ServerRequest& request) {
        ServerAnswer answer = fixture.published.answer(request);
        answer.sent = kMegabyte;
        return answer;
    });
    QVERIFY(!fixture.install());
    const auto file = fixture.path("downloads/renamed.safetensors");
    writeFile(file, fixture.published.files.at(PublishedModel::transformer));
    const auto imported = fixture.store().import(file, "tiny", CopyMode::automatic, {}, {});
    QCOMPARE(complaint(imported), std::string());
    fixture.server().setHandler([&](const ServerRequest& request) { return fixture.published.answer(request); });
    fixture.server().forgetRequests();
    QCOMPARE(complaint(fixture.install()), std::string());
    QVERIFY(fixture.requestsFor(PublishedModel::transformer).empty());
    QVERIFY(fixture.isInstalled());
}

QTEST_GUILESS_MAIN(TestInstalledModels)
#include "tst_installed_models.moc"
