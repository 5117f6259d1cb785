#include "app/cli/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>
#include <optional>

#include "app/cli/command_line.h"
#include "app/cli/exit_codes.h"
#include "app/cli/progress_printer.h"
#include "app/cli/report_json.h"
#include "app/cli/report_text.h"
#include "engine/core/log.h"
#include "engine/core/pending_file.h"

namespace lipar::cli {
namespace {

// Sends the engine's log to the printer for as long as it lives. Errors of the log are shown as warnings: the one
// line that starts with "error:" is the reason why the command failed.
class LogToPrinter {
public:
    LogToPrinter(ProgressPrinter& printer, const GeneralOptions& general) {
        const LogLevel least = general.verbosity > 1   ? LogLevel::debug
                               : general.verbosity > 0 ? LogLevel::info
                               : general.quiet         ? LogLevel::error
                                                       : LogLevel::warning;
        setLogSink([&printer, least](LogLevel level, std::string_view line) {
            constexpr const char* kNames[] = {"debug", "info", "warning", "warning"};
            if (level >= least)
                printer.note(fmt::format("{}: {}", kNames[int(level)], line));
        });
    }
    ~LogToPrinter() { setLogSink({}); }
    LogToPrinter(const LogToPrinter&) = delete;
    LogToPrinter& operator=(const LogToPrinter&) = delete;
};

ProgressDisplay displayFor(const GeneralOptions& general, bool terminal) {
    switch (general.progress) {
        case ProgressStyle::plain: return ProgressDisplay::plain;
        case ProgressStyle::json: return ProgressDisplay::json;
        case ProgressStyle::none: return ProgressDisplay::none;
        case ProgressStyle::automatic: break;
    }
    if (general.quiet)
        return ProgressDisplay::none;
    return terminal ? ProgressDisplay::bar : ProgressDisplay::plain;
}

Result<> writeText(std::FILE* stream, const std::string& text) {
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), stream) == text.size() && std::fflush(stream) == 0)
        return {};
    return fail(ErrorCode::outputFailed, std::string("cannot print the result: ") + std::strerror(errno),
                "check where standard output goes");
}

Result<> writeFile(PendingFile& file, const std::filesystem::path& target, const std::string& text) {
    std::ofstream stream(file.path(), std::ios::binary | std::ios::trunc);
    stream << text << std::flush;
    if (!stream) {
        return fail(errno == ENOSPC ? ErrorCode::diskFull : ErrorCode::outputFailed,
                    fmt::format("cannot write {}: {}", target.string(), std::strerror(errno)),
                    "free some space or choose another folder");
    }
    stream.close();
    return file.commit();
}

// A check of the installation that found something wrong has done its work and shown its result, yet scripts must see
// it.
std::optional<std::string> complaint(const service::Report& report) {
    const auto* doctor = std::get_if<service::DoctorReport>(&report);
    if (doctor == nullptr || doctor->healthy)
        return std::nullopt;
    const auto failed = std::ranges::count_if(doctor->lines, [](const auto& line) { return !line.ok; });
    return fmt::format("error: this installation is not complete: {} of {} checks failed; see those that are not ok",
                       failed, doctor->lines.size());
}

ProgressWording wordingFor(const service::Request& request) {
    if (std::holds_alternative<service::BenchRequest>(request))
        return {.unit = "blocks", .showsKept = false};
    if (std::holds_alternative<service::TraceRequest>(request))
        return {.unit = "latent frames", .showsKept = false};
    if (std::holds_alternative<service::ModelConvertRequest>(request))
        return {.unit = "MB", .showsKept = false};
    const bool masks = std::holds_alternative<service::EditRequest>(request) ||
                       std::holds_alternative<service::PlanRequest>(request) ||
                       std::holds_alternative<service::RenderRequest>(request);
    return {.unit = "frames", .showsKept = masks};
}

// Runs a task and remembers whether it got as far as doing its work.
class TaskRun {
public:
    TaskRun(const Environment& environment, const GeneralOptions& general, Task task)
        : m_environment(environment),
          m_general(general),
          m_task(std::move(task)),
          m_printer(environment.messages, displayFor(general, environment.messagesOnTerminal),
                    wordingFor(m_task.request), environment.columns),
          m_log(m_printer, general) {}

    // The exit code of a task that produced its report.
    [[nodiscard]] Result<int> execute();
    [[nodiscard]] bool workHadBegun() const noexcept { return m_workHadBegun; }

private:
    void handle(const service::Event& event);
    void noteTruncation(const service::PromptTokens& tokens);
    [[nodiscard]] Result<service::Report> ask(service::Request request);
    [[nodiscard]] Result<int> print(const Printout& printout);
    [[nodiscard]] Result<int> present(const service::Report& report, std::optional<PendingFile>& statsFile);

    const Environment& m_environment;
    const GeneralOptions& m_general;
    const Task m_task;
    ProgressPrinter m_printer;
    LogToPrinter m_log;
    std::atomic<bool> m_workHadBegun{false};
};

void TaskRun::handle(const service::Event& event) {
    if (const auto* progress = std::get_if<service::Progress>(&event)) {
        if (progress->phase >= service::Phase::editing)
            m_workHadBegun = true;
    } else if (const auto* transfer = std::get_if<service::TransferProgress>(&event)) {
        // Room on the disk is looked at before the first byte is fetched.
        if (transfer->state.phase == TransferPhase::receiving || transfer->state.phase == TransferPhase::copying)
            m_workHadBegun = true;
    } else if (const auto* prepared = std::get_if<service::EditPrepared>(&event)) {
        if (!prepared->unknownWords.empty() && !m_general.quiet) {
            m_printer.note(
                fmt::format("note: {0} does not know these words and ignores them: {1} "
                            "(lipar models show {0} lists those it knows)",
                            prepared->model.name, fmt::join(prepared->unknownWords, ", ")));
        }
        noteTruncation(prepared->promptTokens);
    }
    m_printer.handle(event);
}

void TaskRun::noteTruncation(const service::PromptTokens& tokens) {
    if (tokens.truncated && !m_general.quiet) {
        m_printer.note(fmt::format(
            "warning: the prompt has {} tokens, of which the model reads the first {}: its end has no effect",
            tokens.count, tokens.limit));
    }
}

Result<int> TaskRun::execute() {
    std::optional<PendingFile> statsFile;  // created now: a folder that cannot be written to is better known before
    if (!m_task.statsFile.empty()) {
        LIPAR_ASSIGN(statsFile, PendingFile::create(m_task.statsFile));
    }
    if (m_task.work) {
        LIPAR_ASSIGN(const Printout printout,
                     m_task.work([this](service::Request request) { return ask(std::move(request)); }));
        return print(printout);
    }
    const auto report = ask(m_task.request);
    if (!report)
        return std::unexpected(report.error());
    return present(*report, statsFile);
}

Result<service::Report> TaskRun::ask(service::Request request) {
    const auto sink = [this](const service::Event& event) { handle(event); };
    auto report = m_environment.runJob(std::move(request), sink, m_environment.cancel);
    m_printer.finish();
    return report;
}

Result<int> TaskRun::print(const Printout& printout) {
    for (const std::string& note : printout.notes) {
        if (!m_general.quiet)
            m_printer.note("note: " + note);
    }
    LIPAR_TRY(writeText(m_environment.output, m_general.json ? toText(printout.document) : printout.text));
    return exitDone;
}

Result<int> TaskRun::present(const service::Report& report, std::optional<PendingFile>& statsFile) {
    if (statsFile)
        LIPAR_TRY(writeFile(*statsFile, m_task.statsFile, toText(reportDocument(report))));
    const auto* edit = std::get_if<service::EditReport>(&report);
    const auto* plan = std::get_if<service::PlanReport>(&report);
    if (edit && edit->dryRun)
        noteTruncation(edit->promptTokens);
    else if (plan)
        noteTruncation(plan->promptTokens);
    const auto* render = std::get_if<service::RenderReport>(&report);
    const auto* install = std::get_if<service::ModelInstallReport>(&report);
    const bool onlySummary = (install != nullptr && !install->dryRun) ||
                             std::holds_alternative<service::ModelRemoveReport>(report) ||
                             (edit != nullptr && !edit->dryRun) || (render != nullptr && !render->dryRun) ||
                             std::holds_alternative<service::JoinReport>(report);
    if (m_general.json)
        LIPAR_TRY(writeText(m_environment.output, toText(reportDocument(report))));
    else if (!(m_general.quiet && onlySummary))
        LIPAR_TRY(writeText(m_environment.output, reportText(report)));
    if (const auto line = complaint(report)) {
        m_printer.note(*line);
        return exitFailed;
    }
    return exitDone;
}

// What the user is told of a cancelled job, whichever part of the engine noticed first.
Error explained(Error error) {
    if (error.code == ErrorCode::cancelled)
        error = {ErrorCode::cancelled, "cancelled: interrupted before the end",
                 error.hint.empty() ? "nothing was written" : error.hint};
    return error;
}

int reportError(const Environment& environment, const Error& error, bool json, bool workHadBegun) {
    std::string line = error.sentence();
    for (char& character : line) {
        if (character == '\n' || character == '\r')
            character = ' ';
    }
    // Failure to print the failure leaves the exit code to speak.
    (void)writeText(environment.messages, "error: " + line + "\n");
    if (json)
        (void)writeText(environment.output, toText(errorDocument(error)));
    return exitCodeOf(error, workHadBegun);
}

int runInvocation(const Invocation& invocation, const Environment& environment) {
    if (const auto* text = std::get_if<std::string>(&invocation.action)) {
        const auto written = writeText(environment.output, *text);
        return written ? int(exitDone) : reportError(environment, written.error(), false, false);
    }
    TaskRun taskRun(environment, invocation.general, std::get<Task>(invocation.action));
    const Result<int> code = taskRun.execute();
    if (!code)
        return reportError(environment, explained(code.error()), invocation.general.json, taskRun.workHadBegun());
    return *code;
}

}  // namespace

int run(const std::vector<std::string>& arguments, const Environment& environment) {
    Error error;
    try {
        const auto invocation = parseCommandLine(arguments, environment.version);
        if (invocation)
            return runInvocation(*invocation, environment);
        error = invocation.error();
    } catch (const std::bad_alloc&) {
        error = {ErrorCode::outOfMemory, "not enough memory: an allocation failed",
                 "close other programs or use a smaller --size"};
    } catch (const std::exception& exception) {
        error = {ErrorCode::internal, std::string("unexpected fault: ") + exception.what(),
                 "please report it with the output of lipar doctor"};
    }
    return reportError(environment, error, asksForJson(arguments), false);
}

}  // namespace lipar::cli
