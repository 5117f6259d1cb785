// Small pictures of media files, for the timeline and the bin: kept in memory and on disk, made by the engine.
//
// A view says which it wants each time it draws, draws what is there, and draws again when ready() tells that there is
// more; what no view wants any more is not decoded. Nothing is read or decoded on the UI thread. Thread: UI thread.
#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <set>
#include <vector>

#include <QImage>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include "app/jobs/job_runner.h"
#include "app/project/project.h"
#include "app/session/limited_folder.h"

namespace lipar::session {

// What a source's pictures and peaks are kept under: its content where that is known, else file, size and time.
[[nodiscard]] QString mediaKey(const project::Source& source);

class ThumbnailStore : public QObject {
    Q_OBJECT
public:
    static constexpr int storedHeight = 96;  // pixels; others are scaled from it
    static constexpr std::uint64_t defaultFolderLimit = std::uint64_t(256) << 20;

    struct Wish {
        QString media;  // mediaKey()
        std::filesystem::path path;
        qint64 milliseconds = 0;
    };

    // `runner` must outlive this object. Without a folder (or where it cannot be written) pictures are kept in memory only.
    // Of the files in it those used longest ago go first.
    ThumbnailStore(jobs::JobRunner& runner, std::filesystem::path cacheFolder,
                   std::uint64_t folderLimit = defaultFolderLimit, QObject* parent = nullptr);
    ~ThumbnailStore() override;

    // The picture at a time from the source's first frame; asks for it and is null while it is not there.
    [[nodiscard]] QImage picture(const project::Source& source, double seconds, int height);
    // The picture that is there and nearest to this time; null = none yet. Asks for nothing.
    [[nodiscard]] QImage nearest(const QString& media, qint64 milliseconds, int height);
    [[nodiscard]] bool has(const QString& media, qint64 milliseconds) const;
    // From now on `viewer` wants these, the first ones first, and none that it wanted before.
    void want(const void* viewer, std::vector<Wish> wishes);

    void setMemoryLimit(std::size_t bytes) { m_memoryLimit = bytes; }

Q_SIGNALS:
    void ready();  // once for all that came within a moment

private:
    struct Entry {
        QImage stored;
        QImage scaled;
        std::uint64_t used = 0;
    };
    struct Job {
        service::JobId id = 0;
        QString media;
        std::set<qint64> open;  // not delivered yet, milliseconds
    };

    void pump();
    void look(const std::vector<Wish>& wishes);
    void startJob();
    void receive(const jobs::EventPtr& event);
    void insert(const QString& media, qint64 milliseconds, const QImage& image);
    void evict();
    [[nodiscard]] QImage scaledTo(Entry& entry, int height);
    [[nodiscard]] std::vector<Wish> openWishes() const;
    [[nodiscard]] std::filesystem::path fileOf(const QString& media, qint64 milliseconds) const;

    jobs::JobRunner& m_runner;
    const std::filesystem::path m_folder;
    LimitedFolder m_onDisk;  // used by m_files' one thread alone
    QThreadPool m_files;
    QTimer m_pump;
    QTimer m_announce;
    std::map<const void*, std::vector<Wish>> m_wishes;
    std::vector<Wish> m_single;
    std::map<QString, std::map<qint64, Entry>> m_pictures;
    std::set<std::pair<QString, qint64>> m_missing;  // not on disk: to be decoded
    std::set<std::pair<QString, qint64>> m_failed;   // not asked for again
    bool m_looking = false;
    Job m_job;
    std::size_t m_bytes = 0;
    std::size_t m_memoryLimit = std::size_t(128) << 20;
    std::uint64_t m_clock = 0;
};

}  // namespace lipar::session
