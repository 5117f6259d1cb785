// One thing that menus, buttons and keys can do. Thread: UI thread.
#pragma once

#include <QKeySequence>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QVariantList>
#include <QtQmlIntegration>

namespace lipar::session {

class StudioAction : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the action model")
    Q_PROPERTY(QString actionId READ actionId CONSTANT)
    Q_PROPERTY(QString group READ group CONSTANT)  // English, translated in the context "Action"
    Q_PROPERTY(QString text READ text CONSTANT)    // likewise
    Q_PROPERTY(QString keysText READ keysText NOTIFY keysChanged)           // the first, as people read it
    Q_PROPERTY(QString allKeysText READ allKeysText NOTIFY keysChanged)     // with commas
    Q_PROPERTY(QVariantList windowKeys READ windowKeys NOTIFY keysChanged)  // those that work wherever the focus is
    Q_PROPERTY(bool hasOwnKeys READ hasOwnKeys NOTIFY keysChanged)          // differ from the default
    Q_PROPERTY(bool enabled READ isEnabled WRITE setEnabled NOTIFY enabledChanged)
    Q_PROPERTY(bool checkable READ isCheckable CONSTANT)
    Q_PROPERTY(bool checked READ isChecked WRITE setChecked NOTIFY checkedChanged)

public:
    // `defaultKeys`: QKeySequence texts.
    StudioAction(QString actionId, QString group, QString text, const QStringList& defaultKeys, bool checkable,
                 QObject* parent);

    [[nodiscard]] QString actionId() const { return m_id; }
    [[nodiscard]] QString group() const { return m_group; }
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] const QList<QKeySequence>& keys() const { return m_keys; }
    [[nodiscard]] const QList<QKeySequence>& defaultKeys() const { return m_defaultKeys; }
    [[nodiscard]] QStringList keyNames() const;  // as QKeySequence writes them portably
    [[nodiscard]] QString keysText() const;
    [[nodiscard]] QString allKeysText() const;
    [[nodiscard]] QVariantList windowKeys() const;
    [[nodiscard]] bool hasOwnKeys() const { return m_keys != m_defaultKeys; }
    [[nodiscard]] bool isEnabled() const { return m_enabled; }
    [[nodiscard]] bool isCheckable() const { return m_checkable; }
    [[nodiscard]] bool isChecked() const { return m_checked; }
    void setKeys(const QList<QKeySequence>& keys);
    void setEnabled(bool enabled);
    void setChecked(bool checked);

    // Emits triggered() if enabled.
    Q_INVOKABLE void trigger();

Q_SIGNALS:
    void triggered();
    void keysChanged();
    void enabledChanged();
    void checkedChanged();

private:
    QString m_id;
    QString m_group;
    QString m_text;
    QList<QKeySequence> m_defaultKeys;
    QList<QKeySequence> m_keys;
    bool m_checkable;
    bool m_enabled = true;
    bool m_checked = false;
};

// A key without Ctrl, Alt or Meta, which a focused field or slider needs for itself; function keys are not.
[[nodiscard]] bool isPlainKey(const QKeySequence& keys);

}  // namespace lipar::session
