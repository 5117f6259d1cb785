#include <QtTest>

#include "engine/weights/npy.h"
#include "tests/engine/weights/file_fixture.h"

using namespace lipar;
using namespace lipar::tests;

namespace {

// A file of format version 1.0 around a header as given.
Bytes npy(const std::string& header, std::size_t dataSize, const std::string& version = std::string("\1\0", 2)) {
    std::string file = "\x93NUMPY" + version;
    const std::uint32_t length = std::uint32_t(header.size());
    file.append(reinterpret_cast<const char*>(&length), version[0] == 1 ? 2 : 4);
    file += header;
    for (std::size_t i = 0; i < dataSize; ++i)
        file += char(i % 3);
    return bytesOf(file);
}

TokenMask checkered() {
    TokenMask mask(2, 3, 5);
    for (std::size_t i = 0; i < mask.keep.size(); ++i)
        mask.keep[i] = i % 3 == 0 ? 1 : 0;
    return mask;
}

}  // namespace

class TestNpy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatItWrites() {
        const TokenMask mask = checkered();
        QVERIFY(weights::writeMaskNpy(m_files.path("mask.npy"), mask));
        const auto read = weights::readMaskNpy(m_files.path("mask.npy"));
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(*read == mask);
    }

    // Byte for byte what numpy.save writes for this array.
    void writesAsNumPyDoes() {
        TokenMask mask(1, 1, 2);
        mask.keep[1] = 0;
        QVERIFY(weights::writeMaskNpy(m_files.path("mask.npy"), mask));
        std::string expected = std::string("\x93NUMPY\1\0\x76\0", 10) + "{'descr': '|b1', 'fortran_order': False, 'shape': (1, 1, 2), }";
        expected.resize(127, ' ');
        expected += std::string("\n\1\0", 3);
        QCOMPARE(readBytes(m_files.path("mask.npy")), bytesOf(expected));
    }

    void readsOtherSpellings() {
        const std::pair<std::string, std::string> cases[] = {
            {"{'descr': '|b1', 'fortran_order': False, 'shape': (2, 3, 5), }\n", std::string("\1\0", 2)},
            {"{\"shape\":(2,3,5,),\"fortran_order\":False,\"descr\":\"|u1\"}", std::string("\1\0", 2)},
            {"{'descr': '|b1', 'fortran_order': False, 'shape': (2, 3, 5)}          \n", std::string("\2\0", 2)},
            {"{'descr': '|b1', 'fortran_order': False, 'shape': (2, 3, 5)}", std::string("\3\0", 2)}};
        for (const auto& [header, version] : cases) {
            const auto mask = weights::readMaskNpy(m_files.write("mask.npy", npy(header, 30, version)));
            QVERIFY2(mask, mask ? "" : mask.error().message.c_str());
            QCOMPARE(mask->frames, 2);
            QCOMPARE(mask->rows, 3);
            QCOMPARE(mask->columns, 5);
            for (std::size_t i = 0; i < mask->keep.size(); ++i)
                QCOMPARE(mask->keep[i], std::uint8_t(i % 3 != 0));
        }
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("dataSize");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const char* header, int dataSize, const char* reason) {
            QTest::newRow(name) << QByteArray(header) << dataSize << reason;
        };
        row("float", "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1), }", 4, "its type is <f4, not bool");
        row("signed", "{'descr': '|i1', 'fortran_order': False, 'shape': (1, 1, 1), }", 1, "its type is |i1");
        row("objects", "{'descr': '|O', 'fortran_order': False, 'shape': (1, 1, 1), }", 8, "its type is |O");
        row("Fortran order", "{'descr': '|b1', 'fortran_order': True, 'shape': (1, 1, 1), }", 1, "Fortran order");
        row("two dimensions", "{'descr': '|b1', 'fortran_order': False, 'shape': (2, 2), }", 4, "it has 2 dimensions, not 3");
        row("none", "{'descr': '|b1', 'fortran_order': False, 'shape': (), }", 1, "it has 0 dimensions");
        row("empty", "{'descr': '|b1', 'fortran_order': False, 'shape': (2, 0, 2), }", 0, "its shape is [2, 0, 2]");
        row("negative", "{'descr': '|b1', 'fortran_order': False, 'shape': (-1, -2, 2), }", 4, "its shape is [-1, -2, 2]");
        row("too short", "{'descr': '|b1', 'fortran_order': False, 'shape': (2, 2, 2), }", 7, "[2, 2, 2] does not fit its 7 bytes");
        row("too long", "{'descr': '|b1', 'fortran_order': False, 'shape': (2, 2, 2), }", 9, "does not fit its 9 bytes");
        row("huge", "{'descr': '|b1', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647), }", 1, "does not fit");
        row("product wraps to 2", "{'descr': '|b1', 'fortran_order': False, 'shape': (1073741824, 1073741824, 16), }", 2, "does not fit");
        row("beyond int", "{'descr': '|b1', 'fortran_order': False, 'shape': (2147483648, 1, 1), }", 1, "its shape is");
        row("beyond 64 bits", "{'descr': '|b1', 'fortran_order': False, 'shape': (99999999999999999999, 1, 1), }", 1, "its header is damaged");
        row("no type", "{'fortran_order': False, 'shape': (1, 1, 1), }", 1, "its header is damaged");
        row("a key twice", "{'descr': '|b1', 'descr': '|b1', 'fortran_order': False, 'shape': (1, 1, 1), }", 1, "its header is damaged");
        row("another key", "{'descr': '|b1', 'fortran_order': False, 'shape': (1, 1, 1), 'x': 1}", 1, "its header is damaged");
        row("fields", "{'descr': [('a', '|b1')], 'fortran_order': False, 'shape': (1, 1, 1), }", 1, "its header is damaged");
        row("an expression", "{'descr': '|b1', 'fortran_order': False, 'shape': (1, 1, 1*1), }", 1, "its header is damaged");
        row("no braces", "'descr': '|b1'", 1, "its header is damaged");
        row("not closed", "{'descr': '|b1", 1, "its header is damaged");
        row("more behind", "{'descr': '|b1', 'fortran_order': False, 'shape': (1, 1, 1), } + 1", 1, "its header is damaged");
        row("nothing", "", 0, "its header is damaged");
    }
    void refuses() {
        QFETCH(QByteArray, header);
        QFETCH(int, dataSize);
        QFETCH(QString, reason);
        const auto mask = weights::readMaskNpy(m_files.write("broken.npy", npy(header.toStdString(), std::size_t(dataSize))));
        QVERIFY(!mask);
        QCOMPARE(mask.error().code, ErrorCode::inputDamaged);
        const QString message = QString::fromStdString(mask.error().message);
        QVERIFY2(message.contains(reason), qPrintable(message));
        QVERIFY(message.contains("broken.npy"));
    }

    void refusesOtherFiles() {
        const std::string cases[] = {"", "\x93NUMPY", "PK\3\4 a .npz, perhaps", std::string("\x93NUMPY\1\0\xff\xff{", 11),
                                     std::string("\x93NUMPY\2\0\xff\xff\xff\xff{", 13), std::string("\x93NUMPY\4\0\1\0{", 11)};
        for (const auto& content : cases) {
            const auto mask = weights::readMaskNpy(m_files.write("other.npy", content));
            QVERIFY(!mask);
            QCOMPARE(mask.error().code, ErrorCode::inputDamaged);
            QVERIFY(mask.error().message.find("not a .npy file") != std::string::npos);
        }
    }

    void missingFiles() {
        for (const auto& path : {m_files.path("absent.npy"), m_files.path("")}) {
            const auto mask = weights::readMaskNpy(path);
            QVERIFY(!mask);
            QCOMPARE(mask.error().code, ErrorCode::inputMissing);
        }
    }

    void refusesToWrite() {
        TokenMask wrong = checkered();
        wrong.keep.pop_back();
        for (const TokenMask& mask : {wrong, TokenMask()}) {
            const auto written = weights::writeMaskNpy(m_files.path("wrong.npy"), mask);
            QVERIFY(!written);
            QCOMPARE(written.error().code, ErrorCode::invalidArgument);
            QVERIFY(!std::filesystem::exists(m_files.path("wrong.npy")));
        }
        const auto nowhere = weights::writeMaskNpy(m_files.path("no/such/folder/mask.npy"), checkered());
        QVERIFY(!nowhere);
        QCOMPARE(nowhere.error().code, ErrorCode::outputFailed);
    }

    void survivesDamage() {
        const Bytes original = npy("{'descr': '|b1', 'fortran_order': False, 'shape': (2, 3, 5), }", 30);
        Damager damage(5);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 20'000; ++i) {
            const auto mask = weights::parseMaskNpy(damage(original));
            if (mask) {
                QCOMPARE(mask->keep.size(), std::size_t(mask->frames) * mask->frameSize());
                ++read;
            } else {
                QCOMPARE(mask.error().code, ErrorCode::inputDamaged);
                ++refused;
            }
        }
        QVERIFY(read > 10);
        QVERIFY(refused > 1'000);
    }

private:
    FileFixture m_files;
};

QTEST_GUILESS_MAIN(TestNpy)
#include "tst_npy.moc"
