// Everything behind the window, made and tied together: the project, what is selected, played, previewed, exported.
//
// The parts know nothing of each other beyond what their constructors take; what one tells the other is connected here.
// Nothing here waits for the engine. Thread: UI thread.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include <QObject>
#include <QUrl>
#include <QtQmlIntegration>

#include "app/jobs/device_runner.h"
#include "app/jobs/export_queue.h"
#include "app/session/action_model.h"
#include "app/session/audio_output.h"
#include "app/session/clip_editor.h"
#include "app/session/crash_recovery.h"
#include "app/session/export_form.h"
#include "app/session/export_list.h"
#include "app/session/media_bin.h"
#include "app/session/message_list.h"
#include "app/session/model_catalog.h"
#include "app/session/model_manager.h"
#include "app/session/player.h"
#include "app/session/preview.h"
#include "app/session/project_document.h"
#include "app/session/project_files.h"
#include "app/session/project_journal.h"
#include "app/session/proxy_store.h"
#include "app/session/recent_projects.h"
#include "app/session/selection.h"
#include "app/session/thumbnail_store.h"
#include "app/session/timeline_editor.h"
#include "app/session/view_state.h"
#include "app/session/waveform_store.h"
#include "app/settings/app_settings.h"

namespace lipar::session {

class StudioSession : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(lipar::session::ActionModel* actions READ actions CONSTANT)
    Q_PROPERTY(lipar::session::ProjectDocument* document READ document CONSTANT)
    Q_PROPERTY(lipar::session::ProjectFiles* files READ files CONSTANT)
    Q_PROPERTY(lipar::session::CrashRecovery* recovery READ recovery CONSTANT)
    Q_PROPERTY(lipar::session::RecentProjects* recent READ recent CONSTANT)
    Q_PROPERTY(lipar::session::MessageList* messages READ messages CONSTANT)
    Q_PROPERTY(lipar::session::Selection* selection READ selection CONSTANT)
    Q_PROPERTY(lipar::session::TimelineEditor* timeline READ timeline CONSTANT)
    Q_PROPERTY(lipar::session::Player* player READ player CONSTANT)
    Q_PROPERTY(lipar::session::ProxyStore* proxies READ proxies CONSTANT)
    Q_PROPERTY(lipar::session::Preview* preview READ preview CONSTANT)
    Q_PROPERTY(lipar::session::ClipEditor* clipEditor READ clipEditor CONSTANT)
    Q_PROPERTY(lipar::session::ViewState* view READ view CONSTANT)
    Q_PROPERTY(lipar::session::MediaBin* bin READ bin CONSTANT)
    Q_PROPERTY(lipar::session::ModelCatalog* models READ models CONSTANT)
    Q_PROPERTY(lipar::session::ModelManager* modelManager READ modelManager CONSTANT)
    Q_PROPERTY(lipar::session::ExportForm* exportForm READ exportForm CONSTANT)
    Q_PROPERTY(lipar::session::ExportList* exports READ exports CONSTANT)
    Q_PROPERTY(bool showsWelcome READ showsWelcome NOTIFY welcomeChanged)  // nothing has been opened or begun yet
    Q_PROPERTY(bool isMakingSample READ isMakingSample NOTIFY welcomeChanged)
    Q_PROPERTY(bool isReporting READ isReporting NOTIFY reportChanged)
    Q_PROPERTY(bool hasReported READ hasReported NOTIFY reportChanged)  // the report is in the clipboard
    Q_PROPERTY(bool isClearingCache READ isClearingCache NOTIFY cacheCleared)
    Q_PROPERTY(double freedBytes READ freedBytes NOTIFY cacheCleared)  // by the last clearing; negative: none yet

public:
    struct Options {
        std::filesystem::path cacheFolder;  // thumbnails, waveforms, proxies, the sample clip
        std::filesystem::path stateFolder;  // export queue, journal
        std::unique_ptr<AudioOutput> sound;  // empty: none
        int previewDelayMs = 150;
    };
    // `runner` and `settings` must outlive this object.
    StudioSession(jobs::JobRunner& runner, settings::AppSettings& settings, Options options,
                  QObject* parent = nullptr);
    ~StudioSession() override;

    [[nodiscard]] ActionModel* actions() { return &m_actions; }
    [[nodiscard]] ProjectDocument* document() { return &m_document; }
    [[nodiscard]] ProjectFiles* files() { return &m_files; }
    [[nodiscard]] ProjectJournal& journal() { return m_journal; }
    [[nodiscard]] CrashRecovery* recovery() { return &m_recovery; }
    [[nodiscard]] RecentProjects* recent() { return &m_recent; }
    [[nodiscard]] MessageList* messages() { return &m_messages; }
    [[nodiscard]] Selection* selection() { return &m_selection; }
    [[nodiscard]] TimelineEditor* timeline() { return &m_timeline; }
    [[nodiscard]] Player* player() { return &m_player; }
    [[nodiscard]] ProxyStore* proxies() { return &m_proxies; }
    [[nodiscard]] Preview* preview() { return &m_preview; }
    [[nodiscard]] ClipEditor* clipEditor() { return &m_clipEditor; }
    [[nodiscard]] ViewState* view() { return &m_view; }
    [[nodiscard]] MediaBin* bin() { return &m_bin; }
    [[nodiscard]] ModelCatalog* models() { return &m_models; }
    [[nodiscard]] ModelManager* modelManager() { return &m_modelManager; }
    [[nodiscard]] jobs::ExportQueue& exportQueue() { return m_queue; }
    [[nodiscard]] ExportForm* exportForm() { return &m_exportForm; }
    [[nodiscard]] ExportList* exports() { return &m_exports; }
    [[nodiscard]] bool showsWelcome() const { return !m_begun && m_document.isEmpty(); }
    [[nodiscard]] bool isMakingSample() const { return m_sample.isRunning(); }
    [[nodiscard]] bool isReporting() const { return m_doctor.isRunning(); }
    [[nodiscard]] bool hasReported() const { return m_hasReported; }
    [[nodiscard]] bool isClearingCache() const { return m_clearing.isRunning(); }
    [[nodiscard]] double freedBytes() const { return m_freedBytes; }

    // A project or a timeline is opened, media goes into the bin.
    Q_INVOKABLE void takeFiles(const QList<QUrl>& files);
    // As takeFiles(), and media goes on the timeline: what a file named on the command line means.
    Q_INVOKABLE void openFile(const QUrl& file);
    Q_INVOKABLE void addToTimeline(quint64 source);
    // Makes the sample clip and puts it on the timeline with a look: its edited picture appears and plays.
    Q_INVOKABLE void trySample();
    Q_INVOKABLE void newProject();
    Q_INVOKABLE void useCacheFolder(const QUrl& folder);
    Q_INVOKABLE void clearCache();
    // Versions, devices and codecs as the engine finds them, and all messages: into the clipboard.
    Q_INVOKABLE void copyReport();
    Q_INVOKABLE void copyToClipboard(const QString& text) const;
    // The running preview or export.
    Q_INVOKABLE void cancelJob();

Q_SIGNALS:
    void welcomeChanged();
    void reportChanged();
    void cacheCleared();
    void importRequested();  // the window opens its dialogs for these
    void relinkRequested(int row);

private:
    // Where a file goes on the timeline once it is imported.
    struct Placement {
        std::optional<Rational> start;  // empty: after everything else
        project::Id track = 0;
        bool isSample = false;
    };

    void connectProject();
    void connectPlayback();
    void connectEngineUse();
    void connectMessages();
    void applySettings();
    void place(project::Id source, const Placement& placement);
    void placeSample();
    void showCachedBlocks(const std::vector<project::Id>& clips);
    void followEngineUse();
    [[nodiscard]] service::EditCacheSettings cacheSettings() const;

    settings::AppSettings& m_settings;
    std::filesystem::path m_cacheFolder;
    jobs::DeviceRunner m_runner;
    ActionModel m_actions;
    MessageList m_messages;
    RecentProjects m_recent;
    ProjectDocument m_document;
    ProjectFiles m_files;
    ProjectJournal m_journal;
    CrashRecovery m_recovery;
    Selection m_selection;
    ThumbnailStore m_thumbnails;
    WaveformStore m_waveforms;
    TimelineEditor m_timeline;
    ProxyStore m_proxies;
    Player m_player;
    Preview m_preview;
    ClipEditor m_clipEditor;
    ViewState m_view;
    MediaBin m_bin;
    ModelCatalog m_models;
    ModelManager m_modelManager;
    jobs::ExportQueue m_queue;
    ExportForm m_exportForm;
    ExportList m_exports;
    jobs::LatestJob m_sample;
    jobs::LatestJob m_doctor;
    jobs::LatestJob m_clearing;
    std::map<QString, Placement> m_placements;  // by path
    project::Id m_sampleSource = 0;  // waits for the model
    bool m_begun = false;
    bool m_hasReported = false;
    double m_freedBytes = -1;
};

}  // namespace lipar::session
