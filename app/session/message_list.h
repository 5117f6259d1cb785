// Warnings and errors of jobs, newest first, for the message list and for reports. Thread: UI thread.
#pragma once

#include <deque>

#include <QAbstractListModel>
#include <QDateTime>
#include <QtQmlIntegration>

#include "app/session/error_report.h"

namespace lipar::session {

class MessageList : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(int unread READ unread NOTIFY countChanged)  // since markRead()
    Q_PROPERTY(QString latest READ latest NOTIFY countChanged)  // the newest message, empty: none

public:
    enum Severity { Information, Warning, Failure };
    Q_ENUM(Severity)
    // `what`: an English key, translated in the context "Message" ("Export"), naming what it is about.
    enum Role { SeverityRole = Qt::UserRole + 1, WhatRole, ReportRole, TimeRole };  // ReportRole: ErrorReport

    static constexpr int limit = 500;  // the oldest leave

    using QAbstractListModel::QAbstractListModel;

    void add(Severity severity, const QString& what, const ErrorReport& report);
    Q_INVOKABLE void clear();
    Q_INVOKABLE void markRead();
    // All messages as text, newest first, for a report.
    [[nodiscard]] Q_INVOKABLE QString toText() const;

    [[nodiscard]] int count() const { return int(m_messages.size()); }
    [[nodiscard]] int unread() const { return m_unread; }
    [[nodiscard]] QString latest() const {
        return m_messages.empty() ? QString() : m_messages.front().report.message();
    }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();

private:
    struct Message {
        Severity severity = Information;
        QString what;
        ErrorReport report;
        QDateTime time;
    };
    std::deque<Message> m_messages;
    int m_unread = 0;
};

}  // namespace lipar::session
