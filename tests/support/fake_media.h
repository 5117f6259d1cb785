// A JobRunner that answers what thumbnails, waveforms and proxies are asked for with pictures it draws and files it writes.
#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <QImage>
#include <QPainter>
#include <QTimer>

#include "app/jobs/job_runner.h"

namespace lipar::testing {

class FakeMedia : public jobs::JobRunner {
public:
    using JobRunner::JobRunner;

    service::JobId submit(service::Request request) override {
        const auto job = ++m_lastJob;
        requests.push_back(request);
        if (!isHolding)
            QTimer::singleShot(0, this, [this, job, request] { answer(job, request); });
        return job;
    }
    void cancel(service::JobId job) override { cancelled.insert(job); }
    void send(service::Event event) { Q_EMIT eventArrived(std::make_shared<const service::Event>(std::move(event))); }

    // A coast whose sun moves with time.
    [[nodiscard]] static PicturePtr picture(const std::filesystem::path& path, double seconds, int height) {
        const int width = height * 26 / 15;
        QImage image(width, height, QImage::Format_RGB888);
        const int hue = int(std::hash<std::string>{}(path.string()) % 360);
        QPainter painter(&image);
        QLinearGradient sky(0, 0, 0, height);
        sky.setColorAt(0, QColor::fromHsv(hue, 120, 150));
        sky.setColorAt(1, QColor::fromHsv((hue + 40) % 360, 70, 230));
        painter.fillRect(image.rect(), sky);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(QColor(255, 240, 200));
        painter.drawEllipse(QPointF(width * std::fmod(seconds / 12, 1.0), height * 0.35), height * 0.12, height * 0.12);
        QPolygonF hills{QPointF(0, height)};
        for (int x = 0; x <= width; x += 4)
            hills << QPointF(x, height * (0.7 + 0.12 * std::sin(x * 0.06 + seconds * 0.3) + 0.06 * std::sin(x * 0.17)));
        hills << QPointF(width, height);
        painter.setBrush(QColor::fromHsv((hue + 180) % 360, 110, 70));
        painter.drawPolygon(hills);
        painter.end();
        auto result = std::make_shared<Picture>(width, height);
        for (int y = 0; y < height; ++y)
            std::copy_n(image.constScanLine(y), 3 * width, result->rgb.begin() + std::ptrdiff_t(y) * 3 * width);
        return result;
    }

    std::vector<service::Request> requests;
    std::set<service::JobId> cancelled;
    bool isHolding = false;  // nothing is answered
    bool needsProxies = true;
    std::size_t proxyBytes = 100;

private:
    void answer(service::JobId job, const service::Request& request) {
        if (cancelled.contains(job)) {
            send(service::JobFailed{job, Error{ErrorCode::cancelled, "cancelled", {}}});
        } else if (const auto* thumbnails = std::get_if<service::ThumbnailsRequest>(&request)) {
            for (const double seconds : thumbnails->seconds)
                send(service::Thumbnail{job, seconds, picture(thumbnails->input, seconds, thumbnails->height)});
            send(service::JobFinished{job, service::ThumbnailsReport{int(thumbnails->seconds.size())}});
        } else if (const auto* waveform = std::get_if<service::WaveformRequest>(&request)) {
            service::WaveformReport report;
            report.peaksPerSecond = waveform->peaksPerSecond;
            for (int i = 0; i < 90 * waveform->peaksPerSecond; ++i) {
                const double beat = std::exp(-std::fmod(i * 0.04, 1.0) * 3);
                const double phrase = 0.35 + 0.3 * std::sin(i * 0.011) + 0.2 * std::sin(i * 0.0037);
                report.peaks.push_back(std::uint8_t(std::clamp(phrase * (0.4 + 0.9 * beat), 0.02, 1.0) * 255));
            }
            send(service::JobFinished{job, report});
        } else if (const auto* proxy = std::get_if<service::ProxyRequest>(&request)) {
            send(service::Progress{.job = job, .phase = service::Phase::converting, .framesDone = 500, .framesTotal = 1000});
            if (needsProxies) {
                std::filesystem::create_directories(proxy->output.parent_path());
                std::ofstream(proxy->output) << std::string(proxyBytes, 'p');
            }
            send(service::JobFinished{job, service::ProxyReport{needsProxies}});
        }
    }

    service::JobId m_lastJob = 0;
};

}  // namespace lipar::testing
