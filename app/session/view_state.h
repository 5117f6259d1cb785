// How the viewer shows a frame. Thread: UI thread.
#pragma once

#include <QObject>
#include <QtQmlIntegration>

namespace lipar::session {

class ViewState : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(Mode mode READ mode WRITE setMode NOTIFY modeChanged)
    // Where the wipe's edge is, 0..1 of the picture's width; source left of it, edited right of it.
    Q_PROPERTY(double wipe READ wipe WRITE setWipe NOTIFY wipeChanged)
    Q_PROPERTY(Heatmap heatmap READ heatmap WRITE setHeatmap NOTIFY heatmapChanged)

public:
    enum Mode { Source, Edited, Wipe, Split };
    Q_ENUM(Mode)
    enum Heatmap { NoHeatmap, KeptTokens, TokenAge };
    Q_ENUM(Heatmap)

    using QObject::QObject;

    [[nodiscard]] Mode mode() const { return m_mode; }
    [[nodiscard]] double wipe() const { return m_wipe; }
    [[nodiscard]] Heatmap heatmap() const { return m_heatmap; }
    void setMode(Mode mode);
    void setWipe(double wipe);  // clamped to 0..1
    void setHeatmap(Heatmap heatmap);
    // Off, or the kind that was on last.
    Q_INVOKABLE void toggleHeatmap();

Q_SIGNALS:
    void modeChanged();
    void wipeChanged();
    void heatmapChanged();

private:
    Mode m_mode = Wipe;
    double m_wipe = 0.5;
    Heatmap m_heatmap = NoHeatmap;
    Heatmap m_lastHeatmap = KeptTokens;
};

}  // namespace lipar::session
