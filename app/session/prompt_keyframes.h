// The prompts that a clip changes to on its way, for the inspector. Thread: UI thread.
#pragma once

#include <vector>

#include <QAbstractListModel>
#include <QtQmlIntegration>

#include "app/project/project.h"

namespace lipar::session {

class PromptKeyframes : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    // timecode: where it lies on the timeline, "HH:MM:SS:FF"; frame: the same in frames; isShown: the clip shows this time.
    enum Role { PromptRole = Qt::UserRole + 1, TimecodeRole, FrameRole, IsShownRole };
    struct Row {
        QString prompt;
        QString timecode;
        qint64 frame = 0;
        bool isShown = true;
        friend bool operator==(const Row&, const Row&) = default;
    };

    using QAbstractListModel::QAbstractListModel;

    // Of this clip; rows that stay keep their delegates, so that a field can be typed into while the project changes.
    void show(const project::Project& project, const project::Clip* clip);
    [[nodiscard]] int count() const { return int(m_rows.size()); }
    [[nodiscard]] const Row& at(int row) const { return m_rows[std::size_t(row)]; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();

private:
    std::vector<Row> m_rows;
};

}  // namespace lipar::session
