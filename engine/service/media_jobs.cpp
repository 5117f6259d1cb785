// Thumbnails, waveforms and proxies: decoding for drawing.
#include <system_error>

#include "engine/media/proxy.h"
#include "engine/media/thumbnails.h"
#include "engine/media/waveform.h"
#include "engine/service/job.h"

namespace lipar::service {

Result<ThumbnailsReport> runThumbnails(const ThumbnailsRequest& request, JobContext& context) {
    ThumbnailsReport report;
    const auto deliver = [&](double seconds, PicturePtr picture) -> Result<> {
        ++report.count;
        context.emit(Thumbnail{context.id, seconds, std::move(picture)});
        return {};
    };
    LIPAR_TRY(media::makeThumbnails(request.input, request.seconds, request.height, deliver, context.cancel));
    return report;
}

Result<WaveformReport> runWaveform(const WaveformRequest& request, JobContext& context) {
    const auto progress = [&](double done) { context.progress(Phase::measuring, std::int64_t(done * 1000), 1000); };
    LIPAR_ASSIGN(media::Waveform waveform, media::readWaveform(request.input, request.peaksPerSecond, context.cancel, progress));
    return WaveformReport{waveform.peaksPerSecond, waveform.startSeconds, std::move(waveform.peaks)};
}

Result<ProxyReport> runProxy(const ProxyRequest& request, JobContext& context) {
    std::error_code ignored;  // a folder that cannot be made is told by the file
    std::filesystem::create_directories(request.output.parent_path(), ignored);
    const auto progress = [&](double done) { context.progress(Phase::converting, std::int64_t(done * 1000), 1000); };
    LIPAR_ASSIGN(const bool isNeeded, media::makeProxy(request.input, request.output, progress, context.cancel));
    return ProxyReport{isNeeded};
}

}  // namespace lipar::service
