// A file on its way: what is known of it after any end of the program.
#include <QtTest>

#include "engine/model_store/partial_file.h"
#include "store_fixture.h"

using namespace lipar;
using namespace lipar::model_store;
using namespace lipar::model_store::test;

namespace {

const Published kFile{"maker/tiny/dit.safetensors", "\"tag\"", "", 10'000'000};

Result<PartialFile> openPart(const std::filesystem::path& target) {
    return PartialFile::open(target, [](std::uint64_t) {}, {});
}

}  // namespace

class TestPartialFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsWhatWasThere();
    void losesLessThanFourMegabytes();
    void dropsWhatIsBehindTheCheckpoint();
    void beginsAnewOnDamage();
    void tellsOneFileFromAnother();
    void appearsWhole();
};

void TestPartialFile::knowsWhatWasThere() {
    QTemporaryDir folder;
    const std::filesystem::path target = folder.filePath("file").toStdString();
    const std::string bytes = lipar::test::safetensorsOf(100'000, 1);
    {
        auto part = openPart(target);
        QVERIFY(part && part->size() == 0);
        QVERIFY(part->expect(kFile));
        QVERIFY(part->append(bytes));
    }
    QCOMPARE(partialBytes(target), bytes.size());
    auto part = openPart(target);
    QCOMPARE(part->size(), bytes.size());
    QCOMPARE(part->published().entityTag, kFile.entityTag);
    QVERIFY(part->append(bytes));
    QCOMPARE(*part->digest(), *weights::sha256OfText(bytes + bytes));
}

void TestPartialFile::losesLessThanFourMegabytes() {
    QTemporaryDir folder;
    const std::filesystem::path target = folder.filePath("file").toStdString();
    auto part = openPart(target);
    QVERIFY(part->expect(kFile));
    const std::string bytes(300'000, 'x');
    for (int i = 0; i < 60; ++i) {
        QVERIFY(part->append(bytes));
        QVERIFY(part->size() - partialBytes(target) < 4'000'000);  // were it to end here
    }
}

void TestPartialFile::dropsWhatIsBehindTheCheckpoint() {
    QTemporaryDir folder;
    const std::filesystem::path target = folder.filePath("file").toStdString();
    const std::string bytes = lipar::test::safetensorsOf(100'000, 1);
    {
        auto part = openPart(target);
        QVERIFY(part->expect(kFile));
        QVERIFY(part->append(bytes));
    }
    writeFile(partOf(target), bytes + std::string(50'000, '\0'));
    QCOMPARE(openPart(target)->size(), bytes.size());
    QCOMPARE(readFile(partOf(target)), bytes);
}

void TestPartialFile::beginsAnewOnDamage() {
    QTemporaryDir folder;
    const std::filesystem::path target = folder.filePath("file").toStdString();
    const std::string bytes = lipar::test::safetensorsOf(100'000, 1);
    const auto prepare = [&] {
        auto part = openPart(target);
        QVERIFY(part->restart());
        QVERIFY(part->expect(kFile));
        QVERIFY(part->append(bytes));
    };
    prepare();
    std::string changed = bytes;
    changed[5000] ^= 1;
    writeFile(partOf(target), changed);
    QCOMPARE(openPart(target)->size(), 0u);
    prepare();
    writeFile(partOf(target), bytes.substr(0, 50'000));
    QCOMPARE(openPart(target)->size(), 0u);
    for (const char* state : {"", "{", "[]", R"({"schema":1})", R"({"schema":2,"bytes":1})"}) {
        prepare();
        writeFile(partStateOf(target), state);
        QCOMPARE(openPart(target)->size(), 0u);
    }
}

void TestPartialFile::tellsOneFileFromAnother() {
    const Published tagged{"a", "\"1\"", "", 10}, digested{"a", "\"1\"", "abc", 10};
    QVERIFY(tagged.isSameAs(tagged));
    QVERIFY(!tagged.isSameAs({"b", "\"1\"", "", 10}));
    QVERIFY(!tagged.isSameAs({"a", "\"2\"", "", 10}));
    QVERIFY(!tagged.isSameAs({"a", "\"1\"", "", 11}));
    QVERIFY(!Published({"a", "", "", 10}).isSameAs({"a", "", "", 10}));  // nothing vouches for it
    QVERIFY(digested.isSameAs({"a", "\"2\"", "abc", 10}));
    QVERIFY(!digested.isSameAs({"a", "\"1\"", "abd", 10}));
    QVERIFY(!digested.isSameAs(tagged));

    QTemporaryDir folder;
    const std::filesystem::path target = folder.filePath("file").toStdString();
    auto part = openPart(target);
    QVERIFY(part->expect(tagged));
    QVERIFY(part->append(std::string("1234")));
    QVERIFY(part->expect(tagged));
    QCOMPARE(part->size(), 4u);
    QVERIFY(part->expect({"a", "\"2\"", "", 10}));
    QCOMPARE(part->size(), 0u);
}

void TestPartialFile::appearsWhole() {
    QTemporaryDir folder;
    const std::filesystem::path target = folder.filePath("file").toStdString();
    auto part = openPart(target);
    QVERIFY(part->expect(kFile));
    QVERIFY(part->append(std::string("whole")));
    QVERIFY(!std::filesystem::exists(target));
    QVERIFY(part->commit(target));
    QCOMPARE(readFile(target), std::string("whole"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{"file"});
}

QTEST_GUILESS_MAIN(TestPartialFile)
#include "tst_partial_file.moc"
