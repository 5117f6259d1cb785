#include "app/session/suitability.h"

#include <algorithm>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "app/session/paths.h"

namespace lipar::session {

namespace {
const QString documentName = QStringLiteral("suitability");
constexpr int restMs = 1500;  // of the engine, before it is used for this
constexpr int mostKnown = 500;
}  // namespace

QString suitabilityKey(const std::filesystem::path& file, const std::string& hash) {
    return hash.empty() ? toNative(file) : QString::fromStdString(hash);
}

Suitability::Suitability(jobs::JobRunner& runner, settings::AppSettings& settings, QObject* parent)
    : QObject(parent), m_settings(settings), m_job(runner) {
    const auto stored = QJsonDocument::fromJson(settings.document(documentName)).object();
    for (auto it = stored.begin(); it != stored.end(); ++it)
        m_known.insert(it.key(), {it.value()[0].toDouble(1), it.value()[1].toDouble(1)});
    m_delay.setSingleShot(true);
    m_delay.setInterval(restMs);
    connect(&m_delay, &QTimer::timeout, this, &Suitability::next);
    connect(&m_job, &jobs::LatestJob::finished, this, [this](const service::Report& report) {
        if (m_wanted.empty())
            return;
        const auto key = m_wanted.front().key;
        m_wanted.pop_front();
        if (const auto* plan = std::get_if<service::PlanReport>(&report)) {
            m_known.insert(key, {plan->pruning.keptRatio, plan->estimate.speedup});
            store();
        }
        Q_EMIT changed(key);
        next();
    });
    // A badge that cannot be made is no message: the edit itself will say what is the matter.
    connect(&m_job, &jobs::LatestJob::failed, this, [this] {
        if (m_wanted.empty())
            return;
        const auto key = m_wanted.front().key;
        m_wanted.pop_front();
        Q_EMIT changed(key);
        next();
    });
}

void Suitability::want(const std::filesystem::path& file, const std::string& hash) {
    const auto key = suitabilityKey(file, hash);
    if (m_known.contains(key) || std::ranges::find(m_wanted, key, &Wanted::key) != m_wanted.end())
        return;
    m_wanted.push_back({key, file});
    if (!m_busy && !m_job.isRunning())
        m_delay.start();
}

void Suitability::forgetWanted() {
    m_job.abandon();
    m_wanted.clear();
}

void Suitability::setBusy(bool busy) {
    if (busy == m_busy)
        return;
    m_busy = busy;
    if (busy) {
        m_delay.stop();
        m_job.abandon();
        if (!m_wanted.empty())
            Q_EMIT changed(m_wanted.front().key);
    } else if (!m_wanted.empty()) {
        m_delay.start();
    }
}

std::optional<StillShare> Suitability::of(const std::filesystem::path& file, const std::string& hash) const {
    const auto found = m_known.find(suitabilityKey(file, hash));
    return found == m_known.end() ? std::nullopt : std::optional(*found);
}

bool Suitability::isMeasuring(const std::filesystem::path& file, const std::string& hash) const {
    return m_job.isRunning() && !m_wanted.empty() && m_wanted.front().key == suitabilityKey(file, hash);
}

void Suitability::next() {
    if (m_busy || m_job.isRunning() || m_wanted.empty())
        return;
    service::PlanRequest request;
    request.input = m_wanted.front().file;
    request.engine = m_engine;
    request.settings.endSeconds = measuredSeconds;
    m_job.start(std::move(request));
    Q_EMIT changed(m_wanted.front().key);
}

void Suitability::store() {
    QJsonObject all;
    for (auto it = m_known.begin(); it != m_known.end() && all.size() < mostKnown; ++it)
        all.insert(it.key(), QJsonArray{it->keptRatio, it->speedup});
    m_settings.setDocument(documentName, QJsonDocument(all).toJson(QJsonDocument::Compact));
}

}  // namespace lipar::session
