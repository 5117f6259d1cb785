// One clip and one edit of it: ties the clip, what is asked, the run, the frames and the viewer together.
//
// Everything the window shows and does goes through here; nothing here waits for the engine. Thread: UI thread.
#pragma once

#include <memory>

#include <QObject>
#include <QTemporaryDir>
#include <QUrl>
#include <QtQmlIntegration>

#include "app/session/clip_source.h"
#include "app/session/edit_parameters.h"
#include "app/session/edit_run.h"
#include "app/session/frame_store.h"
#include "app/session/result_saver.h"
#include "app/session/transport.h"
#include "app/session/view_state.h"

namespace lipar::session {

class StudioSession : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(lipar::session::ClipSource* clip READ clip CONSTANT)
    Q_PROPERTY(lipar::session::EditParameters* parameters READ parameters CONSTANT)
    Q_PROPERTY(lipar::session::EditRun* run READ run CONSTANT)
    Q_PROPERTY(lipar::session::Transport* transport READ transport CONSTANT)
    Q_PROPERTY(lipar::session::ViewState* view READ view CONSTANT)
    Q_PROPERTY(lipar::session::ResultSaver* saver READ saver CONSTANT)
    Q_PROPERTY(bool canEdit READ canEdit NOTIFY canEditChanged)
    Q_PROPERTY(bool canSave READ canSave NOTIFY canSaveChanged)
    // The settings are not those of the running or last edit any more.
    Q_PROPERTY(bool differsFromRun READ differsFromRun NOTIFY canEditChanged)
    Q_PROPERTY(bool isReadingFrames READ isReadingFrames NOTIFY readingFramesChanged)
    Q_PROPERTY(lipar::session::ErrorReport modelError READ modelError NOTIFY modelErrorChanged)
    Q_PROPERTY(QUrl suggestedFile READ suggestedFile NOTIFY canSaveChanged)

public:
    struct Options {
        std::filesystem::path cacheFolder;  // finished edits wait here to be saved; emptied on exit
        std::size_t frameMemory = FrameStore::defaultLimit;
    };
    // `runner` must outlive this object.
    StudioSession(jobs::JobRunner& runner, const Options& options, QObject* parent = nullptr);
    ~StudioSession() override;

    [[nodiscard]] ClipSource* clip() { return &m_clip; }
    [[nodiscard]] EditParameters* parameters() { return &m_parameters; }
    [[nodiscard]] EditRun* run() { return &m_run; }
    [[nodiscard]] Transport* transport() { return &m_transport; }
    [[nodiscard]] ViewState* view() { return &m_view; }
    [[nodiscard]] ResultSaver* saver() { return &m_saver; }
    [[nodiscard]] const FrameStore& frames() const { return m_frames; }

    [[nodiscard]] bool canEdit() const;
    [[nodiscard]] bool canSave() const;
    [[nodiscard]] bool differsFromRun() const { return m_differsFromRun; }
    [[nodiscard]] bool isReadingFrames() const { return m_firstFrames.isRunning(); }
    [[nodiscard]] const ErrorReport& modelError() const { return m_modelError; }
    [[nodiscard]] QUrl suggestedFile() const;

    Q_INVOKABLE void open(const QUrl& file);
    // Makes and opens the sample clip and edits it at once, with a look of ours if none was chosen.
    Q_INVOKABLE void trySample();
    // Starts an edit with the current settings, in place of one that is running.
    Q_INVOKABLE void edit();
    Q_INVOKABLE void cancel();
    Q_INVOKABLE void saveAs(const QUrl& file);
    Q_INVOKABLE void copyToClipboard(const QString& text) const;

Q_SIGNALS:
    void canEditChanged();
    void canSaveChanged();
    void readingFramesChanged();
    void modelErrorChanged();

private:
    void takeModel(const service::Report& report);
    void showOpenedClip();
    void readFirstFrames();
    void takeBlock(const service::BlockFinished& block);
    void followRun();
    void removeOutput();

    QTemporaryDir m_outputFolder;
    FrameStore m_frames;
    ClipSource m_clip;
    EditParameters m_parameters;
    EditRun m_run;
    Transport m_transport;
    ViewState m_view;
    ResultSaver m_saver;
    jobs::LatestJob m_models;
    jobs::LatestJob m_firstFrames;
    ShownFrame m_poster;  // the clip's first frame, while there is nothing edited to show
    ErrorReport m_modelError;
    bool m_differsFromRun = true;
    bool m_editWhenOpened = false;
    int m_outputNumber = 0;
};

}  // namespace lipar::session
