#include "app/session/prompt_keyframes.h"

#include <algorithm>

#include "app/session/playback_timecode.h"

namespace lipar::session {

void PromptKeyframes::show(const project::Project& project, const project::Clip* clip) {
    std::vector<Row> rows;
    if (clip) {
        for (const auto& keyframe : clip->edit.promptKeyframes) {
            const auto time = clip->start + keyframe.time / clip->speed;
            const auto frame = project::frameAt(project.format, time);
            rows.push_back({QString::fromStdString(keyframe.prompt), frameTimecode(project.format.rate, frame), frame,
                            time >= clip->start && time < clip->end()});
        }
    }
    if (rows.size() != m_rows.size()) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        Q_EMIT countChanged();
        return;
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (rows[row] == m_rows[row])
            continue;
        m_rows[row] = std::move(rows[row]);
        Q_EMIT dataChanged(index(int(row)), index(int(row)));
    }
}

int PromptKeyframes::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant PromptKeyframes::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& row = m_rows[std::size_t(index.row())];
    switch (role) {
        case PromptRole: return row.prompt;
        case TimecodeRole: return row.timecode;
        case FrameRole: return row.frame;
        case IsShownRole: return row.isShown;
        default: return {};
    }
}

QHash<int, QByteArray> PromptKeyframes::roleNames() const {
    return {{PromptRole, "prompt"}, {TimecodeRole, "timecode"}, {FrameRole, "frame"}, {IsShownRole, "isShown"}};
}

}  // namespace lipar::session
