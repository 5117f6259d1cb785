#include "media_test_support.h"

#include <QJsonDocument>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace mediatest {

using namespace lipar;
using namespace lipar::media;

namespace {

QByteArray run(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished(60'000);
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        const QByteArray said = process.readAllStandardError();
        qWarning("%s %s: %s", qPrintable(program), qPrintable(arguments.join(' ')), said.constData());
    }
    return process.readAllStandardOutput();
}

constexpr std::array<std::array<int, 3>, 8> kPatches{{{255, 255, 255},
                                                      {16, 16, 16},
                                                      {200, 40, 40},
                                                      {40, 180, 60},
                                                      {50, 60, 200},
                                                      {220, 200, 60},
                                                      {128, 128, 128},
                                                      {180, 110, 90}}};

const std::uint8_t* pixel(const Picture& picture, int x, int y) {
    return picture.rgb.data() + (std::size_t(y) * std::size_t(picture.width) + std::size_t(x)) * 3;
}

}  // namespace

fs::path Workshop::make(const QString& name, const QString& arguments) const {
    const fs::path file = path(name);
    run("ffmpeg", QStringList{"-v", "error", "-nostdin", "-y"} + QProcess::splitCommand(arguments) +
                      QStringList{QString::fromStdString(file.string())});
    if (!fs::exists(file))
        QTest::qFail(qPrintable("ffmpeg did not make " + name), __FILE__, __LINE__);
    return file;
}

bool hasFfmpeg() {
    return !QStandardPaths::findExecutable("ffmpeg").isEmpty() && !QStandardPaths::findExecutable("ffprobe").isEmpty();
}

QString testPicture(const QString& size, int rate, double seconds) {
    return QString("-f lavfi -i testsrc2=s=%1:r=%2:d=%3").arg(size).arg(rate).arg(seconds);
}

QJsonArray ffprobe(const fs::path& file, const QString& show, const QString& selection) {
    QStringList arguments{"-v", "error", "-of", "json", "-show_" + show};
    if (!selection.isEmpty())
        arguments << "-select_streams" << selection;
    arguments << QString::fromStdString(file.string());
    return QJsonDocument::fromJson(run("ffprobe", arguments)).object().value(show).toArray();
}

QJsonObject videoStream(const fs::path& file) { return ffprobe(file, "streams", "v:0").at(0).toObject(); }

QJsonArray audioStreams(const fs::path& file) { return ffprobe(file, "streams", "a"); }

QStringList frameTimes(const fs::path& file) {
    QStringList times;
    for (const auto& frame : ffprobe(file, "frames", "v:0"))
        times << frame.toObject().value("pts_time").toString();
    return times;
}

QStringList packetTimes(const fs::path& file, const QString& selection) {
    QStringList times;
    for (const auto& packet : ffprobe(file, "packets", selection))
        times << packet.toObject().value("pts_time").toString();
    return times;
}

qsizetype timeDifferences(const QStringList& a, const QStringList& b, double tolerance) {
    if (a.size() != b.size())
        return std::max(a.size(), b.size());
    qsizetype count = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        count += std::abs(a[i].toDouble() - b[i].toDouble()) > tolerance;
    return count;
}

std::vector<SourceFrame> readAll(const fs::path& file, const ReaderOptions& options) {
    std::vector<SourceFrame> frames;
    auto reader = VideoReader::open(file, options);
    if (!reader) {
        QTest::qFail(reader.error().sentence().c_str(), __FILE__, __LINE__);
        return frames;
    }
    while (true) {
        auto frame = reader->next();
        if (!frame)
            QTest::qFail(frame.error().sentence().c_str(), __FILE__, __LINE__);
        if (!frame || !*frame)
            return frames;
        frames.push_back(std::move(**frame));
    }
}

Result<int> copyClip(const fs::path& source, const fs::path& target, const WriterOptions& options,
                     const ReaderOptions& reading) {
    ReaderOptions readerOptions = reading;
    readerOptions.startSeconds = options.startSeconds;
    readerOptions.endSeconds = options.endSeconds;
    LIPAR_ASSIGN(VideoReader reader, VideoReader::open(source, readerOptions));
    LIPAR_ASSIGN(ClipWriter writer, ClipWriter::open(target, reader.info(), options));
    int count = 0;
    while (true) {
        LIPAR_ASSIGN(const std::optional<SourceFrame> frame, reader.next());
        if (!frame)
            break;
        LIPAR_TRY(writer.write(*frame->picture, frame->timestamp, frame->duration));
        ++count;
    }
    LIPAR_TRY(writer.finish());
    return count;
}

Picture colorChart(int side) {
    Picture chart(side * 4, side * 2);
    for (int y = 0; y < chart.height; ++y)
        for (int x = 0; x < chart.width; ++x)
            for (std::size_t c = 0; c < 3; ++c)
                chart.rgb[(std::size_t(y) * std::size_t(chart.width) + std::size_t(x)) * 3 + c] =
                    std::uint8_t(kPatches[std::size_t(y / side * 4 + x / side)][c]);
    return chart;
}

int chartError(const Picture& picture, int side) {
    int worst = 0;
    for (int patch = 0; patch < int(kPatches.size()); ++patch) {
        const std::uint8_t* centre = pixel(picture, patch % 4 * side + side / 2, patch / 4 * side + side / 2);
        for (std::size_t c = 0; c < 3; ++c)
            worst = std::max(worst, std::abs(int(centre[c]) - kPatches[std::size_t(patch)][c]));
    }
    return worst;
}

double meanDifference(const Picture& a, const Picture& b) {
    if (a.width != b.width || a.height != b.height)
        return 255;
    double sum = 0;
    for (std::size_t i = 0; i < a.rgb.size(); ++i)
        sum += std::abs(int(a.rgb[i]) - int(b.rgb[i]));
    return sum / double(std::max<std::size_t>(1, a.rgb.size()));
}

Picture quadrants(int width, int height) {
    constexpr std::array<std::array<int, 3>, 4> colors{{{230, 30, 30}, {30, 200, 30}, {30, 30, 230}, {240, 240, 240}}};
    Picture picture(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (std::size_t c = 0; c < 3; ++c)
                picture.rgb[(std::size_t(y) * std::size_t(width) + std::size_t(x)) * 3 + c] =
                    std::uint8_t(colors[std::size_t((y * 2 / height) * 2 + x * 2 / width)][c]);
    return picture;
}

std::string quadrantLetters(const Picture& picture) {
    std::string letters;
    for (int row = 0; row < 2; ++row) {
        for (int column = 0; column < 2; ++column) {
            const std::uint8_t* p =
                pixel(picture, picture.width * (1 + 2 * column) / 4, picture.height * (1 + 2 * row) / 4);
            const bool r = p[0] > 128, g = p[1] > 128, b = p[2] > 128;
            letters += r && g && b ? 'W' : r && !g && !b ? 'R' : g && !r && !b ? 'G' : b && !r && !g ? 'B' : '?';
        }
    }
    return letters;
}

}  // namespace mediatest
