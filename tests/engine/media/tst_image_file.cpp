// readImage() and writePng(): what goes out comes in, whatever kind of picture it is.
#include <QTest>

#include <cstdlib>

#include "engine/media/image_file.h"
#include "media_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

class ImageFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pngIsLossless() {
        const Workshop shop;
        for (const auto& [width, height] : {std::pair{1, 1}, {37, 23}, {320, 192}}) {
            Picture picture(width, height);
            for (std::uint8_t& value : picture.rgb)
                value = std::uint8_t(std::rand());
            const fs::path file = shop.path("a.png");
            QVERIFY(writePng(file, picture));
            const auto read = readImage(file);
            QVERIFY2(read, read ? "" : read.error().sentence().c_str());
            QCOMPARE(read->width, width);
            QCOMPARE(read->height, height);
            QVERIFY(read->rgb == picture.rgb);
        }
    }

    void masksOfAllKinds_data() {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("name");
        QTest::newRow("grey") << "gray"
                              << "a.png";
        QTest::newRow("grey 16 bit") << "gray16be"
                                     << "a.png";
        QTest::newRow("black and white") << "monob"
                                         << "a.png";
        QTest::newRow("palette") << "pal8"
                                 << "a.png";
        QTest::newRow("alpha") << "rgba"
                               << "a.png";
        QTest::newRow("jpeg") << "rgb24"
                              << "a.jpg";
        QTest::newRow("bmp") << "bgr24"
                             << "a.bmp";
        QTest::newRow("tiff") << "rgb24"
                              << "a.tiff";
    }
    void masksOfAllKinds() {
        if (!hasFfmpeg())
            QSKIP("ffmpeg is not in PATH");
        QFETCH(QString, format);
        QFETCH(QString, name);
        const Workshop shop;
        const fs::path file = shop.make(
            name, "-f lavfi -i color=black:s=64x48,drawbox=x=32:w=32:h=48:color=white:t=fill,format=" + format +
                      " -frames:v 1 -update 1");
        const auto read = readImage(file);
        QVERIFY2(read, read ? "" : read.error().sentence().c_str());
        QCOMPARE(read->width, 64);
        const std::uint8_t* row = read->rgb.data() + std::size_t(64 * 3 * 20);
        for (int c = 0; c < 3; ++c) {
            QVERIFY2(row[10 * 3 + c] <= 3, qPrintable(QString::number(row[10 * 3 + c])));
            QVERIFY2(row[50 * 3 + c] >= 252, qPrintable(QString::number(row[50 * 3 + c])));
        }
    }

    void errors() {
        const Workshop shop;
        QCOMPARE(readImage(shop.path("none.png")).error().code, ErrorCode::inputMissing);
        QCOMPARE(writePng(shop.path("a.png"), {}).error().code, ErrorCode::invalidArgument);
        QCOMPARE(writePng(shop.path("no/folder/a.png"), Picture(4, 4)).error().code, ErrorCode::outputFailed);
        QVERIFY(!fs::exists(shop.path("a.png")));
    }
};

QTEST_GUILESS_MAIN(ImageFileTest)
#include "tst_image_file.moc"
