#include "engine/media/timeline_video.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/media/media_info.h"
#include "engine/media/open_source.h"
#include "engine/media/picture_converter.h"
#include "engine/media/timeline_check.h"

namespace lipar::media {
namespace {

constexpr int kLargestSide = 16384;
constexpr int kOpaque = 1 << 16;
constexpr std::int64_t kProxyFrames = 10;  // to be decoded before a proxy is asked instead

// Where a picture lies on the canvas.
struct Place {
    int x = 0, y = 0, width = 0, height = 0;
    friend bool operator==(const Place&, const Place&) = default;
};

// A picture of this aspect, as large as fits, in the middle.
Place fitted(double aspect, int width, int height) {
    Place place;
    place.width = std::clamp(int(std::lround(height * aspect)), 1, width);
    place.height = std::clamp(int(std::lround(width / aspect)), 1, height);
    // A bar of a line would be rounding of the source's size, nothing that was meant.
    if (width - place.width <= 2)
        place.width = width;
    if (height - place.height <= 2)
        place.height = height;
    place.x = (width - place.width) / 2;
    place.y = (height - place.height) / 2;
    return place;
}

double screenAspect(const VideoStreamInfo& video) {
    const double sample = video.sampleAspect.isValid() ? video.sampleAspect.value() : 1;
    const double stored = std::max(1, video.storedWidth) * sample / std::max(1, video.storedHeight);
    return std::clamp(video.rotation % 180 == 0 ? stored : 1 / stored, 1e-4, 1e4);
}

struct Layer {
    PicturePtr picture;  // of the place's size
    Place place;
    int opacity = kOpaque;
    friend bool operator==(const Layer&, const Layer&) = default;
};

void blend(Picture& canvas, const Layer& layer) {
    const Picture& top = *layer.picture;
    const std::size_t bytes = std::size_t(layer.place.width) * 3;
    for (int y = 0; y < layer.place.height; ++y) {
        const std::uint8_t* in = top.rgb.data() + std::size_t(y) * bytes;
        std::uint8_t* out =
            canvas.rgb.data() +
            (std::size_t(y + layer.place.y) * std::size_t(canvas.width) + std::size_t(layer.place.x)) * 3;
        if (layer.opacity == kOpaque) {
            std::copy_n(in, bytes, out);
            continue;
        }
        for (std::size_t i = 0; i < bytes; ++i)
            out[i] = std::uint8_t(out[i] + (((int(in[i]) - int(out[i])) * layer.opacity + kOpaque / 2) >> 16));
    }
}

// One stack of layers and the picture made of it last.
class Stack {
public:
    Stack(int width, int height) : m_width(width), m_height(height) {}

    // `layers`: from top to bottom.
    [[nodiscard]] PicturePtr compose(std::vector<Layer> layers) {
        if (m_picture && layers == m_layers)
            return m_picture;
        m_layers = std::move(layers);
        const bool isWhole = !m_layers.empty() && m_layers.front().opacity == kOpaque &&
                             m_layers.front().place == Place{0, 0, m_width, m_height};
        if (isWhole) {
            m_picture = m_layers.front().picture;
            return m_picture;
        }
        auto canvas = std::make_shared<Picture>(m_width, m_height);
        for (auto layer = m_layers.rbegin(); layer != m_layers.rend(); ++layer)
            blend(*canvas, *layer);
        m_picture = std::move(canvas);
        return m_picture;
    }

private:
    int m_width;
    int m_height;
    std::vector<Layer> m_layers;
    PicturePtr m_picture;
};

// What is kept of an entry while it is visible.
struct Visible {
    std::unique_ptr<OpenSource> source;  // once its own picture was wanted
    bool isProxy = false;                // the source is the proxy of what was asked for
    std::optional<PictureScaler> scaler;  // of edited pictures
    int scaledWidth = 0, scaledHeight = 0;
    PicturePtr edited;  // as it came, and scaled
    PicturePtr scaledEdited;
};

struct Span {
    std::int64_t first = 0;
    std::int64_t end = 0;
};

}  // namespace

struct TimelineCompositor::State {
    State(Timeline t, const CompositorOptions& o, std::shared_ptr<SourcePool> p, CancelToken c)
        : timeline(std::move(t)),
          options(o),
          pool(std::move(p)),
          cancel(std::move(c)),
          width(options.width > 0 ? options.width : timeline.width),
          height(options.height > 0 ? options.height : timeline.height),
          frameArea(fitted(double(timeline.width) / timeline.height, width, height)),
          sourceStack(width, height),
          editedStack(width, height) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { closeHidden(spanless); }

    [[nodiscard]] int opacityAt(const TimelinePictures& entry, Rational time) const;
    [[nodiscard]] Result<Place> placeOf(std::size_t entry);
    [[nodiscard]] Result<OpenSource*> sourceOf(std::size_t entry, Rational seconds);
    [[nodiscard]] Result<PicturePtr> scaled(Visible& visible, const PicturePtr& picture, const Place& place);
    void closeHidden(std::int64_t frame);

    static constexpr std::int64_t spanless = std::numeric_limits<std::int64_t>::min();  // a frame that shows nothing

    Timeline timeline;
    CompositorOptions options;
    std::shared_ptr<SourcePool> pool;
    CancelToken cancel;
    int width;
    int height;
    Place frameArea;  // of the timeline's picture on the canvas
    std::vector<Span> spans;  // of frames, by entry
    std::map<std::size_t, Visible> visible;  // by entry
    std::map<std::filesystem::path, double> aspects;
    Stack sourceStack;
    Stack editedStack;
};

int TimelineCompositor::State::opacityAt(const TimelinePictures& entry, Rational time) const {
    double opacity = 1;
    const Rational passed = time - entry.start;
    if (entry.fadeIn.num > 0)
        opacity = std::min(opacity, (passed / entry.fadeIn).value());
    if (entry.fadeOut.num > 0)
        opacity = std::min(opacity, ((entry.duration - passed) / entry.fadeOut).value());
    return int(std::lround(std::clamp(opacity, 0.0, 1.0) * kOpaque));
}

Result<OpenSource*> TimelineCompositor::State::sourceOf(std::size_t entry, Rational seconds) {
    Visible& state = visible[entry];
    if (state.source)
        return state.source.get();
    const std::filesystem::path& input = timeline.pictures[entry].input;
    const auto proxy = options.proxies.find(input);
    if (proxy != options.proxies.end() && pool->framesTo(input, seconds) > kProxyFrames) {
        auto taken = pool->takePictures(proxy->second, seconds, cancel);
        if (taken) {
            state.source = std::move(*taken);
            state.isProxy = true;
            return state.source.get();
        }
        LIPAR_TRY(cancel.check());
    }
    LIPAR_ASSIGN(state.source, pool->takePictures(input, seconds, cancel));
    state.isProxy = false;
    return state.source.get();
}

Result<Place> TimelineCompositor::State::placeOf(std::size_t entry) {
    const std::filesystem::path& path = timeline.pictures[entry].input;
    auto known = aspects.find(path);
    if (known == aspects.end()) {
        const auto open = visible.find(entry);
        if (open != visible.end() && open->second.source) {
            known = aspects.emplace(path, screenAspect(open->second.source->info().video)).first;
        } else {
            LIPAR_ASSIGN(const MediaInfo info, probe(path));
            known = aspects.emplace(path, screenAspect(info.video)).first;
        }
    }
    Place place = fitted(known->second, frameArea.width, frameArea.height);
    place.x += frameArea.x;
    place.y += frameArea.y;
    return place;
}

Result<PicturePtr> TimelineCompositor::State::scaled(Visible& state, const PicturePtr& picture, const Place& place) {
    if (picture->width == place.width && picture->height == place.height)
        return picture;
    const bool sameSize = state.scaledWidth == place.width && state.scaledHeight == place.height;
    if (state.edited == picture && sameSize)
        return state.scaledEdited;
    if (!state.scaler || !sameSize)
        state.scaler.emplace(place.width, place.height);
    LIPAR_ASSIGN(Picture result, state.scaler->convert(*picture));
    state.scaledWidth = place.width;
    state.scaledHeight = place.height;
    state.edited = picture;
    state.scaledEdited = std::make_shared<const Picture>(std::move(result));
    return state.scaledEdited;
}

// Before others are opened, so that a clip that goes on where another of the same file ended takes over its decoder.
void TimelineCompositor::State::closeHidden(std::int64_t frame) {
    for (auto it = visible.begin(); it != visible.end();) {
        if (spans[it->first].first <= frame && frame < spans[it->first].end) {
            ++it;
            continue;
        }
        if (it->second.source)
            pool->giveBack(std::move(it->second.source));
        it = visible.erase(it);
    }
}

TimelineCompositor::TimelineCompositor(std::unique_ptr<State> state) : m_state(std::move(state)) {}
TimelineCompositor::TimelineCompositor(TimelineCompositor&&) noexcept = default;
TimelineCompositor& TimelineCompositor::operator=(TimelineCompositor&&) noexcept = default;
TimelineCompositor::~TimelineCompositor() = default;

Result<TimelineCompositor> TimelineCompositor::open(Timeline timeline, const CompositorOptions& options,
                                                    std::shared_ptr<SourcePool> pool, CancelToken cancel) {
    LIPAR_TRY(checkTimeline(timeline));
    if (options.width < 0 || options.height < 0 || options.width > kLargestSide || options.height > kLargestSide)
        return fail(ErrorCode::invalidArgument, "cannot show the timeline: pictures of " +
                                                    std::to_string(options.width) + "x" +
                                                    std::to_string(options.height) + " are out of range");
    if (!pool)
        pool = std::make_shared<SourcePool>();
    auto state = std::make_unique<State>(std::move(timeline), options, std::move(pool), std::move(cancel));
    for (const TimelinePictures& entry : state->timeline.pictures)
        state->spans.push_back({(entry.start * state->timeline.rate).ceil(),
                                ((entry.start + entry.duration) * state->timeline.rate).ceil()});
    return TimelineCompositor(std::move(state));
}

Result<ComposedFrame> TimelineCompositor::compose(std::int64_t frame) {
    State& state = *m_state;
    LIPAR_TRY(state.cancel.check());
    state.closeHidden(frame);

    const Rational time = Rational{frame, 1} / state.timeline.rate;
    ComposedFrame composed;
    composed.frame = frame;
    // From top to bottom, as far as anything shines through. Without wantSource the layers of the source below an edited
    // picture are not made: they are wanted only if no picture is edited, and then the two stacks are the same.
    std::vector<Layer> sourceLayers;
    std::vector<Layer> editedLayers;
    bool anyEdited = false;
    for (std::size_t entry = state.spans.size(); entry-- > 0;) {
        if (frame < state.spans[entry].first || frame >= state.spans[entry].end)
            continue;
        const TimelinePictures& pictures = state.timeline.pictures[entry];
        Layer layer;
        layer.opacity = state.opacityAt(pictures, time);
        if (layer.opacity == 0)
            continue;
        LIPAR_TRY(state.cancel.check());
        const Rational seconds = pictures.sourceStart + (time - pictures.start) * pictures.speed;
        PictureSource::Answer answer;
        if (pictures.edit >= 0 && state.options.edits) {
            LIPAR_ASSIGN(answer, state.options.edits->edited(entry, seconds));
            composed.editPending = composed.editPending || answer.isPending;
        }
        const bool wantsOwn = !answer.picture || state.options.wantSource;
        OpenSource* source = nullptr;
        if (wantsOwn) {
            LIPAR_ASSIGN(source, state.sourceOf(entry, seconds));
        }
        LIPAR_ASSIGN(layer.place, state.placeOf(entry));
        if (wantsOwn) {
            LIPAR_ASSIGN(layer.picture, source->shownAt(seconds, layer.place.width, layer.place.height));
            composed.hasProxy = composed.hasProxy || state.visible[entry].isProxy;
            sourceLayers.push_back(layer);
        }
        if (answer.picture) {
            if (!anyEdited) {
                composed.topEntry = int(entry);
                composed.topSeconds = seconds;
            }
            anyEdited = true;
            LIPAR_ASSIGN(layer.picture, state.scaled(state.visible[entry], answer.picture, layer.place));
        }
        editedLayers.push_back(layer);
        if (layer.opacity == kOpaque && layer.place == Place{0, 0, state.width, state.height})
            break;
    }
    if (state.options.wantSource || !anyEdited)
        composed.source = state.sourceStack.compose(std::move(sourceLayers));
    if (anyEdited)
        composed.edited = state.editedStack.compose(std::move(editedLayers));
    return composed;
}

std::size_t TimelineCompositor::openSources() const noexcept {
    return std::size_t(std::ranges::count_if(m_state->visible, [](const auto& v) { return v.second.source != nullptr; }));
}

}  // namespace lipar::media
