// The player's pictures: what is asked for, at which size, and what is shown of it.
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/session/player.h"

namespace lipar::session {

namespace {

constexpr QSize largestPicture{1280, 720};
constexpr int sizeGrid = 16;  // of the pictures' height, so that not every pixel of a resize asks anew

std::shared_ptr<const TokenRow> tokensOf(const service::PlaybackPicture& event) {
    if (event.keep.keep.empty())
        return nullptr;
    return std::make_shared<const TokenRow>(TokenRow{event.keep.rows, event.keep.columns, event.keep.keep, event.age});
}

}  // namespace

service::PlaybackRequest Player::requestFor(qint64 first, qint64 end) const {
    auto section = sectionOf(m_timeline, first, end);
    service::PlaybackRequest request;
    request.timeline = std::move(section.timeline);
    request.edits = std::move(section.edits);
    request.cache = m_cache;
    const auto size = pictureSize();
    request.width = size.width();
    request.height = size.height();
    request.firstFrame = first;
    request.endFrame = end;
    request.sound = false;
    return request;
}

void Player::requestStill() {
    if (isPlaying() && m_pace)
        return;
    m_rest.stop();
    if (m_frame >= frames()) {
        m_still.abandon();
        show({m_frame, {}, false});
        return;
    }
    if (m_still.isRunning() && !m_stillIsOwn) {
        m_stillWanted = true;
        return;
    }
    m_stillWanted = false;
    m_stillIsOwn = false;
    auto request = requestFor(m_frame, m_frame + 1);
    request.proxies = m_proxies;
    m_still.start(std::move(request));
}

// The frame itself, in place of its proxy's picture.
void Player::requestOwnStill() {
    if (isPlaying() || m_still.isRunning() || m_frame >= frames())
        return;
    m_stillIsOwn = true;
    m_still.start(requestFor(m_frame, m_frame + 1));
}

void Player::requestWantedStill() {
    if (m_stillWanted)
        requestStill();
}

void Player::refresh() {
    if (m_held >= 0) {
        m_resumedAt = m_held;
        stopPlayback();
        startPlayback();
    } else if (!isPlaying()) {
        requestStill();
    }
}

void Player::setEditUnderWay(bool underWay) {
    if (underWay == m_editUnderWay)
        return;
    m_editUnderWay = underWay;
    m_resumedAt = -1;
    if (!underWay && m_held >= 0)
        refresh();
}

Player::Due Player::dueOf(const service::PlaybackPicture& event) const {
    Due due;
    due.frame = event.frame;
    due.editPending = event.editPending;
    due.picture.index = event.frame;
    due.picture.seconds = (Rational{event.frame, 1} / m_timeline.timeline.rate).value();
    due.picture.source = event.source;
    due.picture.edited = event.edited;
    due.picture.tokens = tokensOf(event);
    return due;
}

void Player::receivePicture(const service::PlaybackPicture& event) {
    m_due.push_back(dueOf(event));
    startClock();
}

void Player::receiveSound(const service::PlaybackSound& event) {
    if (m_hasSound)
        m_sound->write(event.firstSample, event.stereo);
}

void Player::show(const Due& due) {
    if (m_error.isSet())
        dismissError();
    if (due.picture == m_picture && due.editPending == m_editPending)
        return;
    m_picture = due.picture;
    m_editPending = due.editPending;
    Q_EMIT pictureChanged();
}

void Player::takeProject() {
    auto next = playbackTimelineOf(m_document.project());
    if (isSame(next, m_timeline))
        return;
    const auto before = std::exchange(m_timeline, std::move(next));
    const auto& timeline = m_timeline.timeline;
    const bool sameFormat = before.timeline.rate == timeline.rate && before.timeline.width == timeline.width &&
                            before.timeline.height == timeline.height;
    const bool samePicture =
        sameFormat && m_frame < timeline.frames && m_frame < before.timeline.frames &&
        isSame(sectionOf(before, m_frame, m_frame + 1), sectionOf(m_timeline, m_frame, m_frame + 1));
    if (m_inFrame > lastFrame() || m_outFrame > lastFrame())
        clearInOut();
    m_resumedAt = -1;
    Q_EMIT timelineChanged();
    if (!samePicture) {
        m_still.abandon();
        m_picture.edited = nullptr;
        m_picture.tokens = nullptr;
        m_picture.index = -1;
        Q_EMIT pictureChanged();
    }
    moveTo(std::min(m_frame, frames()));
    if (frames() == 0)
        pause();
    if (isPlaying()) {
        // What has been sent already belongs to the timeline before.
        stopPlayback();
        startPlayback();
    } else if (!samePicture) {
        requestStill();
    }
}

QSize Player::pictureSize() const {
    const auto& timeline = m_timeline.timeline;
    if (timeline.width <= 0 || timeline.height <= 0)
        return largestPicture;
    const auto bound = m_viewSize.boundedTo(largestPicture).expandedTo({sizeGrid, sizeGrid});
    auto size = QSize(timeline.width, timeline.height).scaled(bound, Qt::KeepAspectRatio);
    size = size.boundedTo({timeline.width, timeline.height});
    const int height = std::max(sizeGrid, size.height() / sizeGrid * sizeGrid);
    const int width = std::max(2, int(std::lround(height * aspectRatio() / 2)) * 2);
    return {width, height};
}

void Player::setViewSize(const QSize& pixels) {
    if (pixels.isEmpty() || pixels == m_viewSize)
        return;
    const auto before = pictureSize();
    m_viewSize = pixels;
    if (pictureSize() != before && !isPlaying())
        requestStill();
}

void Player::countShown() {
    constexpr std::int64_t second = 1'000'000'000;
    const auto now = m_clock.now();
    m_shownAt.push_back(now);
    while (now - m_shownAt.front() > second)
        m_shownAt.pop_front();
    const auto span = now - m_shownAt.front();
    if (span < second / 4)
        return;
    m_shownFps = double(m_shownAt.size() - 1) * double(second) / double(span);
    Q_EMIT shownFpsChanged();
}

}  // namespace lipar::session
