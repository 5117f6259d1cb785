// Ways to export: those that come with the program, and the user's own. Thread: UI thread.
#pragma once

#include <vector>

#include <QAbstractListModel>
#include <QtQmlIntegration>

#include "app/jobs/export_request.h"
#include "app/settings/app_settings.h"

namespace lipar::session {

class ExportPresets : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")

public:
    // title: English, to be translated in the context "ExportPreset"; the user's own as they typed it.
    enum Role { TitleRole = Qt::UserRole + 1, DescriptionRole, OwnRole };

    // `settings` must outlive this object.
    explicit ExportPresets(settings::AppSettings& settings, QObject* parent = nullptr);

    [[nodiscard]] int count() const { return int(m_presets.size()); }
    // Codec, container, quality, size, rate and sound; the rest is left as it is.
    void apply(int row, jobs::ExportSettings& settings) const;
    // The first preset that these settings are; -1: none.
    [[nodiscard]] int rowOf(const jobs::ExportSettings& settings) const;
    // Under this name, in place of an own one of the same name. Returns its row.
    int save(const QString& title, const jobs::ExportSettings& settings);
    // Only the user's own.
    void remove(int row);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

private:
    struct Preset {
        QString title;
        QString description;
        jobs::ExportSettings settings;
        bool isOwn = false;
    };
    void store();

    settings::AppSettings& m_settings;
    std::vector<Preset> m_presets;
};

}  // namespace lipar::session
