#include "app/session/timeline_tracks.h"

#include <algorithm>
#include <utility>

namespace lipar::session {

void TimelineTracks::show(const TimelineLayout& layout) {
    std::vector<Row> rows;
    for (const auto& lane : layout.lanes()) {
        const auto& track = *lane.track;
        rows.push_back({track.id, QString::fromStdString(track.name), track.kind == project::TrackKind::video,
                        track.muted, track.solo, track.locked, lane.y, lane.height(),
                        lane.keptHeight});
    }
    // The controls of a header stay, and keep the keyboard, as long as its track does.
    const bool sameTracks = std::ranges::equal(rows, m_rows, {}, &Row::id, &Row::id);
    if (!sameTracks) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i] != m_rows[i]) {
            m_rows[i] = std::move(rows[i]);
            Q_EMIT dataChanged(index(int(i)), index(int(i)));
        }
}

int TimelineTracks::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant TimelineTracks::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& row = m_rows[std::size_t(index.row())];
    switch (role) {
        case TrackIdRole: return QVariant::fromValue<qulonglong>(row.id);
        case Qt::DisplayRole:
        case NameRole: return row.name;
        case IsVideoRole: return row.isVideo;
        case MutedRole: return row.muted;
        case SoloRole: return row.solo;
        case LockedRole: return row.locked;
        case LaneYRole: return row.y;
        case LaneHeightRole: return row.height;
        case KeptHeightRole: return row.keptHeight;
        default: return {};
    }
}

QHash<int, QByteArray> TimelineTracks::roleNames() const {
    return {{TrackIdRole, "trackId"}, {NameRole, "name"},     {IsVideoRole, "isVideo"}, {MutedRole, "muted"},
            {SoloRole, "solo"},       {LockedRole, "locked"}, {LaneYRole, "laneY"},     {LaneHeightRole, "laneHeight"},
            {KeptHeightRole, "keptHeight"}};
}

}  // namespace lipar::session
