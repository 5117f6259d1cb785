#include "app/session/thumbnail_store.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>

#include "app/session/paths.h"
#include "app/session/shown_frame.h"

namespace lipar::session {

namespace {

constexpr std::size_t batch = 24;  // pictures a job or a look at the disk is asked for
constexpr char fileFormat[] = "JPG";
constexpr char fileExtension[] = ".jpg";
constexpr int fileQuality = 85;

QString toText(const std::filesystem::path& path) {
    return QString::fromStdU16String(path.u16string());
}

}  // namespace

QString mediaKey(const project::Source& source) {
    if (!source.contentHash.empty())
        return QString::fromStdString(source.contentHash).left(40) + '-' + QString::number(source.fileBytes);
    const QFileInfo file(toText(source.path));
    const auto identity = file.absoluteFilePath() + '\n' + QString::number(file.size()) + '\n' +
                          QString::number(file.lastModified().toMSecsSinceEpoch());
    return QString::fromLatin1(QCryptographicHash::hash(identity.toUtf8(), QCryptographicHash::Sha1).toHex());
}

ThumbnailStore::ThumbnailStore(jobs::JobRunner& runner, std::filesystem::path cacheFolder, std::uint64_t folderLimit,
                               QObject* parent)
    : QObject(parent),
      m_runner(runner),
      m_folder(std::move(cacheFolder)),
      m_onDisk(m_folder, fileExtension, folderLimit) {
    m_files.setMaxThreadCount(1);
    m_pump.setSingleShot(true);
    m_pump.setInterval(0);
    m_announce.setSingleShot(true);
    m_announce.setInterval(30);
    connect(&m_pump, &QTimer::timeout, this, &ThumbnailStore::pump);
    connect(&m_announce, &QTimer::timeout, this, &ThumbnailStore::ready);
    connect(&m_runner, &jobs::JobRunner::eventArrived, this, &ThumbnailStore::receive);
}

ThumbnailStore::~ThumbnailStore() {
    if (m_job.id != 0)
        m_runner.cancel(m_job.id);
    m_files.waitForDone();
}

QImage ThumbnailStore::picture(const project::Source& source, double seconds, int height) {
    const Wish wish{mediaKey(source), source.path, qint64(std::llround(seconds * 1000))};
    if (const auto media = m_pictures.find(wish.media); media != m_pictures.end())
        if (const auto entry = media->second.find(wish.milliseconds); entry != media->second.end())
            return scaledTo(entry->second, height);
    m_single.push_back(wish);
    m_pump.start();
    return {};
}

QImage ThumbnailStore::nearest(const QString& media, qint64 milliseconds, int height) {
    const auto found = m_pictures.find(media);
    if (found == m_pictures.end() || found->second.empty())
        return {};
    auto& entries = found->second;
    auto best = entries.lower_bound(milliseconds);
    if (best == entries.end() ||
        (best != entries.begin() && best->first - milliseconds > milliseconds - std::prev(best)->first))
        best = std::prev(best);
    return scaledTo(best->second, height);
}

bool ThumbnailStore::has(const QString& media, qint64 milliseconds) const {
    const auto found = m_pictures.find(media);
    return found != m_pictures.end() && found->second.contains(milliseconds);
}

void ThumbnailStore::want(const void* viewer, std::vector<Wish> wishes) {
    if (wishes.empty())
        m_wishes.erase(viewer);
    else
        m_wishes[viewer] = std::move(wishes);
    m_pump.start();
}

std::vector<ThumbnailStore::Wish> ThumbnailStore::openWishes() const {
    std::vector<Wish> open;
    std::set<std::pair<QString, qint64>> seen;
    const auto add = [&](const std::vector<Wish>& wishes) {
        for (const auto& wish : wishes) {
            const std::pair key(wish.media, wish.milliseconds);
            if (!has(wish.media, wish.milliseconds) && !m_failed.contains(key) && seen.insert(key).second)
                open.push_back(wish);
        }
    };
    for (const auto& [viewer, wishes] : m_wishes)
        add(wishes);
    add(m_single);
    return open;
}

void ThumbnailStore::pump() {
    std::erase_if(m_single, [this](const Wish& wish) {
        return has(wish.media, wish.milliseconds) || m_failed.contains({wish.media, wish.milliseconds});
    });
    const auto open = openWishes();
    if (m_job.id != 0) {
        const bool isWanted = std::ranges::any_of(open, [this](const Wish& wish) {
            return wish.media == m_job.media && m_job.open.contains(wish.milliseconds);
        });
        if (!isWanted) {
            m_runner.cancel(m_job.id);
            m_job = {};
        }
    }
    if (!m_looking) {
        std::vector<Wish> unknown;
        for (const auto& wish : open)
            if (unknown.size() < batch && !m_missing.contains({wish.media, wish.milliseconds}))
                unknown.push_back(wish);
        if (!unknown.empty())
            look(unknown);
    }
    if (m_job.id == 0)
        startJob();
}

void ThumbnailStore::look(const std::vector<Wish>& wishes) {
    if (m_folder.empty()) {
        for (const auto& wish : wishes)
            m_missing.insert({wish.media, wish.milliseconds});
        m_pump.start();
        return;
    }
    m_looking = true;
    m_files.start([this, wishes] {
        std::vector<std::pair<Wish, QImage>> found;
        for (const auto& wish : wishes) {
            const auto file = fileOf(wish.media, wish.milliseconds);
            found.emplace_back(wish, QImage(toText(file)).convertToFormat(QImage::Format_RGB32));
            if (!found.back().second.isNull())
                m_onDisk.noteUsed(file);
        }
        // The pool is joined before this object goes; a call that is still queued then is dropped.
        QMetaObject::invokeMethod(
            this,
            [this, found] {
                m_looking = false;
                for (const auto& [wish, image] : found) {
                    if (image.isNull())
                        m_missing.insert({wish.media, wish.milliseconds});
                    else
                        insert(wish.media, wish.milliseconds, image);
                }
                pump();
            },
            Qt::QueuedConnection);
    });
}

void ThumbnailStore::startJob() {
    service::ThumbnailsRequest request;
    request.height = storedHeight;
    for (const auto& wish : openWishes()) {
        if (!m_missing.contains({wish.media, wish.milliseconds}) || m_job.open.size() >= batch)
            continue;
        if (m_job.media.isEmpty()) {
            m_job.media = wish.media;
            request.input = wish.path;
        }
        if (wish.media == m_job.media)
            m_job.open.insert(wish.milliseconds);
    }
    if (m_job.open.empty())
        return;
    for (const auto milliseconds : m_job.open)
        request.seconds.push_back(double(milliseconds) / 1000);
    m_job.id = m_runner.submit(std::move(request));
}

void ThumbnailStore::receive(const jobs::EventPtr& event) {
    if (m_job.id == 0 || std::visit([](const auto& e) { return e.job; }, *event) != m_job.id)
        return;
    if (const auto* thumbnail = std::get_if<service::Thumbnail>(event.get())) {
        const auto milliseconds = qint64(std::llround(thumbnail->seconds * 1000));
        const auto image = imageOf(thumbnail->picture).convertToFormat(QImage::Format_RGB32);
        m_job.open.erase(milliseconds);
        if (image.isNull())
            return;
        insert(m_job.media, milliseconds, image);
        if (!m_folder.empty())
            m_files.start([this, image, file = fileOf(m_job.media, milliseconds)] {
                // A cache that cannot be written costs time, nothing else.
                QDir().mkpath(toText(file.parent_path()));
                if (image.save(toText(file), fileFormat, fileQuality))
                    m_onDisk.noteWritten(file);
            });
    } else if (std::holds_alternative<service::JobFinished>(*event) ||
               std::holds_alternative<service::JobFailed>(*event)) {
        // Times past a damaged place, or a file that is gone: the view shows the clip without.
        for (const auto milliseconds : m_job.open)
            m_failed.insert({m_job.media, milliseconds});
        m_job = {};
        m_pump.start();
    }
}

void ThumbnailStore::insert(const QString& media, qint64 milliseconds, const QImage& image) {
    auto& entry = m_pictures[media][milliseconds];
    m_bytes += std::size_t(image.sizeInBytes());
    entry = {image, {}, ++m_clock};
    m_missing.erase({media, milliseconds});
    if (m_bytes > m_memoryLimit)
        evict();
    if (!m_announce.isActive())
        m_announce.start();
}

void ThumbnailStore::evict() {
    struct Place {
        std::uint64_t used;
        QString media;
        qint64 milliseconds;
    };
    std::vector<Place> places;
    for (const auto& [media, entries] : m_pictures)
        for (const auto& [milliseconds, entry] : entries)
            places.push_back({entry.used, media, milliseconds});
    std::ranges::sort(places, {}, &Place::used);
    for (const auto& place : places) {
        if (m_bytes <= m_memoryLimit * 3 / 4)
            break;
        auto& entries = m_pictures[place.media];
        const auto entry = entries.find(place.milliseconds);
        m_bytes -= std::size_t(entry->second.stored.sizeInBytes() + entry->second.scaled.sizeInBytes());
        entries.erase(entry);
    }
}

QImage ThumbnailStore::scaledTo(Entry& entry, int height) {
    entry.used = ++m_clock;
    if (height == entry.stored.height())
        return entry.stored;
    if (entry.scaled.height() != height) {
        m_bytes -= std::size_t(entry.scaled.sizeInBytes());
        entry.scaled = entry.stored.scaledToHeight(height, Qt::SmoothTransformation);
        m_bytes += std::size_t(entry.scaled.sizeInBytes());
    }
    return entry.scaled;
}

std::filesystem::path ThumbnailStore::fileOf(const QString& media, qint64 milliseconds) const {
    return m_folder / toPath(media) / (std::to_string(milliseconds) + fileExtension);
}

}  // namespace lipar::session
