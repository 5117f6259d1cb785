#include "app/jobs/export_request.h"

#include <algorithm>

#include "app/jobs/timeline_request.h"

namespace lipar::jobs {

namespace {

bool isPlain(const project::ClipSound& sound) {
    return sound.gainDb == 0 && !sound.muted && sound.fadeIn == Rational{0, 1} && sound.fadeOut == Rational{0, 1};
}

std::int64_t atRate(std::int64_t frame, const Rational& from, const Rational& to) {
    return (Rational{frame, 1} / from * to).rounded();
}

}  // namespace

const project::Clip* wholeClip(const project::Project& project) {
    const project::Clip* picture = nullptr;
    const project::Clip* sound = nullptr;
    for (const auto& track : project.tracks) {
        for (const auto& clip : track.clips) {
            auto& place = track.kind == project::TrackKind::video ? picture : sound;
            if (place || track.muted)
                return nullptr;
            place = &clip;
        }
    }
    if (!picture || !picture->edit.enabled || !(picture->start == Rational{0, 1}) ||
        !(picture->sourceStart == Rational{0, 1}) || !(picture->speed == Rational{1, 1}))
        return nullptr;
    const auto* source = project::findSource(project, picture->source);
    // The clip's end lies on the timeline's frame grid, the source's anywhere.
    const auto frame = Rational{1, 1} / project.format.rate;
    if (!source || source->duration > picture->duration + frame)
        return nullptr;
    if (source->hasSound != (sound != nullptr))
        return nullptr;
    if (sound && (sound->source != picture->source || !(sound->start == picture->start) ||
                  !(sound->sourceStart == Rational{0, 1}) || !(sound->speed == Rational{1, 1}) ||
                  !(sound->duration == picture->duration) || !isPlain(sound->sound)))
        return nullptr;
    return picture;
}

Result<service::Request> exportRequest(const project::Project& project, const ExportSettings& settings,
                                       const service::EngineChoice& engine, const service::EditCacheSettings& cache,
                                       bool dryRun) {
    auto flat = timelineOf(project);
    if (flat.timeline.frames <= 0)
        return lipar::fail(ErrorCode::invalidArgument, "there is nothing to export: the timeline is empty",
                           "put a clip on the timeline first");
    for (auto& edit : flat.edits) {
        edit.engine.device = engine.device;
        edit.engine.precision = engine.precision;
    }
    service::OutputSettings output;
    output.path = settings.file;
    output.codec = settings.codec;
    output.container = settings.container;
    output.crf = settings.crf;
    if (settings.keepSource) {
        const auto* clip = wholeClip(project);
        if (!clip || flat.edits.size() != 1)
            return lipar::fail(ErrorCode::invalidArgument,
                               "the source's frames cannot be kept: the timeline is not one whole edited clip",
                               "export the timeline instead");
        service::EditRequest request;
        request.input = project::findSource(project, clip->source)->path;
        request.engine = flat.edits.front().engine;
        request.settings = flat.edits.front().settings;
        // All of it: the last frame of a source may lie past the clip's end on the frame grid.
        request.settings.startSeconds.reset();
        request.settings.endSeconds.reset();
        request.output = output;
        request.output.audio = settings.sound ? service::Audio::copy : service::Audio::none;
        request.cache = cache;
        request.dryRun = dryRun;
        return request;
    }
    service::RenderRequest request;
    request.timeline = std::move(flat.timeline);
    request.edits = std::move(flat.edits);
    request.firstFrame = settings.firstFrame;
    request.endFrame = settings.endFrame;
    if (settings.width > 0 && settings.height > 0) {
        request.timeline.width = settings.width;
        request.timeline.height = settings.height;
    }
    if (settings.rate.isValid()) {
        const auto old = request.timeline.rate;
        request.timeline.rate = settings.rate;
        request.timeline.frames = std::max<std::int64_t>(1, atRate(request.timeline.frames, old, settings.rate));
        request.firstFrame = atRate(request.firstFrame, old, settings.rate);
        if (request.endFrame >= 0)
            request.endFrame = atRate(request.endFrame, old, settings.rate);
    }
    request.output = output;
    request.output.audio = settings.sound ? service::Audio::aac : service::Audio::none;
    if (settings.bitRate) {
        request.bitRate = settings.bitRate;
        request.output.crf.reset();
    }
    request.cache = cache;
    request.dryRun = dryRun;
    return request;
}

}  // namespace lipar::jobs
