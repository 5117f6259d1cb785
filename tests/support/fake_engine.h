// An engine for tests of the window: answers like the real one, but from pictures it draws or is given.
//
// Edits and renders advance one block at a time: step by step by advance(), or by themselves after setAutomatic(true). All
// other jobs are answered as soon as the event loop runs; playback keeps to its pace. Edited blocks of edits that name a
// cache are remembered, whatever its folder, and found again by playback and look-ups.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
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
    void setPromptTokens(service::PromptTokens tokens) { m_promptTokens = tokens; }
    // What a catalogue lists. Jobs on these models then start and wait: the test sends what becomes of them.
    void setModelEntries(std::vector<ModelEntry> entries) { m_modelEntries = std::move(entries); }
    void setUnknownWords(std::vector<std::string> words) { m_unknownWords = std::move(words); }
    // Sends an event as the engine would, whatever the job's state: for events that come too late.
    void send(service::Event event);

    // The running edit: prepares it, then one block a call, then the report. False when there is none.
    bool advance();
    // Finishes the running edit.
    void finishEdit();
    // Playback sends nothing until it is let go on: for tests of what comes late.
    void holdPlayback(bool hold) { m_holdsPlayback = hold; }

    [[nodiscard]] const std::vector<service::Request>& requests() const { return m_requests; }
    [[nodiscard]] const std::vector<service::JobId>& cancelled() const { return m_cancelled; }
    // The newest edit that was asked for.
    [[nodiscard]] const service::EditRequest& lastEdit() const;
    [[nodiscard]] service::JobId lastJob() const { return m_lastJob; }
    // The newest playback that was asked for; frames of one picture count.
    [[nodiscard]] const service::PlaybackRequest& lastPlayback() const;
    // How many jobs of a kind were asked for.
    template <class Request>
    [[nodiscard]] int count() const {
        return int(std::ranges::count_if(
            m_requests, [](const service::Request& request) { return std::holds_alternative<Request>(request); }));
    }
    [[nodiscard]] service::BlockFinished block(service::JobId job, int index) const { return blockAt(job, index, index * blockFrames); }
    [[nodiscard]] const FakeClip& clip() const { return m_clip; }

    static constexpr int blockFrames = 12;

private:
    // An edit, or a render, which works like one.
    struct Edit {
        service::JobId job = 0;
        service::EditRequest request;
        std::optional<service::RenderRequest> render;
        int nextBlock = -1;  // -1: not prepared yet
        int blocks = 0;
        int firstFrame = 0;  // of the clip
    };
    struct Playback {
        service::JobId job = 0;
        service::PlaybackRequest request;
        std::int64_t next = 0;
        std::int64_t end = 0;
    };

    void answer(service::JobId job, const service::Request& request);
    void start(service::JobId job, const service::EditRequest& request);
    void start(service::JobId job, const service::RenderRequest& request);
    void start(service::JobId job, const service::PlaybackRequest& request);
    void answer(service::JobId job, const service::ThumbnailsRequest& request);
    void answer(service::JobId job, const service::WaveformRequest& request);
    void answer(service::JobId job, const service::CacheLookupRequest& request);
    void advancePlayback();
    void remember(const Edit& edit, const service::BlockFinished& block);
    void sendReport(const Edit& edit);
    [[nodiscard]] service::BlockFinished blockAt(service::JobId job, int index, int firstFrame) const;
    [[nodiscard]] service::PlaybackPicture pictureAt(const Playback& playback, std::int64_t frame) const;
    [[nodiscard]] int clipFrame(double seconds) const;
    [[nodiscard]] service::ModelInfo model() const;

    FakeClip m_clip;
    std::vector<service::Request> m_requests;
    std::vector<service::JobId> m_cancelled;
    std::vector<std::string> m_unknownWords;
    service::PromptTokens m_promptTokens;
    std::vector<ModelEntry> m_modelEntries;
    std::deque<Edit> m_edits;  // the first one runs
    std::deque<Playback> m_playbacks;
    std::map<std::string, std::vector<service::CachedBlock>> m_cache;
    std::optional<Error> m_nextError;
    std::optional<std::pair<int, Error>> m_editError;
    service::JobId m_lastJob = 0;
    bool m_holdsPlayback = false;
    QTimer m_timer;
    QTimer m_playbackTimer;
};

}  // namespace lipar::testing
