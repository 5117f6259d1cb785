#include "app/session/export_form.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QStandardPaths>

#include "app/session/paths.h"

namespace lipar::session {

namespace {

constexpr int estimateDelayMs = 400;
constexpr double defaultMegabits = 8;

// What goes with what; the engine has the last word.
struct CodecFacts {
    const char* name;
    int defaultCrf;  // negative: neither CRF nor bit rate
    int largestCrf;
    std::array<const char*, 3> containers;  // the first is the usual one; null: no more
};
constexpr std::array codecTable{
    CodecFacts{"h264", 18, 51, {"mp4", "mov", "mkv"}},    CodecFacts{"hevc", 22, 51, {"mp4", "mov", "mkv"}},
    CodecFacts{"av1", 30, 63, {"mp4", "mkv", "webm"}},    CodecFacts{"vp9", 31, 63, {"webm", "mp4", "mkv"}},
    CodecFacts{"prores", -1, 0, {"mov", "mkv", nullptr}}, CodecFacts{"ffv1", -1, 0, {"mkv", nullptr, nullptr}},
};

const CodecFacts& factsOf(const std::string& codec) {
    const auto found = std::ranges::find_if(codecTable, [&](const CodecFacts& facts) { return codec == facts.name; });
    return found == codecTable.end() ? codecTable.front() : *found;
}

// Heights that people ask for; the width follows from the project's aspect.
constexpr std::array offeredHeights{2160, 1440, 1080, 720, 480};
constexpr std::array<Rational, 8> offeredRates{
    {{24000, 1001}, {24, 1}, {25, 1}, {30000, 1001}, {30, 1}, {50, 1}, {60000, 1001}, {60, 1}}};

QString rateText(const Rational& rate) {
    return QLocale().toString(std::round(rate.value() * 1000) / 1000, 'g', 6);
}

}  // namespace

ExportForm::ExportForm(ProjectDocument& document, jobs::ExportQueue& queue, jobs::JobRunner& runner,
                       settings::AppSettings& settings, QObject* parent)
    : QObject(parent), m_document(document), m_queue(queue), m_presets(settings), m_job(runner) {
    m_presets.apply(0, m_settings);
    m_folder = QDir::toNativeSeparators(QStandardPaths::writableLocation(QStandardPaths::MoviesLocation));
    m_delay.setSingleShot(true);
    m_delay.setInterval(estimateDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &ExportForm::estimate);
    connect(&m_document, &ProjectDocument::changed, this, &ExportForm::change);
    connect(&m_document, &ProjectDocument::replaced, this, [this] {
        m_fileName.clear();
        change();
    });
    connect(&m_document, &ProjectDocument::fileChanged, this, &ExportForm::changed);
    connect(&m_job, &jobs::LatestJob::finished, this, [this](const service::Report& report) {
        if (const auto* render = std::get_if<service::RenderReport>(&report)) {
            m_estimate = *render;
        } else if (const auto* edit = std::get_if<service::EditReport>(&report)) {
            m_estimate = {};
            m_estimate.estimate = edit->estimate;
            m_estimate.outputBytes = edit->outputBytes;
            m_estimate.freeBytes = edit->freeBytes;
        }
        m_estimateError = {};
        setEstimate(Estimated);
    });
    connect(&m_job, &jobs::LatestJob::failed, this, [this](const Error& error) {
        m_estimateError = ErrorReport(error, {});
        setEstimate(error.code == ErrorCode::cancelled ? NoEstimate : NotPossible);
    });
}

QStringList ExportForm::codecs() const {
    QStringList names;
    for (const auto& facts : codecTable)
        names << facts.name;
    return names;
}

QStringList ExportForm::containers() const {
    QStringList names;
    for (const auto* name : factsOf(m_settings.codec).containers)
        if (name)
            names << name;
    return names;
}

int ExportForm::largestCrf() const {
    return factsOf(m_settings.codec).largestCrf;
}

double ExportForm::megabits() const {
    return m_settings.bitRate ? double(*m_settings.bitRate) / 1e6 : defaultMegabits;
}

QVariantList ExportForm::sizes() const {
    const auto& format = m_document.project().format;
    const auto entry = [](int width, int height) {
        return QVariantMap{{"text", QString("%1 × %2").arg(width).arg(height)}, {"width", width}, {"height", height}};
    };
    QVariantList sizes{entry(format.width, format.height)};
    for (const int height : offeredHeights) {
        // Even, as the common codecs need it.
        const int width = 2 * int(std::lround(double(format.width) * height / format.height / 2));
        if (height != format.height)
            sizes << entry(width, height);
    }
    return sizes;
}

int ExportForm::currentSize() const {
    if (m_settings.height == 0)
        return 0;
    const auto all = sizes();
    const auto found = std::ranges::find_if(
        all, [this](const QVariant& size) { return size.toMap()["height"].toInt() == m_settings.height; });
    return found == all.end() ? 0 : int(found - all.begin());
}

QVariantList ExportForm::rates() const {
    QVariantList rates{QVariantMap{{"text", rateText(m_document.project().format.rate)}}};
    for (const auto& rate : offeredRates)
        rates << QVariantMap{{"text", rateText(rate)}};
    return rates;
}

int ExportForm::currentRate() const {
    if (!m_settings.rate.isValid())
        return 0;
    const auto found = std::ranges::find(offeredRates, m_settings.rate);
    return found == offeredRates.end() ? 0 : 1 + int(found - offeredRates.begin());
}

bool ExportForm::canKeepSource() const {
    return jobs::wholeClip(m_document.project()) && !m_settings.bitRate && m_settings.height == 0 &&
           !m_settings.rate.isValid() && !onlyRange();
}

QString ExportForm::fileName() const {
    return m_fileName.isEmpty() ? m_document.name() : m_fileName;
}

ExportForm::Problem ExportForm::problem() const {
    if (!(project::durationOf(m_document.project()) > Rational{0, 1}))
        return NothingToExport;
    if (fileName().trimmed().isEmpty() || fileName().contains('/') || fileName().contains('\\'))
        return NoName;
    if (!QFileInfo(m_folder).isDir())
        return NoFolder;
    return NoProblem;
}

bool ExportForm::replacesFile() const {
    return problem() == NoProblem && QFileInfo::exists(toNative(exportSettings().file));
}

jobs::ExportSettings ExportForm::exportSettings() const {
    auto settings = m_settings;
    settings.file = toPath(QDir(m_folder).filePath(fileName().trimmed() + extension()));
    settings.keepSource = keepSource();
    if (onlyRange()) {
        settings.firstFrame = std::max<std::int64_t>(0, m_inFrame);
        settings.endFrame = m_outFrame < 0 ? -1 : m_outFrame + 1;
    }
    return settings;
}

void ExportForm::setCodec(const QString& codec) {
    const auto name = codec.toStdString();
    if (name == m_settings.codec)
        return;
    const auto& facts = factsOf(name);
    m_settings.codec = facts.name;
    m_settings.crf.reset();
    if (facts.defaultCrf >= 0)
        m_settings.crf = facts.defaultCrf;
    else
        m_settings.bitRate.reset();
    if (!containers().contains(container()))
        m_settings.container = facts.containers.front();
    change();
}

void ExportForm::setContainer(const QString& container) {
    if (!containers().contains(container) || container == this->container())
        return;
    m_settings.container = container.toStdString();
    change();
}

void ExportForm::setUsesBitRate(bool uses) {
    if (uses == usesBitRate() || !hasQuality())
        return;
    if (uses)
        m_settings.bitRate = std::int64_t(defaultMegabits * 1e6);
    else
        m_settings.bitRate.reset();
    change();
}

void ExportForm::setCrf(int crf) {
    if (!hasQuality() || crf == this->crf())
        return;
    m_settings.crf = std::clamp(crf, 0, largestCrf());
    change();
}

void ExportForm::setMegabits(double megabits) {
    if (!usesBitRate() || megabits == this->megabits())
        return;
    m_settings.bitRate = std::int64_t(std::clamp(megabits, 0.1, 1000.0) * 1e6);
    change();
}

void ExportForm::setSound(bool sound) {
    if (sound == m_settings.sound)
        return;
    m_settings.sound = sound;
    change();
}

void ExportForm::setOnlyRange(bool only) {
    if (only == m_onlyRange)
        return;
    m_onlyRange = only;
    change();
}

void ExportForm::setKeepSource(bool keep) {
    if (keep == m_keepSource)
        return;
    m_keepSource = keep;
    change();
}

void ExportForm::setFolder(const QString& folder) {
    if (folder == m_folder)
        return;
    m_folder = folder;
    change();
}

void ExportForm::setFileName(const QString& name) {
    if (name == m_fileName)
        return;
    m_fileName = name;
    Q_EMIT changed();
}

void ExportForm::choosePreset(int row) {
    m_presets.apply(row, m_settings);
    change();
}

void ExportForm::savePreset(const QString& title) {
    if (title.trimmed().isEmpty())
        return;
    m_presets.save(title.trimmed(), m_settings);
    Q_EMIT changed();
}

void ExportForm::removePreset(int row) {
    m_presets.remove(row);
    Q_EMIT changed();
}

void ExportForm::chooseSize(int row) {
    const auto size = sizes().value(row).toMap();
    m_settings.width = row <= 0 ? 0 : size["width"].toInt();
    m_settings.height = row <= 0 ? 0 : size["height"].toInt();
    change();
}

void ExportForm::chooseRate(int row) {
    m_settings.rate = row <= 0 || row > int(offeredRates.size()) ? Rational{0, 1} : offeredRates[std::size_t(row - 1)];
    change();
}

void ExportForm::chooseFolder(const QUrl& folder) {
    setFolder(QDir::toNativeSeparators(folder.toLocalFile()));
}

void ExportForm::add() {
    if (problem() != NoProblem)
        return;
    auto settings = exportSettings();
    const auto isTaken = [this](const std::filesystem::path& file) {
        return std::ranges::any_of(m_queue.items(), [&](const jobs::ExportItem& item) {
            return item.settings.file == file && item.state != jobs::ExportState::done &&
                   item.state != jobs::ExportState::cancelled;
        });
    };
    for (int number = 2; isTaken(settings.file); ++number)
        settings.file = toPath(
            QDir(m_folder).filePath(QString("%1 (%2)%3").arg(fileName().trimmed()).arg(number).arg(extension())));
    m_queue.add(m_document.project(), settings);
    Q_EMIT changed();
}

void ExportForm::setRange(std::int64_t in, std::int64_t out) {
    if (in == m_inFrame && out == m_outFrame)
        return;
    m_inFrame = in;
    m_outFrame = out;
    change();
}

void ExportForm::setEngine(const service::EngineChoice& engine) {
    m_engine = engine;
    change();
}

void ExportForm::setCache(const service::EditCacheSettings& cache) {
    m_cache = cache;
}

void ExportForm::setActive(bool active) {
    m_isActive = active;
    if (active) {
        change();
    } else {
        m_delay.stop();
        m_job.abandon();
        setEstimate(NoEstimate);
    }
}

void ExportForm::change() {
    Q_EMIT changed();
    if (!m_isActive)
        return;
    m_job.abandon();
    const bool isPossible = problem() == NoProblem;
    setEstimate(isPossible ? Estimating : NoEstimate);
    if (isPossible)
        m_delay.start();
}

void ExportForm::estimate() {
    auto request = jobs::exportRequest(m_document.project(), exportSettings(), m_engine, m_cache, true);
    if (request) {
        m_job.start(std::move(*request));
    } else {
        m_estimateError = ErrorReport(request.error(), {});
        setEstimate(NotPossible);
    }
}

void ExportForm::setEstimate(EstimateState state) {
    m_estimateState = state;
    Q_EMIT estimateChanged();
}

}  // namespace lipar::session
