// Proxies of the project's sources (engine/media/proxy.h): kept on disk, made by the engine one after the other, so that
// scrubbing shows any frame at once.
//
// Nothing is read or encoded on the UI thread. A source without a proxy is shown all the same, only later; a proxy that
// cannot be made or kept is done without. Thread: UI thread.
#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <set>

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <QtQmlIntegration>

#include "app/jobs/latest_job.h"
#include "app/session/limited_folder.h"
#include "app/session/project_document.h"

namespace lipar::session {

class ProxyStore : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the program")
    Q_PROPERTY(QString clipName READ clipName NOTIFY makingChanged)  // whose proxy is being made; empty: none is
    Q_PROPERTY(double progress READ progress NOTIFY makingChanged)   // 0..1 of it

public:
    using Proxies = std::map<std::filesystem::path, std::filesystem::path>;  // by source
    static constexpr std::uint64_t defaultFolderLimit = std::uint64_t(4) << 30;

    // `document` and `runner` must outlive this object. Without a folder there are no proxies. Of the files in it those used
    // longest ago go first.
    ProxyStore(ProjectDocument& document, jobs::JobRunner& runner, std::filesystem::path folder,
               std::uint64_t folderLimit = defaultFolderLimit, QObject* parent = nullptr);
    ~ProxyStore() override;

    [[nodiscard]] QString clipName() const;
    [[nodiscard]] double progress() const { return m_progress; }
    [[nodiscard]] const Proxies& proxies() const { return m_ready; }
    // False: none is used nor made.
    void setEnabled(bool enabled);
    // The one being made is not made while this program runs.
    Q_INVOKABLE void cancel();

Q_SIGNALS:
    void proxiesChanged();
    void makingChanged();

private:
    struct Wish {
        QString media;  // mediaKey()
        std::filesystem::path path;
    };

    void takeSources();
    void look(const Wish& wish);
    void makeNext();
    void endMaking();
    [[nodiscard]] bool isWanted(const Wish& wish) const;
    [[nodiscard]] std::filesystem::path fileOf(const QString& media) const;

    ProjectDocument& m_document;
    jobs::LatestJob m_job;
    const std::filesystem::path m_folder;
    LimitedFolder m_onDisk;  // used by m_files' one thread alone
    QThreadPool m_files;
    std::set<std::filesystem::path> m_sources;  // of the project, with pictures
    std::set<QString> m_known;                  // looked for, being made, made, or not to be made
    std::deque<Wish> m_waiting;                 // not on disk
    Wish m_making;
    double m_progress = 0;
    Proxies m_ready;
    bool m_enabled = true;
};

}  // namespace lipar::session
