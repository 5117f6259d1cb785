#include "app/session/export_list.h"

#include <algorithm>
#include <cmath>

#include <QDesktopServices>
#include <QUrl>

#include "app/session/paths.h"

namespace lipar::session {

namespace {

using jobs::ExportItem;
using jobs::ExportState;

bool isWaiting(const ExportItem& item) {
    return item.state == ExportState::queued || item.state == ExportState::running || item.state == ExportState::paused;
}

double progressOf(const ExportItem& item) {
    return item.progress.framesTotal > 0 ? double(item.progress.framesDone) / double(item.progress.framesTotal) : -1.0;
}

int secondsLeftOf(const ExportItem& item) {
    return item.progress.secondsLeft < 0 ? -1 : int(std::ceil(item.progress.secondsLeft));
}

}  // namespace

ExportList::ExportList(jobs::ExportQueue& queue, QObject* parent) : QAbstractListModel(parent), m_queue(queue) {
    connect(&queue, &jobs::ExportQueue::itemChanged, this, [this](int row) {
        Q_EMIT dataChanged(index(row), index(row));
        Q_EMIT progressChanged();
    });
    connect(&queue, &jobs::ExportQueue::itemsReset, this, [this] {
        beginResetModel();
        endResetModel();
        Q_EMIT countChanged();
    });
    connect(&queue, &jobs::ExportQueue::runningChanged, this, &ExportList::runningChanged);
    connect(&queue, &jobs::ExportQueue::runningChanged, this, &ExportList::countChanged);
    connect(&queue, &jobs::ExportQueue::pausedChanged, this, &ExportList::pausedChanged);
}

int ExportList::waiting() const {
    return int(std::ranges::count_if(m_queue.items(), isWaiting));
}

bool ExportList::hasFinished() const {
    return waiting() < count();
}

QString ExportList::runningName() const {
    const auto* running = m_queue.running();
    return running ? toNative(running->settings.file.filename()) : QString();
}

double ExportList::progress() const {
    const auto* running = m_queue.running();
    return running ? progressOf(*running) : -1;
}

int ExportList::secondsLeft() const {
    const auto* running = m_queue.running();
    return running ? secondsLeftOf(*running) : -1;
}

std::uint64_t ExportList::idAt(int row) const {
    return row < 0 || row >= count() ? 0 : m_queue.items()[std::size_t(row)].id;
}

void ExportList::cancel(int row) {
    m_queue.cancel(idAt(row));
}

void ExportList::cancelRunning() {
    if (const auto* running = m_queue.running())
        m_queue.cancel(running->id);
}

void ExportList::retry(int row) {
    m_queue.retry(idAt(row));
}

void ExportList::remove(int row) {
    m_queue.remove(idAt(row));
}

void ExportList::removeFinished() {
    m_queue.removeFinished();
}

void ExportList::move(int row, int by) {
    m_queue.move(idAt(row), by);
}

void ExportList::reveal(int row) const {
    if (const auto* item = m_queue.find(idAt(row)))
        QDesktopServices::openUrl(QUrl::fromLocalFile(toNative(item->settings.file.parent_path())));
}

int ExportList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant ExportList::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& item = m_queue.items()[std::size_t(index.row())];
    switch (role) {
        case NameRole: return toNative(item.settings.file.filename());
        case FolderRole: return toNative(item.settings.file.parent_path());
        case FormatRole: return QString::fromStdString(item.settings.codec + ", " + item.settings.container);
        case StateRole: return int(item.state);
        case ProgressRole: return progressOf(item);
        case FramesDoneRole: return int(item.progress.framesDone);
        case FramesTotalRole: return int(item.progress.framesTotal);
        case FpsRole: return item.progress.fps;
        case SecondsLeftRole: return secondsLeftOf(item);
        case SecondsRole: return item.seconds;
        case BytesRole: return double(item.outputBytes);
        case ErrorRole:
            return QVariant::fromValue(item.state == ExportState::failed
                                           ? ErrorReport(item.error, "export: " + toNative(item.settings.file))
                                           : ErrorReport());
        case LoadingRole:
            return item.progress.phase == service::Phase::loading || item.progress.phase == service::Phase::measuring;
        default: return {};
    }
}

QHash<int, QByteArray> ExportList::roleNames() const {
    return {{NameRole, "name"},
            {FolderRole, "folder"},
            {FormatRole, "format"},
            {StateRole, "exportState"},
            {ProgressRole, "progress"},
            {FramesDoneRole, "framesDone"},
            {FramesTotalRole, "framesTotal"},
            {FpsRole, "fps"},
            {SecondsLeftRole, "secondsLeft"},
            {SecondsRole, "seconds"},
            {BytesRole, "bytes"},
            {ErrorRole, "error"},
            {LoadingRole, "isLoading"}};
}

}  // namespace lipar::session
