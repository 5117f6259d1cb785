#include <algorithm>
#include <cmath>

#include <QFile>
#include <QProcess>
#include <QStandardPaths>

#include "tests/support/fake_engine.h"

namespace lipar::testing {

namespace {

constexpr int tokenSide = 16;  // pixels

// A look of a kind: warm, flat tones with dark edges. Only has to differ from the source.
PicturePtr stylised(const Picture& source) {
    auto edited = std::make_shared<Picture>(source.width, source.height);
    const auto luma = [&](int x, int y) {
        x = std::clamp(x, 0, source.width - 1);
        y = std::clamp(y, 0, source.height - 1);
        const auto* p =
            source.rgb.data() + std::size_t(3) * (std::size_t(y) * std::size_t(source.width) + std::size_t(x));
        return (2 * p[0] + 5 * p[1] + p[2]) / 8;
    };
    for (int y = 0; y < source.height; ++y)
        for (int x = 0; x < source.width; ++x) {
            const auto at = std::size_t(3) * (std::size_t(y) * std::size_t(source.width) + std::size_t(x));
            const int edge = std::abs(luma(x + 1, y) - luma(x - 1, y)) + std::abs(luma(x, y + 1) - luma(x, y - 1));
            const double ink = std::clamp(1.25 - edge / 60.0, 0.2, 1.0);
            for (int c = 0; c < 3; ++c) {
                static constexpr double tint[] = {1.22, 1.0, 0.72};
                const double tone = std::round(source.rgb[at + std::size_t(c)] / 36.0) * 36.0;
                edited->rgb[at + std::size_t(c)] = std::uint8_t(std::clamp(tone * tint[c] * ink, 0.0, 255.0));
            }
        }
    return edited;
}

FakeClip finished(std::vector<PicturePtr> frames, int width, int height) {
    FakeClip clip;
    clip.source = std::move(frames);
    for (const auto& frame : clip.source)
        clip.edited.push_back(stylised(*frame));
    clip.tokenColumns = width / tokenSide;
    clip.tokenRows = height / tokenSide;
    clip.info.path = "clip.mp4";
    clip.info.width = width;
    clip.info.height = height;
    clip.info.fps = 24;
    clip.info.frames = std::int64_t(clip.source.size());
    clip.info.durationSeconds = double(clip.info.frames) / clip.info.fps;
    clip.info.videoCodec = "h264";
    clip.info.audioCodec = "aac";
    clip.info.audioChannels = 2;
    clip.info.audioSampleRate = 48000;
    clip.info.rate = {24, 1};
    clip.info.duration = Rational{clip.info.frames, 24} + Rational{};
    return clip;
}

}  // namespace

FakeClip FakeClip::drawn(int frames, int width, int height) {
    std::vector<PicturePtr> pictures;
    for (int f = 0; f < frames; ++f) {
        auto picture = std::make_shared<Picture>(width, height);
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                auto* p = picture->rgb.data() + std::size_t(3) * (std::size_t(y) * std::size_t(width) + std::size_t(x));
                const bool inDisc = std::hypot(x - width * f / frames, y - height / 2) < height / 5;
                p[0] = std::uint8_t(inDisc ? 250 : 60 + 100 * y / height);
                p[1] = std::uint8_t(inDisc ? 190 : 110 + 60 * x / width);
                p[2] = std::uint8_t(inDisc ? 70 : 200 - 80 * y / height);
            }
        pictures.push_back(std::move(picture));
    }
    return finished(std::move(pictures), width, height);
}

std::optional<FakeClip> FakeClip::read(const QString& file, int width, int height) {
    const auto ffmpeg = QStandardPaths::findExecutable("ffmpeg");
    if (ffmpeg.isEmpty() || !QFile::exists(file))
        return std::nullopt;
    QProcess process;
    process.start(ffmpeg, {"-v", "error", "-i", file, "-vf", QString("scale=%1:%2").arg(width).arg(height), "-f",
                           "rawvideo", "-pix_fmt", "rgb24", "-"});
    process.waitForFinished(-1);
    const auto bytes = process.readAllStandardOutput();
    std::vector<PicturePtr> pictures;
    const auto size = qsizetype(3) * width * height;
    for (qsizetype at = 0; at + size <= bytes.size(); at += size) {
        auto picture = std::make_shared<Picture>(width, height);
        std::copy_n(bytes.constData() + at, size, reinterpret_cast<char*>(picture->rgb.data()));
        pictures.push_back(std::move(picture));
    }
    if (pictures.empty())
        return std::nullopt;
    return finished(std::move(pictures), width, height);
}

}  // namespace lipar::testing
