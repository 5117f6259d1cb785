#include "engine/media/thumbnails.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "engine/media/frame_cursor.h"
#include "engine/media/orientation.h"
#include "engine/media/picture_converter.h"

namespace lipar::media {
namespace {

constexpr int kTallest = 4096;
constexpr int kWidest = 8192;

// The width on the screen of a picture this high.
int widthFor(const VideoStreamInfo& video, int height) {
    const double sample = video.sampleAspect.isValid() ? video.sampleAspect.value() : 1;
    const double stored = double(video.storedWidth) * sample / std::max(1, video.storedHeight);
    const double aspect = video.rotation % 180 == 0 ? stored : 1 / stored;
    return std::clamp(int(std::lround(height * aspect)), 1, kWidest);
}

}  // namespace

Result<> makeThumbnails(const std::filesystem::path& path, std::span<const double> seconds, int height,
                        const std::function<Result<>(double seconds, PicturePtr picture)>& deliver,
                        CancelToken cancel) {
    if (height < 1 || height > kTallest)
        return fail(ErrorCode::invalidArgument,
                    "cannot make thumbnails " + std::to_string(height) + " pixels high: the height is out of range");
    if (!std::ranges::is_sorted(seconds))
        return fail(ErrorCode::invalidArgument, "cannot make thumbnails: the times are not ascending");
    if (seconds.empty())
        return {};
    LIPAR_ASSIGN(FrameCursor cursor, FrameCursor::open(path, cancel));
    const VideoStreamInfo& video = cursor.info().video;
    FrameToPicture converter(widthFor(video, height), height, orientationOf(video));
    const double tick = video.timeBase.value();
    const auto timestampAt = [&](double time) {
        return cursor.firstTimestamp() + std::int64_t(std::floor(std::max(0.0, time) / tick + 1e-3));
    };

    std::shared_ptr<const AVFrame> lastFrame;
    PicturePtr lastPicture;
    for (std::size_t i = 0; i < seconds.size(); ++i) {
        LIPAR_TRY(cancel.check());
        const std::int64_t wanted = timestampAt(seconds[i]);
        std::int64_t tolerance = std::int64_t(1) << 40;
        if (i > 0)
            tolerance = std::min(tolerance, (wanted - timestampAt(seconds[i - 1])) / 2);
        if (i + 1 < seconds.size())
            tolerance = std::min(tolerance, (timestampAt(seconds[i + 1]) - wanted) / 2);
        if (seconds.size() == 1)
            tolerance = 0;
        const auto isNearEnough = [&](std::int64_t timestamp) { return std::abs(timestamp - wanted) <= tolerance; };
        if (tolerance > cursor.nominalDuration()) {
            const std::optional<std::int64_t> key = cursor.nearestKeyFrame(wanted);
            if (key && isNearEnough(*key))
                LIPAR_TRY(cursor.moveToKeyFrame(*key));
        }
        const bool isThere =
            tolerance > cursor.nominalDuration() && cursor.current() && isNearEnough(cursor.current()->timestamp);
        if (!isThere)
            LIPAR_TRY(cursor.moveToShown(wanted));
        if (!cursor.current())
            return fail(ErrorCode::decodeFailed, "cannot decode " + path.string() + ": no frame is whole there",
                        "check that it plays elsewhere, or copy it again");
        const std::shared_ptr<const AVFrame> frame = cursor.current()->frame;
        if (!lastPicture || frame != lastFrame) {
            LIPAR_ASSIGN(Picture picture, converter.convert(*frame));
            lastPicture = std::make_shared<const Picture>(std::move(picture));
            lastFrame = frame;
        }
        LIPAR_TRY(deliver(seconds[i], lastPicture));
    }
    return {};
}

}  // namespace lipar::media
