// The projects that were open last, newest first; those whose file is gone are marked. Thread: UI thread.
#pragma once

#include <vector>

#include <QAbstractListModel>
#include <QDateTime>
#include <QFutureWatcher>
#include <QSet>
#include <QUrl>
#include <QtQmlIntegration>

#include "app/settings/app_settings.h"

namespace lipar::session {

class RecentProjects : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    enum Role { NameRole = Qt::UserRole + 1, FolderRole, FileRole, MissingRole, TimeRole };

    static constexpr int limit = 12;

    // Kept in `settings`, which must outlive this object.
    explicit RecentProjects(settings::AppSettings& settings, QObject* parent = nullptr);
    ~RecentProjects() override;

    // Puts a file first.
    void add(const QString& path);
    Q_INVOKABLE void remove(int row);
    // Looks again which files are there, on a thread of its own: a folder on a network may take its time.
    Q_INVOKABLE void refresh();
    [[nodiscard]] int count() const { return int(m_files.size()); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();

private:
    struct Recent {
        QString path;
        QDateTime opened;
    };
    void store();

    settings::AppSettings& m_settings;
    std::vector<Recent> m_files;
    QSet<QString> m_missing;
    QFutureWatcher<QSet<QString>> m_look;
};

}  // namespace lipar::session
