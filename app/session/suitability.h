// How much of a source is still, and so how much pruning gains on it: measured by a plan of its first seconds.
//
// Measured one after the other and only while nothing else wants the engine; what was measured once is remembered by the
// file's content. Thread: UI thread.
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include <QHash>
#include <QObject>
#include <QString>
#include <QTimer>

#include "app/jobs/latest_job.h"
#include "app/settings/app_settings.h"

namespace lipar::session {

struct StillShare {
    double keptRatio = 1;  // 0..1
    double speedup = 1;    // over no pruning
    // Below this it is as good as nothing.
    [[nodiscard]] bool gainsLittle() const { return speedup < 1.15; }
};

class Suitability : public QObject {
    Q_OBJECT
public:
    static constexpr double measuredSeconds = 3;

    // Both must outlive this object.
    Suitability(jobs::JobRunner& runner, settings::AppSettings& settings, QObject* parent = nullptr);

    void setEngine(const service::EngineChoice& engine) { m_engine = engine; }
    // `hash`: of the content; empty = not known, the path stands in.
    void want(const std::filesystem::path& file, const std::string& hash);
    void forgetWanted();
    // A running measurement is given up and done again later.
    void setBusy(bool busy);

    [[nodiscard]] std::optional<StillShare> of(const std::filesystem::path& file, const std::string& hash) const;
    [[nodiscard]] bool isMeasuring(const std::filesystem::path& file, const std::string& hash) const;

Q_SIGNALS:
    void changed(const QString& key);

private:
    struct Wanted {
        QString key;
        std::filesystem::path file;
    };
    void next();
    void store();

    settings::AppSettings& m_settings;
    service::EngineChoice m_engine;
    QHash<QString, StillShare> m_known;
    std::deque<Wanted> m_wanted;  // the first is measured while m_job runs
    jobs::LatestJob m_job;
    QTimer m_delay;
    bool m_busy = false;
};

// What a measurement is kept under.
[[nodiscard]] QString suitabilityKey(const std::filesystem::path& file, const std::string& hash);

}  // namespace lipar::session
