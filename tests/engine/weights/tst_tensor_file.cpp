#include <QtTest>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "engine/weights/safetensors.h"
#include "engine/weights/tensor_file.h"
#include "tests/engine/weights/file_fixture.h"

using namespace lipar;
using namespace lipar::tests;
using weights::DType;
using weights::TensorFile;

namespace {

Bytes safetensors(const std::string& header, std::size_t dataSize) {
    const std::uint64_t length = header.size();
    Bytes file(sizeof length + header.size() + dataSize);
    std::memcpy(file.data(), &length, sizeof length);
    std::memcpy(file.data() + sizeof length, header.data(), header.size());
    for (std::size_t i = 0; i < dataSize; ++i)
        file[file.size() - dataSize + i] = std::byte(i);
    return file;
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += text;
    return all;
}

}  // namespace

class TestTensorFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensSafetensors() {
        const auto path = m_files.write(
            "sound.safetensors", safetensors(R"({"__metadata__":{"steps":"400"},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[6,14]},)"
                                             R"("a":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]},)"
                                             R"("none":{"dtype":"I8","shape":[0,5],"data_offsets":[6,6]},)"
                                             R"("scalar":{"dtype":"BOOL","shape":[],"data_offsets":[14,15]}}   )",
                                             15));
        const auto file = TensorFile::open(path);
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        QCOMPARE(file->path(), path);
        QCOMPARE(file->tensors().size(), std::size_t(4));
        QCOMPARE(file->metadata().at("steps"), std::string("400"));
        const auto* b = file->find("b");
        QVERIFY(b);
        QCOMPARE(b->dtype, DType::f32);
        QCOMPARE(b->shape, (std::vector<std::int64_t>{2, 1}));
        QCOMPARE(b->elementCount(), std::int64_t(2));
        QCOMPARE(b->bytes.size(), std::size_t(8));
        QCOMPARE(b->bytes[0], std::byte(6));
        QCOMPARE(file->find("none")->bytes.size(), std::size_t(0));
        QCOMPARE(file->find("scalar")->elementCount(), std::int64_t(1));
        QCOMPARE(file->find("scalar")->bytes[0], std::byte(14));
        QVERIFY(!file->find("c"));
    }

    // The length of a header may begin with the very bytes that mark other formats.
    void looksAtTheWholeStart() {
        for (const std::size_t length : {0x3cu, 0x4b50u, 0x280u}) {
            std::string header = R"({"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})";
            header.resize(length, ' ');
            const auto file = TensorFile::open(m_files.write("start.safetensors", safetensors(header, 1)));
            QVERIFY2(file, file ? "" : file.error().message.c_str());
            QVERIFY(file->find("x"));
        }
    }

    void refusesDamage_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("dataSize");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& header, int dataSize, const char* reason) {
            QTest::newRow(name) << QByteArray::fromStdString(header) << dataSize << reason;
        };
        const auto one = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
            return R"({"weight":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
        };
        row("not JSON", "{\"weight\":\n oops}", 0, "not valid JSON (line 2, column 2)");
        row("not an object", "[1,2]", 0, "not a JSON object");
        row("truncated JSON", "{\"weight\":{", 0, "not valid JSON");
        row("not UTF-8", "{\"\xff\xfe\":1}", 0, "not valid JSON");
        row("entry is a number", R"({"weight":5})", 0, "tensor weight is not described by an object");
        row("no dtype", R"({"weight":{"shape":[1],"data_offsets":[0,4]}})", 4, "tensor weight has no dtype");
        row("no shape", R"({"weight":{"dtype":"F32","data_offsets":[0,4]}})", 4, "tensor weight has no shape");
        row("no offsets", R"({"weight":{"dtype":"F32","shape":[1]}})", 4, "tensor weight has no data_offsets");
        row("unknown field", R"({"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}})", 4, "unknown field x");
        row("unknown dtype", one(R"("F8_E5M2")", "[4]", "[0,4]"), 4, "tensor weight has the unknown type F8_E5M2");
        row("dtype is a number", one("3", "[4]", "[0,4]"), 4, "tensor weight has a dtype");
        row("shape is a number", one(R"("F32")", "4", "[0,16]"), 16, "tensor weight has a shape that is not a list");
        row("negative dimension", one(R"("F32")", "[-1]", "[0,4]"), 4, "tensor weight has a dimension");
        row("two negative dimensions", one(R"("F32")", "[-1,-1]", "[0,4]"), 4, "tensor weight has a dimension");
        row("fractional dimension", one(R"("F32")", "[1.5]", "[0,4]"), 4, "tensor weight has a dimension");
        row("dimension of 2^63", one(R"("U8")", "[9223372036854775808]", "[0,4]"), 4, "tensor weight has a dimension");
        row("product wraps to 0", one(R"("U8")", "[4294967296,4294967296]", "[0,0]"), 0, "tensor weight has a shape too large");
        row("bytes wrap to 0", one(R"("F64")", "[2305843009213693952]", "[0,0]"), 0, "tensor weight has a shape too large");
        row("overflow beside a zero", one(R"("U8")", "[0,4294967296,4294967296]", "[0,0]"), 0, "tensor weight has a shape too large");
        row("too few bytes", one(R"("F32")", "[2]", "[0,4]"), 4, "tensor weight of shape [2] needs 8 bytes but is given 4");
        row("too many bytes", one(R"("F16")", "[1]", "[0,4]"), 4, "needs 2 bytes but is given 4");
        row("ends before it begins", one(R"("U8")", "[4]", "[4,0]"), 4, "tensor weight ends before it begins");
        row("three offsets", one(R"("U8")", "[4]", "[0,4,4]"), 4, "tensor weight has data_offsets");
        row("negative offset", one(R"("U8")", "[4]", "[-4,0]"), 4, "tensor weight has data_offsets");
        row("offset beyond 2^64", one(R"("U8")", "[4]", "[0,99999999999999999999]"), 4, "tensor weight has data_offsets");
        row("number beyond all", one(R"("U8")", "[1e999]", "[0,4]"), 4, "its description");
        row("outside the file", one(R"("U8")", "[5]", "[0,5]"), 4, "tensor weight lies outside the file");
        row("far outside", one(R"("U8")", "[1]", "[18446744073709551614,18446744073709551615]"), 4, "tensor weight lies outside the file");
        row("hole at the start", one(R"("U8")", "[3]", "[1,4]"), 4, "hole before tensor weight");
        row("bytes at the end", one(R"("U8")", "[3]", "[0,3]"), 4, "1 bytes after the last tensor");
        row("nothing but bytes", "{}", 4, "4 bytes after the last tensor");
        row("overlap",
            R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})", 4,
            "tensor b overlaps");
        row("the same range twice",
            R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 4,
            "tensor b overlaps");
        row("the same name twice",
            R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})", 4,
            "the name a occurs twice");
        row("the same field twice", R"({"a":{"dtype":"U8","dtype":"I8","shape":[4],"data_offsets":[0,4]}})", 4, "the name dtype occurs twice");
        row("metadata is a list", R"({"__metadata__":[]})", 0, "metadata is not an object");
        row("metadata holds a number", R"({"__metadata__":{"steps":400}})", 0, "metadata steps is not text");
        row("deep bomb", "{\"weight\":" + repeated("[", 1'000'000), 0, "its description");
        row("deep bomb, closed", "{\"weight\":" + repeated("[", 200'000) + repeated("]", 200'000) + "}", 0, "nested too deeply");
        row("wide bomb", "{\"weight\":[" + repeated("1,", 4'100'000) + "1]}", 0, "too many values");
        row("long name", "{\"" + repeated("x", 5000) + "\":5}", 0, "...");
    }
    void refusesDamage() {
        QFETCH(QByteArray, header);
        QFETCH(int, dataSize);
        QFETCH(QString, reason);
        const auto file = TensorFile::open(m_files.write("broken.safetensors", safetensors(header.toStdString(), std::size_t(dataSize))));
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::modelDamaged);
        const QString message = QString::fromStdString(file.error().message);
        QVERIFY2(message.contains(reason), qPrintable(message));
        QVERIFY(message.contains("broken.safetensors"));
        QVERIFY(message.size() < 500);
        QVERIFY(!file.error().hint.empty());
    }

    void refusesLengths_data() {
        QTest::addColumn<quint64>("length");
        QTest::newRow("2^60") << (quint64(1) << 60);
        QTest::newRow("2^64 - 1") << ~quint64(0);
        QTest::newRow("2^64 - 8") << ~quint64(7);
        QTest::newRow("one too long") << quint64(3);
        QTest::newRow("2^63") << (quint64(1) << 63);
    }
    void refusesLengths() {
        QFETCH(quint64, length);
        Bytes file = safetensors("{}", 0);
        std::memcpy(file.data(), &length, sizeof length);
        const auto opened = TensorFile::open(m_files.write("length.safetensors", file));
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::modelDamaged);
        QVERIFY(QString::fromStdString(opened.error().message).contains("header length " + QString::number(length) + " is longer than the file"));
    }

    void refusesOtherFiles() {
        const std::pair<std::string, std::string> cases[] = {{"", "it is empty"},
                                                             {"abc", "too short"},
                                                             {"<!DOCTYPE html><html></html>", "text file"},
                                                             {"version https://git-lfs.github.com/spec/v1\n", "text file"},
                                                             {"PK\3\4 but no more than that", "zip directory is missing"},
                                                             {std::string(64, '\0'), "header is not a JSON object"}};
        for (const auto& [content, reason] : cases) {
            const auto file = TensorFile::open(m_files.write("other.bin", content));
            QVERIFY(!file);
            QCOMPARE(file.error().code, ErrorCode::modelDamaged);
            QVERIFY2(file.error().message.find(reason) != std::string::npos, file.error().message.c_str());
        }
    }

    void missingFiles() {
        const auto fifo = m_files.path("pipe");
        QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
        for (const auto& path : {m_files.path("absent.safetensors"), m_files.path(""), fifo}) {
            const auto file = TensorFile::open(path);
            QVERIFY(!file);
            QCOMPARE(file.error().code, ErrorCode::modelMissing);
            QVERIFY(file.error().message.find(path.string()) != std::string::npos);
        }
    }

    void unreadableFile() {
        if (::geteuid() == 0)
            QSKIP("needs a user whom file permissions bind; this one is root");
        const auto path = m_files.write("closed.safetensors", safetensors("{}", 0));
        std::filesystem::permissions(path, std::filesystem::perms::none);
        const auto file = TensorFile::open(path);
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::modelMissing);
    }

    void viewsSurviveAMove() {
        auto first = TensorFile::open(m_files.write("move.safetensors", safetensors(R"({"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 4)));
        QVERIFY(first);
        const auto bytes = first->find("x")->bytes;
        const TensorFile second = std::move(*first);
        QCOMPARE(second.find("x")->bytes.data(), bytes.data());
        QCOMPARE(bytes[3], std::byte(3));
    }

    void writesWhatItReads() {
        const Bytes wide = bytesOf(std::vector<double>{1.5, -2.0});
        const Bytes narrow = bytesOf(std::vector<std::uint8_t>{1, 0, 1});
        const Bytes half = bytesOf(std::vector<std::uint16_t>{1, 2, 3, 4, 5, 6});
        const std::vector<weights::NamedTensor> tensors{{"mask", {DType::boolean, {3}, narrow}},
                                                        {"zeta \u00e9", {DType::bf16, {2, 3}, half}},
                                                        {"alpha", {DType::f16, {6, 1}, half}},
                                                        {"wide", {DType::f64, {2}, wide}},
                                                        {"nothing", {DType::f32, {0, 7}, {}}}};
        const auto path = m_files.path("written.safetensors");
        const auto written = weights::writeSafetensors(path, tensors, {{"steps", "400,350"}, {"quote", "\"\n"}});
        QVERIFY2(written, written ? "" : written.error().message.c_str());
        const auto file = TensorFile::open(path);
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        QCOMPARE(file->tensors().size(), tensors.size());
        QCOMPARE(file->metadata().at("steps"), std::string("400,350"));
        QCOMPARE(file->metadata().at("quote"), std::string("\"\n"));
        for (const auto& [name, tensor] : tensors) {
            const auto* read = file->find(name);
            QVERIFY(read);
            QCOMPARE(read->dtype, tensor.dtype);
            QCOMPARE(read->shape, tensor.shape);
            QVERIFY(std::ranges::equal(read->bytes, tensor.bytes));
            const auto address = reinterpret_cast<std::uintptr_t>(read->bytes.data());
            QVERIFY(read->bytes.empty() || address % weights::dtypeSize(read->dtype) == 0);
        }
    }

    void orderDoesNotMatter() {
        const Bytes data = bytesOf("abcd");
        std::vector<weights::NamedTensor> tensors{{"x", {DType::u8, {4}, data}}, {"y", {DType::f32, {1}, data}}};
        QVERIFY(weights::writeSafetensors(m_files.path("one.safetensors"), tensors));
        std::ranges::reverse(tensors);
        QVERIFY(weights::writeSafetensors(m_files.path("two.safetensors"), tensors));
        QCOMPARE(readBytes(m_files.path("one.safetensors")), readBytes(m_files.path("two.safetensors")));
    }

    void refusesToWrite() {
        const Bytes data = bytesOf("abcd");
        const std::vector<std::vector<weights::NamedTensor>> cases{
            {{"x", {DType::u8, {5}, data}}},
            {{"x", {DType::u8, {-2, -2}, data}}},
            {{"x", {DType::f64, {1}, data}}},
            {{"x", {DType::u8, {4}, data}}, {"x", {DType::i8, {4}, data}}},
            {{"__metadata__", {DType::u8, {4}, data}}},
            {{"\xff", {DType::u8, {4}, data}}},
        };
        const FileFixture empty;
        for (const auto& tensors : cases) {
            const auto written = weights::writeSafetensors(empty.path("x.safetensors"), tensors);
            QVERIFY(!written);
            QCOMPARE(written.error().code, ErrorCode::invalidArgument);
        }
        QCOMPARE(empty.fileCount(), std::ptrdiff_t(0));
        const auto nowhere = weights::writeSafetensors(empty.path("no/such/folder/x.safetensors"), {});
        QVERIFY(!nowhere);
        QCOMPARE(nowhere.error().code, ErrorCode::outputFailed);
    }

    // A limit on file sizes stands in for a disk that takes no more.
    void leavesNothingHalfWritten() {
        const FileFixture folder;
        const Bytes data(1 << 20);
        const std::vector<weights::NamedTensor> tensors{{"x", {DType::u8, {1 << 20}, data}}};
        struct rlimit before {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        struct rlimit small = before;
        small.rlim_cur = 4096;
        const auto oldHandler = ::signal(SIGXFSZ, SIG_IGN);
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto written = weights::writeSafetensors(folder.path("x.safetensors"), tensors);
        ::setrlimit(RLIMIT_FSIZE, &before);
        ::signal(SIGXFSZ, oldHandler);
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::outputFailed);
        QCOMPARE(folder.fileCount(), std::ptrdiff_t(0));
    }

    void opensTheBuiltInModel() {
        const std::filesystem::path model = LIPAR_SOURCE_DIR "/resources/models/lipar-mini";
        const auto dit = TensorFile::open(model / "dit.safetensors");
        QVERIFY2(dit, dit ? "" : dit.error().message.c_str());
        const auto* patch = dit->find("patch_embedding.weight");
        QVERIFY(patch);
        QCOMPARE(patch->shape, (std::vector<std::int64_t>{384, 64, 1, 2, 2}));
        QVERIFY(TensorFile::open(model / "vae.safetensors"));
        QVERIFY(TensorFile::open(model / "text.safetensors"));
    }

    void survivesDamage() {
        const Bytes original = safetensors(R"({"__metadata__":{"steps":"400"},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[6,14]},)"
                                           R"("a":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]},)"
                                           R"("c":{"dtype":"I8","shape":[],"data_offsets":[14,15]}})",
                                           15);
        Damager damage(1);
        int opened = 0;
        int refused = 0;
        unsigned sum = 0;
        for (int i = 0; i < 40'000; ++i) {
            const Bytes bytes = damage(original);
            const auto table = weights::parseSafetensors(bytes);
            if (!table) {
                QCOMPARE(table.error().code, ErrorCode::modelDamaged);
                ++refused;
                continue;
            }
            ++opened;
            for (const auto& [name, tensor] : table->tensors) {
                QCOMPARE(tensor.bytes.size(), std::size_t(tensor.elementCount()) * weights::dtypeSize(tensor.dtype));
                sum += touch(tensor.bytes);
            }
        }
        QVERIFY(opened > 100);
        QVERIFY(refused > 10'000);
        QVERIFY(sum > 0);
    }

private:
    FileFixture m_files;
};

QTEST_GUILESS_MAIN(TestTensorFile)
#include "tst_tensor_file.moc"
