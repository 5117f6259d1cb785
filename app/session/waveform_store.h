// The loudness of media files over time, for the timeline: kept in memory and on disk, made by the engine.
//
// Used like ThumbnailStore: a view says what it wants, draws what is there, and again at ready(). Thread: UI thread.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include "app/jobs/job_runner.h"
#include "app/project/project.h"
#include "app/session/limited_folder.h"

namespace lipar::session {

// Peaks of one source, with coarser ones made of them, so that any stretch is looked up in a few steps.
class Waveform {
public:
    Waveform(int peaksPerSecond, double startSeconds, std::vector<std::uint8_t> peaks);

    // The loudest sample between two times, seconds from the source's first frame; 0..255 of full scale.
    [[nodiscard]] int peakBetween(double from, double to) const;
    [[nodiscard]] int peaksPerSecond() const { return m_peaksPerSecond; }
    [[nodiscard]] double startSeconds() const { return m_startSeconds; }
    [[nodiscard]] const std::vector<std::uint8_t>& peaks() const { return m_levels.front(); }

private:
    int m_peaksPerSecond;
    double m_startSeconds;
    std::vector<std::vector<std::uint8_t>> m_levels;  // each a quarter of the one before
};
using WaveformPtr = std::shared_ptr<const Waveform>;

class WaveformStore : public QObject {
    Q_OBJECT
public:
    static constexpr std::uint64_t defaultFolderLimit = std::uint64_t(64) << 20;  // an hour of sound: about 180 KB

    struct Wish {
        QString media;  // mediaKey()
        std::filesystem::path path;
    };

    // `runner` must outlive this object. Without a folder, or where it cannot be written, memory only. Of the files in
    // it those used longest ago go first.
    WaveformStore(jobs::JobRunner& runner, std::filesystem::path cacheFolder,
                  std::uint64_t folderLimit = defaultFolderLimit, QObject* parent = nullptr);
    ~WaveformStore() override;

    // Null while it is not there, and for a file whose sound cannot be read.
    [[nodiscard]] WaveformPtr waveform(const QString& media) const;
    // From now on `viewer` wants these, and none that it wanted before.
    void want(const void* viewer, std::vector<Wish> wishes);

Q_SIGNALS:
    void ready();

private:
    void pump();
    void take(const QString& media, WaveformPtr waveform);
    void receive(const jobs::EventPtr& event);
    [[nodiscard]] std::filesystem::path fileOf(const QString& media) const;

    jobs::JobRunner& m_runner;
    const std::filesystem::path m_folder;
    LimitedFolder m_onDisk;  // used by m_files' one thread alone
    QThreadPool m_files;
    QTimer m_pump;
    std::map<const void*, std::vector<Wish>> m_wishes;
    std::map<QString, WaveformPtr> m_waveforms;
    std::set<QString> m_missing;  // not on disk
    std::set<QString> m_failed;
    QString m_looking;  // for this one on disk; empty = none
    service::JobId m_job = 0;
    QString m_jobMedia;
};

}  // namespace lipar::session
