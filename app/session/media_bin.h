// The media bin: the project's sources, and files on their way to become some. Thread: UI thread.
//
// A file is probed by the engine and hashed on a thread of its own, then imported by a command; files that cannot be
// used stay in the list with the reason. Sources get a thumbnail, are looked for on the disk, and are measured for how
// much of them is still (a few seconds of each, while the engine has nothing else to do).
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include <QAbstractListModel>
#include <QFutureWatcher>
#include <QImage>
#include <QTimer>
#include <QUrl>
#include <QtQmlIntegration>

#include "app/jobs/latest_job.h"
#include "app/session/content_hash.h"
#include "app/session/error_report.h"
#include "app/session/project_document.h"
#include "app/session/suitability.h"

namespace lipar::session {

class MediaBin : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(int missingCount READ missingCount NOTIFY missingChanged)
    Q_PROPERTY(bool isSearching READ isSearching NOTIFY missingChanged)  // a folder, for missing media
    Q_PROPERTY(bool isReading READ isReading NOTIFY countChanged)        // a file is being imported

public:
    enum State { Reading, Ready, Missing, Failed };
    Q_ENUM(State)
    enum Badge { NoBadge, Measuring, Still, Handheld };  // how much pruning gains
    Q_ENUM(Badge)
    enum Role {
        SourceIdRole = Qt::UserRole + 1,
        NameRole,
        PathRole,
        StateRole,
        ThumbnailRole,     // QImage, null until there is one
        WidthRole,         // upright, pixels; 0: no picture
        HeightRole,
        FpsRole,
        VariableRateRole,
        DurationRole,      // "01:02.34"
        SoundRole,
        NoteRole,
        BadgeRole,
        StaticPercentRole, // of the picture, with Still
        SpeedupRole,       // with Still
        ErrorRole,         // ErrorReport, with Failed
    };

    // All must outlive this object.
    MediaBin(ProjectDocument& document, jobs::JobRunner& runner, settings::AppSettings& settings,
             QObject* parent = nullptr);
    ~MediaBin() override;

    [[nodiscard]] int count() const { return int(m_entries.size()); }
    [[nodiscard]] int missingCount() const;
    [[nodiscard]] bool isSearching() const { return m_search.isRunning(); }
    [[nodiscard]] bool isReading() const;

    // Several files are one step of undo. A file that is a source already is not imported again; imported() follows.
    Q_INVOKABLE void import(const QList<QUrl>& files);
    // The source and the clips made of it; or the line of a file that could not be used.
    Q_INVOKABLE void remove(int row);
    Q_INVOKABLE void relink(int row, const QUrl& file);
    // Looks for all missing media below this folder, by size and content.
    Q_INVOKABLE void search(const QUrl& folder);
    Q_INVOKABLE void cancelSearch();
    // Looks again which files are there.
    Q_INVOKABLE void refresh();

    // While something else wants the engine, nothing is measured.
    void setEngineBusy(bool busy);
    void setEngine(const service::EngineChoice& engine) { m_suitability.setEngine(engine); }

    [[nodiscard]] int rowOf(project::Id source) const;  // -1: none
    [[nodiscard]] project::Id sourceAt(int row) const;  // 0: not a source (yet)
    [[nodiscard]] bool isMissing(project::Id source) const { return m_missing.contains(source); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();
    void missingChanged();
    void imported(quint64 source, const QString& path);
    void importFailed(const QString& path, const lipar::session::ErrorReport& error);
    void searchFinished(int found, int stillMissing);

private:
    // A file that is not a source yet, or is to stand in for one.
    struct Pending {
        std::filesystem::path path;
        project::Id relinks = 0;
        std::string mergeKey;
        std::unique_ptr<jobs::LatestJob> probe;
        std::unique_ptr<QFutureWatcher<Result<FileIdentity>>> hash;
        std::optional<service::ClipInfo> info;
        std::optional<FileIdentity> identity;
        ErrorReport error;
    };
    struct Entry {
        project::Id source = 0;            // or
        std::shared_ptr<Pending> pending;  // one of the two
    };

    void start(const std::shared_ptr<Pending>& pending);
    void proceed(const std::shared_ptr<Pending>& pending);
    void failPending(const std::shared_ptr<Pending>& pending, const Error& error);
    void drop(const Pending* pending);
    void rebuild();
    void takeChange(const commands::Touched& touched);
    void changed(project::Id source, const QList<int>& roles = {});
    void nextThumbnail();
    void takeFound(const std::vector<std::filesystem::path>& found);
    [[nodiscard]] QVariant sourceData(const project::Source& source, int role) const;
    [[nodiscard]] QVariant pendingData(const Pending& pending, int role) const;

    ProjectDocument& m_document;
    jobs::JobRunner& m_runner;
    std::vector<Entry> m_entries;
    std::unordered_map<project::Id, QImage> m_thumbnails;
    std::deque<project::Id> m_wantThumbnail;
    project::Id m_drawing = 0;
    jobs::LatestJob m_thumbnail;
    Suitability m_suitability;
    std::unordered_map<project::Id, bool> m_missing;
    QFutureWatcher<std::vector<project::Id>> m_look;
    QFutureWatcher<Result<std::vector<std::filesystem::path>>> m_search;
    std::vector<project::Id> m_searched;
    CancelSource m_cancelSearch;
    int m_batch = 0;
};

// The project's notion of a probed file.
[[nodiscard]] project::Source sourceOf(const service::ClipInfo& info, const FileIdentity& identity);

}  // namespace lipar::session
