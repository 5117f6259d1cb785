#include <QtTest>

#include <QCryptographicHash>

#include "engine/weights/hash.h"
#include "tests/engine/weights/file_fixture.h"

using namespace lipar;
using namespace lipar::tests;

namespace {

std::string qtSha256(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
}

constexpr auto kModel = R"({"schema":1,"name":"tiny","family":"wan-causal","dit":{"files":["z/dit.bin","a.bin"],"dim":8,"ffn_dim":16,
    "num_heads":2,"num_layers":1,"in_channels":4,"out_channels":4,"text_dim":8,"text_len":4},
    "vae":{"kind":"taehv","files":["vae.bin"],"latent_channels":4},"text":{"kind":"umt5","files":["a.bin"],"tokenizer":"spiece.model"}})";

void writeModel(const FileFixture& files) {
    files.write("model/model.json", kModel);
    files.write("model/z/dit.bin", "dit");
    files.write("model/a.bin", "shared by two networks");
    files.write("model/vae.bin", "");
    files.write("model/spiece.model", "pieces");
    files.write("model/golden.bin", "not named, not counted");
}

}  // namespace

class TestHash : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Looked at in between, and gone on with.
    void digestsBytesAsTheyCome() {
        weights::Sha256 digest;
        QByteArray all;
        for (const QByteArray& part : {QByteArray(), QByteArray("abc"), QByteArray(100'000, 'x')}) {
            digest.add({part.constData(), std::size_t(part.size())});
            all += part;
            QCOMPARE(*digest.digest(), qtSha256(all));
            QCOMPARE(*digest.digest(), qtSha256(all));
        }
    }

    // FIPS 180-2, appendix B, and the digest of nothing.
    void knowsPublishedDigests() {
        const FileFixture files;
        const std::pair<std::string, std::string> cases[] = {
            {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
            {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
            {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
        for (const auto& [content, expected] : cases) {
            const auto digest = weights::sha256OfFile(files.write("file", content));
            QVERIFY2(digest, digest ? "" : digest.error().message.c_str());
            QCOMPARE(*digest, expected);
        }
    }

    // Sizes around the length of one read.
    void readsToTheEnd() {
        const FileFixture files;
        for (const qsizetype size : {(qsizetype(1) << 20) - 1, qsizetype(1) << 20, (qsizetype(1) << 20) + 1, qsizetype(3) << 20}) {
            const QByteArray content(size, 'x');
            const auto digest = weights::sha256OfFile(files.write("file", content.toStdString()));
            QVERIFY(digest);
            QCOMPARE(*digest, qtSha256(content));
        }
    }

    void coversTheWholeModel() {
        const FileFixture files;
        writeModel(files);
        QByteArray listing;
        for (const char* name : {"a.bin", "model.json", "spiece.model", "vae.bin", "z/dit.bin"}) {
            const Bytes content = readBytes(files.path(std::string("model/") + name));
            const QByteArray bytes(reinterpret_cast<const char*>(content.data()), qsizetype(content.size()));
            listing += QByteArray(name) + '\0' + QByteArray::fromStdString(qtSha256(bytes)) + '\n';
        }
        const auto digest = weights::sha256OfModel(files.path("model"));
        QVERIFY2(digest, digest ? "" : digest.error().message.c_str());
        QCOMPARE(*digest, qtSha256(listing));

        files.write("model/vae.bin", "changed");
        const auto changed = weights::sha256OfModel(files.path("model"));
        QVERIFY(changed);
        QVERIFY(*changed != *digest);
    }

    void namesWhatIsMissing() {
        const FileFixture files;
        writeModel(files);
        std::filesystem::remove(files.path("model/z/dit.bin"));
        const auto digest = weights::sha256OfModel(files.path("model"));
        QVERIFY(!digest);
        QCOMPARE(digest.error().code, ErrorCode::modelMissing);
        QVERIFY(digest.error().message.find("z/dit.bin") != std::string::npos);
        for (const char* name : {"absent", "model"}) {
            const auto file = weights::sha256OfFile(files.path(name));
            QVERIFY(!file);
            QCOMPARE(file.error().code, ErrorCode::modelMissing);
        }
    }

    void canBeCancelled() {
        const FileFixture files;
        writeModel(files);
        CancelSource source;
        source.cancel();
        const auto file = weights::sha256OfFile(files.path("model/a.bin"), source.token());
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::cancelled);
        const auto model = weights::sha256OfModel(files.path("model"), source.token());
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::cancelled);
    }
};

QTEST_GUILESS_MAIN(TestHash)
#include "tst_hash.moc"
