#include "app/cli/progress_printer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "app/cli/human_text.h"
#include "app/cli/report_json.h"

namespace lipar::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kBarInterval = 100ms;
constexpr auto kLineInterval = 5s;
constexpr const char* kClearLine = "\r\x1b[K";

double fractionDone(const service::Progress& progress) {
    if (progress.framesTotal <= 0)
        return 0;
    return std::clamp(double(progress.framesDone) / double(progress.framesTotal), 0.0, 1.0);
}

int tenths(const service::Progress& progress) { return int(fractionDone(progress) * 10); }

// FPS, kept ratio and time left, as far as they are known.
std::vector<std::string> figures(const service::Progress& progress, const ProgressWording& wording) {
    std::vector<std::string> parts;
    if (progress.fps > 0)
        parts.push_back(fmt::format("{:.1f} FPS", progress.fps));
    if (progress.framesDone > 0 && wording.showsKept)
        parts.push_back("kept " + humanPercent(progress.keptRatio));
    if (progress.secondsLeft >= 0)
        parts.push_back(humanClock(progress.secondsLeft) + " left");
    return parts;
}

}  // namespace

std::string progressBar(const service::Progress& progress, const ProgressWording& wording, int columns) {
    constexpr int kWidest = 30;
    constexpr int kNarrowest = 5;
    std::string head = fmt::format("{:<10}", phaseName(progress.phase));
    std::string tail;
    int width = 0;
    if (progress.framesTotal > 0) {
        tail = fmt::format(" {:>3.0f} %  {}/{} {}", fractionDone(progress) * 100, progress.framesDone,
                           progress.framesTotal, wording.unit);
        width = kWidest;
    } else if (progress.framesDone > 0) {
        tail = fmt::format(" {} {}", progress.framesDone, wording.unit);
    }
    for (const std::string& part : figures(progress, wording))
        tail += "  " + part;
    std::string line = head;
    if (width > 0) {
        const int room = columns - int(head.size() + tail.size()) - 2;
        width = std::clamp(room, kNarrowest, kWidest);
        const auto filled = std::size_t(fractionDone(progress) * width);
        line += "[" + std::string(filled, '#') + std::string(std::size_t(width) - filled, '.') + "]";
    }
    line += tail;
    return line.substr(0, std::size_t(std::max(columns, 1)));
}

std::string progressLine(const service::Progress& progress, const ProgressWording& wording) {
    std::vector<std::string> parts = figures(progress, wording);
    if (progress.framesTotal > 0) {
        parts.insert(parts.begin(), fmt::format("{} of {} {} ({:.0f} %)", progress.framesDone, progress.framesTotal,
                                                wording.unit, fractionDone(progress) * 100));
    } else if (progress.framesDone > 0) {
        parts.insert(parts.begin(), fmt::format("{} {}", progress.framesDone, wording.unit));
    }
    return fmt::format("{}{}{}", phaseName(progress.phase), parts.empty() ? "" : ": ", fmt::join(parts, ", "));
}

std::string transferLine(const TransferState& state) {
    std::string line = fmt::format("{} {}", phaseName(state.phase), state.file);
    if (state.phase == TransferPhase::waiting)
        return line + ": " + state.note;
    if (state.total > 0)
        line += fmt::format("  {:.0f} %  {} of {}", 100.0 * double(std::min(state.done, state.total)) / double(state.total),
                            humanBytes(state.done), humanBytes(state.total));
    if (state.bytesPerSecond > 0)
        line += "  " + humanBytes(std::uint64_t(state.bytesPerSecond)) + "/s";
    if (state.secondsLeft >= 0)
        line += "  " + humanClock(state.secondsLeft) + " left";
    return line;
}

ProgressPrinter::ProgressPrinter(std::FILE* stream, ProgressDisplay display, ProgressWording wording,
                                 std::function<int()> columns, std::function<Clock::time_point()> now)
    : m_stream(stream),
      m_display(display),
      m_wording(std::move(wording)),
      m_columns(std::move(columns)),
      m_now(std::move(now)) {}

ProgressPrinter::~ProgressPrinter() { finish(); }

void ProgressPrinter::handle(const service::Event& event) {
    if (const auto* progress = std::get_if<service::Progress>(&event)) {
        const std::scoped_lock lock(m_mutex);
        show(*progress);
    } else if (const auto* transfer = std::get_if<service::TransferProgress>(&event)) {
        const std::scoped_lock lock(m_mutex);
        show(transfer->state);
    }
}

void ProgressPrinter::note(std::string_view line) {
    const std::scoped_lock lock(m_mutex);
    const std::string end = m_bar.empty() ? "\n" : "\n" + m_bar;
    write(fmt::format("{}{}{}", m_bar.empty() ? "" : kClearLine, line, end));
}

void ProgressPrinter::finish() {
    const std::scoped_lock lock(m_mutex);
    if (!m_bar.empty())
        write(kClearLine);
    m_bar.clear();
}

bool ProgressPrinter::isDue(const service::Progress& progress, Clock::duration interval) const {
    return !m_last || m_last->phase != progress.phase || m_now() - m_lastTime >= interval;
}

void ProgressPrinter::show(const service::Progress& progress) {
    switch (m_display) {
        case ProgressDisplay::none: return;
        case ProgressDisplay::json: write(toText(progressDocument(progress), -1)); return;
        case ProgressDisplay::plain:
            if (!isDue(progress, kLineInterval) && tenths(progress) == tenths(*m_last))
                return;
            write(progressLine(progress, m_wording) + "\n");
            break;
        case ProgressDisplay::bar:
            if (!isDue(progress, kBarInterval) && progress.framesDone != progress.framesTotal)
                return;
            m_bar = progressBar(progress, m_wording, m_columns() - 1);
            write(kClearLine + m_bar);
            break;
    }
    m_last = progress;
    m_lastTime = m_now();
}

void ProgressPrinter::show(const TransferState& state) {
    const bool isNews = !m_lastTransfer || m_lastTransfer->phase != state.phase || m_lastTransfer->file != state.file;
    const bool isEnd = state.total > 0 && state.done == state.total;
    const auto isOver = [&](Clock::duration interval) { return isNews || isEnd || m_now() - m_lastTime >= interval; };
    switch (m_display) {
        case ProgressDisplay::none: return;
        case ProgressDisplay::json: write(toText(progressDocument(state), -1)); return;
        case ProgressDisplay::plain:
            if (!isOver(kLineInterval))
                return;
            write(transferLine(state) + "\n");
            break;
        case ProgressDisplay::bar:
            if (!isOver(kBarInterval))
                return;
            m_bar = transferLine(state).substr(0, std::size_t(std::max(m_columns() - 1, 1)));
            write(kClearLine + m_bar);
            break;
    }
    m_lastTransfer = state;
    m_lastTime = m_now();
}

void ProgressPrinter::write(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), m_stream);
    std::fflush(m_stream);
}

}  // namespace lipar::cli
