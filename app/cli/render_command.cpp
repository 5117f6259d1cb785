// `render`: a project's timeline, one of its edits or all of them to files, and parts of a timeline put together.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <set>

#include "app/cli/report_json.h"
#include "app/cli/report_text.h"
#include "app/cli/shared_options.h"
#include "app/jobs/timeline_request.h"
#include "app/project/project_file.h"

namespace lipar::cli {
namespace fs = std::filesystem;
namespace {

struct FrameRange {
    std::int64_t first = 0;
    std::int64_t end = -1;
};

struct RenderArguments {
    fs::path project;
    std::vector<std::string> parts;
    std::optional<FrameRange> range;
    std::optional<double> start;
    std::optional<double> end;
    std::optional<project::Id> clip;
    bool allEdits = false;
    service::OutputSettings output;
    std::optional<std::int64_t> bitRate;
    service::EngineChoice engine;
    service::EditCacheSettings cache;
    bool dryRun = false;
    fs::path statsFile;
};

// "0..100": frames 0 to 99.
Parsed<FrameRange> parseRange(std::string_view text) {
    FrameRange range;
    const std::size_t dots = text.find("..");
    const auto whole = [](std::string_view word, std::int64_t& value) {
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        return !word.empty() && error == std::errc() && end == word.data() + word.size() && value >= 0;
    };
    if (dots == std::string_view::npos || !whole(text.substr(0, dots), range.first) || !whole(text.substr(dots + 2), range.end))
        return std::unexpected(fmt::format("'{}' is not a range of frames such as 0..250", text));
    if (range.end <= range.first)
        return std::unexpected(fmt::format("'{}' is empty: the second number is one past the last frame", text));
    return range;
}

Parsed<std::int64_t> parseBitRate(std::string_view text) {
    const bool isMega = text.ends_with('M'), isKilo = text.ends_with('k');
    const auto number = parsePositive(isMega || isKilo ? text.substr(0, text.size() - 1) : text);
    if (!number)
        return std::unexpected(fmt::format("'{}' is not a bit rate such as 8M or 500k", text));
    return std::int64_t(*number * (isMega ? 1e6 : isKilo ? 1e3 : 1));
}

void addOutputOptions(CLI::App& app, RenderArguments& arguments) {
    const std::string group = "Output";
    addOption(app, "-o,--output", parseName, into(arguments.output.path), "OUT", "File to write; with --all-edits a folder")->group(group);
    addOption(app, "--codec", parseName, into(arguments.output.codec), "NAME", "h264, hevc, av1, vp9, prores or ffv1 (default: h264)")
        ->group(group);
    addOption(app, "--crf", parseCrf, into(arguments.output.crf), "N", "Quality on the codec's own scale, lower is better")->group(group);
    addOption(app, "--bit-rate", parseBitRate, into(arguments.bitRate), "N", "Bits a second in place of the quality, such as 8M")->group(group);
    addOption(app, "--container", parseName, into(arguments.output.container), "EXT", "mp4, mov, mkv or webm (default: by OUT's name)")
        ->group(group);
    addOption(app, "--audio", parseAudio, into(arguments.output.audio), "copy|aac|none",
              "What becomes of the sound; a timeline's is always encoded (default: copy)")
        ->group(group);
    addOption(app, "--cache", parseName, into(arguments.cache.folder), "DIR",
              "Keep edited blocks there, and use those that are (default: beside OUT, until it is done)")
        ->group(group);
    addStatsOption(app, arguments.statsFile);
    app.add_flag("--dry-run", arguments.dryRun, "All checks and the estimate, no work")->group(group);
}

std::unexpected<Error> wrong(const std::string& what, const std::string& hint = "run lipar render --help") {
    return fail(ErrorCode::invalidArgument, "wrong arguments: " + what, hint);
}

Result<> check(const RenderArguments& arguments) {
    const bool joins = !arguments.parts.empty();
    const bool hasRange = arguments.range || arguments.start || arguments.end;
    if (joins == !arguments.project.empty())
        return wrong("either a PROJECT or --join PART... is needed");
    if (arguments.output.path.empty() && !arguments.dryRun)
        return wrong("--output is required", "say where to write with -o OUT");
    if (arguments.range && (arguments.start || arguments.end))
        return wrong("--range and --start or --end name the same thing", "leave one out");
    if (arguments.clip && arguments.allEdits)
        return wrong("--clip and --all-edits exclude each other", "leave one out");
    if (hasRange && (joins || arguments.clip || arguments.allEdits))
        return wrong("a range is one of the timeline", "leave it out, or render the timeline");
    if (joins && (arguments.clip || arguments.allEdits || arguments.dryRun))
        return wrong("--join takes parts and an output, nothing else");
    if (arguments.end && *arguments.end <= arguments.start.value_or(0))
        return fail(ErrorCode::invalidArgument, "wrong argument --end: it is not after --start", "choose an end after the start");
    return {};
}

// The edit of one clip on the source's own frames and timestamps.
Result<service::EditRequest> clipRequest(const project::Project& project, const project::Clip& clip, const RenderArguments& arguments, const fs::path& output) {
    const auto edit = jobs::editOf(clip);
    const project::Source* source = project::findSource(project, clip.source);
    if (!edit || !source)
        return fail(ErrorCode::invalidArgument, fmt::format("clip {} ({}) cannot be rendered: it is not edited", clip.id, clip.name),
                    "see `lipar project show` for the clips that are");
    service::EditRequest request;
    request.input = source->path;
    request.engine = arguments.engine;
    request.engine.model = edit->engine.model;
    request.settings = edit->settings;
    request.output = arguments.output;
    request.output.path = output;
    request.cache = arguments.cache;
    request.dryRun = arguments.dryRun;
    return request;
}

Result<service::RenderRequest> timelineRequest(const project::Project& project, const RenderArguments& arguments) {
    jobs::TimelineRequest flat = jobs::timelineOf(project);
    service::RenderRequest request;
    request.timeline = std::move(flat.timeline);
    request.edits = std::move(flat.edits);
    for (service::TimelineEdit& edit : request.edits) {
        edit.engine.device = arguments.engine.device;
        edit.engine.precision = arguments.engine.precision;
        edit.engine.vae = arguments.engine.vae;
    }
    if (arguments.range) {
        request.firstFrame = arguments.range->first;
        request.endFrame = arguments.range->end;
    }
    const double rate = request.timeline.rate.value();
    if (arguments.start)
        request.firstFrame = std::int64_t(*arguments.start * rate + 0.5);
    if (arguments.end)
        request.endFrame = std::min(request.timeline.frames, std::int64_t(*arguments.end * rate + 0.5));
    request.output = arguments.output;
    request.bitRate = arguments.bitRate;
    request.cache = arguments.cache;
    request.dryRun = arguments.dryRun;
    return request;
}

// One file for each edit of the project, however many clips were cut from it.
Result<std::vector<service::EditRequest>> allEdits(const project::Project& project, const RenderArguments& arguments) {
    std::vector<service::EditRequest> requests;
    std::set<std::tuple<project::Id, Rational, std::string>> seen;
    const std::string extension = arguments.output.container.empty() ? "mp4" : arguments.output.container;
    for (const project::Track& track : project.tracks)
        for (const project::Clip& clip : track.clips) {
            if (!clip.edit.enabled || !seen.emplace(clip.source, clip.edit.rangeStart, clip.edit.prompt).second)
                continue;
            std::string name = fs::path(clip.name).stem().string();
            std::ranges::replace(name, '/', '_');
            LIPAR_ASSIGN(service::EditRequest request,
                         clipRequest(project, clip, arguments, arguments.output.path / fmt::format("{}-{}.{}", name.empty() ? "clip" : name, clip.id, extension)));
            requests.push_back(std::move(request));
        }
    if (requests.empty())
        return fail(ErrorCode::invalidArgument, "nothing to render: no clip of the project is edited", "leave --all-edits out to render the timeline");
    return requests;
}

Result<Printout> renderAll(const std::vector<service::EditRequest>& requests, const AskEngine& ask) {
    Printout printout;
    Json outputs = Json::array();
    std::error_code error;
    const fs::path folder = requests.front().output.path.parent_path();
    if (!requests.front().dryRun && !folder.empty() && !fs::create_directories(folder, error) && error)
        return fail(ErrorCode::outputFailed, "cannot create the folder " + folder.string() + ": " + error.message(), "choose another one");
    for (const service::EditRequest& request : requests) {
        LIPAR_ASSIGN(const service::Report report, ask(request));
        outputs.push_back(reportDocument(report));
        printout.text += reportText(report);
    }
    printout.document = {{"schema", 1}, {"outputs", std::move(outputs)}};
    return printout;
}

Result<Task> renderTask(const RenderArguments& arguments) {
    LIPAR_TRY(check(arguments));
    if (!arguments.parts.empty())
        return Task{service::JoinRequest{{arguments.parts.begin(), arguments.parts.end()}, arguments.output.path}, arguments.statsFile};
    LIPAR_ASSIGN(const project::Project project, project::loadProject(arguments.project));
    if (arguments.allEdits) {
        LIPAR_ASSIGN(auto requests, allEdits(project, arguments));
        return Task{{}, arguments.statsFile, [requests = std::move(requests)](const AskEngine& ask) { return renderAll(requests, ask); }};
    }
    if (arguments.clip) {
        const project::Clip* clip = project::findClip(project, *arguments.clip);
        if (!clip)
            return fail(ErrorCode::invalidArgument, fmt::format("wrong argument --clip: the project has no clip {}", *arguments.clip),
                        "see `lipar project show` for their numbers");
        LIPAR_ASSIGN(service::EditRequest request, clipRequest(project, *clip, arguments, arguments.output.path));
        return Task{std::move(request), arguments.statsFile};
    }
    LIPAR_ASSIGN(service::RenderRequest request, timelineRequest(project, arguments));
    return Task{std::move(request), arguments.statsFile};
}

}  // namespace

Command addRenderCommand(CLI::App& root) {
    const auto arguments = std::make_shared<RenderArguments>();
    CLI::App& app = *root.add_subcommand("render", "Render a project's timeline, a range of it, its edits; join ranges");
    addOption(app, "project", parseName, into(arguments->project), "PROJECT", "Project file (.lipar)");
    const std::string group = "What";
    addOption(app, "--range", parseRange, into(arguments->range), "A..B", "Frames A to B - 1 of the timeline")->group(group);
    addOption(app, "--start", parseTime, into(arguments->start), "T", "First moment, seconds or hh:mm:ss.ms")->group(group);
    addOption(app, "--end", parseTime, into(arguments->end), "T", "Moment to stop before")->group(group);
    addOption(app, "--clip", parseSeed, into(arguments->clip), "ID", "Only this clip's edit, on the source's own frames")->group(group);
    app.add_flag("--all-edits", arguments->allEdits, "Each edit of the project to a file of its own in the folder OUT")->group(group);
    app.add_option("--join", arguments->parts, "Put parts of one timeline together, without encoding again")
        ->type_name("PART")
        ->expected(-1)
        ->group(group);
    addDeviceOptions(app, arguments->engine);
    addTextEncoderOption(app, arguments->engine);
    addVaeOption(app, arguments->engine);
    addOutputOptions(app, *arguments);
    app.footer(
        "Example:\n"
        "  lipar render holiday.lipar -o holiday.mp4 --codec hevc\n"
        "  lipar render holiday.lipar -o part1.mp4 --range 0..500\n"
        "  lipar render --join part1.mp4 part2.mp4 -o holiday.mp4");
    return {&app, [arguments]() -> Result<Task> { return renderTask(*arguments); }};
}

}  // namespace lipar::cli
