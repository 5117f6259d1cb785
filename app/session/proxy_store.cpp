#include "app/session/proxy_store.h"

#include <system_error>
#include <utility>
#include <variant>

#include "app/session/paths.h"
#include "app/session/thumbnail_store.h"

namespace lipar::session {

namespace {

constexpr char fileExtension[] = ".mp4";

}  // namespace

ProxyStore::ProxyStore(ProjectDocument& document, jobs::JobRunner& runner, std::filesystem::path folder,
                       std::uint64_t folderLimit, QObject* parent)
    : QObject(parent),
      m_document(document),
      m_job(runner),
      m_folder(std::move(folder)),
      m_onDisk(m_folder, fileExtension, folderLimit) {
    m_files.setMaxThreadCount(1);
    connect(&m_document, &ProjectDocument::replaced, this, &ProxyStore::takeSources);
    connect(&m_document, &ProjectDocument::changed, this, [this](const commands::Touched& touched) {
        if (!touched.sources.empty())
            takeSources();
    });
    connect(&m_job, &jobs::LatestJob::progressed, this, [this](const service::Progress& event) {
        m_progress = event.framesTotal > 0 ? double(event.framesDone) / double(event.framesTotal) : 0;
        Q_EMIT makingChanged();
    });
    connect(&m_job, &jobs::LatestJob::finished, this, [this](const service::Report& report) {
        const auto* made = std::get_if<service::ProxyReport>(&report);
        if (made && made->isNeeded) {
            m_files.start([this, file = fileOf(m_making.media)] { m_onDisk.noteWritten(file); });
            m_ready[m_making.path] = fileOf(m_making.media);
            Q_EMIT proxiesChanged();
        }
        endMaking();
    });
    connect(&m_job, &jobs::LatestJob::failed, this, &ProxyStore::endMaking);
    takeSources();
}

ProxyStore::~ProxyStore() {
    m_files.waitForDone();
}

QString ProxyStore::clipName() const {
    return QString::fromStdU16String(m_making.path.filename().u16string());
}

void ProxyStore::setEnabled(bool enabled) {
    if (enabled == m_enabled)
        return;
    m_enabled = enabled;
    if (enabled) {
        takeSources();
        return;
    }
    m_waiting.clear();
    m_known.clear();
    m_ready.clear();
    m_job.abandon();
    endMaking();
    Q_EMIT proxiesChanged();
}

void ProxyStore::cancel() {
    m_job.abandon();
    endMaking();
}

bool ProxyStore::isWanted(const Wish& wish) const {
    return m_enabled && m_sources.contains(wish.path);
}

void ProxyStore::takeSources() {
    if (!m_enabled || m_folder.empty())
        return;
    m_sources.clear();
    for (const auto& source : m_document.project().sources)
        if (source.width > 0)
            m_sources.insert(source.path);
    for (const auto& source : m_document.project().sources) {
        const auto media = source.width > 0 ? mediaKey(source) : QString();
        if (!media.isEmpty() && m_known.insert(media).second)
            look({media, source.path});
    }
    if (!m_making.path.empty() && !isWanted(m_making)) {
        m_known.erase(m_making.media);
        cancel();
    }
}

void ProxyStore::look(const Wish& wish) {
    m_files.start([this, wish, file = fileOf(wish.media)] {
        std::error_code error;
        const bool isThere = std::filesystem::is_regular_file(file, error);
        if (isThere)
            m_onDisk.noteUsed(file);
        QMetaObject::invokeMethod(
            this,
            [this, wish, file, isThere] {
                if (!isWanted(wish)) {
                    m_known.erase(wish.media);
                } else if (isThere) {
                    m_ready[wish.path] = file;
                    Q_EMIT proxiesChanged();
                } else {
                    m_waiting.push_back(wish);
                    makeNext();
                }
            },
            Qt::QueuedConnection);
    });
}

void ProxyStore::makeNext() {
    while (!m_job.isRunning() && !m_waiting.empty()) {
        m_making = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (isWanted(m_making))
            m_job.start(service::ProxyRequest{m_making.path, fileOf(m_making.media)});
        else
            m_known.erase(std::exchange(m_making, {}).media);
    }
}

void ProxyStore::endMaking() {
    m_making = {};
    m_progress = 0;
    makeNext();
    Q_EMIT makingChanged();
}

std::filesystem::path ProxyStore::fileOf(const QString& media) const {
    return m_folder / toPath(media) / (std::string("proxy") + fileExtension);
}

}  // namespace lipar::session
