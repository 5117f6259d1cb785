// Draws the lanes of the timeline: clips with pictures, sound, edits and what of them is rendered. Only what is seen.
#pragma once

#include <map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <QColor>
#include <QPainter>

#include "app/session/timeline_editor.h"

namespace lipar::ui {

struct TimelineColors {
    QColor lane;       // behind clips
    QColor line;
    QColor text;
    QColor quietText;
    QColor accent;
    QColor inkOnAccent;
    QColor focus;
    [[nodiscard]] bool isLight() const { return lane.lightnessF() > 0.5F; }
};

class LanePainter {
public:
    // `pixelRatio`: device pixels per pixel, for sharp thumbnails.
    LanePainter(QPainter& painter, const session::TimelineEditor& editor, const TimelineColors& colors, double pixelRatio);

    void paint();
    // What could not be drawn yet, or only with another picture in its place: all that is seen.
    [[nodiscard]] std::vector<session::ThumbnailStore::Wish> takeThumbnailWishes() { return std::move(m_thumbnails); }
    [[nodiscard]] std::vector<session::WaveformStore::Wish> takeWaveformWishes() { return std::move(m_waveforms); }

private:
    void paintLane(const session::Lane& lane);
    void paintClip(const session::Lane& lane, const session::ClipBox& box);
    void paintPictures(const project::Clip& clip, const QRectF& area, double clipLeft);
    void paintSound(const project::Clip& clip, const QRectF& area, double clipLeft, double clipRight);
    void paintFades(const project::Clip& clip, const QRectF& body, bool handles);
    void paintTitle(const project::Clip& clip, const QRectF& strip, bool isVideo);
    void paintRenderState(const project::Clip& clip, const QRectF& bar, double clipLeft);
    void paintKept(const session::Lane& lane, const session::ClipBox& box);
    void paintCrossFade(const session::Lane& lane, const session::ClipBox& box);
    void paintOverlay();

    // Pixels of a source's time within a clip.
    [[nodiscard]] double xOfSource(const project::Clip& clip, double clipLeft, double seconds) const;
    [[nodiscard]] const project::Source* sourceOf(const project::Clip& clip) const;
    [[nodiscard]] const QString& keyOf(const project::Source& source);

    QPainter& m_painter;
    const session::TimelineEditor& m_editor;
    const session::TimelineLayout& m_layout;
    const project::Project& m_project;
    session::TimelineScale m_scale;
    TimelineColors m_colors;
    QColor m_videoColor;
    QColor m_audioColor;
    QColor m_soundColor;
    QColor m_doneColor;
    double m_pixelRatio;
    double m_width;
    double m_perSecond;  // pixels
    session::TimelineEditor::Overlay m_overlay;
    std::unordered_set<project::Id> m_selected;
    std::map<project::Id, QString> m_keys;
    std::vector<session::ThumbnailStore::Wish> m_thumbnails;
    std::vector<session::WaveformStore::Wish> m_waveforms;
};

}  // namespace lipar::ui
