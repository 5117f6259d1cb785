// Shows how a job goes: a bar on a terminal, else plain lines or JSON lines.
//
// Thread: handle(), note() and finish() may be called from any thread. Everything goes to the stream given, which is
// not owned; a stream that cannot be written to is ignored.
#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/service/events.h"

namespace lipar::cli {

enum class ProgressDisplay { bar, plain, json, none };

// What is counted, and whether a kept ratio means anything: a comparison counts frames and keeps nothing.
struct ProgressWording {
    std::string unit = "frames";
    bool showsKept = true;
};

class ProgressPrinter {
public:
    using Clock = std::chrono::steady_clock;

    // `columns` tells the terminal's width before each drawing; `now` is replaced in tests.
    ProgressPrinter(std::FILE* stream, ProgressDisplay display, ProgressWording wording, std::function<int()> columns,
                    std::function<Clock::time_point()> now = Clock::now);
    ~ProgressPrinter();  // as finish()
    ProgressPrinter(const ProgressPrinter&) = delete;
    ProgressPrinter& operator=(const ProgressPrinter&) = delete;

    void handle(const service::Event& event);
    // A line of its own that does not tear the bar.
    void note(std::string_view line);
    // Removes the bar.
    void finish();

private:
    void show(const service::Progress& progress);
    void show(const TransferState& state);
    [[nodiscard]] bool isDue(const service::Progress& progress, Clock::duration interval) const;
    void write(std::string_view text);

    std::FILE* m_stream;
    ProgressDisplay m_display;
    ProgressWording m_wording;
    std::function<int()> m_columns;
    std::function<Clock::time_point()> m_now;
    std::mutex m_mutex;
    std::optional<service::Progress> m_last;  // shown last
    std::optional<TransferState> m_lastTransfer;
    Clock::time_point m_lastTime;
    std::string m_bar;  // on the screen now
};

// "editing    [########............]  40 %  48/120 frames  14.3 FPS  kept 68 %  0:05 left", at most `columns` wide.
[[nodiscard]] std::string progressBar(const service::Progress& progress, const ProgressWording& wording, int columns);
// "editing: 48 of 120 frames (40 %), 14.3 FPS, kept 68 %, 0:05 left"
[[nodiscard]] std::string progressLine(const service::Progress& progress, const ProgressWording& wording);
// "receiving dit.pt  40 %  2.1 GiB of 5.3 GiB  11.0 MiB/s  4:52 left"
[[nodiscard]] std::string transferLine(const TransferState& state);

}  // namespace lipar::cli
