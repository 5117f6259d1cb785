// Where the sound of playback goes, and the clock that it gives.
//
// Sound is addressed by its sample number on the timeline, so that a gap is silence and sound that comes too late is left
// out: the clock runs on and pictures stay with it. Thread: UI thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include <QObject>

namespace lipar::session {

class AudioOutput : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    // Throws away what is still to be heard and gets ready to play from this sample on. Nothing is heard before run().
    virtual void start(std::int64_t firstSample, int sampleRate) = 0;
    // Interleaved left and right, beginning at this sample.
    virtual void write(std::int64_t firstSample, std::span<const float> stereo) = 0;
    // Lets the sound run, written or not.
    virtual void run() = 0;
    virtual void stop() = 0;
    // 0..1, linear to the ear.
    virtual void setVolume(double volume) = 0;
    // The sample that is heard now, extrapolated between the device's own reports; empty while no device plays.
    [[nodiscard]] virtual std::optional<double> position() const = 0;
    // There is a device; counts as being there until it is known that it is not.
    [[nodiscard]] virtual bool isAvailable() const = 0;

Q_SIGNALS:
    void availableChanged();
};

// The system's default device, through QtMultimedia on a thread of its own, opened when it is needed.
[[nodiscard]] std::unique_ptr<AudioOutput> systemAudioOutput();

}  // namespace lipar::session
