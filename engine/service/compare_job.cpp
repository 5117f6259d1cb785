// `compare` and the small jobs on single clips.
#include "engine/media/sample_clip.h"
#include "engine/media/video_reader.h"
#include "engine/pipeline/quality_metrics.h"
#include "engine/service/clip_setup.h"
#include "engine/service/job.h"

namespace lipar::service {

Result<CompareReport> runCompare(const CompareRequest& request, JobContext& context) {
    LIPAR_ASSIGN(media::VideoReader reference, media::VideoReader::open(request.reference, {}, context.cancel));
    // The distorted clip is scaled to the reference's size where it differs.
    media::ReaderOptions options;
    options.width = reference.info().video.uprightWidth();
    options.height = reference.info().video.uprightHeight();
    LIPAR_ASSIGN(media::VideoReader distorted, media::VideoReader::open(request.distorted, options, context.cancel));
    pipeline::ClipComparison comparison;
    std::int64_t frames = 0;
    for (;;) {
        LIPAR_ASSIGN(const std::optional<media::SourceFrame> a, reference.next());
        LIPAR_ASSIGN(const std::optional<media::SourceFrame> b, distorted.next());
        if (a.has_value() != b.has_value())
            return fail(ErrorCode::invalidArgument,
                        "the clips cannot be compared: " + (a ? request.distorted : request.reference).string() + " has fewer frames (" + std::to_string(frames) + ")",
                        "compare clips of the same length");
        if (!a)
            break;
        LIPAR_TRY(comparison.add(*a->picture, *b->picture));
        ++frames;
        context.emit(Progress{.job = context.id, .phase = Phase::measuring, .framesDone = frames, .framesTotal = std::max(frames, reference.info().video.frameCount)});
    }
    const pipeline::ClipQuality quality = comparison.result();
    CompareReport report;
    report.frames = frames;
    report.psnr = quality.psnr;
    report.ssim = quality.ssim;
    report.warpError = quality.warpError;
    report.flicker = quality.flicker;
    report.psnrPerFrame = quality.psnrPerFrame;
    return report;
}

Result<ProbeReport> runProbe(const ProbeRequest& request) {
    LIPAR_ASSIGN(const media::MediaInfo media, media::probe(request.input));
    return ProbeReport{describeClip(media)};
}

Result<MakeSampleReport> runMakeSample(const MakeSampleRequest& request) {
    LIPAR_TRY(media::writeSampleClip(request.target));
    return MakeSampleReport{request.target};
}

}  // namespace lipar::service
