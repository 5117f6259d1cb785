#include "app/session/media_bin.h"

#include <algorithm>

#include <QtConcurrentRun>

#include "app/session/paths.h"
#include "app/session/timecode.h"

namespace lipar::session {

namespace {

constexpr int thumbnailHeight = 108;

QImage imageOf(const Picture& picture) {
    const QImage view(picture.rgb.data(), picture.width, picture.height, 3 * picture.width, QImage::Format_RGB888);
    return view.copy();
}

std::filesystem::path absoluteOf(const std::filesystem::path& path) {
    std::error_code error;
    const auto absolute = std::filesystem::absolute(path, error);
    return error ? path : absolute.lexically_normal();
}

}  // namespace

project::Source sourceOf(const service::ClipInfo& info, const FileIdentity& identity) {
    project::Source source;
    source.path = info.path;
    source.fileBytes = identity.bytes;
    source.contentHash = identity.hash;
    source.width = info.width;
    source.height = info.height;
    source.sampleAspect = info.sampleAspect;
    source.rate = info.rate;
    source.duration = info.duration;
    source.frames = info.frames;
    source.variableRate = info.variableRate;
    source.hasSound = !info.audioCodec.empty();
    source.note = info.note;
    return source;
}

MediaBin::MediaBin(ProjectDocument& document, jobs::JobRunner& runner, settings::AppSettings& settings, QObject* parent)
    : QAbstractListModel(parent),
      m_document(document),
      m_runner(runner),
      m_thumbnail(runner),
      m_suitability(runner, settings) {
    connect(&m_document, &ProjectDocument::changed, this, &MediaBin::takeChange);
    connect(&m_document, &ProjectDocument::replaced, this, [this] {
        m_thumbnail.abandon();
        m_drawing = 0;
        m_wantThumbnail.clear();
        m_thumbnails.clear();
        m_missing.clear();
        m_suitability.forgetWanted();
        std::erase_if(m_entries, [](const Entry& entry) { return entry.pending != nullptr; });
        rebuild();
        refresh();
    });
    connect(&m_thumbnail, &jobs::LatestJob::arrived, this, [this](const jobs::EventPtr& event) {
        const auto* thumbnail = std::get_if<service::Thumbnail>(event.get());
        if (!thumbnail || !thumbnail->picture || m_drawing == 0)
            return;
        m_thumbnails[m_drawing] = imageOf(*thumbnail->picture);
        changed(m_drawing, {ThumbnailRole});
    });
    const auto goOn = [this] {
        m_drawing = 0;
        nextThumbnail();
    };
    connect(&m_thumbnail, &jobs::LatestJob::finished, this, goOn);
    connect(&m_thumbnail, &jobs::LatestJob::failed, this, goOn);  // then the line has its icon
    connect(&m_suitability, &Suitability::changed, this, [this](const QString& key) {
        for (const auto& source : m_document.project().sources)
            if (suitabilityKey(source.path, source.contentHash) == key)
                changed(source.id, {BadgeRole, StaticPercentRole, SpeedupRole});
    });
    connect(&m_look, &QFutureWatcherBase::finished, this, [this] {
        m_missing.clear();
        for (const auto source : m_look.result())
            m_missing[source] = true;
        if (count() > 0)
            Q_EMIT dataChanged(index(0), index(count() - 1), {StateRole});
        Q_EMIT missingChanged();
    });
    connect(&m_search, &QFutureWatcherBase::finished, this, [this] {
        if (const auto found = m_search.result())
            takeFound(*found);
        Q_EMIT missingChanged();
    });
    rebuild();
    refresh();
}

MediaBin::~MediaBin() {
    m_look.disconnect(this);
    m_search.disconnect(this);
    m_cancelSearch.cancel();
    m_search.waitForFinished();
}

int MediaBin::missingCount() const {
    return int(m_missing.size());
}

bool MediaBin::isReading() const {
    return std::ranges::any_of(m_entries,
                               [](const Entry& entry) { return entry.pending && !entry.pending->error.isSet(); });
}

void MediaBin::import(const QList<QUrl>& files) {
    ++m_batch;
    for (const auto& url : files) {
        if (!url.isLocalFile())
            continue;
        const auto path = absoluteOf(toPath(url.toLocalFile()));
        const auto& sources = m_document.project().sources;
        if (const auto known = std::ranges::find(sources, path, &project::Source::path); known != sources.end()) {
            Q_EMIT imported(known->id, toNative(path));
            continue;
        }
        std::erase_if(m_entries, [&](const Entry& entry) {
            return entry.pending && entry.pending->path == path && entry.pending->error.isSet();
        });
        auto pending = std::make_shared<Pending>();
        pending->path = path;
        pending->mergeKey = "import " + std::to_string(m_batch);
        beginResetModel();
        m_entries.push_back({0, pending});
        endResetModel();
        start(pending);
    }
    Q_EMIT countChanged();
}

void MediaBin::start(const std::shared_ptr<Pending>& pending) {
    // The lambdas hold the pending file: it lives until both answers are there, whatever happens to the list.
    pending->probe = std::make_unique<jobs::LatestJob>(m_runner);
    const std::weak_ptr<Pending> weak = pending;
    connect(pending->probe.get(), &jobs::LatestJob::finished, this, [this, weak](const service::Report& report) {
        const auto file = weak.lock();
        const auto* probe = std::get_if<service::ProbeReport>(&report);
        if (!file || !probe)
            return;
        file->info = probe->clip;
        file->info->path = file->path;
        proceed(file);
    });
    connect(pending->probe.get(), &jobs::LatestJob::failed, this, [this, weak](const Error& error) {
        if (const auto file = weak.lock())
            failPending(file, error);
    });
    pending->hash = std::make_unique<QFutureWatcher<Result<FileIdentity>>>();
    connect(pending->hash.get(), &QFutureWatcherBase::finished, this, [this, weak] {
        const auto file = weak.lock();
        if (!file)
            return;
        const auto identity = file->hash->result();
        // What keeps a file from being read is told by the probe in better words.
        file->identity = identity ? *identity : FileIdentity{};
        proceed(file);
    });
    pending->probe->start(service::ProbeRequest{pending->path});
    pending->hash->setFuture(QtConcurrent::run(identityOf, pending->path));
}

void MediaBin::proceed(const std::shared_ptr<Pending>& pending) {
    if (!pending->info || !pending->identity)
        return;
    const auto found = sourceOf(*pending->info, *pending->identity);
    const auto done = pending;
    drop(pending.get());
    // The objects that emit the signal we are in must outlive it.
    QMetaObject::invokeMethod(
        this, [done] {}, Qt::QueuedConnection);
    if (done->relinks != 0) {
        if (m_document.perform(commands::RelinkSource{done->relinks, found})) {
            m_missing.erase(done->relinks);
            changed(done->relinks);
            Q_EMIT missingChanged();
        }
        return;
    }
    const auto touched = m_document.perform(commands::ImportSources{{found}}, done->mergeKey);
    if (touched && !touched->added.empty())
        Q_EMIT imported(touched->added.front(), toNative(done->path));
}

void MediaBin::failPending(const std::shared_ptr<Pending>& pending, const Error& error) {
    pending->error = ErrorReport(error, "file: " + toNative(pending->path));
    const auto found = std::ranges::find(m_entries, pending, &Entry::pending);
    if (found != m_entries.end()) {
        const auto at = index(int(found - m_entries.begin()));
        Q_EMIT dataChanged(at, at);
    }
    Q_EMIT countChanged();
    Q_EMIT importFailed(toNative(pending->path), pending->error);
}

void MediaBin::drop(const Pending* pending) {
    const auto found =
        std::ranges::find_if(m_entries, [pending](const Entry& entry) { return entry.pending.get() == pending; });
    if (found == m_entries.end())
        return;
    const int row = int(found - m_entries.begin());
    beginRemoveRows({}, row, row);
    m_entries.erase(found);
    endRemoveRows();
    Q_EMIT countChanged();
}

void MediaBin::remove(int row) {
    if (row < 0 || row >= count())
        return;
    const auto& entry = m_entries[std::size_t(row)];
    if (entry.pending)
        drop(entry.pending.get());
    else [[maybe_unused]]
        const auto shown = m_document.perform(commands::RemoveSource{entry.source});
}

void MediaBin::relink(int row, const QUrl& file) {
    const auto source = sourceAt(row);
    if (source == 0 || !file.isLocalFile())
        return;
    auto pending = std::make_shared<Pending>();
    pending->path = absoluteOf(toPath(file.toLocalFile()));
    pending->relinks = source;
    beginResetModel();
    m_entries.push_back({0, pending});
    endResetModel();
    Q_EMIT countChanged();
    start(pending);
}

void MediaBin::search(const QUrl& folder) {
    if (m_search.isRunning() || !folder.isLocalFile())
        return;
    std::vector<FileIdentity> wanted;
    m_searched.clear();
    for (const auto& source : m_document.project().sources) {
        if (!isMissing(source.id) || source.contentHash.empty())
            continue;
        m_searched.push_back(source.id);
        wanted.push_back({source.fileBytes, source.contentHash});
    }
    if (wanted.empty())
        return;
    m_cancelSearch = CancelSource();
    m_search.setFuture(QtConcurrent::run(findFiles, wanted, toPath(folder.toLocalFile()), m_cancelSearch.token()));
    Q_EMIT missingChanged();
}

void MediaBin::cancelSearch() {
    m_cancelSearch.cancel();
}

void MediaBin::takeFound(const std::vector<std::filesystem::path>& found) {
    std::vector<commands::Command> commands;
    std::vector<project::Id> relinked;
    for (std::size_t i = 0; i < found.size() && i < m_searched.size(); ++i) {
        const auto* source = project::findSource(m_document.project(), m_searched[i]);
        if (!source || found[i].empty())
            continue;
        auto moved = *source;  // the same bytes: all facts hold
        moved.path = absoluteOf(found[i]);
        commands.push_back(commands::RelinkSource{source->id, moved});
        relinked.push_back(source->id);
    }
    if (!commands.empty() && m_document.performAll(commands, "Relink media")) {
        for (const auto source : relinked)
            m_missing.erase(source);
    }
    if (count() > 0)
        Q_EMIT dataChanged(index(0), index(count() - 1));
    Q_EMIT searchFinished(int(relinked.size()), missingCount());
}

void MediaBin::refresh() {
    std::vector<std::pair<project::Id, std::filesystem::path>> files;
    for (const auto& source : m_document.project().sources)
        files.emplace_back(source.id, source.path);
    m_look.setFuture(QtConcurrent::run([files] {
        std::vector<project::Id> missing;
        for (const auto& [source, path] : files) {
            std::error_code error;
            if (!std::filesystem::exists(path, error))
                missing.push_back(source);
        }
        return missing;
    }));
}

void MediaBin::setEngineBusy(bool busy) {
    m_suitability.setBusy(busy);
}

int MediaBin::rowOf(project::Id source) const {
    const auto found = std::ranges::find_if(
        m_entries, [source](const Entry& entry) { return !entry.pending && entry.source == source; });
    return found == m_entries.end() ? -1 : int(found - m_entries.begin());
}

project::Id MediaBin::sourceAt(int row) const {
    return row < 0 || row >= count() ? 0 : m_entries[std::size_t(row)].source;
}

void MediaBin::takeChange(const commands::Touched& touched) {
    if (touched.sources.empty())
        return;
    const auto& sources = m_document.project().sources;
    const auto listed = std::ranges::count_if(m_entries, [](const Entry& entry) { return !entry.pending; });
    const bool isSameList =
        std::size_t(listed) == sources.size() &&
        std::ranges::all_of(sources, [this](const project::Source& source) { return rowOf(source.id) >= 0; });
    if (!isSameList)
        rebuild();
    else
        for (const auto source : touched.sources)
            changed(source);
    refresh();
}

void MediaBin::rebuild() {
    beginResetModel();
    std::vector<Entry> entries;
    for (const auto& source : m_document.project().sources) {
        entries.push_back({source.id, nullptr});
        if (source.width == 0)
            continue;
        if (!m_thumbnails.contains(source.id) && m_drawing != source.id &&
            std::ranges::find(m_wantThumbnail, source.id) == m_wantThumbnail.end())
            m_wantThumbnail.push_back(source.id);
        m_suitability.want(source.path, source.contentHash);
    }
    std::ranges::copy_if(m_entries, std::back_inserter(entries),
                         [](const Entry& entry) { return entry.pending != nullptr; });
    m_entries = std::move(entries);
    endResetModel();
    Q_EMIT countChanged();
    nextThumbnail();
}

void MediaBin::nextThumbnail() {
    while (!m_thumbnail.isRunning() && !m_wantThumbnail.empty()) {
        const auto* source = project::findSource(m_document.project(), m_wantThumbnail.front());
        m_wantThumbnail.pop_front();
        if (!source)
            continue;
        m_drawing = source->id;
        m_thumbnail.start(
            service::ThumbnailsRequest{source->path, {std::min(1.0, source->duration.value() / 10)}, thumbnailHeight});
    }
}

void MediaBin::changed(project::Id source, const QList<int>& roles) {
    if (const int row = rowOf(source); row >= 0)
        Q_EMIT dataChanged(index(row), index(row), roles);
}

int MediaBin::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant MediaBin::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& entry = m_entries[std::size_t(index.row())];
    if (entry.pending)
        return pendingData(*entry.pending, role);
    const auto* source = project::findSource(m_document.project(), entry.source);
    return source ? sourceData(*source, role) : QVariant();
}

QVariant MediaBin::sourceData(const project::Source& source, int role) const {
    const auto still = m_suitability.of(source.path, source.contentHash);
    switch (role) {
        case SourceIdRole: return QVariant::fromValue(quint64(source.id));
        case NameRole: return toNative(source.path.filename());
        case PathRole: return toNative(source.path);
        case StateRole: return isMissing(source.id) ? Missing : Ready;
        case ThumbnailRole: {
            const auto found = m_thumbnails.find(source.id);
            return found == m_thumbnails.end() ? QImage() : found->second;
        }
        case WidthRole: return source.width;
        case HeightRole: return source.height;
        case FpsRole: return source.rate.value();
        case VariableRateRole: return source.variableRate;
        case DurationRole: return timecodeOf(source.duration.value());
        case SoundRole: return source.hasSound;
        case NoteRole: return QString::fromStdString(source.note);
        case BadgeRole:
            if (still)
                return still->gainsLittle() ? Handheld : Still;
            return m_suitability.isMeasuring(source.path, source.contentHash) ? Measuring : NoBadge;
        case StaticPercentRole: return still ? int((1 - still->keptRatio) * 100 + 0.5) : 0;
        case SpeedupRole: return still ? still->speedup : 1.0;
        case ErrorRole: return QVariant::fromValue(ErrorReport());
        default: return {};
    }
}

QVariant MediaBin::pendingData(const Pending& pending, int role) const {
    switch (role) {
        case SourceIdRole: return QVariant::fromValue(quint64(0));
        case NameRole: return toNative(pending.path.filename());
        case PathRole: return toNative(pending.path);
        case StateRole: return pending.error.isSet() ? Failed : Reading;
        case ThumbnailRole: return QImage();
        case WidthRole:
        case HeightRole:
        case StaticPercentRole: return 0;
        case FpsRole:
        case SpeedupRole: return 0.0;
        case VariableRateRole:
        case SoundRole: return false;
        case DurationRole:
        case NoteRole: return QString();
        case BadgeRole: return NoBadge;
        case ErrorRole: return QVariant::fromValue(pending.error);
        default: return {};
    }
}

QHash<int, QByteArray> MediaBin::roleNames() const {
    return {{SourceIdRole, "sourceId"},
            {NameRole, "name"},
            {PathRole, "path"},
            {StateRole, "mediaState"},
            {ThumbnailRole, "thumbnail"},
            {WidthRole, "pictureWidth"},
            {HeightRole, "pictureHeight"},
            {FpsRole, "fps"},
            {VariableRateRole, "variableRate"},
            {DurationRole, "duration"},
            {SoundRole, "hasSound"},
            {NoteRole, "note"},
            {BadgeRole, "badge"},
            {StaticPercentRole, "staticPercent"},
            {SpeedupRole, "speedup"},
            {ErrorRole, "error"}};
}

}  // namespace lipar::session
