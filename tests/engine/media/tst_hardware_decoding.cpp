// Decoding by a GPU: which streams it is asked for, surfaces to planes, and that the CPU takes over wherever it fails,
// without a frame lost, repeated or changed. The GPU itself only where there is one; `lipar-decoding-comparison` does
// more there.
#include <QTest>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>
#include <random>

#include "engine/core/log.h"
#include "engine/media/cuda_codec.h"
#include "engine/media/demuxer.h"
#include "engine/media/fallback_codec.h"
#include "engine/media/hardware_decoding.h"
#include "engine/media/plane_split.h"
#include "engine/media/source_pool.h"
#include "engine/media/timeline_video.h"
#include "timeline_test_support.h"

using namespace lipar;
using namespace lipar::media;
using namespace mediatest;

namespace {

constexpr int kNoSuchDevice = 126;

struct Shown {
    std::int64_t timestamp = 0;
    std::string samples;
    friend bool operator==(const Shown&, const Shown&) = default;
};

Shown shownOf(const AVFrame& frame) {
    Shown shown{frame.pts, {}};
    for (int plane = 0; plane < 3; ++plane) {
        const int shift = plane == 0 ? 0 : 1;
        for (int y = 0; y < AV_CEIL_RSHIFT(frame.height, shift); ++y)
            shown.samples.append(
                reinterpret_cast<const char*>(frame.data[plane]) + std::ptrdiff_t(y) * frame.linesize[plane],
                std::size_t(AV_CEIL_RSHIFT(frame.width, shift)));
    }
    return shown;
}

enum class Failing { never, sending, receiving, damagedFrame };

// A decoder that works until it has seen this many packets or given this many frames, then never again.
class FailingCodec : public VideoCodec {
public:
    FailingCodec(std::unique_ptr<VideoCodec> codec, Failing how, int after)
        : m_codec(std::move(codec)), m_how(how), m_left(after) {}

    int send(const AVPacket* packet, AVDiscard skip) override {
        if (m_how == Failing::sending && m_left-- <= 0)
            return AVERROR_EXTERNAL;
        return m_codec->send(packet, skip);
    }
    Result<int> receive(AVFrame& frame) override {
        const auto received = m_codec->receive(frame);
        if (m_how == Failing::never || m_how == Failing::sending || !received || *received < 0 || m_left-- > 0)
            return received;
        if (m_how == Failing::damagedFrame) {
            frame.flags |= AV_FRAME_FLAG_CORRUPT;
            return 0;
        }
        av_frame_unref(&frame);
        return AVERROR_EXTERNAL;
    }
    void flush() override { m_codec->flush(); }

private:
    std::unique_ptr<VideoCodec> m_codec;
    Failing m_how;
    int m_left;
};

class CountingCodec : public VideoCodec {
public:
    CountingCodec(std::unique_ptr<VideoCodec> codec, int& packets) : m_codec(std::move(codec)), m_packets(packets) {}

    int send(const AVPacket* packet, AVDiscard skip) override {
        m_packets += packet != nullptr;
        return m_codec->send(packet, skip);
    }
    Result<int> receive(AVFrame& frame) override { return m_codec->receive(frame); }
    void flush() override { m_codec->flush(); }

private:
    std::unique_ptr<VideoCodec> m_codec;
    int& m_packets;
};

// Frames of a clip from a place on (seconds) through a codec.
class Playing {
public:
    explicit Playing(const fs::path& file) : m_demuxer(*Demuxer::open(file)), m_stream(*m_demuxer.videoStream()) {
        m_demuxer.keepStreams([this](const AVStream& other) { return other.index == m_stream->index; });
        m_openOnCpu = [this, file] { return openSoftwareCodec(*m_stream, file); };
    }
    [[nodiscard]] std::unique_ptr<VideoCodec> cpu() const { return *m_openOnCpu(); }
    [[nodiscard]] std::unique_ptr<VideoCodec> failing(Failing how, int after) {
        const auto openSecond = [this]() -> Result<std::unique_ptr<VideoCodec>> {
            return std::make_unique<CountingCodec>(cpu(), m_packetsOfSecond);
        };
        return std::make_unique<FallbackCodec>(std::make_unique<FailingCodec>(cpu(), how, after), openSecond, "clip");
    }
    // That the decoder which took over was given.
    [[nodiscard]] int packetsOfSecond() const noexcept { return m_packetsOfSecond; }
    void seek(VideoCodec& codec, double seconds) {
        QVERIFY(m_demuxer.seek(*m_stream, std::int64_t(seconds * m_stream->time_base.den / m_stream->time_base.num)));
        codec.flush();
    }
    // All that follow, at most `count`.
    [[nodiscard]] std::vector<Shown> frames(VideoCodec& codec,
                                            std::size_t count = std::numeric_limits<std::size_t>::max()) {
        std::vector<Shown> shown;
        const av::PacketPtr packet = av::makePacket();
        const av::FramePtr frame = av::makeFrame();
        while (shown.size() < count) {
            const int received = *codec.receive(*frame);
            if (received == AVERROR_EOF)
                break;
            if (received >= 0)
                shown.push_back(shownOf(*frame));
            av_frame_unref(frame.get());
            if (received != AVERROR(EAGAIN))
                continue;
            const bool isPacket = *m_demuxer.read(*packet) == Demuxer::ReadStatus::packet;
            (void)codec.send(isPacket ? packet.get() : nullptr, AVDISCARD_DEFAULT);
            av_packet_unref(packet.get());
        }
        return shown;
    }

private:
    Demuxer m_demuxer;
    AVStream* m_stream;
    FallbackCodec::Open m_openOnCpu;
    int m_packetsOfSecond = 0;
};

std::vector<Shown> decoded(const fs::path& file) {
    Playing playing(file);
    const auto codec = playing.cpu();
    return playing.frames(*codec);
}

// Lines of the log while it lives.
class LogLines {
public:
    LogLines() {
        setLogSink([this](LogLevel level, std::string_view line) {
            if (level != LogLevel::debug)
                m_lines.emplace_back(line);
        });
    }
    ~LogLines() { setLogSink({}); }
    LogLines(const LogLines&) = delete;
    LogLines& operator=(const LogLines&) = delete;
    [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return m_lines; }

private:
    std::vector<std::string> m_lines;
};

bool sameFrames(const std::vector<SourceFrame>& a, const std::vector<SourceFrame>& b) {
    return std::ranges::equal(a, b, [](const SourceFrame& x, const SourceFrame& y) {
        return x.timestamp == y.timestamp && x.duration == y.duration && x.picture->rgb == y.picture->rgb;
    });
}

}  // namespace

class TestHardwareDecoding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (!hasFfmpeg())
            QSKIP("needs the ffmpeg program");
    }

    void onlyExactStreamsAreTaken() {
        QVERIFY(isExactOnNvdec(AV_CODEC_ID_H264, FF_PROFILE_H264_HIGH, AV_PIX_FMT_YUV420P));
        QVERIFY(isExactOnNvdec(AV_CODEC_ID_H264, FF_PROFILE_H264_CONSTRAINED_BASELINE, AV_PIX_FMT_YUVJ420P));
        QVERIFY(isExactOnNvdec(AV_CODEC_ID_HEVC, FF_PROFILE_HEVC_MAIN_10, AV_PIX_FMT_YUV420P10));
        QVERIFY(isExactOnNvdec(AV_CODEC_ID_VP9, FF_PROFILE_VP9_2, AV_PIX_FMT_YUV420P10));
        QVERIFY(isExactOnNvdec(AV_CODEC_ID_AV1, FF_PROFILE_AV1_MAIN, AV_PIX_FMT_YUV420P10));
        QVERIFY(isExactOnNvdec(AV_CODEC_ID_VP8, FF_PROFILE_UNKNOWN, AV_PIX_FMT_YUV420P));
        // Lossless, ten bits, 4:2:2, 4:4:4, twelve bits, grey, and codecs whose standards leave the last bit open.
        QVERIFY(!isExactOnNvdec(AV_CODEC_ID_H264, FF_PROFILE_H264_HIGH_444_PREDICTIVE, AV_PIX_FMT_YUV420P));
        QVERIFY(!isExactOnNvdec(AV_CODEC_ID_H264, FF_PROFILE_H264_HIGH_10, AV_PIX_FMT_YUV420P10));
        QVERIFY(!isExactOnNvdec(AV_CODEC_ID_H264, FF_PROFILE_H264_HIGH_422, AV_PIX_FMT_YUV422P));
        QVERIFY(!isExactOnNvdec(AV_CODEC_ID_HEVC, FF_PROFILE_HEVC_REXT, AV_PIX_FMT_YUV444P));
        QVERIFY(!isExactOnNvdec(AV_CODEC_ID_VP9, FF_PROFILE_VP9_2, AV_PIX_FMT_YUV420P12));
        QVERIFY(!isExactOnNvdec(AV_CODEC_ID_AV1, FF_PROFILE_AV1_MAIN, AV_PIX_FMT_GRAY8));
        QVERIFY(!isExactOnNvdec(AV_CODEC_ID_MPEG2VIDEO, FF_PROFILE_MPEG2_MAIN, AV_PIX_FMT_YUV420P));
        QVERIFY(!isExactOnNvdec(AV_CODEC_ID_MPEG4, FF_PROFILE_UNKNOWN, AV_PIX_FMT_YUV420P));
    }

    void decodersAreFFmpegsOwn() {
        QVERIFY(!nvdecDecoder(AV_CODEC_ID_FFV1));
        QVERIFY(!nvdecDecoder(AV_CODEC_ID_PRORES));
        if (!nvdecDecoder(AV_CODEC_ID_H264))
            QSKIP("this FFmpeg has nothing for NVDEC");
        // Not the wrappers of NVIDIA's parsers, and for AV1 another one than the CPU's.
        QCOMPARE(QString(nvdecDecoder(AV_CODEC_ID_H264)->name), QString("h264"));
        QCOMPARE(QString(nvdecDecoder(AV_CODEC_ID_HEVC)->name), QString("hevc"));
        QCOMPARE(QString(nvdecDecoder(AV_CODEC_ID_VP9)->name), QString("vp9"));
        QCOMPARE(QString(nvdecDecoder(AV_CODEC_ID_AV1)->name), QString("av1"));
    }

    void eightBitChromaIsSplitAsSwscaleDoes() {
        constexpr int width = 94, height = 62;
        const av::FramePtr pairs = av::makeFrame(), planes = av::makeFrame();
        for (const auto& [frame, format] :
             {std::pair{pairs.get(), AV_PIX_FMT_NV12}, {planes.get(), AV_PIX_FMT_YUV420P}}) {
            frame->format = format;
            frame->width = width;
            frame->height = height;
            QVERIFY(av_frame_get_buffer(frame, 0) >= 0);
        }
        std::mt19937 random(5);
        for (const int plane : {0, 1})
            for (int i = 0; i < pairs->linesize[plane] * (plane == 0 ? height : height / 2); ++i)
                pairs->data[plane][i] = std::uint8_t(random());
        const av::ScalerPtr scaler(sws_getContext(width, height, AV_PIX_FMT_NV12, width, height, AV_PIX_FMT_YUV420P,
                                                  SWS_POINT, nullptr, nullptr, nullptr));
        QVERIFY(scaler);
        sws_scale(scaler.get(), pairs->data, pairs->linesize, 0, height, planes->data, planes->linesize);

        std::vector<std::uint8_t> cb(width / 2 * height / 2), cr(cb.size());
        splitChroma<std::uint8_t>(pairs->data[1], pairs->linesize[1], cb.data(), width / 2, cr.data(), width / 2,
                                  width / 2, height / 2, 0);
        for (int y = 0; y < height / 2; ++y) {
            const std::size_t at = std::size_t(y) * (width / 2);
            QVERIFY(std::memcmp(cb.data() + at, planes->data[1] + y * planes->linesize[1], width / 2) == 0);
            QVERIFY(std::memcmp(cr.data() + at, planes->data[2] + y * planes->linesize[2], width / 2) == 0);
        }
    }

    void tenBitSamplesAreMovedDown() {
        constexpr int columns = 31, rows = 7, stride = 80;  // samples
        std::vector<std::uint16_t> pairs(stride * rows), cb(stride * rows, 7), cr(stride * rows, 7),
            luma(stride * rows);
        std::mt19937 random(6);
        for (std::uint16_t& sample : pairs)
            sample = std::uint16_t((random() % 1024) << 6);
        luma = pairs;
        const auto bytes = [](std::vector<std::uint16_t>& samples) {
            return reinterpret_cast<std::uint8_t*>(samples.data());
        };
        splitChroma<std::uint16_t>(bytes(pairs), 2 * stride, bytes(cb), 2 * stride, bytes(cr), 2 * stride, columns,
                                   rows, 6);
        lowerSamples(bytes(luma), 2 * stride, columns, rows, 6);
        for (std::size_t y = 0; y < rows; ++y) {
            for (std::size_t x = 0; x < columns; ++x) {
                QCOMPARE(int(cb[y * stride + x]), pairs[y * stride + 2 * x] / 64);
                QCOMPARE(int(cr[y * stride + x]), pairs[y * stride + 2 * x + 1] / 64);
                QCOMPARE(int(luma[y * stride + x]), pairs[y * stride + x] / 64);
            }
            QCOMPARE(int(cb[y * stride + columns]), 7);  // nothing beyond
            QCOMPARE(int(luma[y * stride + columns]), int(pairs[y * stride + columns]));
        }
    }

    void theCpuTakesOverWhereverTheDeviceFails_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arguments");
        QTest::newRow("h264") << "a.mp4"
                              << "-c:v libx264 -g 12 -bf 3";
        QTest::newRow("h264 open groups")
            << "a.mp4"
            << "-c:v libx264 -g 12 -bf 3 -x264-params open-gop=1:bframes=3:b-pyramid=normal";
        QTest::newRow("h264 transport stream") << "a.ts"
                                               << "-c:v libx264 -g 12 -bf 2";
        QTest::newRow("hevc open groups") << "a.mkv"
                                          << "-c:v libx265 -x265-params log-level=none:keyint=12:open-gop=1:bframes=4";
        QTest::newRow("vp9") << "a.webm"
                             << "-c:v libvpx-vp9 -g 12 -deadline realtime -cpu-used 8";
        QTest::newRow("one key frame") << "a.mkv"
                                       << "-c:v libx264 -g 999";
    }
    void theCpuTakesOverWhereverTheDeviceFails() {
        QFETCH(QString, name);
        QFETCH(QString, arguments);
        const Workshop shop;
        const fs::path file = shop.make(name, testPicture("96x64", 25, 2) + " -pix_fmt yuv420p " + arguments);
        const std::vector<Shown> whole = decoded(file);
        QCOMPARE(whole.size(), std::size_t(50));
        for (const Failing how : {Failing::sending, Failing::receiving, Failing::damagedFrame})
            for (int after = 0; after < 52; after += after < 30 ? 1 : 5) {
                const LogLines log;
                Playing playing(file);
                const auto codec = playing.failing(how, after);
                QVERIFY2(playing.frames(*codec) == whole, qPrintable(QString("%1 %2").arg(int(how)).arg(after)));
                const bool hasFailed = after < 50 || (how == Failing::sending && after == 50);
                QCOMPARE(log.lines().size(), std::size_t(hasFailed));  // the end is a packet too
            }
    }

    void onlyTheLastGroupIsDecodedAgain() {
        const Workshop shop;
        const fs::path file = shop.make(
            "a.mp4", testPicture("96x64", 25, 4) + " -pix_fmt yuv420p -c:v libx264 -g 12 -keyint_min 12 -bf 3");
        for (const int after : {30, 60, 90}) {
            Playing playing(file);
            const auto codec = playing.failing(Failing::receiving, after);
            QCOMPARE(playing.frames(*codec).size(), std::size_t(100));
            const int lastKeyFrame = (after - 1) / 12 * 12;  // handed out
            QCOMPARE(playing.packetsOfSecond(), 100 - lastKeyFrame);
        }
    }

    void aSeekForgetsWhatWasKept() {
        const Workshop shop;
        const fs::path file =
            shop.make("a.mp4", testPicture("96x64", 25, 4) + " -pix_fmt yuv420p -c:v libx264 -g 12 -bf 3");
        Playing plain(file);
        const auto onCpu = plain.cpu();
        (void)plain.frames(*onCpu, 70);
        plain.seek(*onCpu, 1.0);
        const std::vector<Shown> whole = plain.frames(*onCpu);
        for (const int after : {40, 69, 70, 71, 75, 90, 120}) {  // before the seek and after it
            const LogLines log;
            Playing playing(file);
            const auto codec = playing.failing(Failing::receiving, after);
            QCOMPARE(playing.frames(*codec, 70).size(), std::size_t(70));
            playing.seek(*codec, 1.0);
            QVERIFY2(playing.frames(*codec) == whole, qPrintable(QString::number(after)));
            QCOMPARE(log.lines().size(), std::size_t(1));
        }
    }

    // A decoder that tells of damage hands the file over; what comes is what the CPU alone makes of it.
    void damageIsLeftToTheCpu() {
        const Workshop shop;
        const fs::path good =
            shop.make("a.mkv", testPicture("96x64", 25, 2) + " -pix_fmt yuv420p -c:v libx264 -g 10 -bf 2");
        std::ifstream in(good, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(in), {}};
        const QJsonArray packets = ffprobe(good, "packets", "v");
        for (const int index : {20, 21, 33}) {
            const auto at = packets[index].toObject()["pos"].toString().toULongLong() + 12;
            std::fill_n(bytes.begin() + std::ptrdiff_t(at),
                        packets[index].toObject()["size"].toString().toULongLong() - 24, '\0');
        }
        const fs::path damaged = shop.path("b.mkv");
        std::ofstream(damaged, std::ios::binary) << bytes;
        const std::vector<Shown> whole = decoded(damaged);
        QVERIFY(whole.size() < 50 && whole.size() > 30);
        const LogLines log;
        Playing playing(damaged);
        const auto codec = playing.failing(Failing::never, 0);
        QVERIFY(playing.frames(*codec) == whole);
        QCOMPARE(log.lines().size(), std::size_t(1));
    }

    void withoutADeviceTheCpuDecodes() {
        const Workshop shop;
        const fs::path file =
            shop.make("a.mp4", testPicture("96x64", 25, 2) + " -pix_fmt yuv420p -c:v libx264 -g 12 -bf 3");
        QVERIFY(!hardwareDecoders(kNoSuchDevice));
        QCOMPARE(hardwareDecoders(kNoSuchDevice).error().code, ErrorCode::deviceUnavailable);
        const auto onCpu = readAll(file);
        {
            const LogLines log;
            ReaderOptions options;
            options.cudaDevice = kNoSuchDevice;
            QVERIFY(sameFrames(readAll(file, options), onCpu));
            QCOMPARE(log.lines().size(), std::size_t(nvdecDecoder(AV_CODEC_ID_H264) ? 1 : 0));
        }
        // Nor does a pool mind, and of a stream that is not for it nothing is said at all.
        const LogLines log;
        const fs::path other = shop.make("b.mkv", testPicture("96x64", 25, 0.4) + " -c:v ffv1");
        Timeline timeline;
        timeline.width = 96;
        timeline.height = 64;
        timeline.rate = {25, 1};
        timeline.frames = 10;
        timeline.pictures.push_back(pictures(other, {}, {1, 1}));
        auto compositor = TimelineCompositor::open(timeline, {}, std::make_shared<SourcePool>(kNoSuchDevice));
        QVERIFY(compositor);
        QVERIFY(compositor->compose(3));
        QVERIFY(log.lines().empty());
    }

    void aDeviceDecodesTheSameFrames_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("arguments");
        QTest::newRow("h264") << "a.mp4"
                              << "-c:v libx264 -pix_fmt yuv420p";
        QTest::newRow("hevc, ten bits") << "a.mkv"
                                        << "-c:v libx265 -x265-params log-level=none -pix_fmt yuv420p10le";
        QTest::newRow("vp9") << "a.webm"
                             << "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p";
        QTest::newRow("h264 4:2:2, which it refuses") << "a.mkv"
                                                      << "-c:v libx264 -pix_fmt yuv422p";
    }
    void aDeviceDecodesTheSameFrames() {
        if (const auto decoders = hardwareDecoders(0); !decoders)
            QSKIP(decoders.error().message.c_str());
        QFETCH(QString, name);
        QFETCH(QString, arguments);
        const Workshop shop;
        const fs::path file = shop.make(name, testPicture("320x192", 25, 2) + " " + arguments);
        ReaderOptions options;
        options.cudaDevice = 0;
        QVERIFY(sameFrames(readAll(file, options), readAll(file)));
    }
};

QTEST_GUILESS_MAIN(TestHardwareDecoding)
#include "tst_hardware_decoding.moc"
