// Project files: what is saved is what is opened, whatever happens to a file is told in words and never a crash.
#include <QtTest>

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <random>

#include <QElapsedTimer>
#include <QTemporaryDir>

#include "app/project/project_file.h"
#include "rich_project.h"

using namespace lipar;
using namespace lipar::project;
namespace fs = std::filesystem;

namespace {

std::string readAll(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void writeAll(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    return at == text.npos ? std::string() : text.replace(at, from.size(), to);
}

const fs::path kFixtures = LIPAR_SOURCE_DIR "/tests/app/project/fixtures";
const std::string kVersion = "\"version\": " + std::to_string(fileVersion);

}  // namespace

class TestProjectFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everythingComesBack();
    void bytesThatAreNoTextInAPath();
    void opensEveryVersion_data();
    void opensEveryVersion();
    void refusesANewerVersion();
    void damagedFile_data();
    void damagedFile();
    void truncatedAnywhere();
    void overwrittenAnywhere();
    void mediaMoveAlongWithTheProject();
    void aReadOnlyFolder();
    void aFullDisk();
    void tenThousandClips();

private:
    [[nodiscard]] fs::path path(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    QTemporaryDir m_folder;
};

void TestProjectFile::everythingComesBack() {
    const Project project = test::richProject();
    const auto sound = checkInvariants(project);
    QVERIFY2(sound, sound ? "" : sound.error().message.c_str());
    for (const fs::path& folder : {fs::path(), fs::path("/media/film"), fs::path("/elsewhere/deep")}) {
        const auto again = fromJson(toJson(project, folder), folder);
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QVERIFY(*again == project);
    }
    QVERIFY(saveProject(project, path("all.lipar")));
    const auto loaded = loadProject(path("all.lipar"));
    QVERIFY(loaded && *loaded == project);
}

void TestProjectFile::bytesThatAreNoTextInAPath() {
    Project project = test::richProject();
    project.sources[0].path = "/media/film/caf\xe9.mp4";
    const auto again = fromJson(toJson(project, "/media"), "/media");
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QCOMPARE(again->sources[0].path.string(), project.sources[0].path.string());
}

// Each file was written by its version and is never written again: it must open for ever, as it was.
void TestProjectFile::opensEveryVersion_data() {
    QTest::addColumn<int>("version");
    for (int version = 1; version <= fileVersion; ++version)
        QTest::addRow("version %d", version) << version;
}

void TestProjectFile::opensEveryVersion() {
    QFETCH(const int, version);
    const auto project = loadProject(kFixtures / ("version" + std::to_string(version) + ".lipar"));
    QVERIFY2(project, project ? "" : project.error().message.c_str());
    QCOMPARE(project->name, std::string("A film, \"cut\""));
    QVERIFY((project->format == Format{1280, 720, {25, 1}, 48000}));
    QCOMPARE(project->sources.size(), std::size_t(3));
    QCOMPARE(project->sources[0].path, kFixtures / "a street.mp4");
    QVERIFY(project->sources[1].rate == (Rational{24000, 1001}) && project->sources[1].duration == (Rational{1001, 100}));
    QVERIFY(project->sources[2].hasSound && project->sources[2].width == 0);
    QCOMPARE(project->tracks.size(), std::size_t(4));
    QVERIFY(project->tracks[3].muted && project->tracks[3].solo && project->tracks[3].locked);
    const std::vector<Clip>& clips = project->tracks[0].clips;
    QCOMPARE(clips.size(), std::size_t(3));
    QVERIFY(clips[1].start == (Rational{2, 1}) && clips[1].duration == (Rational{2, 1}) && clips[1].sourceStart == (Rational{3, 1}));
    QVERIFY(clips[1].edit.promptKeyframes[0].time == (Rational{-3, 2}));
    ClipEdit wanted = test::richEdit(kFixtures);
    if (version < 2)
        wanted.shift.reset();
    ClipEdit edit = clips[0].edit;
    QVERIFY(edit.rangeStart == (Rational{1, 1}) && edit.rangeEnd == (Rational{131, 25}));
    edit.rangeStart = edit.rangeEnd = {};
    QVERIFY(edit == wanted);
    QVERIFY(clips[2].speed == (Rational{3, 2}) && clips[2].crossFade == (Rational{12, 25}));
    const Clip& sound = project->tracks[2].clips[2];
    QVERIFY(sound.link != 0 && sound.link == clips[2].link);
    QVERIFY((sound.sound == ClipSound{-6.5, true, {2, 25}, {4, 25}}));
    QCOMPARE(project->markers.size(), std::size_t(2));
    QVERIFY((project->markers[1] == Marker{project->markers[1].id, {3, 1}, "here", "#00ff88"}));
}

void TestProjectFile::refusesANewerVersion() {
    const fs::path file = path("newer.lipar");
    const std::string text = replaced(toJson(test::richProject()), kVersion, "\"version\": " + std::to_string(fileVersion + 1));
    QVERIFY(!text.empty());
    writeAll(file, text);
    const auto project = loadProject(file);
    QVERIFY(!project);
    QCOMPARE(project.error().code, ErrorCode::inputUnsupported);
    QVERIFY(project.error().message.find("newer.lipar") != std::string::npos);
    QVERIFY(project.error().message.find("version " + std::to_string(fileVersion + 1)) != std::string::npos);
    QCOMPARE(readAll(file), text);
}

void TestProjectFile::damagedFile_data() {
    QTest::addColumn<QByteArray>("text");
    const std::string good = toJson(test::richProject());
    const auto add = [&](const char* row, const std::string& text) {
        QVERIFY2(!text.empty(), row);
        QTest::newRow(row) << QByteArray::fromStdString(text);
    };
    const auto change = [&](const char* row, const std::string& from, const std::string& to) { add(row, replaced(good, from, to)); };
    QTest::newRow("nothing") << QByteArray();
    add("no JSON", "This is no project.\n");
    add("NULs", std::string(5000, '\0'));
    add("another JSON", "{\"OTIO_SCHEMA\": \"Timeline.1\"}");
    add("a list", "[1, 2]");
    add("a number", "7");
    add("half a million brackets", std::string(500'000, '['));
    add("half a million names", [] {
        std::string text;
        for (int i = 0; i < 500'000; ++i)
            text += "{\"a\":";
        return text;
    }());
    change("version 0", kVersion, "\"version\": 0");
    change("version that is text", kVersion, "\"version\": \"1\"");
    change("version 2^63", kVersion, "\"version\": 9223372036854775808");
    change("time that is a truth", "\"start\": \"0\"", "\"start\": true");
    change("time over nothing", "\"start\": \"0\"", "\"start\": \"1/0\"");
    change("negative time", "\"start\": \"0\"", "\"start\": \"-1/25\"");
    change("time off the frames", "\"start\": \"0\"", "\"start\": \"1/26\"");
    change("time 2^63", "\"start\": \"0\"", "\"start\": 9223372036854775808");
    change("time -2^63", "\"start\": \"0\"", "\"start\": -9223372036854775808");
    change("time of 2^63 - 1", "\"start\": \"0\"", "\"start\": \"9223372036854775807/9223372036854775806\"");
    change("time that is huge", "\"start\": \"0\"", "\"start\": 1e400");
    change("overlapping clips", "\"start\": \"2\"", "\"start\": \"1\"");
    change("duration 0", "\"duration\": \"2\"", "\"duration\": \"0\"");
    change("speed 0", "\"speed\": \"3/2\"", "\"speed\": \"0\"");
    change("speed that is negative", "\"speed\": \"3/2\"", "\"speed\": \"-3/2\"");
    change("an id twice", "\"id\": 4", "\"id\": 3");
    change("an id of text", "\"id\": 4", "\"id\": \"four\"");
    change("an id that is negative", "\"id\": 4", "\"id\": -4");
    change("next id 2^64", "\"nextId\": ", "\"nextId\": 18446744073709551616, \"x\": ");
    change("next id that is taken", "\"nextId\": ", "\"nextId\": 2, \"x\": ");
    change("unknown source", "\"source\": 3", "\"source\": 77");
    change("width that is text", "\"width\": 1280", "\"width\": \"wide\"");
    change("odd width", "\"width\": 1280", "\"width\": 1281");
    change("rate 0", "\"rate\": \"25\"", "\"rate\": \"0\"");
    change("rate 2^62", "\"rate\": \"25\"", "\"rate\": \"4611686018427387905/184467440737095517\"");
    change("gain that is huge", "-6.5", "6e300");
    change("strength 2", "\"strength\": 0.5", "\"strength\": 2");
    change("shift 0", "\"shift\": 4.5", "\"shift\": 0");
    change("shift that is text", "\"shift\": 4.5", "\"shift\": \"5\"");
    change("seed that is negative", "18446744073709551615", "-1");
    change("a step of 2^40", " 400,", " 1099511627776,");
    change("unknown kind of track", "\"kind\": \"audio\"", "\"kind\": \"smell\"");
    change("tracks that are an object", "\"tracks\": [", "\"tracks\": {}, \"x\": [");
    change("clips that are numbers", "\"clips\": [", "\"clips\": [7], \"x\": [");
    change("no format", "\"format\":", "\"farmat\":");
    change("empty path", "\"path\": \"/media/film/music.wav\"", "\"path\": \"\"");
    change("path with a NUL", "music.wav", "mu\\u0000sic.wav");
    change("colour that is none", "#00ff88", "green");
}

void TestProjectFile::damagedFile() {
    QFETCH(const QByteArray, text);
    const fs::path file = path("damaged.lipar");
    writeAll(file, text.toStdString());
    const auto project = loadProject(file);
    QVERIFY(!project);
    QCOMPARE(project.error().code, ErrorCode::inputDamaged);
    QVERIFY2(project.error().message.starts_with("cannot open " + file.string() + ": "), project.error().message.c_str());
    QVERIFY(!project.error().hint.empty());
}

void TestProjectFile::truncatedAnywhere() {
    const std::string good = toJson(test::richProject());
    for (std::size_t i = 0; i < 50; ++i) {
        const auto project = fromJson(std::string_view(good).substr(0, good.size() * i / 50));
        QVERIFY(!project);
        QCOMPARE(project.error().code, ErrorCode::inputDamaged);
    }
}

// Whatever single bytes become, a file is either refused in words or a sound project.
void TestProjectFile::overwrittenAnywhere() {
    const std::string good = toJson(test::richProject());
    std::mt19937 random(7);
    int accepted = 0;
    for (int i = 0; i < 2000; ++i) {
        std::string text = good;
        for (unsigned j = 0; j <= random() % 3; ++j)
            text[random() % text.size()] = "0123456789-/\"{}[],:ex \0\xff"[random() % 25];
        const auto project = fromJson(text);
        if (project) {
            ++accepted;
            QVERIFY(checkInvariants(*project));
        } else {
            QVERIFY(project.error().code == ErrorCode::inputDamaged || project.error().code == ErrorCode::inputUnsupported);
        }
    }
    qInfo("%d of 2000 changed files are still projects", accepted);
}

void TestProjectFile::mediaMoveAlongWithTheProject() {
    const fs::path before = path("before/film");
    const fs::path after = path("after/elsewhere");
    fs::create_directories(before / "cuts");
    fs::create_directories(after.parent_path());
    const Project project = test::richProject(before);
    QVERIFY(saveProject(project, before / "cuts/film.lipar"));
    QVERIFY(readAll(before / "cuts/film.lipar").find(before.string()) == std::string::npos);
    fs::rename(before, after);
    const auto moved = loadProject(after / "cuts/film.lipar");
    QVERIFY(moved);
    QVERIFY(*moved == test::richProject(after));
}

void TestProjectFile::aReadOnlyFolder() {
    const fs::path folder = path("sealed");
    fs::create_directories(folder);
    const fs::path file = folder / "film.lipar";
    QVERIFY(saveProject(newProject(), file));
    const std::string old = readAll(file);
    fs::permissions(folder.parent_path(), fs::perms::all);  // anybody may come as far as the folder
    fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
    // The superuser may write everywhere, so somebody else saves.
    constexpr uid_t nobody = 65534;
    const bool isRoot = ::geteuid() == 0;
    if (isRoot && ::seteuid(nobody) != 0)
        QSKIP("the superuser may write to every folder, and changing the user is not allowed here");
    const auto saved = saveProject(test::richProject(), file);
    if (isRoot)
        QCOMPARE(::seteuid(0), 0);
    fs::permissions(folder, fs::perms::owner_all);
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::outputFailed);
    QCOMPARE(readAll(file), old);
}

// A limit on file sizes stands in for a disk that takes no more.
void TestProjectFile::aFullDisk() {
    const fs::path folder = path("full");
    fs::create_directories(folder);
    const fs::path file = folder / "film.lipar";
    QVERIFY(saveProject(newProject(), file));
    const std::string old = readAll(file);
    struct rlimit before {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = before;
    small.rlim_cur = 1024;
    const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto saved = saveProject(test::richProject(), file);
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, oldHandler);
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::diskFull);
    QCOMPARE(readAll(file), old);
    QCOMPARE(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), std::ptrdiff_t(1));
}

void TestProjectFile::tenThousandClips() {
    Project project = newProject();
    Source source = test::videoSource(path("long.mp4"), {25, 1}, 1'000'000, true);
    source.id = project.nextId++;
    project.sources.push_back(source);
    for (int i = 0; i < 5000; ++i) {
        Clip clip;
        clip.source = source.id;
        clip.name = "a clip with a name of some length";
        clip.start = {i, 1};
        clip.duration = {1, 1};
        clip.sourceStart = {i, 1};
        clip.edit.prompt = "oil painting with thick strokes";
        clip.edit.rangeStart = clip.sourceStart;
        clip.edit.rangeEnd = clip.sourceEnd();
        clip.link = project.nextId++;
        for (Track& track : project.tracks) {
            clip.id = project.nextId++;
            track.clips.push_back(clip);
        }
    }
    QElapsedTimer timer;
    timer.start();
    QVERIFY(saveProject(project, path("large.lipar")));
    const auto savedMs = timer.restart();
    const auto loaded = loadProject(path("large.lipar"));
    qInfo("10,000 clips: saved in %lld ms, opened in %lld ms (%zu bytes)", savedMs, timer.elapsed(),
          std::size_t(fs::file_size(path("large.lipar"))));
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QVERIFY(*loaded == project);
}

QTEST_GUILESS_MAIN(TestProjectFile)
#include "tst_project_file.moc"
