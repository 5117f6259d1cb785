// OpenTimelineIO both ways. The golden files are written by the opentimelineio package (tests/oracle/otio_oracle.py).
#include <QtTest>

#include <fstream>
#include <random>

#include <QTemporaryDir>

#include "app/project/otio.h"
#include "app/project/project_file.h"
#include "rich_project.h"

using namespace lipar;
using namespace lipar::project;
namespace fs = std::filesystem;

namespace {

const fs::path kGolden = LIPAR_GOLDEN_DIR "/otio";

Result<OtioImport> golden(const char* name) {
    return importOtio(kGolden / name);
}

bool hasNote(const OtioImport& import, const std::string& words) {
    return std::ranges::any_of(import.notes, [&](const std::string& note) { return note.find(words) != note.npos; });
}

}  // namespace

class TestOtio : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cutsOfThePackage();
    void whatHasNoWordBecomesANote();
    void unknownSchemasBecomeNotes();
    void everythingComesBack();
    void severalRatesAreExact();
    void factsComeFromAProbe();
    void damagedFiles();
    void truncatedAndOverwrittenFiles();

private:
    [[nodiscard]] fs::path path(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    QTemporaryDir m_folder;
};

void TestOtio::cutsOfThePackage() {
    const auto import = golden("cuts.otio");
    QVERIFY2(import, import ? "" : import.error().message.c_str());
    const Project& project = import->project;
    QCOMPARE(project.name, std::string("cuts"));
    QVERIFY(project.format.rate == (Rational{25, 1}));
    QCOMPARE(project.tracks.size(), std::size_t(3));
    const std::vector<Clip>& video = project.tracks[0].clips;
    QCOMPARE(video.size(), std::size_t(3));
    QVERIFY(video[0].start == Rational{} && video[0].duration == (Rational{3, 1}) && video[0].sourceStart == (Rational{1, 1}));
    // 48 frames of 24000/1001 are 2.002 s: 50 frames of the timeline; the time code is that of the source's first frame.
    QVERIFY(video[1].start == (Rational{3, 1}) && video[1].duration == (Rational{2, 1}));
    QVERIFY(video[1].sourceStart == (Rational{24 * 1001, 24000}));
    QVERIFY(video[1].crossFade == (Rational{12, 25}));
    QVERIFY(video[2].start == (Rational{138, 25}) && video[2].speed == (Rational{2, 1}));
    QCOMPARE(project.tracks[1].clips.size(), std::size_t(1));
    QVERIFY(project.tracks[1].clips[0].start == (Rational{10, 25}));
    QCOMPARE(project.tracks[2].kind, TrackKind::audio);
    QVERIFY(findSource(project, project.tracks[2].clips[0].source)->hasSound);
    QCOMPARE(project.sources[0].path, (kGolden / "media/a street.mp4").lexically_normal());
    QCOMPARE(project.markers.size(), std::size_t(2));
    QVERIFY(project.markers[0].time == (Rational{1, 1}) && project.markers[1].time == (Rational{30, 25}));
    QVERIFY(hasNote(*import, "lost has no file"));
}

void TestOtio::whatHasNoWordBecomesANote() {
    const auto import = golden("odd.otio");
    QVERIFY2(import, import ? "" : import.error().message.c_str());
    QCOMPARE(import->project.tracks.size(), std::size_t(1));
    const std::vector<Clip>& clips = import->project.tracks[0].clips;
    QCOMPARE(clips.size(), std::size_t(3));
    QVERIFY(clips[1].start == (Rational{3, 1}));  // the nested stack leaves its place
    for (const char* words : {"no clip lies before it", "nested timelines", "bars has no file", "speed of the clip frozen",
                              "effect of the clip frozen", "titles was left out"})
        QVERIFY2(hasNote(*import, words), words);
}

void TestOtio::unknownSchemasBecomeNotes() {
    const auto import = golden("unknown.otio");
    QVERIFY2(import, import ? "" : import.error().message.c_str());
    QVERIFY(hasNote(*import, "Hologram"));
    QVERIFY(import->project.tracks[0].clips[0].start == (Rational{10, 25}));
}

// Prompts, sound, links and exact times included; ids and what no clip uses are new.
void TestOtio::everythingComesBack() {
    const Project project = test::richProject();
    QVERIFY(exportOtio(project, path("rich.otio")));
    const auto import = importOtio(path("rich.otio"));
    QVERIFY2(import, import ? "" : import.error().message.c_str());
    QCOMPARE(import->notes.size(), std::size_t(0));
    const Project& again = import->project;
    QVERIFY(again.format == project.format);
    QCOMPARE(again.tracks.size(), project.tracks.size());
    std::map<Id, Id> links;
    for (std::size_t t = 0; t < project.tracks.size(); ++t) {
        const Track& track = project.tracks[t];
        QCOMPARE(again.tracks[t].name, track.name);
        QCOMPARE(again.tracks[t].kind, track.kind);
        QCOMPARE(again.tracks[t].muted, track.muted);
        QCOMPARE(again.tracks[t].solo, track.solo);
        QCOMPARE(again.tracks[t].locked, track.locked);
        QCOMPARE(again.tracks[t].clips.size(), track.clips.size());
        for (std::size_t c = 0; c < track.clips.size(); ++c) {
            Clip clip = again.tracks[t].clips[c];
            const Clip& before = track.clips[c];
            QCOMPARE(clip.link == 0, before.link == 0);
            QCOMPARE(links.try_emplace(before.link, clip.link).first->second, clip.link);
            Source source = *findSource(again, clip.source);
            source.id = before.source;
            QVERIFY(source == *findSource(project, before.source));
            clip.id = before.id;
            clip.source = before.source;
            clip.link = before.link;
            QVERIFY2(clip == before, before.name.c_str());
        }
    }
    QCOMPARE(again.markers.size(), project.markers.size());
    for (std::size_t i = 0; i < project.markers.size(); ++i) {
        QVERIFY(again.markers[i].time == project.markers[i].time);
        QCOMPARE(again.markers[i].color, project.markers[i].color);
    }
}

// Thousands of NTSC frames on an NTSC timeline: no cut drifts by rounding.
void TestOtio::severalRatesAreExact() {
    Project project = newProject();
    project.format.rate = {30000, 1001};
    Source source = test::videoSource("/media/ntsc.mov", {24000, 1001}, 1'000'000);
    source.id = project.nextId++;
    project.sources.push_back(source);
    for (int i = 0; i < 2000; ++i) {
        Clip clip;
        clip.id = project.nextId++;
        clip.source = source.id;
        clip.name = "clip";
        clip.start = timeOfFrame(project.format, 7 * i);
        clip.duration = timeOfFrame(project.format, 7);
        clip.sourceStart = Rational{3 * i, 1} / source.rate;
        clip.edit.rangeStart = clip.sourceStart;
        clip.edit.rangeEnd = clip.sourceEnd();
        project.tracks[0].clips.push_back(clip);
    }
    QVERIFY(checkInvariants(project));
    QVERIFY(exportOtio(project, path("ntsc.otio")));
    const auto import = importOtio(path("ntsc.otio"));
    QVERIFY2(import, import ? "" : import.error().message.c_str());
    QCOMPARE(import->notes.size(), std::size_t(0));
    QVERIFY(import->project.format.rate == project.format.rate);
    for (std::size_t i = 0; i < 2000; ++i) {
        const Clip& clip = import->project.tracks[0].clips[i];
        const Clip& before = project.tracks[0].clips[i];
        QVERIFY(clip.start == before.start && clip.duration == before.duration && clip.sourceStart == before.sourceStart);
    }
}

void TestOtio::factsComeFromAProbe() {
    std::vector<fs::path> asked;
    const auto import = importOtio(kGolden / "cuts.otio", [&](const fs::path& file) -> Result<Source> {
        asked.push_back(file);
        if (file.filename() == "ntsc.mov")
            return fail(ErrorCode::inputMissing, "there is no such file");
        return test::videoSource(file, {25, 1}, 250);
    });
    QVERIFY2(import, import ? "" : import.error().message.c_str());
    QCOMPARE(asked.size(), std::size_t(2));  // each file once
    QCOMPARE(import->project.sources[0].contentHash, std::string("00ff"));
    QCOMPARE(import->project.format.width, 1280);
    QVERIFY(hasNote(*import, "ntsc.mov cannot be read: there is no such file"));
}

void TestOtio::damagedFiles() {
    const auto outcome = [&](const std::string& text) {
        std::ofstream(path("damaged.otio"), std::ios::binary) << text;
        const auto import = importOtio(path("damaged.otio"));
        return import ? ErrorCode::internal : import.error().code;
    };
    QCOMPARE(outcome(""), ErrorCode::inputDamaged);
    QCOMPARE(outcome("[]"), ErrorCode::inputDamaged);
    QCOMPARE(outcome("{\"version\": 1}"), ErrorCode::inputDamaged);
    QCOMPARE(outcome("{\"OTIO_SCHEMA\": \"Clip.2\"}"), ErrorCode::inputUnsupported);
    QCOMPARE(outcome("{\"OTIO_SCHEMA\": \"Timeline.1\", \"tracks\": 7}"), ErrorCode::inputUnsupported);
    QVERIFY(!importOtio(path("nothing.otio")));
    QCOMPARE(importOtio(path("nothing.otio")).error().code, ErrorCode::inputMissing);
    QVERIFY(!exportOtio(newProject(), path("no/such/folder.otio")));
}

void TestOtio::truncatedAndOverwrittenFiles() {
    std::ifstream stream(kGolden / "cuts.otio", std::ios::binary);
    const std::string good{std::istreambuf_iterator<char>(stream), {}};
    std::mt19937 random(3);
    int taken = 0;
    for (int i = 0; i < 550; ++i) {
        std::string text = i < 50 ? good.substr(0, good.size() * std::size_t(i) / 50) : good;
        for (unsigned j = 0; i >= 50 && j <= random() % 3; ++j)
            text[random() % text.size()] = "0123456789-/\"{}[],:ex"[random() % 21];
        std::ofstream(path("changed.otio"), std::ios::binary) << text;
        const auto import = importOtio(path("changed.otio"));
        if (import) {
            ++taken;
            QVERIFY(checkInvariants(import->project));
        } else {
            QVERIFY(import.error().code == ErrorCode::inputDamaged || import.error().code == ErrorCode::inputUnsupported);
        }
    }
    qInfo("%d of 550 changed files could still be read", taken);
}

QTEST_GUILESS_MAIN(TestOtio)
#include "tst_otio.moc"
