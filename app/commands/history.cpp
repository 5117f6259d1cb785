#include "app/commands/history.h"

#include <deque>
#include <iterator>
#include <map>
#include <utility>

#include "app/commands/apply.h"
#include "app/commands/clip_groups.h"
#include "app/commands/clip_shape.h"

namespace lipar::commands {
namespace {

struct Step {
    Patch patch;
    std::string name;
    std::string mergeKey;
    std::uint64_t state = 0;  // of the project after it
};

void rollBack(Draft& draft, project::Project& project) {
    Patch patch = draft.patch();
    reverse(patch);
    apply(patch, project);
}

// A range that grew on the way of a drag and is not needed where it ended is as it was before.
void settleMergedRanges(Patch& patch, project::Project& project) {
    IdSet clips;
    for (const auto& change : patch.clips) {
        if (change.before && change.after && isSameEdit(change.before->clip.edit, change.after->clip.edit))
            clips.insert(change.after->clip.id);
    }
    std::map<Id, project::ClipEdit> edits;
    for (const FoundClip& found : find(project, clips)) {
        if (found.track->kind == project::TrackKind::video)
            edits[found.clip->id] = found.clip->edit;
    }
    for (const auto& change : patch.clips) {
        if (const auto edit = change.before ? edits.find(change.before->clip.id) : edits.end(); edit != edits.end()) {
            // The media may have become shorter on the way.
            const Rational duration = project::findSource(project, change.before->clip.source)->duration;
            edit->second.rangeStart = std::min(change.before->clip.edit.rangeStart, duration);
            edit->second.rangeEnd = std::min(change.before->clip.edit.rangeEnd, duration);
        }
    }
    Draft draft(project);
    draft.modify(clips, [&edits](project::Clip& clip) {
        if (const auto edit = edits.find(clip.id); edit != edits.end())
            clip.edit = edit->second;
    });
    draft.settleRanges();
    patch = composed(std::move(patch), draft.patch());
}

}  // namespace

struct History::State {
    project::Project project;
    std::deque<Step> done;    // the latest last
    std::deque<Step> undone;  // the next to redo last
    std::uint64_t revision = 0;
    std::uint64_t firstState = 0;  // before the oldest step
    std::uint64_t lastState = 0;   // the largest given
    bool mayMerge = false;

    void remember(Step step);
    [[nodiscard]] Result<Touched> perform(const std::vector<const Command*>& commands, std::string name,
                                          const std::string& mergeKey);
};

void History::State::remember(Step step) {
    undone.clear();
    ++revision;
    step.state = ++lastState;
    const bool merges = mayMerge && !step.mergeKey.empty() && !done.empty() && done.back().mergeKey == step.mergeKey;
    mayMerge = !step.mergeKey.empty();
    if (!merges) {
        done.push_back(std::move(step));
        if (done.size() > stepLimit) {
            firstState = done.front().state;
            done.pop_front();
        }
        return;
    }
    done.back().state = step.state;
    done.back().patch = composed(std::move(done.back().patch), std::move(step.patch));
    settleMergedRanges(done.back().patch, project);
    if (done.back().patch.isEmpty()) {  // dragged back to where it was
        done.pop_back();
        mayMerge = false;
    }
}

Result<Touched> History::State::perform(const std::vector<const Command*>& commands, std::string name,
                                        const std::string& mergeKey) {
    Draft draft(project);
    for (const Command* const command : commands) {
        auto done = std::visit([&draft](const auto& each) { return applyTo(draft, each); }, *command);
        if (done)
            done = draft.settle();
        if (!done) {
            rollBack(draft, project);
            return std::unexpected(std::move(done).error());
        }
    }
    Patch patch = draft.patch();
    if (patch.isEmpty())
        return Touched{};
    Touched touched = touchedBy(patch);
    if (!draft.added().empty())
        touched.added = draft.added();
    remember({std::move(patch), std::move(name), mergeKey});
    return touched;
}

History::History(project::Project start) : m_state(std::make_unique<State>()) {
    m_state->project = std::move(start);
}
History::~History() = default;
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;

const project::Project& History::project() const noexcept {
    return m_state->project;
}

Result<Touched> History::perform(const Command& command, const std::string& mergeKey) {
    return m_state->perform({&command}, nameOf(command), mergeKey);
}

Result<Touched> History::performAll(const std::vector<Command>& commands, const std::string& name) {
    std::vector<const Command*> all;
    for (const Command& command : commands)
        all.push_back(&command);
    return m_state->perform(all, name, {});
}

void History::endMerge() {
    m_state->mayMerge = false;
}

bool History::canUndo() const noexcept {
    return !m_state->done.empty();
}

bool History::canRedo() const noexcept {
    return !m_state->undone.empty();
}

std::string History::undoName() const {
    return canUndo() ? m_state->done.back().name : std::string();
}

std::string History::redoName() const {
    return canRedo() ? m_state->undone.back().name : std::string();
}

Touched History::undo() {
    Step step = std::move(m_state->done.back());
    m_state->done.pop_back();
    reverse(step.patch);
    apply(step.patch, m_state->project);
    Touched touched = touchedBy(step.patch);
    reverse(step.patch);
    m_state->undone.push_back(std::move(step));
    m_state->mayMerge = false;
    ++m_state->revision;
    return touched;
}

Touched History::redo() {
    Step step = std::move(m_state->undone.back());
    m_state->undone.pop_back();
    apply(step.patch, m_state->project);
    Touched touched = touchedBy(step.patch);
    m_state->done.push_back(std::move(step));
    m_state->mayMerge = false;
    ++m_state->revision;
    return touched;
}

std::uint64_t History::revision() const noexcept {
    return m_state->revision;
}

std::uint64_t History::state() const noexcept {
    return m_state->done.empty() ? m_state->firstState : m_state->done.back().state;
}

std::string nameOf(const Command& command) {
    static constexpr const char* kNames[] = {
        "Import media", "Remove media", "Relink media",    "Add clip",      "Move clips",     "Trim clip",
        "Split clip",   "Delete clips", "Roll cut",        "Slip clip",     "Change speed",   "Change cross-fade",
        "Rename clip",  "Change edit",  "Change sound",    "Add track",     "Remove track",   "Change track",
        "Add marker",   "Change marker", "Remove marker",  "Change format", "Rename project"};
    static_assert(std::size(kNames) == std::variant_size_v<Command>);
    return kNames[command.index()];
}

}  // namespace lipar::commands
