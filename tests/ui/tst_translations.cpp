#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QXmlStreamReader>

// The catalogues are complete: whatever a user reads is there in French.
class TestTranslations : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void complete_data();
    void complete();
    void everyTextOfTheWindowIsInTheCatalogue();
    void frenchPunctuationStaysOnItsLine();
};

namespace {

struct Message {
    QString source;
    QStringList translations;
    bool isUnfinished = false;
};

QList<Message> messages(const QString& file) {
    QList<Message> all;
    QFile in(file);
    if (!in.open(QIODevice::ReadOnly))
        return all;
    QXmlStreamReader xml(&in);
    while (!xml.atEnd()) {
        xml.readNext();
        if (!xml.isStartElement())
            continue;
        if (xml.name() == u"message")
            all << Message{};
        else if (xml.name() == u"source")
            all.last().source = xml.readElementText();
        else if (xml.name() == u"numerusform")
            all.last().translations << xml.readElementText();
        else if (xml.name() == u"translation") {
            all.last().isUnfinished = xml.attributes().hasAttribute("type");
            if (!xml.attributes().hasAttribute("type") || xml.attributes().value("type") == u"unfinished") {
                const auto text = xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
                if (!text.isEmpty())
                    all.last().translations << text;
            }
        }
    }
    return all;
}

}  // namespace

void TestTranslations::complete_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("fewest");
    QTest::addRow("French") << "lipar_fr.ts" << 80;
    QTest::addRow("English plurals") << "lipar_en.ts" << 3;
}

void TestTranslations::complete() {
    QFETCH(const QString, file);
    QFETCH(const int, fewest);
    const auto all = messages(QString(LIPAR_SOURCE_DIR "/translations/") + file);
    QVERIFY2(all.size() >= fewest, "the catalogue is missing or nearly empty");
    for (const auto& message : all) {
        QVERIFY2(!message.isUnfinished && !message.translations.isEmpty(),
                 qPrintable("not translated: " + message.source));
        for (const auto& translation : message.translations)
            for (const auto* mark : {"%1", "%2", "%n"})
                QVERIFY2(message.source.contains(mark) == translation.contains(mark) || message.source.contains("%n"),
                         qPrintable("differs in " + QString(mark) + ": " + translation));
    }
}

// lupdate was run after the last text was written.
void TestTranslations::everyTextOfTheWindowIsInTheCatalogue() {
    QSet<QString> known;
    for (const auto& message : messages(LIPAR_SOURCE_DIR "/translations/lipar_fr.ts"))
        known << message.source;
    static const QRegularExpression text(R"re(qsTr\("((?:[^"\\]|\\.)*)")re");
    QDirIterator files(LIPAR_SOURCE_DIR "/ui", {"*.qml"}, QDir::Files, QDirIterator::Subdirectories);
    int found = 0;
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto content = QString::fromUtf8(file.readAll());
        for (auto match = text.globalMatch(content); match.hasNext(); ++found) {
            const auto source = match.next().captured(1);
            QVERIFY2(known.contains(source), qPrintable("not in the catalogue: " + source));
        }
    }
    QVERIFY(found > 80);
}

// What French sets apart by a space must not begin a line by itself.
void TestTranslations::frenchPunctuationStaysOnItsLine() {
    static const QRegularExpression loose("« | [:;?!»]| %(?![0-9nL])");
    for (const auto& message : messages(LIPAR_SOURCE_DIR "/translations/lipar_fr.ts"))
        for (const auto& translation : message.translations)
            QVERIFY2(!translation.contains(loose), qPrintable("an ordinary space, not U+00A0: " + translation));
}

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
