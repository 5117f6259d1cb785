// Every action of the window in one table: what it is called, its keys, whether it can be done now. Thread: UI thread.
//
// Menus, buttons and keys all go through here, so that no key is written into QML and every key can be changed. What an
// action does is connected where the objects are: app/session/studio_actions.h, and in the window for dialogs and pages.
#pragma once

#include <vector>

#include <QAbstractListModel>
#include <QtQmlIntegration>

#include "app/session/studio_action.h"
#include "app/settings/app_settings.h"

namespace lipar::session {

class ActionModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")

public:
    enum Role { ActionRole = Qt::UserRole + 1, StartsGroupRole };  // the first row of its group

    // `settings` must outlive this object.
    explicit ActionModel(settings::AppSettings& settings, QObject* parent = nullptr);

    // Null for an id that is not in the table.
    [[nodiscard]] Q_INVOKABLE lipar::session::StudioAction* find(const QString& actionId) const;
    // Does what a key without Ctrl or Alt is for, when no focused control has used it. False: nothing is.
    Q_INVOKABLE bool handleKey(int key, int modifiers);
    // The name of a pressed key ("Ctrl+B"), empty for a modifier on its own.
    [[nodiscard]] Q_INVOKABLE QString nameOfKey(int key, int modifiers) const;
    // The other action that has these keys; null when none has.
    [[nodiscard]] Q_INVOKABLE lipar::session::StudioAction* conflict(const QString& actionId, const QString& keys) const;
    // Gives an action these keys in place of its others; an action that had them loses them. Empty: no keys.
    Q_INVOKABLE void assign(const QString& actionId, const QString& keys);
    Q_INVOKABLE void reset(const QString& actionId);
    Q_INVOKABLE void resetAll();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

private:
    void setKeys(StudioAction& action, const QList<QKeySequence>& keys);

    settings::AppSettings& m_settings;
    std::vector<StudioAction*> m_actions;  // children of this object
};

}  // namespace lipar::session
