#include "engine/media/output_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string>

namespace lipar::media {
namespace {

using std::string_view;

constexpr int kLargestSide = 16384;
constexpr std::int64_t kLowestBitRate = 10'000;
constexpr std::int64_t kHighestBitRate = 1'000'000'000;

constexpr std::array<EncoderChoice, 1> kH264Encoders{{{"libx264", true}}};
constexpr std::array<EncoderChoice, 1> kHevcEncoders{{{"libx265", true}}};
constexpr std::array<EncoderChoice, 2> kAv1Encoders{{{"libsvtav1", true}, {"libaom-av1", false}}};
constexpr std::array<EncoderChoice, 1> kVp9Encoders{{{"libvpx-vp9", false}}};
constexpr std::array<EncoderChoice, 1> kProresEncoders{{{"prores_ks", false}}};
constexpr std::array<EncoderChoice, 1> kFfv1Encoders{{{"ffv1", false}}};

constexpr std::array<string_view, 3> kMp4MovMkv{"mp4", "mov", "mkv"};
constexpr std::array<string_view, 3> kMp4MkvWebm{"mp4", "mkv", "webm"};
constexpr std::array<string_view, 2> kMovMkv{"mov", "mkv"};
constexpr std::array<string_view, 1> kMkv{"mkv"};

constexpr std::array<OutputCodec, 6> kCodecs{{
    {"h264", kH264Encoders, 18, 51, 0.16, kMp4MovMkv},
    {"hevc", kHevcEncoders, 20, 51, 0.11, kMp4MovMkv},
    {"av1", kAv1Encoders, 30, 63, 0.08, kMp4MkvWebm},
    {"vp9", kVp9Encoders, 31, 63, 0.11, kMp4MkvWebm},
    {"prores", kProresEncoders, std::nullopt, 0, 3.6, kMovMkv},
    {"ffv1", kFfv1Encoders, std::nullopt, 0, 7.0, kMkv},
}};

constexpr std::array<OutputContainer, 4> kContainers{{
    {"mp4", "mp4", true, AV_CODEC_ID_AAC},
    {"mov", "mov", true, AV_CODEC_ID_AAC},
    {"mkv", "matroska", false, AV_CODEC_ID_AAC},
    {"webm", "webm", false, AV_CODEC_ID_OPUS},
}};

template <class Names>
std::string listed(const Names& names) {
    std::string text;
    for (const auto& name : names) {
        if (!text.empty())
            text += ", ";
        text += name;
    }
    return text;
}

std::string namesOf(const auto& entries) {
    std::array<string_view, 8> names{};
    std::ranges::transform(entries, names.begin(), [](const auto& entry) { return entry.name; });
    return listed(std::span(names).first(entries.size()));
}

std::string lowerCase(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    return text;
}

const EncoderChoice* firstAvailable(std::span<const EncoderChoice> encoders) {
    const auto found = std::ranges::find_if(encoders, [](const EncoderChoice& encoder) {
        return avcodec_find_encoder_by_name(std::string(encoder.name).c_str()) != nullptr;
    });
    return found == encoders.end() ? nullptr : &*found;
}

}  // namespace

Result<OutputFormat> chooseOutputFormat(const std::filesystem::path& target, const WriterOptions& options) {
    OutputFormat format;
    const auto codec = std::ranges::find(kCodecs, string_view(options.codec), &OutputCodec::name);
    if (codec == kCodecs.end())
        return fail(ErrorCode::invalidArgument, "cannot encode: unknown codec \"" + options.codec + "\"",
                    "choose one of " + namesOf(kCodecs));
    format.codec = &*codec;

    std::string extension = lowerCase(target.extension().string());
    if (!extension.empty())
        extension.erase(0, 1);
    const std::string wanted = options.container.empty() ? extension : lowerCase(options.container);
    const auto container = std::ranges::find(kContainers, string_view(wanted), &OutputContainer::name);
    if (container == kContainers.end())
        return fail(ErrorCode::invalidArgument,
                    wanted.empty()
                        ? "cannot write " + target.string() + ": the file name has no ending that tells the container"
                        : "cannot write " + target.string() + ": unknown container \"" + wanted + "\"",
                    "choose one of " + namesOf(kContainers));
    format.container = &*container;

    if (std::ranges::find(codec->containers, container->name) == codec->containers.end())
        return fail(ErrorCode::invalidArgument,
                    "cannot write " + target.string() + ": " + std::string(container->name) + " does not hold " +
                        std::string(codec->name) + " video",
                    "for " + std::string(codec->name) + " choose one of " + listed(codec->containers));
    if (!firstAvailable(codec->encoders))
        return fail(ErrorCode::invalidArgument,
                    "cannot encode " + std::string(codec->name) + ": this system's FFmpeg has no encoder for it",
                    "choose another codec, such as h264");
    if (options.crf && !codec->defaultCrf)
        return fail(ErrorCode::invalidArgument,
                    "cannot encode " + std::string(codec->name) + " with a CRF: the codec has no such setting",
                    "leave the CRF out");
    if (options.crf && (*options.crf < 0 || *options.crf > codec->largestCrf))
        return fail(ErrorCode::invalidArgument,
                    "cannot encode " + std::string(codec->name) + " with CRF " + std::to_string(*options.crf) +
                        ": it is out of range",
                    "choose 0 to " + std::to_string(codec->largestCrf));
    format.crf = options.crf ? options.crf : codec->defaultCrf;
    if (options.bitRate && !codec->defaultCrf)
        return fail(ErrorCode::invalidArgument,
                    "cannot encode " + std::string(codec->name) + " with a bit rate: the codec has no such setting",
                    "leave the bit rate out");
    if (options.bitRate && (*options.bitRate < kLowestBitRate || *options.bitRate > kHighestBitRate))
        return fail(ErrorCode::invalidArgument,
                    "cannot encode with " + std::to_string(*options.bitRate) + " bits a second: it is out of range",
                    "choose " + std::to_string(kLowestBitRate) + " to " + std::to_string(kHighestBitRate));
    if (options.bitRate && options.crf)
        return fail(ErrorCode::invalidArgument, "cannot encode with a CRF and a bit rate at once",
                    "leave one of them out");
    format.bitRate = options.bitRate;
    return format;
}

AVCodecID codecIdOf(string_view name) {
    const auto codec = std::ranges::find(kCodecs, name, &OutputCodec::name);
    if (codec == kCodecs.end())
        return AV_CODEC_ID_NONE;
    for (const EncoderChoice& choice : codec->encoders)
        if (const AVCodec* encoder = avcodec_find_encoder_by_name(std::string(choice.name).c_str()))
            return encoder->id;
    return AV_CODEC_ID_NONE;
}

bool canHoldAudio(const OutputContainer& container, AVCodecID codec) {
    constexpr std::array mp4{AV_CODEC_ID_AAC,  AV_CODEC_ID_MP3,  AV_CODEC_ID_AC3, AV_CODEC_ID_EAC3,
                             AV_CODEC_ID_OPUS, AV_CODEC_ID_FLAC, AV_CODEC_ID_ALAC};
    constexpr std::array mov{AV_CODEC_ID_AAC,       AV_CODEC_ID_MP3,       AV_CODEC_ID_AC3,
                             AV_CODEC_ID_ALAC,      AV_CODEC_ID_PCM_S16LE, AV_CODEC_ID_PCM_S16BE,
                             AV_CODEC_ID_PCM_S24LE, AV_CODEC_ID_PCM_S24BE, AV_CODEC_ID_PCM_S32LE,
                             AV_CODEC_ID_PCM_S32BE, AV_CODEC_ID_PCM_F32LE, AV_CODEC_ID_PCM_F32BE};
    constexpr std::array webm{AV_CODEC_ID_OPUS, AV_CODEC_ID_VORBIS};
    if (container.name == "mp4")
        return std::ranges::find(mp4, codec) != mp4.end();
    if (container.name == "mov")
        return std::ranges::find(mov, codec) != mov.end();
    if (container.name == "webm")
        return std::ranges::find(webm, codec) != webm.end();
    const AVOutputFormat* matroska = av_guess_format("matroska", nullptr, nullptr);
    return avformat_query_codec(matroska, codec, FF_COMPLIANCE_NORMAL) == 1;
}

Result<OutputSize> chooseOutputSize(const MediaInfo& source, const WriterOptions& options,
                                    const OutputContainer& container) {
    const VideoStreamInfo& video = source.video;
    if (video.storedWidth <= 0 || video.storedHeight <= 0)
        return fail(ErrorCode::invalidArgument, "cannot write a clip: the source has no picture size");
    if (options.width < 0 || options.height < 0 || options.width > kLargestSide || options.height > kLargestSide)
        return fail(ErrorCode::invalidArgument,
                    "cannot write a clip of " + std::to_string(options.width) + "x" + std::to_string(options.height) +
                        ": the size is out of range",
                    "choose sides of 1 to " + std::to_string(kLargestSide));
    const double aspect = double(video.uprightWidth()) / video.uprightHeight();
    OutputSize size;
    size.uprightWidth = options.width;
    size.uprightHeight = options.height;
    if (size.uprightWidth == 0 && size.uprightHeight == 0) {
        size.uprightWidth = video.uprightWidth();
        size.uprightHeight = video.uprightHeight();
    } else if (size.uprightWidth == 0) {
        size.uprightWidth = std::max(1, int(std::lround(size.uprightHeight * aspect)));
    } else if (size.uprightHeight == 0) {
        size.uprightHeight = std::max(1, int(std::lround(size.uprightWidth / aspect)));
    }
    const bool wasTurned = video.rotation % 180 != 0;
    if (container.isMp4Family) {
        size.rotation = video.rotation;
        size.mirrored = video.mirrored;
    }
    const bool isTurned = size.rotation % 180 != 0;
    size.storedWidth = isTurned ? size.uprightHeight : size.uprightWidth;
    size.storedHeight = isTurned ? size.uprightWidth : size.uprightHeight;

    // The shape on the screen stays: a change of proportions goes into the sample aspect.
    size.sampleAspect = video.sampleAspect.isValid() ? video.sampleAspect : Rational{1, 1};
    if (wasTurned != isTurned)
        size.sampleAspect = {size.sampleAspect.den, size.sampleAspect.num};
    const double change = aspect / (double(size.uprightWidth) / size.uprightHeight);
    if (std::abs(change - 1) > 0.02) {
        const AVRational exact = av_d2q(size.sampleAspect.value() * (isTurned ? 1 / change : change), 4096);
        size.sampleAspect = av::fromAv(exact);
    }
    return size;
}

Result<> checkWriterOptions(const std::filesystem::path& target, const WriterOptions& options) {
    LIPAR_TRY(chooseOutputFormat(target, options));
    return {};
}

std::int64_t estimateOutputBytes(const MediaInfo& source, const WriterOptions& options) {
    constexpr double audioBitsPerSecond = 256'000;
    constexpr double containerShare = 1.02;
    constexpr double crfHalving = 6;  // so many steps of CRF halve the size

    const auto found = std::ranges::find(kCodecs, string_view(options.codec), &OutputCodec::name);
    const OutputCodec& codec = found == kCodecs.end() ? kCodecs.front() : *found;
    const auto size = chooseOutputSize(source, options, kContainers.front());
    if (!size)
        return 0;
    const double start = std::max(0.0, options.startSeconds.value_or(0));
    const double end = std::min(source.durationSeconds, options.endSeconds.value_or(source.durationSeconds));
    const double seconds = std::max(0.0, end - start);
    const double share = source.durationSeconds > 0 ? seconds / source.durationSeconds : 1;
    const double frames = std::max(1.0, double(source.video.frameCount) * share);
    double bits = frames * size->uprightWidth * size->uprightHeight * codec.bitsPerPixel;
    if (options.crf && codec.defaultCrf)
        bits *= std::exp2((*codec.defaultCrf - *options.crf) / crfHalving);
    if (source.video.bitDepth > 8)
        bits *= 1.2;
    if (options.bitRate)
        bits = seconds * double(*options.bitRate);
    if (source.audio && options.audio != AudioPolicy::none)
        bits += seconds * audioBitsPerSecond;
    return std::int64_t(bits / 8 * containerShare) + 4096;
}

}  // namespace lipar::media
