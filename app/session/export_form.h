// The export page's form: how the open project is to be written, what that will cost, and the way into the queue.
//
// The estimate is a dry run of the very request, started a moment after the last change. Thread: UI thread.
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <QUrl>
#include <QVariantList>
#include <QtQmlIntegration>

#include "app/jobs/export_queue.h"
#include "app/session/error_report.h"
#include "app/session/export_presets.h"
#include "app/session/project_document.h"

namespace lipar::session {

class ExportForm : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(lipar::session::ExportPresets* presets READ presets CONSTANT)
    Q_PROPERTY(int currentPreset READ currentPreset NOTIFY changed)  // -1: settings of one's own
    Q_PROPERTY(QStringList codecs READ codecs CONSTANT)
    Q_PROPERTY(QString codec READ codec WRITE setCodec NOTIFY changed)
    Q_PROPERTY(QStringList containers READ containers NOTIFY changed)  // that hold the codec
    Q_PROPERTY(QString container READ container WRITE setContainer NOTIFY changed)
    Q_PROPERTY(bool hasQuality READ hasQuality NOTIFY changed)  // the codec takes a CRF or a bit rate
    Q_PROPERTY(bool usesBitRate READ usesBitRate WRITE setUsesBitRate NOTIFY changed)
    Q_PROPERTY(int crf READ crf WRITE setCrf NOTIFY changed)  // smaller is better
    Q_PROPERTY(int largestCrf READ largestCrf NOTIFY changed)
    Q_PROPERTY(double megabits READ megabits WRITE setMegabits NOTIFY changed)  // a second
    Q_PROPERTY(QVariantList sizes READ sizes NOTIFY changed)  // of {text, width, height}; the first is the project's
    Q_PROPERTY(int currentSize READ currentSize NOTIFY changed)
    Q_PROPERTY(QVariantList rates READ rates NOTIFY changed)  // of {text}; the first is the project's
    Q_PROPERTY(int currentRate READ currentRate NOTIFY changed)
    Q_PROPERTY(bool sound READ sound WRITE setSound NOTIFY changed)
    Q_PROPERTY(bool hasRange READ hasRange NOTIFY changed)  // in or out are set
    Q_PROPERTY(bool onlyRange READ onlyRange WRITE setOnlyRange NOTIFY changed)
    Q_PROPERTY(bool canKeepSource READ canKeepSource NOTIFY changed)
    Q_PROPERTY(bool keepSource READ keepSource WRITE setKeepSource NOTIFY changed)
    Q_PROPERTY(QString folder READ folder WRITE setFolder NOTIFY changed)  // native separators
    Q_PROPERTY(QString fileName READ fileName WRITE setFileName NOTIFY changed)  // without the container's ending
    Q_PROPERTY(QString extension READ extension NOTIFY changed)  // ".mp4"
    Q_PROPERTY(Problem problem READ problem NOTIFY changed)
    Q_PROPERTY(bool replacesFile READ replacesFile NOTIFY changed)
    Q_PROPERTY(EstimateState estimateState READ estimateState NOTIFY estimateChanged)
    Q_PROPERTY(double estimatedSeconds READ estimatedSeconds NOTIFY estimateChanged)
    Q_PROPERTY(double estimatedFps READ estimatedFps NOTIFY estimateChanged)
    Q_PROPERTY(double estimatedBytes READ estimatedBytes NOTIFY estimateChanged)
    Q_PROPERTY(double freeBytes READ freeBytes NOTIFY estimateChanged)
    Q_PROPERTY(bool fitsMemory READ fitsMemory NOTIFY estimateChanged)
    Q_PROPERTY(bool fitsDisk READ fitsDisk NOTIFY estimateChanged)
    Q_PROPERTY(lipar::session::ErrorReport estimateError READ estimateError NOTIFY estimateChanged)

public:
    enum Problem { NoProblem, NothingToExport, NoName, NoFolder };
    Q_ENUM(Problem)
    enum EstimateState { NoEstimate, Estimating, Estimated, NotPossible };
    Q_ENUM(EstimateState)

    // All must outlive this object.
    ExportForm(ProjectDocument& document, jobs::ExportQueue& queue, jobs::JobRunner& runner,
               settings::AppSettings& settings, QObject* parent = nullptr);

    [[nodiscard]] ExportPresets* presets() { return &m_presets; }
    [[nodiscard]] int currentPreset() const { return m_presets.rowOf(m_settings); }
    [[nodiscard]] QStringList codecs() const;
    [[nodiscard]] QString codec() const { return QString::fromStdString(m_settings.codec); }
    [[nodiscard]] QStringList containers() const;
    [[nodiscard]] QString container() const { return QString::fromStdString(m_settings.container); }
    [[nodiscard]] bool hasQuality() const { return largestCrf() > 0; }
    [[nodiscard]] bool usesBitRate() const { return m_settings.bitRate.has_value(); }
    [[nodiscard]] int crf() const { return m_settings.crf.value_or(0); }
    [[nodiscard]] int largestCrf() const;
    [[nodiscard]] double megabits() const;
    [[nodiscard]] QVariantList sizes() const;
    [[nodiscard]] int currentSize() const;
    [[nodiscard]] QVariantList rates() const;
    [[nodiscard]] int currentRate() const;
    [[nodiscard]] bool sound() const { return m_settings.sound; }
    [[nodiscard]] bool hasRange() const { return m_inFrame >= 0 || m_outFrame >= 0; }
    [[nodiscard]] bool onlyRange() const { return m_onlyRange && hasRange(); }
    [[nodiscard]] bool canKeepSource() const;
    [[nodiscard]] bool keepSource() const { return m_keepSource && canKeepSource(); }
    [[nodiscard]] QString folder() const { return m_folder; }
    [[nodiscard]] QString fileName() const;
    [[nodiscard]] QString extension() const { return '.' + container(); }
    [[nodiscard]] Problem problem() const;
    [[nodiscard]] bool replacesFile() const;
    [[nodiscard]] EstimateState estimateState() const { return m_estimateState; }
    [[nodiscard]] double estimatedSeconds() const { return m_estimate.estimate.seconds; }
    [[nodiscard]] double estimatedFps() const { return m_estimate.estimate.fps; }
    [[nodiscard]] double estimatedBytes() const { return double(m_estimate.outputBytes); }
    [[nodiscard]] double freeBytes() const { return double(m_estimate.freeBytes); }
    [[nodiscard]] bool fitsMemory() const { return m_estimate.estimate.fits; }
    [[nodiscard]] bool fitsDisk() const {  // also where the room is not known
        return m_estimate.freeBytes == 0 || m_estimate.outputBytes <= m_estimate.freeBytes;
    }
    [[nodiscard]] const ErrorReport& estimateError() const { return m_estimateError; }
    // What add() puts into the queue.
    [[nodiscard]] jobs::ExportSettings exportSettings() const;

    void setCodec(const QString& codec);
    void setContainer(const QString& container);
    void setUsesBitRate(bool uses);
    void setCrf(int crf);
    void setMegabits(double megabits);
    void setSound(bool sound);
    void setOnlyRange(bool only);
    void setKeepSource(bool keep);
    void setFolder(const QString& folder);
    void setFileName(const QString& name);
    Q_INVOKABLE void choosePreset(int row);
    Q_INVOKABLE void savePreset(const QString& title);
    Q_INVOKABLE void removePreset(int row);
    Q_INVOKABLE void chooseSize(int row);
    Q_INVOKABLE void chooseRate(int row);
    Q_INVOKABLE void chooseFolder(const QUrl& folder);
    // Puts the project as it is now into the queue, unless there is a problem. Names that the queue has already get a number.
    Q_INVOKABLE void add();

    // In and out of the transport; negative = not set. `out` is the last frame of the range.
    void setRange(std::int64_t in, std::int64_t out);
    void setEngine(const service::EngineChoice& engine);
    void setCache(const service::EditCacheSettings& cache);
    // Estimates are made only while the page shows.
    Q_INVOKABLE void setActive(bool active);

Q_SIGNALS:
    void changed();
    void estimateChanged();

private:
    void change();
    void estimate();
    void setEstimate(EstimateState state);

    ProjectDocument& m_document;
    jobs::ExportQueue& m_queue;
    ExportPresets m_presets;
    jobs::ExportSettings m_settings;  // without file and range
    service::EngineChoice m_engine;
    service::EditCacheSettings m_cache;
    QString m_folder;
    QString m_fileName;  // empty: after the project
    std::int64_t m_inFrame = -1;
    std::int64_t m_outFrame = -1;
    bool m_onlyRange = true;
    bool m_keepSource = true;
    bool m_isActive = false;
    jobs::LatestJob m_job;
    QTimer m_delay;
    EstimateState m_estimateState = NoEstimate;
    service::RenderReport m_estimate;
    ErrorReport m_estimateError;
};

}  // namespace lipar::session
