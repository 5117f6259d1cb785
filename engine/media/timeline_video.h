// The pictures of a timeline: sources decoded, edited pictures put in their place, all scaled and laid over each other.
// Thread: one object, one thread at a time (decoders use threads of their own).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "engine/core/cancel.h"
#include "engine/core/picture.h"
#include "engine/core/rational.h"
#include "engine/core/result.h"
#include "engine/core/timeline.h"
#include "engine/media/source_pool.h"

namespace lipar::media {

// Where edited pictures come from. Called on the compositor's thread.
class PictureSource {
public:
    struct Answer {
        PicturePtr picture;      // upright, of any size: it fills the place of the source's. Empty: the source's own
        bool isPending = false;  // empty because it has not been edited yet; false also where the edit does not reach
    };
    virtual ~PictureSource() = default;
    // The edited picture for what entry `entry` of Timeline::pictures (its `edit` is >= 0) shows at `seconds` of its
    // source (from the source's first frame; may lie past its last one).
    [[nodiscard]] virtual Result<Answer> edited(std::size_t entry, Rational seconds) = 0;
};

struct CompositorOptions {
    int width = 0;   // of the pictures; 0 = the timeline's. Aspect is kept with black bars
    int height = 0;
    // Where some edited picture is visible, also compose the picture as if nothing were edited. Without it, sources
    // that edited pictures stand for are not decoded.
    bool wantSource = true;
    PictureSource* edits = nullptr;  // not owned; empty: nothing is edited
    // Of sources by their path: a proxy is shown where the frame itself would take long.
    std::map<std::filesystem::path, std::filesystem::path> proxies = {};
};

struct ComposedFrame {
    std::int64_t frame = 0;
    PicturePtr source;  // as if nothing were edited; may be empty only if `edited` is there and wantSource was off
    PicturePtr edited;  // empty where no edited picture is visible
    bool editPending = false;  // a visible entry's edited picture is not there yet
    bool hasProxy = false;     // some picture of a source is its proxy's
    int topEntry = -1;         // index of the topmost entry with an edited picture ...
    Rational topSeconds;       // ... and the source time that was asked for

    // What the timeline shows.
    [[nodiscard]] const PicturePtr& shown() const noexcept { return edited ? edited : source; }
};

class TimelineCompositor {
public:
    // `pool`: shared with others of the same thread; empty = one of its own. Sources are opened when they are first
    // visible and given back when they no longer are. Errors: invalidArgument (size, rate, entries that make no sense).
    [[nodiscard]] static Result<TimelineCompositor> open(Timeline timeline, const CompositorOptions& options = {},
                                                         std::shared_ptr<SourcePool> pool = {},
                                                         CancelToken cancel = {});
    TimelineCompositor(TimelineCompositor&&) noexcept;
    TimelineCompositor& operator=(TimelineCompositor&&) noexcept;
    ~TimelineCompositor();

    // The picture of one frame, in any order; ascending frames cost one decoding each, others a seek.
    // Frames outside the timeline are black. Pictures that did not change since the last call are the same object.
    // Errors: as VideoReader's (each names its file), PictureSource's, cancelled.
    [[nodiscard]] Result<ComposedFrame> compose(std::int64_t frame);

    // Sources that are open for what was composed last.
    [[nodiscard]] std::size_t openSources() const noexcept;

private:
    struct State;
    explicit TimelineCompositor(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

}  // namespace lipar::media
