#include "app/session/audio_output.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>

#include <QAudio>
#include <QAudioDevice>
#include <QAudioSink>
#include <QIODevice>
#include <QMediaDevices>
#include <QThread>
#include <QTimer>

#include "app/session/playback_sound.h"

namespace lipar::session {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int channels = 2;
constexpr int bytesPerSample = channels * int(sizeof(float));
constexpr auto reportInterval = 10ms;

// What the device has played, as it last said so.
class HeardPosition {
public:
    // Forgets it; reports for runs before the next one are not listened to any more. Returns the next run's number.
    int clear() {
        const std::scoped_lock lock(m_mutex);
        m_isKnown = false;
        return ++m_run;
    }
    void set(int run, double sample, int sampleRate) {
        const std::scoped_lock lock(m_mutex);
        if (run != m_run)
            return;
        m_isKnown = true;
        m_sample = sample;
        m_sampleRate = sampleRate;
        m_at = Clock::now();
    }
    [[nodiscard]] std::optional<double> now() const {
        const std::scoped_lock lock(m_mutex);
        if (!m_isKnown)
            return std::nullopt;
        // A device that reports nothing for long has stopped: time does not run away from it.
        const auto since = std::min<Clock::duration>(Clock::now() - m_at, 100ms);
        return m_sample + std::chrono::duration<double>(since).count() * m_sampleRate;
    }

private:
    mutable std::mutex m_mutex;
    int m_run = 0;
    bool m_isKnown = false;
    double m_sample = 0;
    int m_sampleRate = 48000;
    Clock::time_point m_at;
};

// What QAudioSink pulls from, on the sound thread.
class SoundSource : public QIODevice {
public:
    explicit SoundSource(SoundBuffer& buffer) : m_buffer(buffer) { open(QIODevice::ReadOnly); }
    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] qint64 bytesAvailable() const override { return 1 << 20; }  // silence where there is nothing

protected:
    qint64 readData(char* data, qint64 size) override {
        const auto samples = size / bytesPerSample;
        m_buffer.read({reinterpret_cast<float*>(data), std::size_t(samples * channels)});
        return samples * bytesPerSample;
    }
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    SoundBuffer& m_buffer;
};

// The device itself; lives on the sound thread, so that a busy window never makes it stutter.
class SoundDevice : public QObject {
public:
    SoundDevice(SoundBuffer& buffer, HeardPosition& heard, std::function<void(bool)> tellAvailable)
        : m_heard(heard), m_buffer(buffer), m_source(buffer), m_tellAvailable(std::move(tellAvailable)), m_report(this) {
        m_report.setInterval(reportInterval);
        connect(&m_report, &QTimer::timeout, this, [this] { report(); });
    }

    // Says whether there is a device, now and whenever that changes.
    void watch() {
        m_devices = std::make_unique<QMediaDevices>();
        const auto tell = [this] { m_tellAvailable(!QMediaDevices::defaultAudioOutput().isNull()); };
        connect(m_devices.get(), &QMediaDevices::audioOutputsChanged, this, tell);
        tell();
    }

    void run(int number, std::int64_t firstSample, int sampleRate) {
        stop();
        m_run = number;
        const auto device = QMediaDevices::defaultAudioOutput();
        QAudioFormat format;
        format.setSampleRate(sampleRate);
        format.setChannelCount(channels);
        format.setSampleFormat(QAudioFormat::Float);
        if (device.isNull() || !device.isFormatSupported(format)) {
            m_tellAvailable(false);
            return;
        }
        m_firstSample = firstSample;
        m_sampleRate = sampleRate;
        m_sink = std::make_unique<QAudioSink>(device, format);
        m_sink->setBufferSize(sampleRate / 10 * bytesPerSample);
        m_sink->setVolume(m_volume);
        m_sink->start(&m_source);
        if (m_sink->error() == QAudio::OpenError || m_sink->error() == QAudio::FatalError) {
            lose();
            return;
        }
        m_tellAvailable(true);
        m_report.start();
    }

    void stop() {
        m_report.stop();
        m_sink.reset();
    }

    void setVolume(double volume) {
        m_volume = QAudio::convertVolume(volume, QAudio::LogarithmicVolumeScale, QAudio::LinearVolumeScale);
        if (m_sink)
            m_sink->setVolume(m_volume);
    }

private:
    void report() {
        if (m_sink->error() == QAudio::FatalError || m_sink->error() == QAudio::IOError) {
            lose();
            return;
        }
        // Some back ends count what they were handed, others what has been heard: the smaller of the two is never ahead.
        const auto handed = double(m_buffer.position() - m_firstSample);
        const auto queued = double(m_sink->bufferSize() - m_sink->bytesFree()) / bytesPerSample;
        const auto processed = double(m_sink->processedUSecs()) * 1e-6 * m_sampleRate;
        const auto heard = std::max(0.0, std::min(processed, handed - queued));
        m_heard.set(m_run, double(m_firstSample) + heard, m_sampleRate);
    }

    // The clock of the player takes over.
    void lose() {
        stop();
        m_heard.clear();
        m_tellAvailable(false);
    }

    HeardPosition& m_heard;
    SoundBuffer& m_buffer;
    SoundSource m_source;
    std::function<void(bool)> m_tellAvailable;
    QTimer m_report;
    std::unique_ptr<QMediaDevices> m_devices;
    std::unique_ptr<QAudioSink> m_sink;
    int m_run = 0;
    std::int64_t m_firstSample = 0;
    int m_sampleRate = 48000;
    double m_volume = 1;
};

class SystemAudioOutput : public AudioOutput {
public:
    SystemAudioOutput() {
        m_thread.setObjectName("sound");
        m_device = new SoundDevice(m_buffer, m_heard, [this](bool available) {
            QMetaObject::invokeMethod(this, [this, available] { setAvailable(available); }, Qt::QueuedConnection);
        });
        m_device->moveToThread(&m_thread);
        QObject::connect(&m_thread, &QThread::finished, m_device, &QObject::deleteLater);
        m_thread.start(QThread::HighPriority);
        onSoundThread([device = m_device] { device->watch(); });
    }
    ~SystemAudioOutput() override {
        m_thread.quit();
        m_thread.wait();
    }

    void start(std::int64_t firstSample, int sampleRate) override {
        stop();
        m_firstSample = firstSample;
        m_sampleRate = sampleRate;
        m_buffer.start(firstSample);
    }
    void write(std::int64_t firstSample, std::span<const float> stereo) override { m_buffer.write(firstSample, stereo); }
    void run() override {
        onSoundThread([device = m_device, run = m_heard.clear(), first = m_firstSample, rate = m_sampleRate] {
            device->run(run, first, rate);
        });
    }
    void stop() override {
        m_heard.clear();
        onSoundThread([device = m_device] { device->stop(); });
    }
    void setVolume(double volume) override {
        onSoundThread([device = m_device, volume] { device->setVolume(volume); });
    }
    [[nodiscard]] std::optional<double> position() const override { return m_heard.now(); }
    [[nodiscard]] bool isAvailable() const override { return m_isAvailable; }

private:
    template <class Call>
    void onSoundThread(Call call) {
        QMetaObject::invokeMethod(m_device, call, Qt::QueuedConnection);
    }
    void setAvailable(bool available) {
        if (available == m_isAvailable)
            return;
        m_isAvailable = available;
        Q_EMIT availableChanged();
    }

    SoundBuffer m_buffer;
    HeardPosition m_heard;
    QThread m_thread;
    SoundDevice* m_device = nullptr;  // deletes itself when the thread ends
    std::int64_t m_firstSample = 0;
    int m_sampleRate = 48000;
    bool m_isAvailable = true;
};

}  // namespace

std::unique_ptr<AudioOutput> systemAudioOutput() {
    return std::make_unique<SystemAudioOutput>();
}

}  // namespace lipar::session
