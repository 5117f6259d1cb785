// The timeline panel's view model: what is seen of the project, and every edit that is made there. Thread: UI thread.
//
// The mouse members take pixels of the lanes' area, whose top left corner is (0, 0) whatever is scrolled. All edits go
// through ProjectDocument; an edit that fails shows there as `error`.
#pragma once

#include <map>
#include <optional>

#include <QObject>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QUrl>
#include <QVector>
#include <QtQmlIntegration>

#include "app/session/project_document.h"
#include "app/session/selection.h"
#include "app/session/thumbnail_store.h"
#include "app/session/timeline_clipboard.h"
#include "app/session/timeline_drag.h"
#include "app/session/timeline_layout.h"
#include "app/session/timeline_tracks.h"
#include "app/session/waveform_store.h"
#include "engine/service/events.h"

namespace lipar::session {

class TimelineEditor : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(lipar::session::Selection* selection READ selection CONSTANT)
    Q_PROPERTY(lipar::session::TimelineTracks* tracks READ tracks CONSTANT)
    // The player's place and range, bound by the window both ways: here from the player, back through the signals below.
    Q_PROPERTY(qint64 playheadFrame READ playheadFrame WRITE setPlayheadFrame NOTIFY playheadChanged)
    Q_PROPERTY(qint64 inFrame READ inFrame WRITE setInFrame NOTIFY rangeChanged)     // negative = none
    Q_PROPERTY(qint64 outFrame READ outFrame WRITE setOutFrame NOTIFY rangeChanged)  // one past the last; negative = none
    Q_PROPERTY(QString playheadTime READ playheadTime NOTIFY playheadChanged)        // "00:00:04:12"
    Q_PROPERTY(double playheadX READ playheadX NOTIFY playheadMoved)
    Q_PROPERTY(double snapX READ snapX NOTIFY overlayChanged)  // of the guide; negative = none
    // Of the drag in progress: "+12 frames", "-3.5 dB"; empty = none.
    Q_PROPERTY(QString dragText READ dragText NOTIFY overlayChanged)
    Q_PROPERTY(QPointF dragPoint READ dragPoint NOTIFY overlayChanged)
    Q_PROPERTY(Tool tool READ tool WRITE setTool NOTIFY toolChanged)
    Q_PROPERTY(bool snapping READ snapping WRITE setSnapping NOTIFY snappingChanged)
    Q_PROPERTY(bool showsKept READ showsKept WRITE setShowsKept NOTIFY layoutChanged)
    Q_PROPERTY(double zoom READ zoom WRITE setZoom NOTIFY viewChanged)  // 0 = all and more, 1 = single frames
    // Of scroll bars: the share of the whole that is seen, and where it begins.
    Q_PROPERTY(double scrollSize READ scrollSize NOTIFY viewChanged)
    Q_PROPERTY(double scrollPosition READ scrollPosition WRITE setScrollPosition NOTIFY viewChanged)
    Q_PROPERTY(double verticalSize READ verticalSize NOTIFY viewChanged)
    Q_PROPERTY(double verticalPosition READ verticalPosition WRITE setVerticalPosition NOTIFY viewChanged)
    Q_PROPERTY(double contentY READ contentY NOTIFY viewChanged)  // pixels scrolled down
    Q_PROPERTY(bool isEmpty READ isEmpty NOTIFY layoutChanged)    // no clip
    Q_PROPERTY(bool canPaste READ canPaste NOTIFY clipboardChanged)
    Q_PROPERTY(bool isDragging READ isDragging NOTIFY overlayChanged)
    // What the keyboard is at, for people who cannot see it.
    Q_PROPERTY(QString currentDescription READ currentDescription NOTIFY descriptionChanged)

public:
    enum Tool { SelectTool, BladeTool };
    Q_ENUM(Tool)

    // What the lanes draw beside the clips: what lies over them.
    struct Overlay {
        std::vector<GhostClip> ghosts;
        std::optional<QRectF> rubberBand;  // content pixels
        std::optional<double> bladeX;      // where the blade would cut
        TimelineHit hovered;
    };

    // The stores may be null: no thumbnails, no waveforms. All must outlive this object.
    TimelineEditor(ProjectDocument& document, Selection& selection, ThumbnailStore* thumbnails = nullptr,
                   WaveformStore* waveforms = nullptr, QObject* parent = nullptr);

    [[nodiscard]] Selection* selection() const { return &m_selection; }
    [[nodiscard]] ProjectDocument& document() const { return m_document; }
    [[nodiscard]] ThumbnailStore* thumbnails() const { return m_thumbnails; }
    [[nodiscard]] WaveformStore* waveforms() const { return m_waveforms; }
    [[nodiscard]] TimelineTracks* tracks() { return &m_tracks; }
    [[nodiscard]] const TimelineLayout& layout() const { return m_layout; }
    [[nodiscard]] const TimelineScale& scale() const { return m_scale; }
    [[nodiscard]] QSizeF viewSize() const { return m_viewSize; }
    [[nodiscard]] Overlay overlay() const;
    [[nodiscard]] const TimelineDrag& drag() const { return m_drag; }

    [[nodiscard]] qint64 playheadFrame() const { return m_playhead; }
    [[nodiscard]] qint64 inFrame() const { return m_in; }
    [[nodiscard]] qint64 outFrame() const { return m_out; }
    [[nodiscard]] QString playheadTime() const;
    [[nodiscard]] double playheadX() const { return m_scale.xOf(double(m_playhead)); }
    [[nodiscard]] double snapX() const;
    [[nodiscard]] QString dragText() const;
    [[nodiscard]] QPointF dragPoint() const;
    [[nodiscard]] Tool tool() const { return m_tool; }
    [[nodiscard]] bool snapping() const { return m_snapping; }
    [[nodiscard]] bool showsKept() const { return m_showsKept; }
    [[nodiscard]] double zoom() const;
    [[nodiscard]] double scrollSize() const;
    [[nodiscard]] double scrollPosition() const;
    [[nodiscard]] double verticalSize() const;
    [[nodiscard]] double verticalPosition() const;
    [[nodiscard]] double contentY() const { return m_contentY; }
    [[nodiscard]] bool isEmpty() const { return m_layout.frames() == 0; }
    [[nodiscard]] bool canPaste() const { return !m_clipboard.isEmpty(); }
    [[nodiscard]] bool isDragging() const { return m_drag.isActive(); }
    [[nodiscard]] QString currentDescription() const;

    void setPlayheadFrame(qint64 frame);
    void setInFrame(qint64 frame);
    void setOutFrame(qint64 frame);
    void setTool(Tool tool);
    void setSnapping(bool snapping);
    void setShowsKept(bool shows);
    void setZoom(double zoom);  // around the playhead where it is seen, else around the middle
    void setScrollPosition(double position);
    void setVerticalPosition(double position);

    // Of the lanes' area, pixels. The first size shows all of the project.
    void setViewSize(QSizeF size);
    Q_INVOKABLE void zoomBy(double factor);
    void zoomAround(double factor, double x);
    Q_INVOKABLE void zoomToFit();
    void scrollBy(double dx, double dy);

    // Which blocks of a clip's edit there are, in source time; what is not named has not been edited yet.
    void setCachedBlocks(project::Id clip, const QVector<service::CachedBlock>& blocks);
    [[nodiscard]] const QVector<service::CachedBlock>& cachedBlocks(project::Id clip) const;

    // The mouse, in the lanes' area.
    void hover(QPointF at, Qt::KeyboardModifiers modifiers);
    void leave();
    void press(QPointF at, Qt::KeyboardModifiers modifiers);
    void move(QPointF at, Qt::KeyboardModifiers modifiers);
    void release(QPointF at, Qt::KeyboardModifiers modifiers);
    void cancelDrag();
    // Selects what a menu that opens here is about.
    void pickForMenu(QPointF at);
    [[nodiscard]] Qt::CursorShape cursor() const;
    // The mouse, in the ruler: y counts from its top.
    void pressRuler(QPointF at, Qt::KeyboardModifiers modifiers);
    [[nodiscard]] Qt::CursorShape rulerCursor(double x) const;
    [[nodiscard]] const project::Marker* markerAt(double x) const;
    // Keys of the panel that are no actions of the window: tools, nudging (, .) and trimming (Alt+arrows) by a frame.
    // False: the key means nothing here.
    Q_INVOKABLE bool pressKey(int key, int modifiers);
    // Keys while the lanes themselves have the keyboard: the arrows go from clip to clip.
    Q_INVOKABLE bool pressLaneKey(int key, int modifiers);

    // A source of the bin over the lanes: shows where it would lie; drop adds it.
    bool dragSource(qulonglong source, QPointF at);
    void leaveSource();
    void dropSource(qulonglong source, QPointF at, bool insert);
    void dropFiles(const QList<QUrl>& files, QPointF at);
    // At the playhead: what "add to timeline" of the bin does.
    Q_INVOKABLE void addSource(qulonglong source);

    // Edits of what is selected, at the playhead where a place is needed.
    Q_INVOKABLE void split();
    Q_INVOKABLE void deleteSelected();
    Q_INVOKABLE void rippleDeleteSelected();
    Q_INVOKABLE void selectAll();
    Q_INVOKABLE void copy();
    Q_INVOKABLE void cut();
    Q_INVOKABLE void paste();
    Q_INVOKABLE void duplicate();
    Q_INVOKABLE void nudge(int frames);
    Q_INVOKABLE void trimBy(bool atStart, int frames);
    Q_INVOKABLE void trimToPlayhead(bool atStart);
    Q_INVOKABLE void crossFade();  // at the start of the current clip, half a second; removes one that is there
    Q_INVOKABLE void addMarker();
    Q_INVOKABLE void renameMarker(qulonglong marker, const QString& name);
    Q_INVOKABLE QString markerName(qulonglong marker) const;
    Q_INVOKABLE void selectNext(int clips);   // along the track
    Q_INVOKABLE void selectAcross(int lanes);  // the clip nearest to it on another track
    Q_INVOKABLE void addTrack(bool isVideo);
    Q_INVOKABLE void removeTrack(qulonglong track);
    Q_INVOKABLE void renameTrack(qulonglong track, const QString& name);
    Q_INVOKABLE void setTrackMuted(qulonglong track, bool muted);
    Q_INVOKABLE void setTrackSolo(qulonglong track, bool solo);
    Q_INVOKABLE void setTrackLocked(qulonglong track, bool locked);

Q_SIGNALS:
    void playheadChanged();
    void playheadMoved();  // in pixels: also by scrolling
    void rangeChanged();
    void viewChanged();
    void layoutChanged();
    void overlayChanged();
    void cachedBlocksChanged();
    void toolChanged();
    void snappingChanged();
    void clipboardChanged();
    void descriptionChanged();
    void seekRequested(qint64 frame);
    void rangeRequested(qint64 in, qint64 out);  // as inFrame and outFrame
    void filesDropped(const QList<QUrl>& files, qulonglong track, qint64 frame);
    void markerEditRequested(qulonglong marker, double x);  // a double click on a marker

private:
    void rebuild();
    void rebuildAll();
    void showFrame(qint64 frame);
    void clampView();
    void seek(qint64 frame);
    [[nodiscard]] double leastPixelsPerFrame() const;
    [[nodiscard]] const project::Project& project() const { return m_document.project(); }
    [[nodiscard]] QPointF toContent(QPointF at) const { return {at.x(), at.y() + m_contentY}; }
    [[nodiscard]] DragSpace dragSpace(Qt::KeyboardModifiers modifiers = {}) const;
    [[nodiscard]] SnapTargets snapTargets(const std::vector<project::Id>& moving, bool withPlayhead = true) const;
    void pressClip(const TimelineHit& hit, Qt::KeyboardModifiers modifiers);
    void beginDrag(TimelineDrag::Kind kind, const project::Clip& clip, Qt::KeyboardModifiers modifiers);
    void beginMove();
    void follow(Qt::KeyboardModifiers modifiers);
    void finishDrag();
    void dragMark(qint64 frame);
    // The mark of the range that a press at x takes hold of.
    [[nodiscard]] TimelineDrag::Kind markAt(double x) const;
    void selectRange(project::Id clip);
    void selectInBand(bool adds);
    [[nodiscard]] QRectF bandRect() const;
    void removeSelected(bool ripple);
    void closeGap(const Gap& gap);
    template <class Change>
    void changeTrack(project::Id track, const Change& change);
    [[nodiscard]] std::string newKey(const char* what);
    [[nodiscard]] const project::Clip* currentClip() const;
    [[nodiscard]] std::optional<GhostClip> ghostOfSource(project::Id source, QPointF at) const;

    ProjectDocument& m_document;
    Selection& m_selection;
    ThumbnailStore* m_thumbnails;
    WaveformStore* m_waveforms;
    TimelineTracks m_tracks;
    TimelineLayout m_layout;
    TimelineScale m_scale;
    QSizeF m_viewSize;
    double m_contentY = 0;
    bool m_fitsWhenSized = true;
    qint64 m_playhead = 0;
    qint64 m_in = -1;
    qint64 m_out = -1;
    Tool m_tool = SelectTool;
    bool m_snapping = true;
    bool m_showsKept = true;
    TimelineDrag m_drag;
    TimelineHit m_hovered;
    double m_hoverX = -1;
    std::optional<GhostClip> m_sourceGhost;
    qint64 m_sourceSnapped = -1;
    TimelineClipboard m_clipboard;
    std::map<project::Id, QVector<service::CachedBlock>> m_blocks;
    int m_keys = 0;
};

}  // namespace lipar::session
