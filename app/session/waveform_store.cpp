#include "app/session/waveform_store.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QDataStream>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include "app/session/paths.h"

namespace lipar::session {

namespace {

constexpr std::size_t narrowing = 4;  // from one level of peaks to the next
constexpr quint32 fileMark = 0x4c505731;  // "LPW1"
constexpr char fileExtension[] = ".peaks";

QString toText(const std::filesystem::path& path) {
    return QString::fromStdU16String(path.u16string());
}

WaveformPtr readWaveform(const QString& name) {
    QFile file(name);
    if (name.isEmpty() || !file.open(QIODevice::ReadOnly))
        return nullptr;
    QDataStream stream(&file);
    quint32 mark = 0;
    qint32 peaksPerSecond = 0;
    double start = 0;
    QByteArray peaks;
    stream >> mark >> peaksPerSecond >> start >> peaks;
    if (stream.status() != QDataStream::Ok || mark != fileMark || peaksPerSecond <= 0)
        return nullptr;
    return std::make_shared<const Waveform>(peaksPerSecond, start, std::vector<std::uint8_t>(peaks.begin(), peaks.end()));
}

// Whether the file is there now.
bool writeWaveform(const QString& name, const Waveform& waveform) {
    QDir().mkpath(QFileInfo(name).path());
    QSaveFile file(name);
    if (!file.open(QIODevice::WriteOnly))
        return false;  // a cache that cannot be written costs time, nothing else
    QDataStream stream(&file);
    const auto& peaks = waveform.peaks();
    stream << fileMark << qint32(waveform.peaksPerSecond()) << waveform.startSeconds()
           << QByteArray(reinterpret_cast<const char*>(peaks.data()), qsizetype(peaks.size()));
    return stream.status() == QDataStream::Ok && file.commit();
}

}  // namespace

Waveform::Waveform(int peaksPerSecond, double startSeconds, std::vector<std::uint8_t> peaks)
    : m_peaksPerSecond(peaksPerSecond), m_startSeconds(startSeconds) {
    m_levels.push_back(std::move(peaks));
    while (m_levels.back().size() > narrowing) {
        const auto& fine = m_levels.back();
        std::vector<std::uint8_t> coarse((fine.size() + narrowing - 1) / narrowing);
        for (std::size_t i = 0; i < fine.size(); ++i)
            coarse[i / narrowing] = std::max(coarse[i / narrowing], fine[i]);
        m_levels.push_back(std::move(coarse));
    }
}

int Waveform::peakBetween(double from, double to) const {
    double first = (from - m_startSeconds) * m_peaksPerSecond;
    double last = std::max((to - m_startSeconds) * m_peaksPerSecond, first + 1);
    std::size_t level = 0;
    while (level + 1 < m_levels.size() && last - first > 2 * double(narrowing)) {
        first /= double(narrowing);
        last /= double(narrowing);
        ++level;
    }
    const auto& peaks = m_levels[level];
    const auto begin = std::clamp<qint64>(qint64(std::floor(first)), 0, qint64(peaks.size()));
    const auto end = std::clamp<qint64>(qint64(std::ceil(last)), 0, qint64(peaks.size()));
    int peak = 0;
    for (auto i = begin; i < end; ++i)
        peak = std::max<int>(peak, peaks[std::size_t(i)]);
    return peak;
}

WaveformStore::WaveformStore(jobs::JobRunner& runner, std::filesystem::path cacheFolder, std::uint64_t folderLimit,
                             QObject* parent)
    : QObject(parent),
      m_runner(runner),
      m_folder(std::move(cacheFolder)),
      m_onDisk(m_folder, fileExtension, folderLimit) {
    m_files.setMaxThreadCount(1);
    m_pump.setSingleShot(true);
    m_pump.setInterval(0);
    connect(&m_pump, &QTimer::timeout, this, &WaveformStore::pump);
    connect(&m_runner, &jobs::JobRunner::eventArrived, this, &WaveformStore::receive);
}

WaveformStore::~WaveformStore() {
    if (m_job != 0)
        m_runner.cancel(m_job);
    m_files.waitForDone();
}

WaveformPtr WaveformStore::waveform(const QString& media) const {
    const auto found = m_waveforms.find(media);
    return found == m_waveforms.end() ? nullptr : found->second;
}

void WaveformStore::want(const void* viewer, std::vector<Wish> wishes) {
    if (wishes.empty())
        m_wishes.erase(viewer);
    else
        m_wishes[viewer] = std::move(wishes);
    m_pump.start();
}

void WaveformStore::pump() {
    std::vector<const Wish*> open;
    for (const auto& [viewer, wishes] : m_wishes)
        for (const auto& wish : wishes)
            if (!m_waveforms.contains(wish.media) && !m_failed.contains(wish.media))
                open.push_back(&wish);
    const auto isOpen = [&](const QString& media) {
        return std::ranges::any_of(open, [&](const Wish* wish) { return wish->media == media; });
    };
    if (m_job != 0 && !isOpen(m_jobMedia)) {
        m_runner.cancel(m_job);
        m_job = 0;
    }
    for (const auto* wish : open) {
        if (m_missing.contains(wish->media)) {
            if (m_job == 0) {
                m_jobMedia = wish->media;
                m_job = m_runner.submit(service::WaveformRequest{wish->path});
            }
        } else if (m_looking.isEmpty()) {
            m_looking = wish->media;
            const auto file = m_folder.empty() ? std::filesystem::path() : fileOf(wish->media);
            m_files.start([this, file, media = wish->media] {
                auto waveform = readWaveform(toText(file));
                if (waveform)
                    m_onDisk.noteUsed(file);
                QMetaObject::invokeMethod(
                    this,
                    [this, media, waveform] {
                        m_looking.clear();
                        if (waveform)
                            take(media, waveform);
                        else
                            m_missing.insert(media);
                        pump();
                    },
                    Qt::QueuedConnection);
            });
        }
    }
}

void WaveformStore::receive(const jobs::EventPtr& event) {
    if (m_job == 0 || std::visit([](const auto& e) { return e.job; }, *event) != m_job)
        return;
    if (const auto* finished = std::get_if<service::JobFinished>(event.get())) {
        m_job = 0;
        const auto* report = std::get_if<service::WaveformReport>(&finished->report);
        if (report && report->peaksPerSecond > 0) {
            auto waveform = std::make_shared<const Waveform>(report->peaksPerSecond, report->startSeconds, report->peaks);
            take(m_jobMedia, waveform);
            if (!m_folder.empty())
                m_files.start([this, waveform, file = fileOf(m_jobMedia)] {
                    if (writeWaveform(toText(file), *waveform))
                        m_onDisk.noteWritten(file);
                });
        } else {
            m_failed.insert(m_jobMedia);
        }
        m_pump.start();
    } else if (std::holds_alternative<service::JobFailed>(*event)) {
        m_job = 0;
        m_failed.insert(m_jobMedia);
        m_pump.start();
    }
}

void WaveformStore::take(const QString& media, WaveformPtr waveform) {
    m_missing.erase(media);
    m_waveforms[media] = std::move(waveform);
    Q_EMIT ready();
}

std::filesystem::path WaveformStore::fileOf(const QString& media) const {
    return m_folder / toPath(media) / (std::string("sound") + fileExtension);
}

}  // namespace lipar::session
