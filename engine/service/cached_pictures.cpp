#include "engine/service/cached_pictures.h"

#include <sstream>

namespace lipar::service {
namespace {
namespace fs = std::filesystem;

// All that an edit's identity rests on, as text, with the state of the files it names.
std::string nameOf(const fs::path& input, const TimelineEdit& edit, const fs::path& cacheFolder) {
    const EditSettings& settings = edit.settings;
    std::ostringstream name;
    name << std::hexfloat;
    const auto text = [&](const std::string& value) { name << value.size() << ':' << value << '\n'; };
    const auto number = [&](const std::optional<double>& value) { name << (value ? "=" : "-") << value.value_or(0) << '\n'; };
    for (const fs::path& file : {input, settings.protectMask, settings.alwaysEditMask, settings.maskIn}) {
        std::error_code ignored;
        text(file.string());
        if (!file.empty())
            name << fs::file_size(file, ignored) << ' ' << fs::last_write_time(file, ignored).time_since_epoch().count() << '\n';
    }
    text(cacheFolder.string());
    text(edit.engine.model.string());
    text(edit.engine.device);
    text(settings.prompt);
    for (const auto& [seconds, prompt] : settings.promptChanges) {
        number(seconds);
        text(prompt);
    }
    for (const int step : settings.steps)
        name << step << ',';
    name << int(edit.engine.precision) << ' ' << settings.width << ' ' << settings.height << ' ' << settings.seed << ' ' << settings.pruning << ' '
         << int(settings.recovery) << ' ' << int(settings.keys) << '\n';
    for (const auto& value : {settings.startSeconds, settings.endSeconds, settings.strength, settings.shift, settings.tau1, settings.tau2, settings.minKept, settings.targetFps})
        number(value);
    return name.str();
}

}  // namespace

Result<std::shared_ptr<CachedEdit>> KnownEdits::find(const fs::path& input, const TimelineEdit& edit, const EditCache& cache, const fs::path& cacheFolder,
                                                     JobContext& context) {
    const std::string name = nameOf(input, edit, cacheFolder);
    auto known = m_edits.find(name);
    if (known == m_edits.end()) {
        LIPAR_ASSIGN(const EditBasis basis, basisOfEdit(input, edit.engine, edit.settings, context.models));
        LIPAR_ASSIGN(EditIdentity identity, identityOf(basis, edit.settings, context.cancel));
        if (m_edits.size() >= kMost)
            m_edits.clear();
        known = m_edits.emplace(name, std::make_shared<CachedEdit>(cache, std::move(identity))).first;
    }
    known->second->refresh();
    return known->second;
}

std::optional<CachedEdit::Place> CachedPictures::place(int entry, Rational seconds) const {
    const auto& edit = m_edits[std::size_t(entry)];
    return edit ? edit->find(seconds.value(), m_take == Take::exactOnly) : std::nullopt;
}

Result<media::PictureSource::Answer> CachedPictures::edited(std::size_t entry, Rational seconds) {
    const auto& edit = m_edits[entry];
    if (!edit || !edit->reaches(seconds.value()))
        return Answer{};
    PicturePtr picture;
    if (const auto found = place(int(entry), seconds))
        picture = edit->picture(*found);
    if (!picture && m_take == Take::exactOnly)
        return fail(ErrorCode::outputFailed, "cannot write the timeline: an edited block disappeared from the cache", "start the export again; a larger cache helps");
    return Answer{picture, !picture};
}

bool isEditedWithin(const TimelinePictures& entry, const Timeline& timeline, std::int64_t firstFrame, std::int64_t endFrame) {
    const Rational first = Rational{firstFrame, 1} / timeline.rate, end = Rational{endFrame, 1} / timeline.rate;
    return entry.edit >= 0 && entry.start < end && entry.start + entry.duration > first;
}

}  // namespace lipar::service
