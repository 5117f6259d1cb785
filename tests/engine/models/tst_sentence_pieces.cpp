// Prompts for SentencePiece models: cleaning, ids in ten scripts, and damaged model files.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <random>

#include "engine/models/text/html_entities.h"
#include "engine/models/text/prompt_cleaning.h"
#include "engine/models/text/sentence_pieces.h"

using namespace lipar;

namespace {

const std::filesystem::path kGoldens = std::filesystem::path(LIPAR_GOLDEN_DIR) / "models";

QByteArray bytesOf(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", path.c_str());
    return file.readAll();
}

Result<models::SentencePieces> loadBytes(const QTemporaryDir& folder, const QByteArray& bytes) {
    const QString path = folder.filePath("spiece.model");
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("%s cannot be written", qPrintable(path));
    file.close();
    return models::SentencePieces::load(path.toStdString());
}

}  // namespace

class TestSentencePieces : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void htmlIsUnescaped_data() {
        QTest::addColumn<QByteArray>("html");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* html, const char* text) {
            QTest::newRow(html) << QByteArray(html) << QByteArray(text);
        };
        row("Tom &amp; Jerry", "Tom & Jerry");
        row("&lt;b&gt; &quot;x&quot; &apos;y&apos;", "<b> \"x\" 'y'");
        row("caf&eacute; &Omega; &euro;", "caf\u00e9 \u03a9 \u20ac");
        row("&#233;&#xE9;&#XE9;&#233", "\u00e9\u00e9\u00e9\u00e9");
        row("&#128;", "\u20ac");  // Windows-1252, as browsers take it
        row("&#0;&#xD800;&#x110000;", "\ufffd\ufffd\ufffd");
        row("&#99999999999999999999;", "\ufffd");
        row("a&#1;b", "ab");
        row("&copy 2020, &notit;", "\u00a9 2020, \u00acit;");
        row("&alpha x, &alphabet;", "&alpha x, &alphabet;");  // not one of those that stand without a semicolon
        row("R&D, AT&T; a & b &", "R&D, AT&T; a & b &");
        row("&#; &#x; &#-1; &;", "&#; &#x; &#-1; &;");
        row("&amp;amp;", "&amp;");
    }
    void htmlIsUnescaped() {
        QFETCH(const QByteArray, html);
        QFETCH(const QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(models::unescapeHtml(html.toStdString())), text);
    }

    void promptsAreCleaned() {
        using models::cleanPrompt;
        QCOMPARE(cleanPrompt(""), "");
        QCOMPARE(cleanPrompt(" \t\r\n\u3000 "), "");
        QCOMPARE(cleanPrompt("  a\tb\r\n\n c\u00a0\u2003d\u2028e "), "a b c d e");
        QCOMPARE(cleanPrompt("\u201cso\u201d it\u2019s \u2018here\u2019"), "\"so\" it's 'here'");
        QCOMPARE(cleanPrompt("&amp;lt;b&amp;gt; &ldquo;x&rdquo;"), "<b> \"x\"");
        QCOMPARE(cleanPrompt("a\x07\x1b[1;31mred\x1b[0m \ufeff\x7f"), "ared");
        QCOMPARE(cleanPrompt("5 \u0080, it\u0092s"), "5 \u20ac, it's");
        QCOMPARE(cleanPrompt("a\xff\xc3 b\xed\xa0\x80\xf7\xbf\xbf\xbf"), "a\ufffd\ufffd b\ufffd\ufffd");
        QCOMPARE(cleanPrompt(std::string("a\0b", 3)), "ab");
    }

    void idsEqualThoseOfTransformers() {
        const auto pieces = models::SentencePieces::load(kGoldens / "umt5_spiece.model");
        QVERIFY2(pieces.has_value(), pieces ? "" : pieces.error().sentence().c_str());
        QCOMPARE(pieces->endId(), 1);
        QCOMPARE(pieces->size(), 500);
        const QJsonArray prompts = QJsonDocument::fromJson(bytesOf(kGoldens / "umt5_prompts.json")).array();
        QCOMPARE(prompts.size(), 200);
        for (const QJsonValue& entry : prompts) {
            const QString prompt = entry["prompt"].toString();
            const auto ids = pieces->encode(models::cleanPrompt(prompt.toStdString()));
            QVERIFY(ids.has_value());
            QList<qint64> ours(ids->begin(), ids->end()), wanted;
            ours.push_back(pieces->endId());
            for (const QJsonValue& id : entry["ids"].toArray())
                wanted.push_back(id.toInteger());
            QVERIFY2(ours == wanted, qPrintable(prompt));
        }
    }

    void controlPiecesInAPromptAreText() {
        const auto pieces = models::SentencePieces::load(kGoldens / "umt5_spiece.model");
        QVERIFY(pieces.has_value());
        const auto ids = pieces->encode("a </s> b <pad>");
        QVERIFY(ids.has_value());
        QVERIFY(std::ranges::find(*ids, pieces->endId()) == ids->end());
        QVERIFY(std::ranges::find(*ids, 0) == ids->end());
    }

    void filesThatAreNoModelAreErrors() {
        const QTemporaryDir folder;
        const auto missing = models::SentencePieces::load((folder.path() + "/none.model").toStdString());
        QVERIFY(!missing && missing.error().code == ErrorCode::modelMissing);
        const QByteArray whole = bytesOf(kGoldens / "umt5_spiece.model");
        for (const QByteArray& bytes :
             {QByteArray(), QByteArray("<!DOCTYPE html><html></html>"), QByteArray(5000, '\0'),
              QByteArray(5000, '\xff'), whole.left(100), whole.left(whole.size() / 2), whole.left(whole.size() - 1)}) {
            const auto loaded = loadBytes(folder, bytes);
            QVERIFY(!loaded);
            QCOMPARE(loaded.error().code, ErrorCode::modelDamaged);
            QVERIFY(QString::fromStdString(loaded.error().sentence()).contains("spiece.model"));
        }
    }

    // Whatever bit is wrong: an error, or a model that still cuts prompts. Never the end of the process.
    void damageNeverEndsTheProcess() {
        const QTemporaryDir folder;
        const QByteArray whole = bytesOf(kGoldens / "umt5_spiece.model");
        const std::string prompt = models::cleanPrompt(
            "une \u00e9toile, \ufb01ne \u5728\u6d77\u8fb9 \u0e23\u0e34\u0e21\u0e17\u0e30\u0e40\u0e25 \U0001f98a");
        int refused = 0, used = 0;
        for (qsizetype at = 0; at < whole.size(); at += at < 12'000 || at > whole.size() - 600 ? 7 : 211) {
            QByteArray bytes = whole;
            bytes[at] = char(bytes[at] ^ (1 << (at % 8)));
            const auto loaded = loadBytes(folder, bytes);
            if (loaded) {
                static_cast<void>(loaded->encode(prompt));
                ++used;
            } else {
                QCOMPARE(loaded.error().code, ErrorCode::modelDamaged);
                ++refused;
            }
        }
        // Whole stretches of noise lead the normaliser further astray than single bits.
        for (unsigned seed = 0; seed < 300; ++seed) {
            std::mt19937 random(seed);
            QByteArray bytes = whole;
            const auto at = qsizetype(random() % unsigned(whole.size() - 4096));
            for (qsizetype i = at; i < at + 4096; ++i)
                bytes[i] = char(random());
            if (const auto loaded = loadBytes(folder, bytes))
                static_cast<void>(loaded->encode(prompt));
        }
        QVERIFY(refused > 50 && used > 50);
    }
};

QTEST_GUILESS_MAIN(TestSentencePieces)
#include "tst_sentence_pieces.moc"
