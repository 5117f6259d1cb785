#include "engine/service/cache_fill.h"

#include <algorithm>
#include <cmath>

#include "engine/service/edit_cache_writer.h"

namespace lipar::service {
namespace {

// The source times that an entry shows within a range of frames.
std::pair<double, double> shownTimes(const TimelinePictures& entry, const Timeline& timeline, std::int64_t firstFrame, std::int64_t endFrame) {
    const Rational first = std::max(entry.start, Rational{firstFrame, 1} / timeline.rate);
    const Rational end = std::min(entry.start + entry.duration, Rational{endFrame, 1} / timeline.rate);
    const auto sourceTime = [&](const Rational& time) { return (entry.sourceStart + (time - entry.start) * entry.speed).value(); };
    return {sourceTime(first), sourceTime(end)};
}

}  // namespace

Result<std::vector<NeededEdit>> neededEdits(const RenderRequest& request, std::int64_t firstFrame, std::int64_t endFrame, const EditCache& cache, JobContext& context) {
    std::vector<NeededEdit> needed;
    const Timeline& timeline = request.timeline;
    for (std::size_t i = 0; i < timeline.pictures.size(); ++i) {
        const TimelinePictures& entry = timeline.pictures[i];
        if (!isEditedWithin(entry, timeline, firstFrame, endFrame))
            continue;
        if (std::size_t(entry.edit) >= request.edits.size())
            return fail(ErrorCode::invalidArgument, "the timeline cannot be rendered: a clip names an edit that is not there");
        LIPAR_TRY(context.cancel.check());
        const TimelineEdit& edit = request.edits[std::size_t(entry.edit)];
        LIPAR_ASSIGN(std::shared_ptr<CachedEdit> cached, context.playback.edits.find(entry.input, edit, cache, request.cache.folder, context));
        const auto [from, to] = shownTimes(entry, timeline, firstFrame, endFrame);
        auto same = std::ranges::find(needed, cached, &NeededEdit::cached);
        if (same == needed.end())
            same = needed.insert(needed.end(), NeededEdit{entry.input, entry.edit, from, to, {}, cached, 0});
        same->from = std::min(same->from, from);
        same->to = std::max(same->to, to);
        same->entries.push_back(i);
    }
    for (NeededEdit& one : needed) {
        const EditIdentity& identity = one.cached->identity();
        const double begin = double(identity.range.begin) / 1e6, end = double(identity.range.end) / 1e6;
        one.from = std::clamp(one.from, begin, end);
        one.to = std::clamp(one.to, begin, end);
        if (!one.cached->covers(one.from, one.to))
            one.frames = std::max<std::int64_t>(1, std::llround((one.to - begin) / identity.frameSeconds));
    }
    return needed;
}

Result<> fillCache(const NeededEdit& needed, const TimelineEdit& edit, const EditCache& cache, std::filesystem::file_time_type keepFrom,
                   const std::function<void(const FilledBlock&)>& onBlock, DeviceInfo& device, JobContext& context) {
    LIPAR_ASSIGN(const ClipSetup setup, setUpClip(needed.input, edit.engine, edit.settings, context));
    device = setup.device.info;
    const Rational timeBase = setup.media.video.timeBase;
    EditCacheWriter writer(cache, needed.cached->identity(), timeBase, EditCacheWriter::OnError::fail, keepFrom);
    bool isEnough = false;
    const auto take = [&](pipeline::EditedBlock&& block) -> Result<> {
        onBlock({int(block.source.size()), block.kept, block.total});
        const media::SourceFrame& last = block.source.back();
        // A frame more than is needed: times are rounded on their way here.
        isEnough = isEnough || last.seconds > needed.to;
        return writer.write(std::make_shared<const pipeline::EditedBlock>(std::move(block)));
    };
    LIPAR_ASSIGN(const std::unique_ptr<pipeline::BlockEditor> editor,
                 pipeline::BlockEditor::create(setup.model, setup.parameters, setup.size, context.cancel, take));
    std::int64_t damagedFrames = 0;
    LIPAR_TRY(editAllFrames(setup, edit.settings, *editor, context.cancel, damagedFrames, [&] { return isEnough; }));
    LIPAR_TRY(writer.finish(!isEnough));
    needed.cached->refresh();
    return {};
}

}  // namespace lipar::service
