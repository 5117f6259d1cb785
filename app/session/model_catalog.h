// The models that are installed, for the list. Thread: UI thread.
#pragma once

#include <vector>

#include <QAbstractListModel>
#include <QtQmlIntegration>

#include "app/jobs/latest_job.h"

namespace lipar::session {

class ModelCatalog : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    enum Role {
        NameRole = Qt::UserRole + 1,
        VersionRole,
        LicenseRole,
        BytesRole,
        ParametersRole,
        BuiltInRole,
        CanEditRole,
    };

    // Asks the engine at once. `runner` must outlive this object.
    explicit ModelCatalog(jobs::JobRunner& runner, QObject* parent = nullptr);

    void refresh();
    [[nodiscard]] int count() const { return int(m_models.size()); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();

private:
    std::vector<service::ModelInfo> m_models;
    jobs::LatestJob m_job;
};

}  // namespace lipar::session
