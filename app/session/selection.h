// What is selected in the timeline, and the clip that the inspector shows. Thread: UI thread.
//
// At most one kind at a time: clips, one marker, or one gap. Ids stay valid: what leaves the project leaves the selection.
#pragma once

#include <optional>
#include <vector>

#include <QObject>
#include <QtQmlIntegration>

#include "app/project/project.h"

namespace lipar::session {

class ProjectDocument;

// Free space between or before the clips of a track.
struct Gap {
    project::Id track = 0;
    Rational start;
    Rational end;
    friend bool operator==(const Gap&, const Gap&) = default;
};

class Selection : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(qulonglong currentClip READ currentClip NOTIFY changed)  // the one picked last; 0 = none
    Q_PROPERTY(int count READ count NOTIFY changed)                     // of clips
    Q_PROPERTY(bool isEmpty READ isEmpty NOTIFY changed)
    Q_PROPERTY(qulonglong marker READ marker NOTIFY changed)            // 0 = none

public:
    explicit Selection(ProjectDocument& document, QObject* parent = nullptr);

    [[nodiscard]] qulonglong currentClip() const { return m_current; }
    [[nodiscard]] const std::vector<project::Id>& clips() const { return m_clips; }  // in the order they were picked
    [[nodiscard]] int count() const { return int(m_clips.size()); }
    [[nodiscard]] bool contains(project::Id clip) const;
    [[nodiscard]] qulonglong marker() const { return m_marker; }
    [[nodiscard]] const std::optional<Gap>& gap() const { return m_gap; }
    [[nodiscard]] bool isEmpty() const { return m_clips.empty() && m_marker == 0 && !m_gap; }

    // These clips and nothing else; `current` = the last of them if 0. Unknown ids are ignored.
    void select(const std::vector<project::Id>& clips, project::Id current = 0);
    void toggle(project::Id clip);
    void selectMarker(project::Id marker);
    void selectGap(const Gap& gap);
    Q_INVOKABLE void clear();

Q_SIGNALS:
    void changed();

private:
    void set(std::vector<project::Id> clips, project::Id current, project::Id marker, std::optional<Gap> gap);
    void prune();

    ProjectDocument& m_document;
    std::vector<project::Id> m_clips;
    project::Id m_current = 0;
    project::Id m_marker = 0;
    std::optional<Gap> m_gap;
};

}  // namespace lipar::session
