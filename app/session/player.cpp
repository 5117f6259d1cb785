#include "app/session/player.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QCoreApplication>

#include "app/session/playback_timecode.h"

namespace lipar::session {

namespace {

using namespace std::chrono_literals;

constexpr auto restTime = 120ms;     // longer than between two moves of a hand that scrubs
constexpr auto tickInterval = 4ms;   // finer than any display, so that a picture is at most that late
constexpr int readyPictures = 3;     // before the clock starts
constexpr int fastestStreamed = 2;   // beyond it, and backwards, single pictures are shown
constexpr int fastest = 8;
constexpr std::size_t aheadBytes = std::size_t(160) << 20;  // of pictures that wait to be shown
constexpr std::int64_t mostAhead = 24;
constexpr std::int64_t leastAhead = 6;

}  // namespace

Player::Player(ProjectDocument& document, jobs::JobRunner& runner, Options options, QObject* parent)
    : QObject(parent),
      m_document(document),
      m_cache(std::move(options.cache)),
      m_sound(std::move(options.sound)),
      m_timeline(playbackTimelineOf(document.project())),
      m_playback(runner),
      m_still(runner),
      m_clock(std::move(options.now)) {
    connect(&m_document, &ProjectDocument::changed, this, &Player::takeProject);
    connect(&m_document, &ProjectDocument::replaced, this, [this] {
        pause();
        clearInOut();
        moveTo(0);
        takeProject();
    });

    connect(&m_playback, &jobs::LatestJob::arrived, this, [this](const jobs::EventPtr& event) {
        if (const auto* picture = std::get_if<service::PlaybackPicture>(event.get()))
            receivePicture(*picture);
        else if (const auto* sound = std::get_if<service::PlaybackSound>(event.get()))
            receiveSound(*sound);
    });
    connect(&m_playback, &jobs::LatestJob::finished, this, [this] {
        m_playbackDone = true;
        startClock();
    });
    connect(&m_playback, &jobs::LatestJob::failed, this, [this](const Error& error) {
        pause();
        reportError(error);
    });

    connect(&m_still, &jobs::LatestJob::arrived, this, [this](const jobs::EventPtr& event) {
        if (const auto* picture = std::get_if<service::PlaybackPicture>(event.get())) {
            show(dueOf(*picture));
            if (picture->hasProxy)
                m_rest.start();
        }
    });
    connect(&m_still, &jobs::LatestJob::finished, this, &Player::requestWantedStill);
    connect(&m_still, &jobs::LatestJob::failed, this, [this](const Error& error) {
        reportError(error);
        requestWantedStill();
    });

    m_rest.setSingleShot(true);
    m_rest.setInterval(restTime);
    connect(&m_rest, &QTimer::timeout, this, &Player::requestOwnStill);
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(tickInterval);
    connect(&m_timer, &QTimer::timeout, this, &Player::tick);
    if (m_sound)
        connect(m_sound.get(), &AudioOutput::availableChanged, this, &Player::soundDeviceChanged);
    requestStill();
}

Player::~Player() = default;

Rational Player::time() const {
    return Rational{m_frame, 1} / m_timeline.timeline.rate;
}

double Player::seconds() const {
    return time().value();
}

QString Player::timecode() const {
    return frameTimecode(m_timeline.timeline.rate, m_frame);
}

QString Player::endTimecode() const {
    return frameTimecode(m_timeline.timeline.rate, frames());
}

double Player::aspectRatio() const {
    const auto& timeline = m_timeline.timeline;
    return timeline.height > 0 ? double(timeline.width) / timeline.height : 0;
}

bool Player::hasSoundDevice() const {
    return m_sound && m_sound->isAvailable();
}

QString Player::audioNote() const {
    return hasSoundDevice() ? QString()
                            : QCoreApplication::translate("Player", "No sound device: the picture plays by the clock");
}

qint64 Player::lastFrame() const {
    return std::max<qint64>(0, frames() - 1);
}

qint64 Player::loopStart() const {
    return m_inFrame >= 0 ? std::min(m_inFrame, lastFrame()) : 0;
}

qint64 Player::endOfPlay() const {
    const bool toOut = m_loop && m_outFrame >= 0 && m_frame <= m_outFrame;
    return toOut ? std::min(m_outFrame + 1, frames()) : frames();
}

// --- moving ---

void Player::seek(qint64 frame) {
    frame = std::clamp<qint64>(frame, 0, frames());
    const bool plays = isPlaying();
    if (frame == m_frame && !plays)
        return;
    if (plays)
        stopPlayback();
    moveTo(frame);
    if (plays)
        startPlayback();
    else
        requestStill();
}

void Player::step(int frames) {
    pause();
    seek(std::clamp<qint64>(m_frame + frames, 0, lastFrame()));
}

void Player::toStart() {
    seek(0);
}

void Player::toEnd() {
    seek(lastFrame());
}

void Player::goToNextCut() {
    const auto cut = nextCut(m_document.project(), m_frame);
    seek(cut.value_or(frames()));
}

void Player::goToPreviousCut() {
    const auto cut = previousCut(m_document.project(), m_frame);
    seek(cut.value_or(0));
}

bool Player::goToTimecode(const QString& text) {
    const auto frame = frameOfTimecode(m_timeline.timeline.rate, text, m_frame);
    if (!frame)
        return false;
    seek(*frame);
    return true;
}

void Player::setIn() {
    const auto in = std::min(m_frame, lastFrame());
    setRange(in, m_outFrame < in ? -1 : m_outFrame);
}

void Player::setOut() {
    const auto out = std::min(m_frame, lastFrame());
    setRange(m_inFrame > out ? -1 : m_inFrame, out);
}

void Player::clearInOut() {
    setRange(-1, -1);
}

void Player::setRange(qint64 in, qint64 out) {
    in = std::clamp<qint64>(in, -1, lastFrame());
    out = std::clamp<qint64>(out, -1, lastFrame());
    if (in == m_inFrame && out == m_outFrame)
        return;
    m_inFrame = in;
    m_outFrame = out;
    Q_EMIT rangeChanged();
}

void Player::moveTo(qint64 frame) {
    if (frame == m_frame)
        return;
    m_frame = frame;
    Q_EMIT frameChanged();
}

// --- playing ---

void Player::play() {
    if (m_speed == 1 || frames() == 0)
        return;
    setSpeed(1);
}

void Player::pause() {
    setSpeed(0);
}

void Player::toggle() {
    isPlaying() ? pause() : play();
}

void Player::shuttle(int direction) {
    if (direction == 0 || frames() == 0) {
        pause();
    } else {
        const bool sameWay = m_speed * direction > 0;
        setSpeed(sameWay ? std::clamp(m_speed * 2, -fastest, fastest) : direction);
    }
}

void Player::setSpeed(int speed) {
    if (speed == m_speed)
        return;
    const bool wasPlaying = isPlaying();
    stopPlayback();
    m_speed = speed;
    if (!wasPlaying) {
        m_resumedAt = -1;
        m_shownAt.clear();
        m_dropped = 0;
        if (speed > 0 && m_frame >= endOfPlay() - 1)
            moveTo(m_loop ? loopStart() : 0);
        else if (speed < 0 && m_frame >= frames())
            moveTo(lastFrame());
    }
    if (isPlaying()) {
        startPlayback();
    } else {
        m_shownFps = 0;
        moveTo(std::min(m_frame, frames()));
        requestStill();
    }
    Q_EMIT playingChanged();
    Q_EMIT shownFpsChanged();
}

void Player::startPlayback() {
    m_rest.stop();
    m_still.abandon();
    m_stillWanted = false;
    m_lastShown = m_frame - 1;
    m_timer.start();
    if (m_speed < 0 || m_speed > fastestStreamed) {
        m_clock.start(double(m_frame), rate() * m_speed);
        return;
    }
    const auto size = pictureSize();
    const auto bytes = std::size_t(2) * 3 * std::size_t(size.width()) * std::size_t(size.height());
    const auto ahead = std::clamp(std::int64_t(aheadBytes / std::max<std::size_t>(bytes, 1)), leastAhead, mostAhead);
    m_playEnd = endOfPlay();
    auto request = requestFor(m_frame, m_playEnd);
    request.sound = m_speed == 1 && hasSoundDevice();
    request.pace = m_pace = std::make_shared<service::PlaybackPace>(m_frame, ahead);
    m_hasSound = request.sound;
    m_playbackDone = false;
    m_clock.stop();
    if (m_hasSound) {
        applyVolume();
        m_sound->start(firstSample(m_frame), m_timeline.timeline.sampleRate);
    }
    wait(true);
    m_playback.start(std::move(request));
}

void Player::stopPlayback() {
    m_timer.stop();
    m_playback.abandon();
    m_due.clear();
    m_pace.reset();
    m_clock.stop();
    if (m_hasSound)
        m_sound->stop();
    m_hasSound = false;
    m_held = -1;
    wait(false);
}

void Player::startClock() {
    if (!m_waiting || m_held >= 0 || !m_pace || m_clock.isRunning())
        return;
    if (int(m_due.size()) < readyPictures && !m_playbackDone)
        return;
    m_clock.start(double(m_frame), rate() * m_speed);
    if (m_hasSound)
        m_sound->run();
    wait(false);
}

void Player::tick() {
    if (m_pace)
        tickStreamed();
    else
        tickShuttle();
}

void Player::tickStreamed() {
    if (m_waiting)
        return;
    if (const auto heard = m_hasSound ? m_sound->position() : std::nullopt) {
        const auto& timeline = m_timeline.timeline;
        m_clock.correct(*heard / timeline.sampleRate * timeline.rate.value());
    }
    // The tiny addend keeps frame 3 from being 2.9999999.
    const auto now = qint64(std::floor(m_clock.frame() + 1e-6));
    const auto due = std::min(now, m_playEnd - 1);
    const Due* newest = nullptr;
    for (const auto& candidate : m_due) {
        if (candidate.frame > due)
            break;
        if (holdsAt(candidate)) {
            hold(candidate.frame);
            return;
        }
        newest = &candidate;
    }
    if (newest) {
        if (m_speed == 1)
            m_dropped += int(std::max<qint64>(0, newest->frame - m_lastShown - 1));
        m_lastShown = newest->frame;
        show(*newest);
        countShown();
        while (!m_due.empty() && m_due.front().frame <= due)
            m_due.pop_front();
    }
    m_pace->show(due);
    moveTo(due);
    if (now >= m_playEnd)
        reachEnd();
}

void Player::tickShuttle() {
    const auto now = qint64(std::floor(m_clock.frame() + 1e-6));
    moveTo(std::clamp<qint64>(now, 0, lastFrame()));
    if (m_picture.index != m_frame)
        requestStill();
    if (now < 0 || now > lastFrame())
        reachEnd();
}

void Player::reachEnd() {
    if (!m_loop) {
        pause();
        return;
    }
    stopPlayback();
    moveTo(m_speed > 0 ? loopStart() : m_outFrame >= 0 ? std::min(m_outFrame, lastFrame()) : lastFrame());
    startPlayback();
}

// Whether to stand still before this picture, because the edit of it is being made.
bool Player::holdsAt(const Due& due) const {
    return m_waitsForEdit && m_editUnderWay && due.editPending && due.frame != m_resumedAt;
}

// Stands still until refresh() says that the edit has come; what is shown stays.
void Player::hold(qint64 frame) {
    stopPlayback();
    m_held = frame;
    moveTo(frame);
    wait(true);
}

void Player::wait(bool waiting) {
    if (waiting == m_waiting)
        return;
    m_waiting = waiting;
    Q_EMIT waitingChanged();
}

// --- settings ---

void Player::setLoop(bool loop) {
    if (loop == m_loop)
        return;
    m_loop = loop;
    Q_EMIT loopChanged();
    restart();
}

void Player::setWaitsForEdit(bool waits) {
    if (waits == m_waitsForEdit)
        return;
    m_waitsForEdit = waits;
    Q_EMIT waitsForEditChanged();
    if (!waits && m_held >= 0)
        refresh();
}

void Player::setVolume(double volume) {
    volume = std::clamp(volume, 0.0, 1.0);
    if (volume == m_volume)
        return;
    m_volume = volume;
    applyVolume();
    Q_EMIT volumeChanged();
}

void Player::setMuted(bool muted) {
    if (muted == m_muted)
        return;
    m_muted = muted;
    applyVolume();
    Q_EMIT volumeChanged();
}

void Player::applyVolume() {
    if (m_sound)
        m_sound->setVolume(m_muted ? 0 : m_volume);
}

void Player::setCache(const service::EditCacheSettings& cache) {
    m_cache = cache;
    if (isPlaying())
        restart();
    else
        requestStill();
}

void Player::restart() {
    if (!isPlaying())
        return;
    stopPlayback();
    startPlayback();
}

void Player::reportError(const Error& error) {
    if (error.code == ErrorCode::cancelled)
        return;
    m_error = ErrorReport(error, "timeline: " + timecode());
    Q_EMIT errorChanged();
}

void Player::dismissError() {
    m_error = {};
    Q_EMIT errorChanged();
}

qint64 Player::firstSample(qint64 frame) const {
    const auto& timeline = m_timeline.timeline;
    return (Rational{frame, 1} / timeline.rate * Rational{timeline.sampleRate, 1}).rounded();
}

}  // namespace lipar::session
