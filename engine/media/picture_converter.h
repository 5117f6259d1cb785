// Private to engine/media: between FFmpeg's frames and upright RGB pictures, with size, matrix, range and chroma
// position as the stream's tags say.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/picture.h"
#include "engine/core/result.h"
#include "engine/media/av.h"
#include "engine/media/orientation.h"

namespace lipar::media {

// What is needed to turn YUV into RGB and back. FFmpeg's enum values.
struct ColorTags {
    int matrix = AVCOL_SPC_UNSPECIFIED;
    int range = AVCOL_RANGE_UNSPECIFIED;
    int chromaLocation = AVCHROMA_LOC_UNSPECIFIED;
    friend bool operator==(const ColorTags&, const ColorTags&) = default;
};

// How pictures are made smaller: by the mean of what a pixel covers, which the models were made for, or keeping detail, for
// the eye. They are always made larger by bicubic interpolation.
enum class Shrinking { mean, bicubic };

// Frames to pictures. Frames may change size, format and tags from one to the next.
class FrameToPicture {
public:
    FrameToPicture(int uprightWidth, int uprightHeight, Orientation orientation, Shrinking shrinking = Shrinking::mean);
    // Transparent pixels are blended onto black. Error: decodeFailed (a format that cannot be converted).
    [[nodiscard]] Result<Picture> convert(const AVFrame& frame);

private:
    struct Source {
        int width = 0, height = 0, format = AV_PIX_FMT_NONE;
        ColorTags color;
        friend bool operator==(const Source&, const Source&) = default;
    };
    [[nodiscard]] Result<> prepare(const Source& source);

    const int m_width;  // stored orientation
    const int m_height;
    const Orientation m_orientation;
    const Shrinking m_shrinking;
    Source m_source;
    av::ScalerPtr m_scaler;
    av::FramePtr m_scaled;  // planes of a YUV source, else RGB24, or RGBA of a source with alpha
    std::vector<std::uint8_t> m_packed;  // RGB of the planes where they are still to be turned
};

// Upright pictures of any size to frames of one size and format, in stored orientation.
class PictureToFrame {
public:
    PictureToFrame(int storedWidth, int storedHeight, AVPixelFormat format, ColorTags color, Orientation orientation);
    // The frame is new on each call. Error: outputFailed (a format that cannot be made).
    [[nodiscard]] Result<av::FramePtr> convert(const Picture& picture);

private:
    [[nodiscard]] Result<> prepare(int width, int height);

    const int m_width;
    const int m_height;
    const AVPixelFormat m_format;
    const ColorTags m_color;
    const Orientation m_orientation;
    av::ScalerPtr m_scaler;
    av::FramePtr m_stored;  // RGB24, stored orientation: with the padding that the scaler's vector code reads
};

// Pictures to pictures of another size, keeping detail.
class PictureScaler {
public:
    PictureScaler(int width, int height) : m_width(width), m_height(height) {}
    // Error: outputFailed.
    [[nodiscard]] Result<Picture> convert(const Picture& picture);

private:
    const int m_width;
    const int m_height;
    av::ScalerPtr m_scaler;
    av::FramePtr m_in;  // both with the padding that the scaler's vector code needs
    av::FramePtr m_out;
};

}  // namespace lipar::media
