#include "app/session/clip_source.h"

#include <utility>

#include <QDir>

#include "app/session/paths.h"

namespace lipar::session {

ClipSource::ClipSource(jobs::JobRunner& runner, std::filesystem::path cacheFolder, QObject* parent)
    : QObject(parent), m_cacheFolder(std::move(cacheFolder)), m_sample(runner), m_probe(runner) {
    connect(&m_sample, &jobs::LatestJob::finished, this, [this](const service::Report& report) {
        if (const auto* sample = std::get_if<service::MakeSampleReport>(&report))
            open(sample->path);
    });
    connect(&m_probe, &jobs::LatestJob::finished, this, [this](const service::Report& report) {
        if (const auto* probe = std::get_if<service::ProbeReport>(&report)) {
            m_clip = probe->clip;
            m_clip.path = m_openingPath;
            Q_EMIT changed();
            Q_EMIT opened();
        }
    });
    connect(&m_sample, &jobs::LatestJob::failed, this, &ClipSource::fail);
    connect(&m_probe, &jobs::LatestJob::failed, this, &ClipSource::fail);
}

void ClipSource::open(const std::filesystem::path& path) {
    m_sample.abandon();
    m_error = {};
    m_openingPath = path;
    m_probe.start(service::ProbeRequest{path});
    Q_EMIT changed();
}

void ClipSource::openSample() {
    m_probe.abandon();
    m_error = {};
    m_openingPath = m_cacheFolder / "lipar-sample.mp4";
    m_sample.start(service::MakeSampleRequest{m_openingPath});
    Q_EMIT changed();
}

void ClipSource::dismissError() {
    m_error = {};
    Q_EMIT changed();
}

void ClipSource::fail(const Error& error) {
    m_error = ErrorReport(error, "clip: " + toNative(m_openingPath));
    Q_EMIT changed();
}

QString ClipSource::openingName() const {
    return toNative(m_openingPath.filename());
}

QString ClipSource::name() const {
    return toNative(m_clip.path.filename());
}

QString ClipSource::path() const {
    return toNative(m_clip.path);
}

}  // namespace lipar::session
