#include "app/session/studio_action.h"

#include <utility>

namespace lipar::session {

namespace {

QList<QKeySequence> sequencesOf(const QStringList& names) {
    QList<QKeySequence> keys;
    for (const auto& name : names)
        keys << QKeySequence::fromString(name, QKeySequence::PortableText);
    return keys;
}

}  // namespace

StudioAction::StudioAction(QString actionId, QString group, QString text, const QStringList& defaultKeys,
                           bool checkable, QObject* parent)
    : QObject(parent),
      m_id(std::move(actionId)),
      m_group(std::move(group)),
      m_text(std::move(text)),
      m_defaultKeys(sequencesOf(defaultKeys)),
      m_keys(m_defaultKeys),
      m_checkable(checkable) {}

QStringList StudioAction::keyNames() const {
    QStringList names;
    for (const auto& keys : m_keys)
        names << keys.toString(QKeySequence::PortableText);
    return names;
}

QString StudioAction::keysText() const {
    return m_keys.isEmpty() ? QString() : m_keys.first().toString(QKeySequence::NativeText);
}

QString StudioAction::allKeysText() const {
    QStringList texts;
    for (const auto& keys : m_keys)
        texts << keys.toString(QKeySequence::NativeText);
    return texts.join(", ");
}

QVariantList StudioAction::windowKeys() const {
    QVariantList names;
    for (const auto& keys : m_keys)
        if (!isPlainKey(keys))
            names << keys.toString(QKeySequence::PortableText);
    return names;
}

void StudioAction::setKeys(const QList<QKeySequence>& keys) {
    if (keys == m_keys)
        return;
    m_keys = keys;
    Q_EMIT keysChanged();
}

void StudioAction::setEnabled(bool enabled) {
    if (enabled == m_enabled)
        return;
    m_enabled = enabled;
    Q_EMIT enabledChanged();
}

void StudioAction::setChecked(bool checked) {
    if (checked == m_checked)
        return;
    m_checked = checked;
    Q_EMIT checkedChanged();
}

void StudioAction::trigger() {
    if (m_enabled)
        Q_EMIT triggered();
}

bool isPlainKey(const QKeySequence& keys) {
    if (keys.isEmpty())
        return false;
    const auto first = keys[0];
    const bool isFunctionKey = first.key() >= Qt::Key_F1 && first.key() <= Qt::Key_F35;
    return !isFunctionKey && !(first.keyboardModifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
}

}  // namespace lipar::session
