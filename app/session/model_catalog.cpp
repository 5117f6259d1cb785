#include "app/session/model_catalog.h"

namespace lipar::session {

ModelCatalog::ModelCatalog(jobs::JobRunner& runner, QObject* parent) : QAbstractListModel(parent), m_job(runner) {
    connect(&m_job, &jobs::LatestJob::finished, this, [this](const service::Report& report) {
        const auto* list = std::get_if<service::ModelListReport>(&report);
        if (!list)
            return;
        beginResetModel();
        m_models = list->models;
        endResetModel();
        Q_EMIT countChanged();
    });
    refresh();
}

void ModelCatalog::refresh() {
    m_job.start(service::ModelListRequest{});
}

int ModelCatalog::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant ModelCatalog::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& model = m_models[std::size_t(index.row())];
    switch (role) {
    case NameRole:
        return QString::fromStdString(model.name);
    case VersionRole:
        return QString::fromStdString(model.version);
    case LicenseRole:
        return QString::fromStdString(model.license);
    case BytesRole:
        return double(model.bytes);
    case ParametersRole:
        return double(model.parameters);
    case BuiltInRole:
        return model.builtIn;
    case CanEditRole:
        return model.canEdit;
    default:
        return {};
    }
}

QHash<int, QByteArray> ModelCatalog::roleNames() const {
    return {{NameRole, "name"},
            {VersionRole, "version"},
            {LicenseRole, "license"},
            {BytesRole, "bytes"},
            {ParametersRole, "parameters"},
            {BuiltInRole, "builtIn"},
            {CanEditRole, "canEdit"}};
}

}  // namespace lipar::session
