// Decodes clips by the CPU and by a GPU's decoder, compares every frame byte for byte with all that it carries, and
// measures both: lipar-decoding-comparison [--device N] [CLIP...]; without a clip, the sample clip.
//
// Says so where the CPU took over; that is no failure, for the frames are compared just the same. Exit code: 0 = all
// the same, 1 = a difference or an error, 2 = wrong arguments.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
}

#include "engine/core/log.h"
#include "engine/media/frame_decoder.h"
#include "engine/media/hardware_decoding.h"
#include "engine/media/sample_clip.h"

using namespace lipar;
using namespace lipar::media;

namespace {

std::vector<std::string> notes;  // of the clip at hand

struct Speed {
    std::int64_t frames = 0;
    double seconds = 0;
    double processorSeconds = 0;  // of all threads
};

double processorSeconds() {
    return double(std::clock()) / CLOCKS_PER_SEC;
}

Result<Speed> measure(const std::filesystem::path& clip, std::optional<int> device) {
    const auto start = std::chrono::steady_clock::now();
    const double processorStart = processorSeconds();
    LIPAR_ASSIGN(FrameDecoder decoder, FrameDecoder::open(clip, {}, device));
    Speed speed;
    for (;; ++speed.frames) {
        LIPAR_ASSIGN(const std::optional<DecodedFrame> frame, decoder.next());
        if (!frame)
            break;
    }
    speed.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    speed.processorSeconds = processorSeconds() - processorStart;
    return speed;
}

bool sameRational(AVRational a, AVRational b) {
    return a.num == b.num && a.den == b.den;
}

bool sameSideData(const AVFrame& a, const AVFrame& b) {
    if (a.nb_side_data != b.nb_side_data)
        return false;
    for (int i = 0; i < a.nb_side_data; ++i) {
        const AVFrameSideData& one = *a.side_data[i];
        const AVFrameSideData* other = av_frame_get_side_data(&b, one.type);
        if (!other || other->size != one.size || std::memcmp(other->data, one.data, one.size) != 0)
            return false;
    }
    return true;
}

// The plane and row of the first sample that differs; empty: none.
std::string differingSample(const AVFrame& a, const AVFrame& b) {
    const AVPixFmtDescriptor& format = *av_pix_fmt_desc_get(AVPixelFormat(a.format));
    for (int plane = 0; plane < av_pix_fmt_count_planes(AVPixelFormat(a.format)); ++plane) {
        const int shift = plane == 1 || plane == 2 ? format.log2_chroma_h : 0;
        const int bytes = av_image_get_linesize(AVPixelFormat(a.format), a.width, plane);
        for (int y = 0; y < AV_CEIL_RSHIFT(a.height, shift); ++y)
            if (std::memcmp(a.data[plane] + std::ptrdiff_t(y) * a.linesize[plane],
                            b.data[plane] + std::ptrdiff_t(y) * b.linesize[plane], std::size_t(bytes)) != 0)
                return "plane " + std::to_string(plane) + ", row " + std::to_string(y);
    }
    return {};
}

// What is different of two frames; empty: nothing.
std::string difference(const DecodedFrame& a, const DecodedFrame& b) {
    const AVFrame& x = *a.frame;
    const AVFrame& y = *b.frame;
    if (a.timestamp != b.timestamp || a.ownDuration != b.ownDuration)
        return "time";
    if (a.damaged != b.damaged)
        return "damage";
    if (x.format != y.format || x.width != y.width || x.height != y.height)
        return "format or size";
    if (x.crop_left != y.crop_left || x.crop_right != y.crop_right || x.crop_top != y.crop_top ||
        x.crop_bottom != y.crop_bottom)
        return "cropping";
    if (x.color_range != y.color_range || x.colorspace != y.colorspace || x.color_primaries != y.color_primaries ||
        x.color_trc != y.color_trc || x.chroma_location != y.chroma_location)
        return "colour tags";
    if (!sameRational(x.sample_aspect_ratio, y.sample_aspect_ratio))
        return "sample aspect ratio";
    if (x.interlaced_frame != y.interlaced_frame || x.top_field_first != y.top_field_first ||
        x.repeat_pict != y.repeat_pict)
        return "interlacing";
    if (!sameSideData(x, y))
        return "side data";
    return differingSample(x, y);
}

// The number of frames that differ.
Result<std::int64_t> compare(const std::filesystem::path& clip, int device) {
    LIPAR_ASSIGN(FrameDecoder onCpu, FrameDecoder::open(clip, {}));
    LIPAR_ASSIGN(FrameDecoder onDevice, FrameDecoder::open(clip, {}, device));
    std::int64_t differing = 0;
    for (std::int64_t index = 0;; ++index) {
        LIPAR_ASSIGN(const std::optional<DecodedFrame> expected, onCpu.next());
        LIPAR_ASSIGN(const std::optional<DecodedFrame> actual, onDevice.next());
        if (!expected && !actual)
            return differing;
        const std::string what = !expected ? "a frame too many"
                                 : !actual ? "a frame too few"
                                           : difference(*expected, *actual);
        if (!what.empty() && differing++ < 5)
            std::printf("    frame %lld differs: %s\n", static_cast<long long>(index), what.c_str());
    }
}

Result<bool> examine(const std::filesystem::path& clip, int device) {
    notes.clear();
    std::printf("%s\n", clip.c_str());
    LIPAR_ASSIGN(const std::int64_t differing, compare(clip, device));
    for (const std::string& note : notes)
        std::printf("    %s\n", note.c_str());
    for (const auto& [name, where] : {std::pair{"CPU", std::optional<int>()}, {"GPU", std::optional(device)}}) {
        LIPAR_ASSIGN(const Speed speed, measure(clip, where));
        std::printf("    %s: %lld frames, %.1f a second, %.2f ms of processor time each\n", name,
                    static_cast<long long>(speed.frames), double(speed.frames) / speed.seconds,
                    1e3 * speed.processorSeconds / double(std::max<std::int64_t>(1, speed.frames)));
    }
    std::printf(differing == 0 ? "    all frames are the same\n" : "    %lld frames differ\n",
                static_cast<long long>(differing));
    return differing == 0;
}

}  // namespace

int main(int argc, char** argv) {
    int device = 0;
    std::vector<std::filesystem::path> clips;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--device" && i + 1 < argc) {
            device = std::atoi(argv[++i]);
        } else if (argument.starts_with("--")) {
            std::fprintf(stderr, "usage: lipar-decoding-comparison [--device N] [CLIP...]\n");
            return 2;
        } else {
            clips.emplace_back(argument);
        }
    }
    const auto decoders = hardwareDecoders(device);
    if (!decoders) {
        std::printf("skipped: %s\n", decoders.error().message.c_str());
        return 0;
    }
    std::printf("device %d decodes", device);
    for (const std::string& codec : *decoders)
        std::printf(" %s", codec.c_str());
    std::printf("\n");
    setLogSink([](LogLevel level, std::string_view line) {
        if (level != LogLevel::debug || line.find("decoded by the CPU") != std::string_view::npos)
            notes.emplace_back(line);
    });

    std::filesystem::path sample;
    if (clips.empty()) {
        sample = std::filesystem::temp_directory_path() / "lipar-decoding-comparison.mp4";
        if (const auto written = writeSampleClip(sample); !written) {
            std::fprintf(stderr, "%s\n", written.error().sentence().c_str());
            return 1;
        }
        clips.push_back(sample);
    }
    bool isSame = true;
    for (const std::filesystem::path& clip : clips) {
        const auto same = examine(clip, device);
        if (!same)
            std::printf("    %s\n", same.error().sentence().c_str());
        isSame = isSame && same && *same;
    }
    std::error_code ignored;
    if (!sample.empty())
        std::filesystem::remove(sample, ignored);
    return isSame ? 0 : 1;
}
