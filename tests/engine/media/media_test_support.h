// What the media tests share: clips made by the ffmpeg program, what ffprobe says of a file, copying a clip through
// VideoReader and ClipWriter, and a test chart.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>
#include <QTemporaryDir>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/picture.h"
#include "engine/core/result.h"
#include "engine/media/clip_writer.h"
#include "engine/media/video_reader.h"

namespace mediatest {

namespace fs = std::filesystem;

// A folder of one test function, with a few conveniences.
class Workshop {
public:
    [[nodiscard]] fs::path path(const QString& name) const { return m_folder.filePath(name).toStdString(); }
    // Runs `ffmpeg ARGUMENTS name` there and returns the file. Fails the test where ffmpeg does.
    fs::path make(const QString& name, const QString& arguments) const;

private:
    QTemporaryDir m_folder;
};

[[nodiscard]] bool hasFfmpeg();

// "-f lavfi -i testsrc2=..." of this size, rate and length.
[[nodiscard]] QString testPicture(const QString& size, int rate, double seconds);

// Objects of ffprobe's JSON: `show` is one of frames, packets, streams; `selection` a stream specifier.
[[nodiscard]] QJsonArray ffprobe(const fs::path& file, const QString& show, const QString& selection = {});
[[nodiscard]] QJsonObject videoStream(const fs::path& file);
[[nodiscard]] QJsonArray audioStreams(const fs::path& file);
// Presentation times in seconds as ffprobe prints them ("0.041667").
[[nodiscard]] QStringList frameTimes(const fs::path& file);
[[nodiscard]] QStringList packetTimes(const fs::path& file, const QString& selection);
// Number of times that differ by more than `tolerance` seconds; all of them where the counts differ.
[[nodiscard]] qsizetype timeDifferences(const QStringList& a, const QStringList& b, double tolerance);

// All frames of a clip. Fails the test on an error.
[[nodiscard]] std::vector<lipar::media::SourceFrame> readAll(const fs::path& file,
                                                             const lipar::media::ReaderOptions& options = {});
// Reads `source` and writes it to `target`; the number of frames. The range goes to both.
[[nodiscard]] lipar::Result<int> copyClip(const fs::path& source, const fs::path& target,
                                          const lipar::media::WriterOptions& options = {},
                                          const lipar::media::ReaderOptions& reading = {});

// Eight flat colours in two rows (each patch `side` wide), so that chroma resolution does not matter inside.
[[nodiscard]] lipar::Picture colorChart(int side);
// Largest difference of the patches' centres from colorChart(side), in steps of 255.
[[nodiscard]] int chartError(const lipar::Picture& picture, int side);
// Mean difference of two pictures, in steps of 255; 255 where the sizes differ.
[[nodiscard]] double meanDifference(const lipar::Picture& a, const lipar::Picture& b);
// A picture whose four quadrants are red, green / blue, white: shows any turn or mirroring.
[[nodiscard]] lipar::Picture quadrants(int width, int height);
// "RGBW" of a picture's quadrant centres, row by row.
[[nodiscard]] std::string quadrantLetters(const lipar::Picture& picture);

}  // namespace mediatest
