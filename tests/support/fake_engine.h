// An engine for tests of the window: answers like the real one, but from pictures it draws or is given.
//
// Edits advance one block at a time: step by step by advance(), or by themselves after setAutomatic(true).
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include <QString>
#include <QTimer>

#include "app/jobs/job_runner.h"

namespace lipar::testing {

// The pictures an edit hands out.
struct FakeClip {
    service::ClipInfo info;
    std::vector<PicturePtr> source;
    std::vector<PicturePtr> edited;
    int tokenRows = 0;
    int tokenColumns = 0;

    // Drawn: a disc that crosses a still picture.
    static FakeClip drawn(int frames = 36, int width = 160, int height = 96);
    // The frames of a real clip, read with the ffmpeg program. Empty when the file or the program is missing.
    static std::optional<FakeClip> read(const QString& file, int width, int height);
};

class FakeEngine : public jobs::JobRunner {
    Q_OBJECT
public:
    explicit FakeEngine(FakeClip clip = FakeClip::drawn(), QObject* parent = nullptr);

    service::JobId submit(service::Request request) override;
    void cancel(service::JobId job) override;

    // Short jobs (models, probe, sample) are answered at once, edits a block every few milliseconds.
    void setAutomatic(bool automatic, int blockMs = 20);
    // The next job of any kind but listing the models fails like this.
    void failNext(const Error& error);
    // After this many blocks the next edit fails like this.
    void failEditAfter(int blocks, const Error& error);
    void setUnknownWords(std::vector<std::string> words) { m_unknownWords = std::move(words); }
    // Sends an event as the engine would, whatever the job's state: for events that come too late.
    void send(service::Event event);

    // The running edit: prepares it, then one block a call, then the report. False when there is none.
    bool advance();
    // Finishes the running edit.
    void finishEdit();

    [[nodiscard]] const std::vector<service::Request>& requests() const { return m_requests; }
    [[nodiscard]] const std::vector<service::JobId>& cancelled() const { return m_cancelled; }
    // The newest edit that was asked for.
    [[nodiscard]] const service::EditRequest& lastEdit() const;
    [[nodiscard]] service::JobId lastJob() const { return m_lastJob; }
    [[nodiscard]] service::BlockFinished block(service::JobId job, int index) const;
    [[nodiscard]] const FakeClip& clip() const { return m_clip; }

    static constexpr int blockFrames = 12;

private:
    struct Edit {
        service::JobId job = 0;
        service::EditRequest request;
        int nextBlock = -1;  // -1: not prepared yet
        int blocks = 0;
    };

    void answer(service::JobId job, const service::Request& request);
    void writeOutput(const std::filesystem::path& path) const;
    [[nodiscard]] service::ModelInfo model() const;

    FakeClip m_clip;
    std::vector<service::Request> m_requests;
    std::vector<service::JobId> m_cancelled;
    std::vector<std::string> m_unknownWords;
    std::deque<Edit> m_edits;  // the first one runs
    std::optional<Error> m_nextError;
    std::optional<std::pair<int, Error>> m_editError;
    service::JobId m_lastJob = 0;
    QTimer m_timer;
};

}  // namespace lipar::testing
