// The tracks as rows of a model, from the top: what the headers beside the lanes show. Thread: UI thread.
#pragma once

#include <vector>

#include <QAbstractListModel>
#include <QtQmlIntegration>

#include "app/session/timeline_layout.h"

namespace lipar::session {

class TimelineTracks : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the timeline")

public:
    enum Role {
        TrackIdRole = Qt::UserRole + 1,
        NameRole,
        IsVideoRole,
        MutedRole,
        SoloRole,
        LockedRole,
        LaneYRole,       // pixels, before scrolling
        LaneHeightRole,  // pixels, with the lane of kept tokens
        KeptHeightRole,  // of that lane; 0 = not shown
    };

    using QAbstractListModel::QAbstractListModel;

    void show(const TimelineLayout& layout);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

private:
    struct Row {
        project::Id id = 0;
        QString name;
        bool isVideo = true;
        bool muted = false;
        bool solo = false;
        bool locked = false;
        double y = 0;
        double height = 0;
        double keptHeight = 0;
        friend bool operator==(const Row&, const Row&) = default;
    };
    std::vector<Row> m_rows;
};

}  // namespace lipar::session
