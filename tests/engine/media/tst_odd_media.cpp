// Files as people have them: each either works through probing, reading, seeking, composing, mixing, thumbnails and
// waveform, or says in words what is the matter. None crashes, whatever is in it.
#include <QProcess>
#include <QTest>

#include <map>
#include <string>

#include "engine/media/thumbnails.h"
#include "engine/media/timeline_audio.h"
#include "engine/media/timeline_video.h"
#include "engine/media/waveform.h"
#include "timeline_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

struct Outcome {
    bool hasPictures = false;
    int pictures = 0;  // of a second on the timeline that are not black
    bool hasSound = false;
    std::string text;
    bool isExplained = true;  // every error has a sentence and a code that fits
};

void note(Outcome& outcome, const Error& error) {
    outcome.text = error.sentence();
    outcome.isExplained = outcome.isExplained && error.message.size() > 20 && error.code != ErrorCode::internal &&
                          error.code != ErrorCode::outOfMemory;
}

Outcome tryEverything(const fs::path& file) {
    Outcome outcome;
    const auto info = probe(file);
    if (!info)
        note(outcome, info.error());
    else
        outcome.text = info->video.codec + " " + std::to_string(info->video.storedWidth) + "x" +
                       std::to_string(info->video.storedHeight) + " " + info->video.pixelFormat +
                       (info->audio ? ", " + info->audio->codec : "");
    Timeline timeline;
    timeline.width = 160;
    timeline.height = 90;
    timeline.rate = {25, 1};
    timeline.frames = 25;
    timeline.pictures.push_back(pictures(file, {}, {1, 1}));
    timeline.sounds.push_back(sound(file, {}, {1, 1}));
    auto compositor = TimelineCompositor::open(timeline);
    for (const int frame : {0, 1, 2, 12, 24, 5, 20, 3}) {
        const auto composed = compositor->compose(frame);
        if (!composed)
            note(outcome, composed.error());
        else
            outcome.pictures += brightness(*composed->source) > 5;
    }
    outcome.hasPictures = outcome.pictures > 0;
    auto mixer = TimelineMixer::open(timeline);
    if (const auto mixed = mixer->mix(0, 48000); !mixed)
        note(outcome, mixed.error());
    else
        outcome.hasSound = peak(*mixed, 0, 48000) > 0.01F;
    const auto made = makeThumbnails(file, std::vector{0.0, 0.5, 1.0, 5.0}, 36, [](double, PicturePtr) { return Result<>(); });
    if (!made)
        note(outcome, made.error());
    if (const auto waveform = readWaveform(file, 50); !waveform)
        note(outcome, waveform.error());
    return outcome;
}

}  // namespace

class OddMediaTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachWorksOrSaysWhy() {
        if (!hasFfmpeg())
            QSKIP("ffmpeg and ffprobe are not in PATH");
        const QTemporaryDir folder;
        QProcess maker;
        maker.start("bash", {QStringLiteral(LIPAR_SOURCE_DIR "/tests/engine/media/odd_media.sh"), folder.path()});
        QVERIFY(maker.waitForFinished(120'000));
        QVERIFY2(maker.exitCode() == 0, maker.readAllStandardError().constData());

        enum Kind { works, silent, soundOnly, refused, either };
        const std::map<std::string, Kind> expected{
            {"plain.mp4", works},         {"variable_rate.mp4", silent}, {"rotated.mp4", works},
            {"anamorphic.mp4", silent},   {"interlaced.mpg", silent},    {"ten_bit.mkv", silent},
            {"alpha.mov", silent},        {"one_frame.mp4", silent},     {"odd_size.mp4", silent},
            {"audio_only.m4a", soundOnly}, {"truncated.mp4", refused},   {"truncated.mkv", works},
            {"empty.mp4", refused},       {"garbage_inside.mp4", works}, {"no_extension", works},
            {"wrong_extension.avi", works}, {"text.mp4", refused},       {"huge_header.mp4", either},
            {"surround.mp4", works},      {"mono_8khz.mov", works},      {"half_fps.mp4", silent},
            {"fps_120.mp4", silent},      {"still.png", silent},         {"still.jpg", silent},
            {"moving.gif", silent},       {"alpha.webm", silent},        {"no_duration.mkv", works}};
        int tried = 0;
        for (const auto& [name, kind] : expected) {
            const Outcome outcome = tryEverything(fs::path(folder.path().toStdString()) / name);
            std::string text = outcome.text;
            if (const auto at = text.find(folder.path().toStdString()); at != std::string::npos)
                text.erase(at, folder.path().size() + 1);
            qInfo("%-20s pictures %s  sound %s  %s", name.c_str(), outcome.hasPictures ? "yes" : "no ",
                  outcome.hasSound ? "yes" : "no ", text.c_str());
            QVERIFY2(outcome.isExplained, name.c_str());
            if (kind != either) {
                QCOMPARE(outcome.hasPictures, kind == works || kind == silent);
                QCOMPARE(outcome.hasSound, kind == works || kind == soundOnly);
            }
            ++tried;
        }
        QVERIFY(tried >= 20);
    }
};

QTEST_GUILESS_MAIN(OddMediaTest)
#include "tst_odd_media.moc"
