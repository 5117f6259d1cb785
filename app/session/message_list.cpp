#include "app/session/message_list.h"

#include <algorithm>

#include <QLocale>
#include <QStringList>

namespace lipar::session {

void MessageList::add(Severity severity, const QString& what, const ErrorReport& report) {
    if (!report.isSet())
        return;
    beginInsertRows({}, 0, 0);
    m_messages.push_front({severity, what, report, QDateTime::currentDateTime()});
    endInsertRows();
    if (count() > limit) {
        beginRemoveRows({}, limit, limit);
        m_messages.pop_back();
        endRemoveRows();
    }
    m_unread = std::min(m_unread + 1, limit);
    Q_EMIT countChanged();
}

void MessageList::clear() {
    beginResetModel();
    m_messages.clear();
    endResetModel();
    m_unread = 0;
    Q_EMIT countChanged();
}

void MessageList::markRead() {
    if (m_unread == 0)
        return;
    m_unread = 0;
    Q_EMIT countChanged();
}

QString MessageList::toText() const {
    QStringList lines;
    for (const auto& message : m_messages)
        lines << message.time.toString(Qt::ISODate) + "  " + message.what + '\n' + message.report.details;
    return lines.join("\n\n");
}

int MessageList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant MessageList::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& message = m_messages[std::size_t(index.row())];
    switch (role) {
        case SeverityRole: return int(message.severity);
        case WhatRole: return message.what;
        case ReportRole: return QVariant::fromValue(message.report);
        case TimeRole: return QLocale().toString(message.time.time(), QLocale::ShortFormat);
        default: return {};
    }
}

QHash<int, QByteArray> MessageList::roleNames() const {
    return {{SeverityRole, "severity"}, {WhatRole, "what"}, {ReportRole, "report"}, {TimeRole, "time"}};
}

}  // namespace lipar::session
