#include <QtTest>

#include <cmath>

#include "engine/weights/pickle.h"
#include "engine/weights/tensor_file.h"
#include "engine/weights/torch_archive.h"
#include "engine/weights/zip_directory.h"
#include "tests/engine/weights/file_fixture.h"

using namespace lipar;
using namespace lipar::tests;
using weights::DType;
using weights::TensorFile;
using weights::TensorView;
using Shape = std::vector<std::int64_t>;

namespace {

const std::filesystem::path kGolden = LIPAR_GOLDEN_DIR "/weights";

template <class T>
T at(const TensorView& tensor, std::size_t index) {
    T value;
    std::memcpy(&value, tensor.bytes.data() + index * sizeof(T), sizeof(T));
    return value;
}

// float16 and bfloat16 as the tests need them: small whole numbers.
double fromHalf(std::uint16_t bits) {
    const int exponent = bits >> 10 & 31;
    return exponent == 0 ? 0.0 : std::ldexp(1024 + (bits & 1023), exponent - 25);
}

double fromBrain(std::uint16_t bits) {
    const std::uint32_t wide = std::uint32_t(bits) << 16;
    float value;
    std::memcpy(&value, &wide, sizeof value);
    return value;
}

double element(const TensorView& tensor, std::size_t index) {
    switch (tensor.dtype) {
        case DType::f64: return at<double>(tensor, index);
        case DType::f32: return at<float>(tensor, index);
        case DType::f16: return fromHalf(at<std::uint16_t>(tensor, index));
        case DType::bf16: return fromBrain(at<std::uint16_t>(tensor, index));
        case DType::f8e4m3: break;  // no archive here holds any
        case DType::i64: return double(at<std::int64_t>(tensor, index));
        case DType::i32: return at<std::int32_t>(tensor, index);
        case DType::i16: return at<std::int16_t>(tensor, index);
        case DType::i8: return at<std::int8_t>(tensor, index);
        case DType::u8:
        case DType::boolean: return at<std::uint8_t>(tensor, index);
    }
    return 0;
}

// Whether the tensor is there, has this type and shape, and counts up from `first`.
void expectCounting(const TensorFile& file, const char* name, DType dtype, const Shape& shape, double first = 0) {
    const auto* tensor = file.find(name);
    QVERIFY2(tensor, name);
    QCOMPARE(tensor->dtype, dtype);
    QCOMPARE(tensor->shape, shape);
    for (std::int64_t i = 0; i < tensor->elementCount(); ++i)
        QCOMPARE(element(*tensor, std::size_t(i)), first + double(i));
}

// A torch archive around a pickle, with one storage of 16 bytes.
Bytes archiveOf(const std::string& pickle) {
    const auto number = [](std::uint64_t value, std::size_t width) {
        std::string digits(reinterpret_cast<const char*>(&value), sizeof value);
        digits.resize(width);
        return digits;
    };
    std::string body;
    std::string directory;
    const std::pair<std::string, std::string> records[] = {{"a/data.pkl", pickle}, {"a/data/0", std::string(16, '\1')}};
    for (const auto& [name, data] : records) {
        const std::string sizes = number(0, 4) + number(data.size(), 4) + number(data.size(), 4) + number(name.size(), 2) + number(0, 2);
        directory += "PK\1\2" + number(0, 12) + sizes + number(0, 10) + number(body.size(), 4) + name;
        body += std::string("PK\3\4") + number(0, 2) + number(0, 8) + sizes + name + data;
    }
    return bytesOf(body + directory + "PK\5\6" + number(0, 4) + number(2, 2) + number(2, 2) + number(directory.size(), 4) + number(body.size(), 4) +
                   number(0, 2));
}

// {"x": a float32 tensor on the storage of archiveOf}; the arguments are opcodes.
std::string pickleOfTensor(const std::string& offset, const std::string& shape, const std::string& strides, const std::string& elements = "K\4") {
    return "\x80\2}U\1xctorch._utils\n_rebuild_tensor_v2\n((U\7storagectorch\nFloatStorage\nU\1" "0U\3cpu" + elements + "tQ" + offset +
           shape + strides + "\x89}tRs.";
}

}  // namespace

class TestTorchArchive : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensEveryType_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"plain.pt", "protocol5.pt", "zip64.pt"})
            QTest::newRow(name) << name;
    }
    void opensEveryType() {
        QFETCH(QString, name);
        const auto file = TensorFile::open(kGolden / name.toStdString());
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        QCOMPARE(file->tensors().size(), std::size_t(12));
        QVERIFY(file->metadata().empty());
        const std::pair<const char*, DType> types[] = {{"f64", DType::f64}, {"f32", DType::f32}, {"f16", DType::f16},
                                                       {"bf16", DType::bf16}, {"i64", DType::i64}, {"i32", DType::i32},
                                                       {"i16", DType::i16}, {"i8", DType::i8},   {"u8", DType::u8}};
        for (const auto& [key, dtype] : types)
            expectCounting(*file, key, dtype, {2, 3});
        expectCounting(*file, "scalar", DType::f32, {}, 7);
        expectCounting(*file, "empty", DType::f32, {0, 4});
        const auto* mask = file->find("bool");
        QVERIFY(mask);
        QCOMPARE(mask->dtype, DType::boolean);
        QCOMPARE(element(*mask, 0) + 2 * element(*mask, 1) + 4 * element(*mask, 2), 5.0);
    }

    void choosesTheWeights() {
        const auto file = TensorFile::open(kGolden / "generator_ema.pt");
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        QCOMPARE(file->tensors().size(), std::size_t(3));
        expectCounting(*file, "blocks.0.self_attn.q.weight", DType::bf16, {4, 4});
        expectCounting(*file, "blocks.0.modulation", DType::f32, {1, 6, 2});
        expectCounting(*file, "submodel.head.bias", DType::f32, {3}, 5);
    }

    void opensModules() {
        for (const char* name : {"ordered_dict.pt", "parameters.pt"}) {
            const auto file = TensorFile::open(kGolden / name);
            QVERIFY2(file, file ? "" : file.error().message.c_str());
            QCOMPARE(file->tensors().size(), std::size_t(4));
            expectCounting(*file, "0.weight", DType::f32, {2, 3});
            expectCounting(*file, "0.bias", DType::f32, {2}, 10);
            expectCounting(*file, "1.weight", DType::f32, {1, 2}, 20);
            expectCounting(*file, "1.bias", DType::f32, {1}, 30);
        }
    }

    void sharesStorage() {
        const auto file = TensorFile::open(kGolden / "shared_storage.pt");
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        expectCounting(*file, "first", DType::f32, {2, 3});
        expectCounting(*file, "second", DType::f32, {3, 2}, 6);
        expectCounting(*file, "whole", DType::f32, {12});
        QCOMPARE(file->find("second")->bytes.data(), file->find("whole")->bytes.data() + 24);
    }

    void namesWhatHasNoName() {
        const auto bare = TensorFile::open(kGolden / "bare_tensor.pt");
        QVERIFY2(bare, bare ? "" : bare.error().message.c_str());
        QCOMPARE(bare->tensors().size(), std::size_t(1));
        expectCounting(*bare, "tensor", DType::f32, {2, 2, 2});
        const auto list = TensorFile::open(kGolden / "list.pt");
        QVERIFY2(list, list ? "" : list.error().message.c_str());
        QCOMPARE(list->tensors().size(), std::size_t(2));
        expectCounting(*list, "0", DType::f32, {2});
        expectCounting(*list, "2", DType::f32, {3}, 2);
    }

    void strideOfOneElementIsFree() {
        const auto file = TensorFile::open(kGolden / "stride_of_one.pt");
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        expectCounting(*file, "row", DType::f32, {1, 4});
        expectCounting(*file, "one", DType::f32, {1, 4});
    }

    void opensWanLatents() {
        const std::filesystem::path path = LIPAR_SHARED_DIR "/data/wan_latents.pth";
        if (!std::filesystem::exists(path))
            QSKIP("needs data/wan_latents.pth of the shared test data");
        const auto file = TensorFile::open(path);
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        const auto* latents = file->find("tensor");
        QVERIFY(latents);
        QCOMPARE(latents->dtype, DType::bf16);
        QCOMPARE(latents->shape, (Shape{1, 16, 16, 40, 64}));
        double squares = 0;
        for (std::size_t i = 0; i < std::size_t(latents->elementCount()); ++i) {
            const double value = fromBrain(at<std::uint16_t>(*latents, i));
            QVERIFY(std::isfinite(value));
            squares += value * value;
        }
        const double rms = std::sqrt(squares / double(latents->elementCount()));
        QVERIFY(rms > 0.1 && rms < 10.0);
    }

    void refuses_data() {
        QTest::addColumn<QString>("reason");
        QTest::newRow("refused_os_system.pt") << "asks for os.system, which is no part of a tensor file; nothing was run";
        QTest::newRow("refused_os_system_protocol0.pt") << "asks for os.system";
        QTest::newRow("refused_posix_system_protocol4.pt") << "asks for posix.system";
        QTest::newRow("refused_instance.pt") << "asks for an object of os.system";
        QTest::newRow("refused_eval.pt") << "asks for __builtin__.eval";
        QTest::newRow("refused_extension.pt") << "opcode 130";
        QTest::newRow("refused_call_of_storage.pt") << "asks for a call of torch.FloatStorage";
        QTest::newRow("refused_legacy.pt") << "bare pickle, as torch.save wrote before version 1.6";
        QTest::newRow("refused_transposed.pt") << "tensor turned is not contiguous (shape [3, 2], strides [1, 3])";
        QTest::newRow("refused_complex.pt") << "tensor phase has elements of a type that cannot be used (ComplexFloatStorage)";
        QTest::newRow("refused_ambiguous.pt") << "several sets of tensors (a, b)";
        QTest::newRow("refused_same_name.pt") << "tensor x occurs twice";
        QTest::newRow("refused_no_tensors.pt") << "it holds no tensors";
        QTest::newRow("refused_big_endian.pt") << "byte order";
        QTest::newRow("refused_compressed.pt") << "compressed";
        QTest::newRow("refused_missing_record.pt") << "tensor f32: its record plain/data/1 is missing";
        QTest::newRow("refused_short_record.pt") << "tensor f32 needs a storage of 6 elements but its record holds 23 bytes";
        QTest::newRow("refused_no_pickle.pt") << "not a torch archive: data.pkl is missing";
    }
    void refuses() {
        QFETCH(QString, reason);
        const auto file = TensorFile::open(kGolden / QTest::currentDataTag());
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::modelDamaged);
        QVERIFY2(QString::fromStdString(file.error().message).contains(reason), file.error().message.c_str());
        QVERIFY(!file.error().hint.empty());
        QVERIFY(!std::filesystem::exists("lipar-pickle-was-run"));
    }

    void checksShapes_data() {
        QTest::addColumn<QByteArray>("offset");
        QTest::addColumn<QByteArray>("shape");
        QTest::addColumn<QByteArray>("strides");
        QTest::addColumn<QByteArray>("elements");
        QTest::addColumn<QString>("reason");  // empty: sound
        const QByteArray zero("K\0", 2);
        const QByteArray four("K\4(K\4t", 6);
        const QByteArray one("(K\1t");
        const QByteArray huge("\x8a\x08\0\0\0\0\0\0\0\x40", 10);  // 2^62
        const auto row = [](const char* name, const QByteArray& offset, const QByteArray& shape, const QByteArray& strides,
                            const QByteArray& elements, const char* reason) { QTest::newRow(name) << offset << shape << strides << elements << reason; };
        row("sound", zero, "(K\4t", one, "K\4", "");
        row("sound, the last two", "K\2", "(K\2t", one, "K\4", "");
        row("one too far", "K\1", "(K\4t", one, "K\4", "tensor x lies outside its storage of 4 elements");
        row("offset beyond", "K\5", QByteArray("(K\0t", 4), one, "K\4", "tensor x lies outside");
        row("negative offset", "J\xff\xff\xff\xff", "(K\1t", one, "K\4", "tensor x lies outside");
        row("huge offset", huge, "(K\1t", one, "K\4", "tensor x lies outside");
        row("negative shape", zero, "(J\xff\xff\xff\xfft", one, "K\4", "tensor x has an impossible shape: [-1]");
        row("product overflows", zero, "(" + huge + huge + "t", "(K\1K\1t", "K\4", "tensor x has an impossible shape");
        row("bytes overflow", zero, "(" + huge + "t", one, "K\4", "tensor x has an impossible shape");
        row("repeated by a zero stride", zero, "(K\4K\4t", QByteArray("(K\0K\1t", 6), "K\4", "tensor x is not contiguous");
        row("fewer strides", zero, "(K\2K\2t", one, "K\4", "tensor x has 2 dimensions but 1 strides");
        row("storage larger than its record", zero, "(K\4t", one, "K\5", "tensor x needs a storage of 5 elements but its record holds 16 bytes");
        row("storage smaller than its record", zero, "(K\3t", one, "K\3", "tensor x needs a storage of 3 elements");
        row("negative storage", zero, "(K\1t", one, "J\xff\xff\xff\xff", "tensor x lies outside");
        row("storage size overflows", zero, "(K\1t", one, huge, "tensor x needs a storage of");
        row("shape is a number", zero, "K\4", one, "K\4", "its pickle is damaged");
        row("shape of text", zero, "(U\1xt", one, "K\4", "its pickle is damaged");
        row("offset is text", "U\1x", "(K\4t", one, "K\4", "its pickle is damaged");
        row("too many dimensions", zero, "(" + QByteArray("K\1").repeated(40) + "t", one, "K\4", "its pickle is damaged");
    }
    void checksShapes() {
        QFETCH(QByteArray, offset);
        QFETCH(QByteArray, shape);
        QFETCH(QByteArray, strides);
        QFETCH(QByteArray, elements);
        QFETCH(QString, reason);
        const auto table = weights::parseTorchArchive(
            archiveOf(pickleOfTensor(offset.toStdString(), shape.toStdString(), strides.toStdString(), elements.toStdString())));
        if (reason.isEmpty()) {
            QVERIFY2(table, table ? "" : table.error().message.c_str());
            QCOMPARE(table->tensors.size(), std::size_t(1));
            return;
        }
        QVERIFY(!table);
        QCOMPARE(table.error().code, ErrorCode::modelDamaged);
        QVERIFY2(QString::fromStdString(table.error().message).contains(reason), table.error().message.c_str());
    }

    void survivesBombs() {
        const auto refused = [](const std::string& pickle) {
            const auto table = weights::parseTorchArchive(archiveOf(pickle));
            QVERIFY(!table);
            QCOMPARE(table.error().code, ErrorCode::modelDamaged);
        };
        std::string deep = "\x80\2";  // a list in a list in a list ...
        for (int i = 0; i < 300'000; ++i)
            deep += ']';
        for (int i = 1; i < 300'000; ++i)
            deep += 'a';
        refused(deep + ".");
        std::string laughs = "\x80\2]q" + std::string(1, '\0');  // each list holds the one before it twice
        for (char level = 0; level < 60; ++level)
            laughs += std::string("]q") + char(level + 1) + "h" + level + "a" + "h" + level + "a";
        refused(laughs + "e.");
        refused("\x80\2}q" + std::string(1, '\0') + "U\1xh" + std::string(1, '\0') + "s.");  // a dict in itself
        refused("\x80\2" + std::string(5'000'000, ')') + ".");
        refused("\x80\2" + std::string("X\xff\xff\xff\xff", 5) + "abc.");  // a text of 4 GB
        refused(std::string("\x80\4\x8d\xff\xff\xff\xff\xff\xff\xff\x7f", 11) + "abc.");
        refused("\x80\2" + std::string(1000, '(') + ".");
        refused("\x80\2.");
        refused("\x80\2t.");
        refused("\x80\2N");
        refused("\x80\xff}.");
        refused("");
    }

    void survivesDamageToTheArchive() {
        Damager damage(2);
        int opened = 0;
        int refused = 0;
        unsigned sum = 0;
        for (const char* name : {"zip64.pt", "generator_ema.pt", "shared_storage.pt", "refused_compressed.pt"}) {
            const Bytes original = readBytes(kGolden / name);
            QVERIFY(!original.empty());
            for (int i = 0; i < 6'000; ++i) {
                const Bytes bytes = damage(original);
                const auto table = weights::parseTorchArchive(bytes);
                if (!table) {
                    QCOMPARE(table.error().code, ErrorCode::modelDamaged);
                    ++refused;
                    continue;
                }
                ++opened;
                for (const auto& [key, tensor] : table->tensors) {
                    QCOMPARE(tensor.bytes.size(), std::size_t(tensor.elementCount()) * weights::dtypeSize(tensor.dtype));
                    sum += touch(tensor.bytes);
                }
            }
        }
        QVERIFY(opened > 500);
        QVERIFY(refused > 5'000);
        QVERIFY(sum > 0);
    }

    void survivesDamageToThePickle() {
        Damager damage(3);
        int opened = 0;
        int refused = 0;
        const std::pair<const char*, const char*> pickles[] = {{"protocol5.pt", "protocol5/data.pkl"}, {"generator_ema.pt", "generator_ema/data.pkl"},
                                                               {"parameters.pt", "parameters/data.pkl"}};
        for (const auto& [file, record] : pickles) {
            const Bytes archive = readBytes(kGolden / file);
            const auto zip = weights::ZipDirectory::parse(archive);
            QVERIFY(zip);
            const auto view = zip->read(record);
            QVERIFY(view);
            const Bytes original(view->begin(), view->end());
            for (int i = 0; i < 12'000; ++i) {
                const auto pickle = weights::pickle::read(damage(original));
                if (pickle) {
                    QVERIFY(pickle->root < pickle->objects.size());
                    ++opened;
                } else {
                    QCOMPARE(pickle.error().code, ErrorCode::modelDamaged);
                    ++refused;
                }
            }
        }
        QVERIFY(opened > 1'000);
        QVERIFY(refused > 10'000);
    }
};

QTEST_GUILESS_MAIN(TestTorchArchive)
#include "tst_torch_archive.moc"
