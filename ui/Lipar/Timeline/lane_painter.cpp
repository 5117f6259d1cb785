#include "ui/Lipar/Timeline/lane_painter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainterPath>

namespace lipar::ui {

namespace {

using session::ClipBox;
using session::Lane;
using session::TimelineHit;

constexpr double titleHeight = 16;
constexpr double renderBarHeight = 5;
constexpr double leastDetailedWidth = 14;  // narrower clips are plain boxes
constexpr double leastTitleWidth = 26;
constexpr double finestThumbnail = 0.125;  // seconds between two thumbnails of a source
constexpr double leastChipWidth = 48;  // where its words are cut short
constexpr int titlePixels = 11;

QColor withAlpha(QColor color, double alpha) {
    color.setAlphaF(float(alpha));
    return color;
}

}  // namespace

LanePainter::LanePainter(QPainter& painter, const session::TimelineEditor& editor, const TimelineColors& colors,
                         double pixelRatio)
    : m_painter(painter),
      m_editor(editor),
      m_layout(editor.layout()),
      m_project(editor.document().project()),
      m_scale(editor.scale()),
      m_colors(colors),
      m_videoColor(colors.isLight() ? "#a9c3de" : "#2f4c68"),
      m_audioColor(colors.isLight() ? "#a8d0bd" : "#254a3e"),
      m_soundColor(colors.isLight() ? "#2f7a5d" : "#6cc3a0"),
      m_doneColor(colors.isLight() ? "#2c8a4b" : "#5fc27e"),
      m_pixelRatio(pixelRatio),
      m_width(editor.viewSize().width()),
      m_perSecond(m_scale.pixelsPerFrame * m_project.format.rate.value()),
      m_overlay(editor.overlay()),
      m_selected(editor.selection()->clips().begin(), editor.selection()->clips().end()) {
    auto font = painter.font();
    font.setPixelSize(titlePixels);
    painter.setFont(font);
}

void LanePainter::paint() {
    m_painter.translate(0, -m_editor.contentY());
    const double top = m_editor.contentY();
    const double bottom = top + m_editor.viewSize().height();
    for (const auto& lane : m_layout.lanes())
        if (lane.y + lane.height() > top && lane.y < bottom)
            paintLane(lane);
    paintOverlay();
    m_painter.translate(0, m_editor.contentY());
}

void LanePainter::paintLane(const Lane& lane) {
    m_painter.fillRect(QRectF(0, lane.y, m_width, lane.height()), m_colors.lane);
    const double first = m_scale.firstFrame;
    const double end = m_scale.frameOf(m_width);
    double paintedTo = -1;  // of plain boxes, which share pixels when many clips are seen
    for (const auto& box : lane.between(first, end)) {
        const double left = m_scale.xOf(double(box.start));
        const double right = m_scale.xOf(double(box.end));
        if (right - left >= leastDetailedWidth) {
            paintClip(lane, box);
            continue;
        }
        if (right < paintedTo + 1)
            continue;
        const bool isVideo = lane.track->kind == project::TrackKind::video;
        const bool isSelected = m_selected.contains(box.clip->id);
        const auto color = isSelected ? m_colors.accent : isVideo ? m_videoColor : m_audioColor;
        m_painter.fillRect(QRectF(left, lane.y, std::max(1.0, right - left - 1), lane.clipHeight), color);
        if (box.clip->edit.enabled)
            m_painter.fillRect(QRectF(left, lane.y, std::max(1.0, right - left - 1), 3), m_colors.accent);
        paintedTo = right;
    }
    for (const auto& box : lane.between(first, end)) {
        if (box.clip->crossFade > Rational{} && lane.track->kind == project::TrackKind::video)
            paintCrossFade(lane, box);
        if (lane.keptHeight > 0 && box.clip->edit.enabled)
            paintKept(lane, box);
    }
    const bool anySolo = std::ranges::any_of(m_project.tracks, [&](const project::Track& track) {
        return track.kind == lane.track->kind && track.solo;
    });
    if (lane.track->muted || (anySolo && !lane.track->solo))
        m_painter.fillRect(QRectF(0, lane.y, m_width, lane.height()), withAlpha(m_colors.lane, 0.6));
    if (lane.track->locked)
        m_painter.fillRect(QRectF(0, lane.y, m_width, lane.height()),
                           QBrush(withAlpha(m_colors.quietText, 0.25), Qt::BDiagPattern));
}

void LanePainter::paintClip(const Lane& lane, const ClipBox& box) {
    const auto& clip = *box.clip;
    const bool isVideo = lane.track->kind == project::TrackKind::video;
    const bool isSelected = m_selected.contains(clip.id);
    const bool isHovered = m_overlay.hovered.clip == clip.id;
    const double left = std::round(m_scale.xOf(double(box.start)));
    const double right = std::round(m_scale.xOf(double(box.end)));
    const QRectF whole(left, lane.y, right - left - 1, lane.clipHeight);
    // Long clips reach far beyond the view: only what is seen of them is painted.
    const QRectF seen = whole.intersected(QRectF(-4, lane.y, m_width + 8, lane.clipHeight));
    auto color = isVideo ? m_videoColor : m_audioColor;
    if (isSelected)
        color = m_colors.isLight() ? color.darker(112) : color.lighter(135);
    m_painter.fillRect(seen, color);

    const double title = std::min(titleHeight, lane.clipHeight / 3);
    const double bar = clip.edit.enabled ? renderBarHeight : 0;
    const QRectF body(seen.left(), seen.top() + title, seen.width(), seen.height() - title - bar);
    if (isVideo)
        paintPictures(clip, body, left);
    else
        paintSound(clip, body, left, right - 1);
    if (whole.width() >= leastTitleWidth)
        paintTitle(clip, QRectF(seen.left(), seen.top(), seen.width(), title), isVideo);
    if (!isVideo)
        paintFades(clip, whole, isSelected || isHovered);
    if (clip.edit.enabled)
        paintRenderState(clip, QRectF(seen.left(), seen.bottom() - bar, seen.width(), bar), left);

    m_painter.setBrush(Qt::NoBrush);
    if (isSelected) {
        const bool isCurrent = m_editor.selection()->currentClip() == clip.id;
        m_painter.setPen(QPen(isCurrent ? m_colors.focus : m_colors.accent, 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        m_painter.drawRect(seen.adjusted(1, 1, -1, -1));
    } else {
        m_painter.setPen(isHovered ? m_colors.quietText : withAlpha(m_colors.isLight() ? Qt::black : Qt::white, 0.18));
        m_painter.drawRect(seen.adjusted(0.5, 0.5, -0.5, -0.5));
    }
    // Grips, where the pointer is over one.
    if (isHovered && (m_overlay.hovered.part == TimelineHit::Part::startEdge ||
                      m_overlay.hovered.part == TimelineHit::Part::endEdge)) {
        const bool atStart = m_overlay.hovered.part == TimelineHit::Part::startEdge;
        m_painter.fillRect(QRectF(atStart ? whole.left() : whole.right() - 4, whole.top(), 4, whole.height()), m_colors.focus);
    }
}

void LanePainter::paintTitle(const project::Clip& clip, const QRectF& strip, bool isVideo) {
    const QFontMetricsF metrics(m_painter.font());
    double left = std::max(strip.left(), 0.0) + 5;
    const double right = strip.right() - 4;
    const auto text = [&](const QString& words, const QColor& color, double most) {
        const double room = std::min(most, right - left);
        if (room < 16)
            return;
        const auto shown = metrics.elidedText(words, Qt::ElideRight, room);
        m_painter.setPen(color);
        m_painter.drawText(QRectF(left, strip.top(), room, strip.height()), Qt::AlignVCenter | Qt::AlignLeft, shown);
        left += metrics.horizontalAdvance(shown) + 6;
    };
    const auto chip = [&](const QString& words, const QColor& back, const QColor& ink) {
        const double room = right - left;
        if (room < std::min(metrics.horizontalAdvance(words) + 8, leastChipWidth))
            return;
        const auto shown = metrics.elidedText(words, Qt::ElideRight, room - 8);
        const QRectF area(left, strip.top() + 2, metrics.horizontalAdvance(shown) + 8, strip.height() - 3);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(back);
        m_painter.drawRoundedRect(area, 2, 2);
        m_painter.setPen(ink);
        m_painter.drawText(area, Qt::AlignCenter, shown);
        left = area.right() + 4;
    };
    const bool hasBadges = (isVideo && clip.edit.enabled) || clip.speed != Rational{1, 1};
    text(QString::fromStdString(clip.name), m_colors.text, hasBadges ? (right - left) * 0.55 : right - left);
    if (isVideo && clip.edit.enabled)
        chip(clip.edit.prompt.empty() ? QCoreApplication::translate("Timeline", "Edited") : QString::fromStdString(clip.edit.prompt),
             m_colors.accent, m_colors.inkOnAccent);
    if (clip.speed != Rational{1, 1})
        chip(QString::number(clip.speed.value() * 100, 'f', 0) + " %", withAlpha(m_colors.text, 0.16), m_colors.text);
    if (clip.sound.muted && !isVideo)
        chip(QCoreApplication::translate("Timeline", "Muted"), withAlpha(m_colors.text, 0.16), m_colors.text);
}

void LanePainter::paintPictures(const project::Clip& clip, const QRectF& area, double clipLeft) {
    const auto* source = sourceOf(clip);
    auto* store = m_editor.thumbnails();
    if (!source || !store || source->width <= 0 || source->height <= 0 || area.height() < 12)
        return;
    const auto& media = keyOf(*source);
    const double aspect = double(source->width) * source->sampleAspect / double(source->height);
    const double tile = std::max(8.0, std::round(area.height() * aspect));
    const int height = int(std::round(area.height() * m_pixelRatio));
    const double tileSeconds = tile / m_perSecond * clip.speed.value();
    const double step = std::max(finestThumbnail, std::exp2(std::round(std::log2(tileSeconds))));
    const auto firstTile = qint64(std::floor((std::max(area.left(), 0.0) - clipLeft) / tile));
    m_painter.save();
    m_painter.setClipRect(area);
    for (double x = clipLeft + double(firstTile) * tile; x < area.right(); x += tile) {
        const double seconds = clip.sourceStart.value() + (x - clipLeft) / m_perSecond * clip.speed.value();
        const double last = std::max(0.0, source->duration.value() - 0.05);
        const double wanted = std::clamp(std::round(seconds / step) * step, 0.0, std::floor(last / step) * step);
        const auto milliseconds = qint64(std::llround(wanted * 1000));
        m_thumbnails.push_back({media, source->path, milliseconds});
        const auto image = store->nearest(media, milliseconds, height);
        if (!image.isNull())
            m_painter.drawImage(QRectF(x, area.top(), double(image.width()) / m_pixelRatio, area.height()), image);
        m_painter.fillRect(QRectF(x + tile - 1, area.top(), 1, area.height()), withAlpha(Qt::black, 0.35));
    }
    m_painter.restore();
}

void LanePainter::paintSound(const project::Clip& clip, const QRectF& area, double clipLeft, double clipRight) {
    const auto* source = sourceOf(clip);
    auto* store = m_editor.waveforms();
    if (!source || !store || area.height() < 8)
        return;
    const auto& media = keyOf(*source);
    m_waveforms.push_back({media, source->path});
    const double middle = area.center().y();
    const auto waveform = store->waveform(media);
    if (!waveform) {
        m_painter.fillRect(QRectF(area.left(), middle, area.width(), 1), withAlpha(m_soundColor, 0.4));
        return;
    }
    const double perPixel = clip.speed.value() / m_perSecond;
    const double gain = clip.sound.muted ? 0 : std::pow(10, clip.sound.gainDb / 20);
    const double fadeIn = clip.sound.fadeIn.value() * m_perSecond;
    const double fadeOut = clip.sound.fadeOut.value() * m_perSecond;
    std::vector<QLineF> lines;
    lines.reserve(std::size_t(area.width()) + 1);
    for (double x = std::max(0.0, std::floor(area.left())); x < std::min(area.right(), m_width); x += 1) {
        const double at = clip.sourceStart.value() + (x - clipLeft) * perPixel;
        double level = double(waveform->peakBetween(at, at + perPixel)) / 255 * gain;
        if (fadeIn > 0 && x - clipLeft < fadeIn)
            level *= (x - clipLeft) / fadeIn;
        if (fadeOut > 0 && clipRight - x < fadeOut)
            level *= std::max(0.0, (clipRight - x) / fadeOut);
        const double half = std::clamp(level, 0.015, 1.0) * (area.height() / 2 - 1);
        lines.emplace_back(x + 0.5, middle - half, x + 0.5, middle + half);
    }
    m_painter.setPen(QPen(m_soundColor, 1));
    m_painter.drawLines(lines.data(), int(lines.size()));
}

void LanePainter::paintFades(const project::Clip& clip, const QRectF& body, bool handles) {
    const double fadeIn = clip.sound.fadeIn.value() * m_perSecond;
    const double fadeOut = clip.sound.fadeOut.value() * m_perSecond;
    const double line = body.top() + (1 - session::heightOfGain(clip.sound.gainDb)) * body.height();
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(QPen(m_colors.text, 1));
    m_painter.setBrush(withAlpha(m_colors.lane, 0.6));
    const auto shade = [&](const QPointF& corner, const QPointF& end) {
        const QPointF points[] = {corner, end, {corner.x(), body.bottom()}};
        m_painter.setPen(Qt::NoPen);
        m_painter.drawPolygon(points, 3);
        m_painter.setPen(QPen(m_colors.text, 1));
        m_painter.drawLine(QPointF(corner.x(), body.bottom()), end);
    };
    if (fadeIn > 0)
        shade(body.topLeft(), {body.left() + fadeIn, body.top()});
    if (fadeOut > 0)
        shade(body.topRight(), {body.right() - fadeOut, body.top()});
    const double from = std::max(body.left(), -2.0);
    const double to = std::min(body.right(), m_width + 2);
    if (handles || clip.sound.gainDb != 0) {
        m_painter.setPen(QPen(withAlpha(m_colors.text, handles ? 0.9 : 0.5), 1));
        m_painter.drawLine(QPointF(from, line), QPointF(to, line));
    }
    if (handles && body.width() >= 28) {
        m_painter.setBrush(m_colors.text);
        m_painter.setPen(QPen(m_colors.lane, 1));
        m_painter.drawEllipse(QPointF(body.left() + std::max(6.0, fadeIn), body.top() + 6), 4, 4);
        m_painter.drawEllipse(QPointF(body.right() - std::max(6.0, fadeOut), body.top() + 6), 4, 4);
    }
    m_painter.setRenderHint(QPainter::Antialiasing, false);
}

double LanePainter::xOfSource(const project::Clip& clip, double clipLeft, double seconds) const {
    return clipLeft + (seconds - clip.sourceStart.value()) / clip.speed.value() * m_perSecond;
}

void LanePainter::paintRenderState(const project::Clip& clip, const QRectF& bar, double clipLeft) {
    // Told apart without colour: nothing yet is hollow, a preview is hatched, done is solid.
    m_painter.fillRect(bar, m_colors.lane);
    m_painter.fillRect(QRectF(bar.left(), bar.center().y() - 0.5, bar.width(), 1), m_colors.quietText);
    for (const auto& block : m_editor.cachedBlocks(clip.id)) {
        const double left = std::max(bar.left(), xOfSource(clip, clipLeft, block.startSeconds));
        const double right = std::min(bar.right(), xOfSource(clip, clipLeft, block.endSeconds));
        if (right <= left)
            continue;
        const QRectF part(left, bar.top() + 1, std::max(1.0, right - left), bar.height() - 2);
        if (block.exact) {
            m_painter.fillRect(part, m_doneColor);
        } else {
            m_painter.fillRect(part, m_colors.lane);
            m_painter.fillRect(part, QBrush(m_colors.accent, Qt::DiagCrossPattern));
        }
    }
}

void LanePainter::paintKept(const Lane& lane, const ClipBox& box) {
    const auto& clip = *box.clip;
    const double left = std::round(m_scale.xOf(double(box.start)));
    const double right = std::round(m_scale.xOf(double(box.end))) - 1;
    const QRectF area = QRectF(left, lane.y + lane.clipHeight + 2, right - left, lane.keptHeight - 3)
                            .intersected(QRectF(-2, lane.y, m_width + 4, lane.height()));
    if (area.width() <= 0)
        return;
    m_painter.fillRect(area, withAlpha(m_colors.text, 0.05));
    double paintedTo = area.left();
    for (const auto& block : m_editor.cachedBlocks(clip.id)) {
        const auto count = double(block.keptPerLatentFrame.size());
        const double length = (block.endSeconds - block.startSeconds) / std::max(1.0, count);
        for (std::size_t i = 0; i < block.keptPerLatentFrame.size(); ++i) {
            const double start = block.startSeconds + double(i) * length;
            const double from = std::max(paintedTo, std::round(xOfSource(clip, left, start)));
            const double to = std::min(area.right(), std::round(xOfSource(clip, left, start + length)));
            if (to - from < 1)
                continue;
            const double kept = std::clamp(block.keptPerLatentFrame[i], 0.0, 1.0);
            const double height = std::max(1.0, kept * area.height());
            const double gap = to - from >= 4 ? 1 : 0;
            m_painter.fillRect(QRectF(from, area.bottom() - height, to - from - gap, height),
                               block.exact ? m_colors.accent : withAlpha(m_colors.accent, 0.55));
            paintedTo = to;
        }
    }
    m_painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), withAlpha(m_colors.quietText, 0.6));
}

void LanePainter::paintCrossFade(const Lane& lane, const ClipBox& box) {
    const double cut = std::round(m_scale.xOf(double(box.start)));
    const double half = session::crossFadeHalf(m_project.format, *box.clip) * m_scale.pixelsPerFrame;
    if (half < 2)
        return;
    const QRectF area(cut - half, lane.y + 1, 2 * half, lane.clipHeight - 2);
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(QPen(m_colors.text, 1));
    m_painter.setBrush(withAlpha(m_colors.isLight() ? Qt::white : Qt::black, 0.45));
    m_painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5));
    // One clip falls while the other rises.
    m_painter.drawLine(area.topLeft(), area.bottomRight());
    m_painter.drawLine(area.bottomLeft(), area.topRight());
    m_painter.setRenderHint(QPainter::Antialiasing, false);
}

void LanePainter::paintOverlay() {
    const auto* lane = m_layout.laneOf(m_overlay.hovered.track);
    if (lane && m_overlay.hovered.part == TimelineHit::Part::crossFade) {
        // The handles of the cross-fade under the pointer.
        const auto index = lane->indexOf(m_overlay.hovered.clip);
        const auto& box = lane->clips[std::size_t(std::max(0, index))];
        const double half = session::crossFadeHalf(m_project.format, *box.clip) * m_scale.pixelsPerFrame;
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(QPen(m_colors.lane, 1));
        m_painter.setBrush(m_colors.focus);
        for (const double x : {m_scale.xOf(double(box.start)) - half, m_scale.xOf(double(box.start)) + half}) {
            const double y = lane->y + 8;
            const QPointF diamond[] = {{x, y - 6}, {x + 6, y}, {x, y + 6}, {x - 6, y}};
            m_painter.drawPolygon(diamond, 4);
        }
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }
    if (lane && m_overlay.hovered.part == TimelineHit::Part::cut) {
        const auto* clip = project::findClip(m_project, m_overlay.hovered.clip);
        const double x = clip ? m_scale.xOf((clip->start * m_project.format.rate).value()) : -10;
        m_painter.fillRect(QRectF(x - 3, lane->y, 2, lane->clipHeight), m_colors.focus);
        m_painter.fillRect(QRectF(x + 1, lane->y, 2, lane->clipHeight), m_colors.focus);
    }
    if (lane && m_overlay.bladeX)
        m_painter.fillRect(QRectF(*m_overlay.bladeX - 1, lane->y, 2, lane->clipHeight), m_colors.focus);
    for (const auto& ghost : m_overlay.ghosts) {
        const auto* at = m_layout.laneOf(ghost.track);
        if (!at)
            continue;
        const double left = m_scale.xOf(double(ghost.start));
        const QRectF area(left, at->y, m_scale.xOf(double(ghost.end)) - left, at->clipHeight);
        const auto seen = area.intersected(QRectF(-4, at->y, m_width + 8, at->clipHeight));
        m_painter.fillRect(seen, withAlpha(m_colors.accent, 0.28));
        m_painter.setPen(QPen(m_colors.focus, 2));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRect(seen.adjusted(1, 1, -1, -1));
    }
    if (const auto& gap = m_editor.selection()->gap()) {
        const auto* at = m_layout.laneOf(gap->track);
        const double rate = m_project.format.rate.value();
        const double left = m_scale.xOf(gap->start.value() * rate);
        if (at) {
            const QRectF area(left, at->y, m_scale.xOf(gap->end.value() * rate) - left, at->clipHeight);
            m_painter.fillRect(area, withAlpha(m_colors.accent, 0.12));
            m_painter.setPen(QPen(m_colors.accent, 1, Qt::DashLine));
            m_painter.setBrush(Qt::NoBrush);
            m_painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5));
        }
    }
    if (m_overlay.rubberBand) {
        m_painter.fillRect(*m_overlay.rubberBand, withAlpha(m_colors.accent, 0.15));
        m_painter.setPen(QPen(m_colors.accent, 1));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRect(*m_overlay.rubberBand);
    }
}

const project::Source* LanePainter::sourceOf(const project::Clip& clip) const {
    return project::findSource(m_project, clip.source);
}

const QString& LanePainter::keyOf(const project::Source& source) {
    const auto [entry, isNew] = m_keys.try_emplace(source.id);
    if (isNew)
        entry->second = session::mediaKey(source);
    return entry->second;
}

}  // namespace lipar::ui
