#include "app/session/preview.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "app/session/paths.h"

namespace lipar::session {

namespace {

constexpr int blockFrames = 12;       // of every model of this family
constexpr double blocksWaitedFor = 4;  // a run that is this close behind the playhead is left to get there
constexpr double tolerance = 1e-3;    // seconds

double totalOf(const service::BlockTimes& ms) {
    return std::accumulate(ms.steps.begin(), ms.steps.end(), ms.encode + ms.mask + ms.cache + ms.decode);
}

Preview::State stateOf(service::Phase phase) {
    switch (phase) {
        case service::Phase::loading: return Preview::Loading;
        case service::Phase::measuring: return Preview::Measuring;
        case service::Phase::editing:
        case service::Phase::converting:
        case service::Phase::finishing: return Preview::Editing;
    }
    return Preview::Editing;
}

std::vector<double> keptPerLatentFrame(const TokenMask& keep) {
    std::vector<double> kept;
    for (int f = 0; f < keep.frames; ++f) {
        const auto* row = keep.frame(f);
        kept.push_back(double(std::accumulate(row, row + keep.frameSize(), std::size_t(0))) / double(keep.frameSize()));
    }
    return kept;
}

bool holds(const std::vector<service::CachedBlock>& blocks, double seconds) {
    return std::ranges::any_of(blocks, [seconds](const service::CachedBlock& block) {
        return block.startSeconds <= seconds + tolerance && seconds < block.endSeconds - tolerance;
    });
}

// In order; takes the place of what it covers, unless that is exact and it is not.
void insert(std::vector<service::CachedBlock>& blocks, const service::CachedBlock& block) {
    const auto overlaps = [&](const service::CachedBlock& other) {
        return other.startSeconds < block.endSeconds - tolerance && block.startSeconds < other.endSeconds - tolerance;
    };
    if (!block.exact && std::ranges::any_of(blocks, [&](const auto& other) { return other.exact && overlaps(other); }))
        return;
    std::erase_if(blocks, overlaps);
    blocks.insert(std::ranges::upper_bound(blocks, block.startSeconds, {}, &service::CachedBlock::startSeconds), block);
}

}  // namespace

Preview::Preview(ProjectDocument& document, jobs::JobRunner& runner, Player& player, Options options, QObject* parent)
    : QObject(parent),
      m_document(document),
      m_player(player),
      m_cache(std::move(options.cache)),
      m_job(runner),
      m_lookup(runner) {
    m_delay.setSingleShot(true);
    m_delay.setInterval(options.delayMs);
    connect(&m_delay, &QTimer::timeout, this, &Preview::startWhenDue);

    connect(&m_document, &ProjectDocument::changed, this, &Preview::takeProject);
    connect(&m_document, &ProjectDocument::replaced, this, [this] {
        m_known.clear();
        m_toLookUp.clear();
        m_lookup.abandon();
        m_lookingUp = 0;
        m_run = {};
        m_heldClip = 0;
        stop(Idle);
        considerPlayhead();
    });
    connect(&m_player, &Player::frameChanged, this, &Preview::considerPlayhead);
    connect(&m_player, &Player::waitingChanged, this, &Preview::considerPlayhead);

    connect(&m_job, &jobs::LatestJob::prepared, this, &Preview::receivePrepared);
    connect(&m_job, &jobs::LatestJob::progressed, this, &Preview::receiveProgress);
    connect(&m_job, &jobs::LatestJob::blockFinished, this, &Preview::receiveBlock);
    connect(&m_job, &jobs::LatestJob::finished, this, &Preview::finish);
    connect(&m_job, &jobs::LatestJob::failed, this, &Preview::fail);
    connect(&m_lookup, &jobs::LatestJob::finished, this, &Preview::receiveLookup);
    connect(&m_lookup, &jobs::LatestJob::failed, this, [this] { receiveLookup(service::CacheLookupReport{}); });
    considerPlayhead();
}

Preview::~Preview() = default;

double Preview::progress() const {
    return m_progress.framesTotal > 0 ? double(m_progress.framesDone) / double(m_progress.framesTotal) : -1;
}

int Preview::secondsLeft() const {
    return m_progress.secondsLeft < 0 ? -1 : int(std::ceil(m_progress.secondsLeft));
}

// --- when to start ---

// An edit that changed takes its run and its blocks with it.
void Preview::takeProject() {
    const auto& project = m_document.project();
    std::vector<project::Id> changed;
    for (auto it = m_known.begin(); it != m_known.end();) {
        const auto now = editOfClip(project, it->first);
        auto& known = it->second;
        if (now && now->input == known.request.input && isSame(now->edit, known.request.edit)) {
            ++it;
            continue;
        }
        changed.push_back(it->first);
        if (!now) {
            it = m_known.erase(it);
            continue;
        }
        if (!known.blocks.empty())
            known.stale = std::exchange(known.blocks, {});
        known.request = {now->input, now->edit, m_cache};
        known.isLookedUp = false;
        ++it;
    }
    if (std::ranges::find(changed, m_heldClip) != changed.end())
        m_heldClip = 0;
    if (!changed.empty())
        m_delay.stop();  // the moment counts from the last change
    if (m_run.clip != 0) {
        const auto now = editOfClip(project, m_run.clip);
        if (!now || !isOfRun(*now)) {
            m_run = {};
            if (isRunning())
                stop(Idle);
        }
    }
    for (const auto clip : changed) {
        if (m_known.contains(clip))
            queueLookup(clip);
        Q_EMIT cacheChanged(clip);
    }
    considerPlayhead();
}

void Preview::considerPlayhead() {
    const auto at = editAt(m_document.project(), m_player.time());
    const bool canStart = at.has_value() && !at->edit.settings.prompt.empty();
    if (canStart != m_canStart) {
        m_canStart = canStart;
        Q_EMIT canStartChanged();
    }
    tellPlayer();
    if (!canStart || !m_automatic || m_paused || at->clip == m_heldClip) {
        m_delay.stop();
        return;
    }
    blocksOf(at->clip);
    if ((m_player.isWaiting() || m_player.isEditPending()) && isCached(*at))  // it came after the player had asked
        QMetaObject::invokeMethod(&m_player, &Player::refresh, Qt::QueuedConnection);
    if (runCovers(*at) || isCached(*at) || !m_known[at->clip].isLookedUp) {
        m_delay.stop();
        return;
    }
    if (!m_delay.isActive())
        m_delay.start();
}

void Preview::startWhenDue() {
    const auto at = editAt(m_document.project(), m_player.time());
    if (at && m_automatic && !m_paused && at->clip != m_heldClip && !runCovers(*at) && !isCached(*at))
        begin();
}

bool Preview::isOfRun(const EditAtTime& at) const {
    return m_run.clip != 0 && at.input == m_run.request.input && isSame(at.edit, m_run.edit);
}

// The edit will come to this time soon, has passed it, or has gone to its end: there is nothing more to be made.
bool Preview::runCovers(const EditAtTime& at) const {
    if ((!isRunning() && m_state != Done) || !isOfRun(at))
        return false;
    return at.sourceSeconds >= *m_run.request.settings.startSeconds - tolerance &&
           (m_state == Done || at.sourceSeconds < m_run.reached + blocksWaitedFor * m_run.blockSeconds);
}

bool Preview::isCached(const EditAtTime& at) const {
    const auto known = m_known.find(at.clip);
    return known != m_known.end() && holds(known->second.blocks, at.sourceSeconds);
}

void Preview::start() {
    m_heldClip = 0;
    if (m_canStart && !m_paused)
        begin();
}

void Preview::begin() {
    const auto at = editAt(m_document.project(), m_player.time());
    if (!at)
        return;
    const auto* clip = project::findClip(m_document.project(), at->clip);
    const auto* source = project::findSource(m_document.project(), clip->source);
    m_delay.stop();
    Run run;
    run.clip = at->clip;
    run.edit = at->edit;
    run.blockSeconds = blockFrames / (source->rate.isValid() ? source->rate.value() : 25.0);
    run.request.input = at->input;
    run.request.engine = at->edit.engine;
    run.request.settings = at->edit.settings;
    run.request.cache = m_cache;
    run.request.sendPictures = false;
    const double rangeStart = at->edit.settings.startSeconds.value_or(0);
    // Near the range's start it begins there: such blocks are those of a render.
    run.request.settings.startSeconds =
        at->sourceSeconds < rangeStart + run.blockSeconds ? rangeStart : at->sourceSeconds;
    run.reached = *run.request.settings.startSeconds;
    m_run = std::move(run);
    m_error = {};
    m_progress = {};
    m_hasReadings = false;
    m_job.start(m_run.request);
    setState(Loading);
    Q_EMIT progressChanged();
    tellPlayer();
}

// --- the run ---

void Preview::cancel() {
    m_delay.stop();
    if (isRunning()) {
        m_heldClip = m_run.clip;
        stop(Cancelled);
    }
}

void Preview::stop(State state) {
    m_job.abandon();
    m_delay.stop();
    setState(state);
    tellPlayer();
}

void Preview::setAutomatic(bool automatic) {
    if (automatic == m_automatic)
        return;
    m_automatic = automatic;
    Q_EMIT automaticChanged();
    m_heldClip = 0;
    considerPlayhead();
}

void Preview::setPaused(bool paused) {
    if (paused == m_paused)
        return;
    m_paused = paused;
    if (paused && isRunning())
        stop(Idle);
    Q_EMIT automaticChanged();
    considerPlayhead();
}

void Preview::setCache(const service::EditCacheSettings& cache) {
    m_cache = cache;
    cacheChangedOutside();
}

void Preview::dismissError() {
    m_error = {};
    setState(Idle);
}

void Preview::receivePrepared(const service::EditPrepared& event) {
    m_device = event.device;
    Q_EMIT deviceChanged();
    QStringList words;
    for (const auto& word : event.unknownWords)
        words << QString::fromStdString(word);
    Q_EMIT unknownWordsFound(m_run.clip, words);
    Q_EMIT promptMeasured(m_run.clip, event.promptTokens.count, event.promptTokens.limit);
    if (m_run.request.settings.width == 0)
        Q_EMIT sizeChosen(m_run.clip, event.processingWidth, event.processingHeight);
}

void Preview::receiveProgress(const service::Progress& progress) {
    m_progress = progress;
    setState(stateOf(progress.phase));
    Q_EMIT progressChanged();
}

void Preview::receiveBlock(const service::BlockFinished& block) {
    m_msPerBlock = totalOf(block.report.ms);
    m_memoryBytes = double(block.deviceBytes > 0 ? block.deviceBytes : block.hostBytes);
    m_hasReadings = true;
    const double from = m_run.reached;
    const double start = *m_run.request.settings.startSeconds;
    const double frameSeconds = m_run.blockSeconds / blockFrames;
    m_run.reached = block.seconds.empty() ? from + block.report.frames * frameSeconds
                                          : block.seconds.back() + frameSeconds;
    const bool exact = std::abs(start - m_run.edit.settings.startSeconds.value_or(0)) < tolerance;
    const service::CachedBlock cached{from, m_run.reached, exact, keptPerLatentFrame(block.keep)};
    for (const auto clip : clipsOfRun()) {
        insert(m_known[clip].blocks, cached);
        Q_EMIT cacheChanged(clip);
    }
    Q_EMIT progressChanged();
    tellPlayer();
    const auto at = editAt(m_document.project(), m_player.time());
    // Also a block from before: its file may not have been there yet when the player looked for it.
    if (at && isOfRun(*at) && (holds({cached}, at->sourceSeconds) || (m_player.isEditPending() && isCached(*at))))
        m_player.refresh();
}

std::vector<project::Id> Preview::clipsOfRun() const {
    std::vector<project::Id> clips;
    for (const auto& [clip, known] : m_known)
        if (known.request.input == m_run.request.input && isSame(known.request.edit, m_run.edit))
            clips.push_back(clip);
    return clips;
}

void Preview::finish(const service::Report& report) {
    if (const auto* edit = std::get_if<service::EditReport>(&report)) {
        m_progress.framesDone = m_progress.framesTotal = edit->output.frames;
        m_progress.secondsLeft = 0;
        m_progress.fps = edit->fpsEndToEnd;
        m_progress.keptRatio = edit->pruning.keptRatio;
        Q_EMIT progressChanged();
    }
    setState(Done);
    tellPlayer();
    // What the cache really holds, also for what was found there already.
    for (const auto clip : clipsOfRun())
        queueLookup(clip);
}

void Preview::fail(const Error& error) {
    m_heldClip = m_run.clip;
    if (error.code != ErrorCode::cancelled)
        m_error = ErrorReport(error, "clip: " + toNative(m_run.request.input) + "\nprompt: " + prompt() +
                                         "\ndevice: " + deviceName() + ' ' + precision());
    setState(error.code == ErrorCode::cancelled ? Cancelled : Failed);
    tellPlayer();
}

void Preview::setState(State state) {
    // Also emitted when only the clip or the error behind the state changed.
    m_state = state;
    Q_EMIT stateChanged();
}

void Preview::tellPlayer() {
    const auto at = isRunning() ? editAt(m_document.project(), m_player.time()) : std::nullopt;
    m_player.setEditUnderWay(at && isOfRun(*at));
}

// --- what the cache holds ---

const std::vector<service::CachedBlock>& Preview::blocksOf(project::Id clip) {
    static const std::vector<service::CachedBlock> none;
    if (const auto known = m_known.find(clip); known != m_known.end())
        return known->second.blocks;
    const auto edit = editOfClip(m_document.project(), clip);
    if (!edit)
        return none;
    auto& known = m_known[clip];
    known.request = {edit->input, edit->edit, m_cache};
    queueLookup(clip);
    return known.blocks;
}

const std::vector<service::CachedBlock>& Preview::staleBlocksOf(project::Id clip) const {
    static const std::vector<service::CachedBlock> none;
    const auto known = m_known.find(clip);
    return known == m_known.end() ? none : known->second.stale;
}

void Preview::cacheChangedOutside() {
    for (auto& [clip, known] : m_known) {
        known.request.cache = m_cache;
        known.stale.clear();
        queueLookup(clip);
    }
    if (!isRunning())
        m_run = {};
    m_player.setCache(m_cache);
}

void Preview::queueLookup(project::Id clip) {
    if (clip == m_lookingUp) {
        m_lookup.abandon();
        m_lookingUp = 0;
    }
    std::erase(m_toLookUp, clip);
    m_toLookUp.push_front(clip);  // what was asked for last is what is looked at
    startLookup();
}

void Preview::startLookup() {
    while (!m_lookup.isRunning() && !m_toLookUp.empty()) {
        m_lookingUp = m_toLookUp.front();
        m_toLookUp.pop_front();
        if (const auto known = m_known.find(m_lookingUp); known != m_known.end())
            m_lookup.start(known->second.request);
    }
}

void Preview::receiveLookup(const service::Report& report) {
    const auto clip = std::exchange(m_lookingUp, 0);
    const auto known = m_known.find(clip);
    if (const auto* found = std::get_if<service::CacheLookupReport>(&report); found && known != m_known.end()) {
        known->second.blocks = found->blocks;
        known->second.isLookedUp = true;
        Q_EMIT cacheChanged(clip);
    }
    startLookup();
    considerPlayhead();
}

}  // namespace lipar::session
