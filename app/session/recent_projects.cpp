#include "app/session/recent_projects.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QtConcurrentRun>

namespace lipar::session {

namespace {
const QString documentName = QStringLiteral("recentProjects");
}

RecentProjects::RecentProjects(settings::AppSettings& settings, QObject* parent)
    : QAbstractListModel(parent), m_settings(settings) {
    const auto entries = QJsonDocument::fromJson(settings.document(documentName)).array();
    for (const auto& entry : entries) {
        const auto object = entry.toObject();
        if (const auto path = object.value("path").toString(); !path.isEmpty() && count() < limit)
            m_files.push_back({path, QDateTime::fromString(object.value("opened").toString(), Qt::ISODate)});
    }
    connect(&m_look, &QFutureWatcherBase::finished, this, [this] {
        m_missing = m_look.result();
        if (count() > 0)
            Q_EMIT dataChanged(index(0), index(count() - 1), {MissingRole});
    });
    refresh();
}

RecentProjects::~RecentProjects() {
    m_look.disconnect(this);
}

void RecentProjects::add(const QString& path) {
    beginResetModel();
    std::erase_if(m_files, [&](const Recent& recent) { return recent.path == path; });
    m_files.insert(m_files.begin(), {path, QDateTime::currentDateTime()});
    if (count() > limit)
        m_files.resize(limit);
    m_missing.remove(path);
    endResetModel();
    store();
}

void RecentProjects::remove(int row) {
    if (row < 0 || row >= count())
        return;
    beginRemoveRows({}, row, row);
    m_files.erase(m_files.begin() + row);
    endRemoveRows();
    store();
}

void RecentProjects::refresh() {
    QStringList paths;
    for (const auto& recent : m_files)
        paths << recent.path;
    m_look.setFuture(QtConcurrent::run([paths] {
        QSet<QString> missing;
        for (const auto& path : paths)
            if (!QFileInfo::exists(path))
                missing << path;
        return missing;
    }));
}

void RecentProjects::store() {
    QJsonArray entries;
    for (const auto& recent : m_files)
        entries << QJsonObject{{"path", recent.path}, {"opened", recent.opened.toString(Qt::ISODate)}};
    m_settings.setDocument(documentName, QJsonDocument(entries).toJson(QJsonDocument::Compact));
    Q_EMIT countChanged();
}

int RecentProjects::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant RecentProjects::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& recent = m_files[std::size_t(index.row())];
    const QFileInfo file(recent.path);
    switch (role) {
    case NameRole:
        return file.completeBaseName();
    case FolderRole:
        return QDir::toNativeSeparators(file.path());
    case FileRole:
        return QUrl::fromLocalFile(recent.path);
    case MissingRole:
        return m_missing.contains(recent.path);
    case TimeRole:
        return QLocale().toString(recent.opened, QLocale::ShortFormat);
    default:
        return {};
    }
}

QHash<int, QByteArray> RecentProjects::roleNames() const {
    return {{NameRole, "name"}, {FolderRole, "folder"}, {FileRole, "file"}, {MissingRole, "missing"}, {TimeRole, "time"}};
}

}  // namespace lipar::session
