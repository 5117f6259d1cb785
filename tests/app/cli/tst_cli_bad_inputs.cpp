// What must not work: each bad input has its exit code and exactly one line that says why, and leaves nothing behind.
#include <QtTest>

#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <limits>

#include "cli_program.h"
#include "damaged_files.h"
#include "failure_check.h"

using lipar::cli::test::CliProgram;
using lipar::cli::test::Outcome;
namespace test = lipar::cli::test;

namespace {

QStringList editOf(const QString& input, const QStringList& more = {}) {
    return QStringList{"edit", input, "-o", "out.mp4", "--prompt", "oil painting", "--device", "cpu"} + more;
}

}  // namespace

class TestCliBadInputs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void badInput_data();
    void badInput();
    void errorsAreJsonToo();
    void anUnreadableClip();
    void aReadOnlyFolder();
    void aGpuThatIsNotThere();
    void aJobThatCannotFitTheMemory();
    void aFullDisk();

private:
    void makeClips();
    void makeTensorsAndMasks();

    CliProgram m_lipar;
};

void TestCliBadInputs::initTestCase() {
    QVERIFY(m_lipar.isValid());
    if (!m_lipar.makeClip("clip.mp4", 64, 64, 13))
        QSKIP("the ffmpeg program, which makes the test clips, is not installed");
    makeClips();
    makeTensorsAndMasks();
}

void TestCliBadInputs::makeClips() {
    const QByteArray clip = m_lipar.read("clip.mp4");
    QVERIFY(m_lipar.makeClip("longer.mp4", 64, 64, 26));
    m_lipar.write("zero.mp4", {});
    m_lipar.write("text.mp4", "This is no video.\n");
    m_lipar.write("half.mp4", clip.left(clip.size() / 2));  // the index, which FFmpeg puts last, is gone
    QByteArray lying = clip;
    const auto index = lying.indexOf("moov");
    lying.replace(index - 4, 4, QByteArray("\x7f\xff\xff\xff", 4));  // a box larger than the file
    lying.replace(index + 4, 200, QByteArray(200, '\xff'));
    m_lipar.write("lying.mp4", lying);
    QVERIFY(QDir(m_lipar.folder()).mkdir("folder"));
    QVERIFY(m_lipar.runProgram("ffmpeg", {"-v", "error", "-i", "clip.mp4", "-vn", "sound.m4a"}).code == 0);
}

void TestCliBadInputs::makeTensorsAndMasks() {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    m_lipar.write("flat.safetensors", test::singleTensorFile("source_latents", "[4,4]", 16, 1));
    m_lipar.write("nan.safetensors", test::singleTensorFile("source_latents", "[3,32,2,2]", 384, nan));
    m_lipar.write("alone.safetensors", test::singleTensorFile("source_latents", "[3,32,2,2]", 384, 1));
    m_lipar.write("text.npy", "no mask\n");
    m_lipar.write("floats.npy", test::npy("<f4", "(4, 4, 4)", QByteArray(256, '\0')));
    m_lipar.write("cut.npy", test::npy("|b1", "(4, 4, 4)", QByteArray(10, '\1')));
    m_lipar.write("grid.npy", test::npy("|b1", "(99, 3, 5)", QByteArray(99 * 15, '\1')));
    m_lipar.write("brief.npy", test::npy("|b1", "(1, 4, 4)", QByteArray(16, '\1')));
    m_lipar.write("text.png", "no picture\n");
    m_lipar.write("text.json", "no config\n");
}

void TestCliBadInputs::badInput_data() {
    const test::FailureTable add;
    add("missing clip", 3, editOf("nothing.mp4"));
    add("clip of no bytes", 3, editOf("zero.mp4"));
    add("clip that is text", 3, editOf("text.mp4"));
    add("clip that is a folder", 3, editOf("folder"));
    add("clip cut in half", 3, editOf("half.mp4"));
    add("clip with a lying header", 3, editOf("lying.mp4"));
    add("clip of sound alone", 3, editOf("sound.m4a"));
    add("plan of a missing clip", 3, {"plan", "nothing.mp4"});
    add("range after the end", 2, editOf("clip.mp4", {"--start", "60"}));

    add("mask that is text", 3, editOf("clip.mp4", {"--mask-in", "text.npy"}));
    add("mask that is missing", 3, editOf("clip.mp4", {"--mask-in", "nothing.npy"}));
    add("mask of floats", 3, editOf("clip.mp4", {"--mask-in", "floats.npy"}));
    add("mask cut short", 3, editOf("clip.mp4", {"--mask-in", "cut.npy"}));
    add("mask of another grid", 2, editOf("clip.mp4", {"--mask-in", "grid.npy"}));
    add("mask of too few frames", 2, editOf("clip.mp4", {"--mask-in", "brief.npy"}));
    add("picture that is text", 3, editOf("clip.mp4", {"--protect", "text.png"}));
    add("picture that is missing", 3, editOf("clip.mp4", {"--always-edit", "nothing.png"}));

    add("unknown device", 2, editOf("clip.mp4", {"--device", "tpu"}));
    add("8-bit arithmetic", 5, editOf("clip.mp4", {"--precision", "fp8"}));
    add("unknown codec", 2, editOf("clip.mp4", {"--codec", "cinepak"}));
    add("codec and container that do not go together", 2,
        editOf("clip.mp4", {"--codec", "prores", "--container", "webm"}));
    add("output that is the input", 2, {"edit", "clip.mp4", "-o", "./clip.mp4", "--prompt", "ink"});
    add("output in a missing folder", 1, {"edit", "clip.mp4", "-o", "nowhere/out.mp4", "--prompt", "ink"});
    add("output that is a folder", 1, {"edit", "clip.mp4", "-o", "folder", "--prompt", "ink"});
    add("stats in a missing folder", 1, editOf("clip.mp4", {"--stats", "nowhere/run.json"}));
    add("mask out in a missing folder", 1, {"plan", "clip.mp4", "--mask-out", "nowhere/m.npy"});
    add("wrong number", 2, editOf("clip.mp4", {"--tau1", "-1"}));

    add("compare with a missing clip", 3, {"compare", "clip.mp4", "nothing.mp4"});
    add("compare with text", 3, {"compare", "text.mp4", "clip.mp4"});
    add("compare of different lengths", 2, {"compare", "longer.mp4", "clip.mp4"});
    add("trace of a missing case", 3, {"trace", "--case", "nothing.safetensors", "-o", "t.safetensors"});
    add("trace of a case without noise", 3, {"trace", "--case", "alone.safetensors", "-o", "t.safetensors"});
    add("trace of text", 3, {"trace", "--case", "text.npy", "-o", "t.safetensors"});
    add("plan of flat latents", 3, {"plan", "--latents", "flat.safetensors"});
    add("plan of latents that are not numbers", 3, {"plan", "--latents", "nan.safetensors"});
    add("bench of a missing config", 3, {"bench", "--config", "nothing.json"});
    add("bench of a config that is text", 4, {"bench", "--config", "text.json"});
}

void TestCliBadInputs::badInput() { EXPECT_FAILURE_OF_ROW(m_lipar); }

void TestCliBadInputs::errorsAreJsonToo() {
    const Outcome outcome = m_lipar.run(editOf("nothing.mp4", {"--json"}));
    QCOMPARE(outcome.code, 3);
    QCOMPARE(outcome.json()["schema"].toInt(), 1);
    QCOMPARE(outcome.json()["error"]["code"].toString(), QString("input-missing"));
    QVERIFY(outcome.json()["error"]["message"].toString().contains("nothing.mp4"));
    QCOMPARE(outcome.errorLines(), 1);
}

void TestCliBadInputs::anUnreadableClip() {
    if (!m_lipar.obeyPermissions())
        QSKIP("the superuser may read every file, and giving up that right is not allowed here");
    m_lipar.write("secret.mp4", m_lipar.read("clip.mp4"));
    QFile::setPermissions(m_lipar.path("secret.mp4"), {});
    EXPECT_FAILURE(m_lipar, (editOf("secret.mp4")), 3);
}

void TestCliBadInputs::aReadOnlyFolder() {
    if (!m_lipar.obeyPermissions())
        QSKIP("the superuser may write to every folder, and giving up that right is not allowed here");
    QVERIFY(QDir(m_lipar.folder()).mkdir("sealed"));
    QFile::setPermissions(m_lipar.path("sealed"), QFileDevice::ReadOwner | QFileDevice::ExeOwner);
    EXPECT_FAILURE(m_lipar, (QStringList{"edit", "clip.mp4", "-o", "sealed/out.mp4", "--prompt", "ink"}), 1);
}

void TestCliBadInputs::aGpuThatIsNotThere() {
    EXPECT_FAILURE(m_lipar,
                   (QStringList{"edit", "clip.mp4", "-o", "out.mp4", "--prompt", "ink", "--device", "cuda:99"}), 5);
    if (QFile::exists("/dev/nvidia0"))
        QSKIP("this machine has a GPU");
    EXPECT_FAILURE(m_lipar, (QStringList{"edit", "clip.mp4", "-o", "out.mp4", "--prompt", "ink", "--device", "cuda"}),
                   5);
}

void TestCliBadInputs::aJobThatCannotFitTheMemory() {
    const auto pages = std::uint64_t(::sysconf(_SC_PHYS_PAGES));
    if (pages * std::uint64_t(::sysconf(_SC_PAGESIZE)) > (std::uint64_t(60) << 30))
        QSKIP("this machine has the memory for 8192x8192");
    EXPECT_FAILURE(m_lipar, (editOf("clip.mp4", {"--size", "8192x8192"})), 5);
}

void TestCliBadInputs::aFullDisk() {
    QVERIFY(QDir(m_lipar.folder()).mkdir("disk"));
    const QByteArray disk = m_lipar.path("disk").toLocal8Bit();
    if (::mount("tmpfs", disk.constData(), "tmpfs", 0, "size=32k") != 0)
        QSKIP("a small file system cannot be mounted here");
    const Outcome outcome = m_lipar.run(
        {"edit", "clip.mp4", "-o", "disk/out.mkv", "--prompt", "ink", "--codec", "ffv1", "--progress", "none"});
    const QStringList left =
        QDir(m_lipar.path("disk")).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    ::umount(disk.constData());
    QVERIFY2(outcome.code == 5 || outcome.code == 1, outcome.report().constData());
    QCOMPARE(outcome.errorLines(), 1);
    QCOMPARE(left, QStringList());
}

QTEST_GUILESS_MAIN(TestCliBadInputs)
#include "tst_cli_bad_inputs.moc"
