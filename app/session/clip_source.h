// The clip that is open: found out about by the engine, never read here. Thread: UI thread.
#pragma once

#include <filesystem>

#include <QObject>
#include <QUrl>
#include <QtQmlIntegration>

#include "app/jobs/latest_job.h"
#include "app/session/error_report.h"
#include "app/session/timecode.h"

namespace lipar::session {

class ClipSource : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(bool isOpen READ isOpen NOTIFY changed)
    Q_PROPERTY(bool isOpening READ isOpening NOTIFY changed)
    Q_PROPERTY(QString openingName READ openingName NOTIFY changed)
    Q_PROPERTY(QString name READ name NOTIFY changed)
    Q_PROPERTY(QString path READ path NOTIFY changed)  // native separators
    Q_PROPERTY(int width READ width NOTIFY changed)    // upright, pixels
    Q_PROPERTY(int height READ height NOTIFY changed)
    Q_PROPERTY(int frames READ frames NOTIFY changed)
    Q_PROPERTY(double fps READ fps NOTIFY changed)
    Q_PROPERTY(bool variableRate READ variableRate NOTIFY changed)
    Q_PROPERTY(double duration READ duration NOTIFY changed)           // seconds
    Q_PROPERTY(QString durationText READ durationText NOTIFY changed)  // "01:02.34"
    Q_PROPERTY(QString codec READ codec NOTIFY changed)
    Q_PROPERTY(bool hasSound READ hasSound NOTIFY changed)
    Q_PROPERTY(QString note READ note NOTIFY changed)
    Q_PROPERTY(lipar::session::ErrorReport error READ error NOTIFY changed)  // of the last attempt to open

public:
    // The sample clip is written into `cacheFolder`.
    ClipSource(jobs::JobRunner& runner, std::filesystem::path cacheFolder, QObject* parent = nullptr);

    // The clip that was open stays open until the new one turns out to be sound.
    void open(const std::filesystem::path& path);
    void openSample();
    Q_INVOKABLE void dismissError();

    [[nodiscard]] bool isOpen() const { return !m_clip.path.empty(); }
    [[nodiscard]] bool isOpening() const { return m_sample.isRunning() || m_probe.isRunning(); }
    [[nodiscard]] QString openingName() const;
    [[nodiscard]] QString name() const;
    [[nodiscard]] QString path() const;
    [[nodiscard]] int width() const { return m_clip.width; }
    [[nodiscard]] int height() const { return m_clip.height; }
    [[nodiscard]] int frames() const { return int(m_clip.frames); }
    [[nodiscard]] double fps() const { return m_clip.fps; }
    [[nodiscard]] bool variableRate() const { return m_clip.variableRate; }
    [[nodiscard]] double duration() const { return m_clip.durationSeconds; }
    [[nodiscard]] QString durationText() const { return timecodeOf(m_clip.durationSeconds); }
    [[nodiscard]] QString codec() const { return QString::fromStdString(m_clip.videoCodec); }
    [[nodiscard]] bool hasSound() const { return !m_clip.audioCodec.empty(); }
    [[nodiscard]] QString note() const { return QString::fromStdString(m_clip.note); }
    [[nodiscard]] const ErrorReport& error() const { return m_error; }
    [[nodiscard]] const service::ClipInfo& info() const { return m_clip; }

Q_SIGNALS:
    void changed();
    void opened();

private:
    void fail(const Error& error);

    std::filesystem::path m_cacheFolder;
    std::filesystem::path m_openingPath;
    jobs::LatestJob m_sample;
    jobs::LatestJob m_probe;
    service::ClipInfo m_clip;
    ErrorReport m_error;
};

}  // namespace lipar::session
