// Small clips for tests, made by the ffmpeg program.
#pragma once

#include <QDir>
#include <QProcess>
#include <QString>
#include <QStringList>

#include <filesystem>

namespace lipar::test {

// Runs ffmpeg; fails the test program loudly when it cannot.
inline void runFfmpeg(const QStringList& arguments) {
    QProcess process;
    process.start("ffmpeg", QStringList{"-v", "error", "-y"} + arguments);
    if (!process.waitForFinished(60000) || process.exitCode() != 0)
        qFatal("ffmpeg failed: %s", process.readAllStandardError().constData());
}

// A moving test picture over a still one, with a tone: `frames` frames at 24 a second.
inline std::filesystem::path makeClip(const QString& path, int width, int height, int frames, bool sound = true) {
    QStringList arguments{"-f", "lavfi", "-i", QString("testsrc2=s=%1x%2:r=24").arg(width).arg(height)};
    if (sound)
        arguments += QStringList{"-f", "lavfi", "-i", QString("sine=440:d=%1").arg(double(frames) / 24.0), "-c:a", "aac"};
    arguments += QStringList{"-frames:v", QString::number(frames), "-c:v", "libx264", "-crf", "12", "-pix_fmt", "yuv420p", path};
    runFfmpeg(arguments);
    return path.toStdString();
}

// ffprobe's answer to one `-show_entries` question of the first video stream, csv lines without prefix.
inline QStringList probeLines(const std::filesystem::path& path, const QString& entries, const QString& stream = "v:0") {
    QProcess process;
    process.start("ffprobe", {"-v", "error", "-select_streams", stream, "-show_entries", entries, "-of", "csv=p=0", QString::fromStdString(path.string())});
    if (!process.waitForFinished(60000) || process.exitCode() != 0)
        qFatal("ffprobe failed: %s", process.readAllStandardError().constData());
    return QString::fromUtf8(process.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts);
}

}  // namespace lipar::test
