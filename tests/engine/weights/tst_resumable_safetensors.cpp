#include "engine/weights/resumable_safetensors.h"

#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "engine/weights/tensor_file.h"
#include "tests/engine/weights/file_fixture.h"

using namespace lipar;
using namespace lipar::tests;
using weights::DType;
using weights::ResumableSafetensors;
using weights::TensorSpec;

namespace {

const std::vector<TensorSpec> kTensors{{"a.weight", DType::bf16, {40, 30}}, {"a.bias", DType::f32, {40}},
                                       {"codes", DType::f8e4m3, {7, 9}},    {"none", DType::f32, {0, 3}},
                                       {"b.weight", DType::bf16, {300, 7}}, {"scalar", DType::f64, {}}};
const std::map<std::string, std::string> kMetadata{{"format", "pt"}};

Bytes contentOf(const TensorSpec& tensor) {
    std::size_t size = weights::dtypeSize(tensor.dtype);
    for (const std::int64_t axis : tensor.shape)
        size *= std::size_t(axis);
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = std::byte(31 * i + tensor.name.size());
    return bytes;
}

Result<ResumableSafetensors> open(const std::filesystem::path& path, const std::string& origin = "one source") {
    return ResumableSafetensors::open(path, kTensors, kMetadata, origin, {});
}

// Writes up to `count` tensors; finishes the file when it then holds all.
std::string writeSome(const std::filesystem::path& path, std::size_t count, std::size_t* found = nullptr) {
    auto file = open(path);
    if (!file)
        return file.error().message;
    if (found)
        *found = file->written();
    for (std::size_t i = 0; i < count && file->written() < file->tensors().size(); ++i)
        if (const auto done = file->append(contentOf(file->tensors()[file->written()]), {}); !done)
            return done.error().message;
    if (file->written() == file->tensors().size())
        if (const auto done = file->finish(); !done)
            return done.error().message;
    return {};
}

}  // namespace

class TestResumableSafetensors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        std::vector<weights::NamedTensor> tensors;
        std::vector<Bytes> contents;
        contents.reserve(kTensors.size());
        for (const TensorSpec& tensor : kTensors) {
            contents.push_back(contentOf(tensor));
            tensors.push_back({tensor.name, {tensor.dtype, tensor.shape, contents.back()}});
        }
        const auto path = m_files.path("whole.safetensors");
        QVERIFY(weights::writeSafetensors(path, tensors, kMetadata));
        m_whole = readBytes(path);
    }

    void goesOnAfterEveryTensor() {
        for (std::size_t first = 0; first <= kTensors.size(); ++first) {
            const FileFixture files;
            const auto path = files.path("model.safetensors");
            QCOMPARE(writeSome(path, first), std::string());
            QCOMPARE(std::filesystem::exists(path), first == kTensors.size());
            std::size_t found = 0;
            QCOMPARE(writeSome(path, kTensors.size(), &found), std::string());
            QCOMPARE(found, first);
            QCOMPARE(readBytes(path), m_whole);
            ResumableSafetensors::forget(path);
            QCOMPARE(files.fileCount(), std::ptrdiff_t(1));
        }
    }

    // What the journal lists but the file does not hold, or not as it was, is written again.
    void whatIsDamagedIsWrittenAgain() {
        Damager damage(3);
        for (int round = 0; round < 200; ++round) {
            const FileFixture files;
            const auto path = files.path("model.safetensors");
            QCOMPARE(writeSome(path, kTensors.size() - 1), std::string());
            const auto part = files.path("model.safetensors.part"), journal = files.path("model.safetensors.journal");
            if (round % 2 == 0)
                files.write("model.safetensors.part", damage(readBytes(part)));
            if (round % 3 == 0)
                files.write("model.safetensors.journal", damage(readBytes(journal)));
            QCOMPARE(writeSome(path, kTensors.size()), std::string());
            QCOMPARE(readBytes(path), m_whole);
        }
    }

    void aFinishedFileThatWasChangedIsWrittenAgain() {
        const FileFixture files;
        const auto path = files.path("model.safetensors");
        QCOMPARE(writeSome(path, kTensors.size()), std::string());
        Bytes changed = m_whole;
        changed.back() ^= std::byte(1);
        files.write("model.safetensors", changed);
        std::size_t found = 0;
        QCOMPARE(writeSome(path, kTensors.size(), &found), std::string());
        QCOMPARE(found, std::size_t(0));
        QCOMPARE(readBytes(path), m_whole);
    }

    void anotherSourceBeginsAnew() {
        const FileFixture files;
        const auto path = files.path("model.safetensors");
        QCOMPARE(writeSome(path, 3), std::string());
        auto other = open(path, "another source");
        QVERIFY(other);
        QCOMPARE(other->written(), std::size_t(0));
    }

    void twoWritersAreRefused() {
        const FileFixture files;
        const auto path = files.path("model.safetensors");
        const auto first = open(path);
        QVERIFY(first);
        const auto second = open(path);
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::outputFailed);
        QVERIFY(second.error().message.find("another process") != std::string::npos);
    }

    void cancelLosesTheTensorInHand() {
        const FileFixture files;
        const auto path = files.path("model.safetensors");
        auto file = open(path);
        QVERIFY(file);
        QVERIFY(file->append(contentOf(file->tensors()[0]), {}));
        CancelSource cancel;
        cancel.cancel();
        const auto done = file->append(contentOf(file->tensors()[1]), cancel.token());
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::cancelled);
        QCOMPARE(file->written(), std::size_t(1));
    }

    // Whenever the process is killed, what the next run makes of it is whole.
    void survivesKills() {
        std::vector<TensorSpec> tensors;
        for (int i = 0; i < 150; ++i)
            tensors.push_back({"layer" + std::to_string(i), DType::u8, {40'000 + 100 * i}});
        const auto writeAll = [&](const std::filesystem::path& path, std::size_t& found) -> Result<> {
            LIPAR_ASSIGN(auto file, ResumableSafetensors::open(path, tensors, kMetadata, "", {}));
            found = file.written();
            while (file.written() < tensors.size())
                LIPAR_TRY(file.append(contentOf(file.tensors()[file.written()]), {}));
            return file.finish();
        };
        const FileFixture files;
        std::size_t found = 0;
        QVERIFY(writeAll(files.path("whole.safetensors"), found));
        const Bytes whole = readBytes(files.path("whole.safetensors"));
        constexpr int kRounds = 40;
        int resumed = 0;
        for (int round = 0; round < kRounds; ++round) {
            const auto path = files.path("killed.safetensors");
            const pid_t child = ::fork();
            if (child == 0) {
                std::size_t ignored = 0;
                const bool done = writeAll(path, ignored).has_value();
                ::_exit(done ? 0 : 1);
            }
            // Spread over the file by how far it has grown, for times mean nothing on a busy machine.
            int status = 0;
            const auto part = files.path("killed.safetensors.part");
            std::error_code missing;
            while (::waitpid(child, &status, WNOHANG) == 0) {
                const auto size = std::filesystem::file_size(part, missing);
                if (!missing && size >= whole.size() * std::size_t(round) / kRounds) {
                    ::kill(child, SIGKILL);
                    ::waitpid(child, &status, 0);
                    break;
                }
            }
            QVERIFY(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
            const auto done = writeAll(path, found);
            QVERIFY2(done, done ? "" : done.error().message.c_str());
            resumed += found > 0 && found < tensors.size();
            QCOMPARE(readBytes(path), whole);
            std::filesystem::remove(path);
            ResumableSafetensors::forget(path);
        }
        qInfo("%d of %d kills came in the middle of the file", resumed, kRounds);
        QVERIFY(resumed > 0);
    }

    void namesThatCannotBeStoredAreRefused() {
        const auto file =
            ResumableSafetensors::open(m_files.path("x.safetensors"), {{"x", DType::u8, {-1}}}, {}, "", {});
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::invalidArgument);
        const auto nowhere = open(m_files.path("no/such/folder/x.safetensors"));
        QVERIFY(!nowhere);
        QCOMPARE(nowhere.error().code, ErrorCode::outputFailed);
    }

private:
    FileFixture m_files;
    Bytes m_whole;
};

QTEST_GUILESS_MAIN(TestResumableSafetensors)
#include "tst_resumable_safetensors.moc"
