// `project show`, `project import` and `project export`: project files without the window.
#include <fmt/format.h>

#include <memory>

#include "app/cli/human_text.h"
#include "app/cli/report_json.h"
#include "app/cli/shared_options.h"
#include "app/project/otio.h"
#include "app/project/project_file.h"

namespace lipar::cli {
namespace fs = std::filesystem;
namespace {

using project::Clip;
using project::Project;
using project::Source;
using project::Track;
using project::TrackKind;

bool isMissing(const Source& source) {
    std::error_code ignored;
    return !fs::exists(source.path, ignored);
}

std::size_t clipCount(const Project& project) {
    std::size_t count = 0;
    for (const Track& track : project.tracks)
        count += track.clips.size();
    return count;
}

std::string fractionText(const Rational& value) {
    return value.den == 1 ? std::to_string(value.num) : fmt::format("{}/{}", value.num, value.den);
}

const char* kindName(TrackKind kind) {
    return kind == TrackKind::video ? "video" : "audio";
}

Json sourceDocument(const Source& source) {
    return {{"id", source.id},
            {"path", source.path.string()},
            {"missing", isMissing(source)},
            {"width", source.width},
            {"height", source.height},
            {"rate", fractionText(source.rate)},
            {"duration_s", source.duration.value()},
            {"sound", source.hasSound}};
}

Json clipDocument(const Clip& clip, const project::Format& format) {
    Json json{{"id", clip.id},
              {"source", clip.source},
              {"name", clip.name},
              {"start_frame", project::frameAt(format, clip.start)},
              {"frames", project::frameAt(format, clip.duration)},
              {"start_s", clip.start.value()},
              {"duration_s", clip.duration.value()},
              {"source_start_s", clip.sourceStart.value()},
              {"speed", clip.speed.value()},
              {"cross_fade_s", clip.crossFade.value()},
              {"link", clip.link},
              {"edited", clip.edit.enabled}};
    if (clip.edit.enabled)
        json["prompt"] = clip.edit.prompt;
    return json;
}

Json trackDocument(const Track& track, const project::Format& format) {
    Json json{{"id", track.id},
              {"kind", kindName(track.kind)},
              {"name", track.name},
              {"muted", track.muted},
              {"solo", track.solo},
              {"locked", track.locked},
              {"clips", Json::array()}};
    for (const Clip& clip : track.clips)
        json["clips"].push_back(clipDocument(clip, format));
    return json;
}

Json showDocument(const Project& project, const fs::path& file) {
    const project::Format& format = project.format;
    const Rational duration = project::durationOf(project);
    Json json{{"schema", kSchema},
              {"project",
               {{"path", file.string()},
                {"name", project.name},
                {"width", format.width},
                {"height", format.height},
                {"rate", fractionText(format.rate)},
                {"sample_rate", format.sampleRate},
                {"frames", project::frameAt(format, duration)},
                {"duration_s", duration.value()}}},
              {"sources", Json::array()},
              {"tracks", Json::array()},
              {"markers", Json::array()}};
    for (const Source& source : project.sources)
        json["sources"].push_back(sourceDocument(source));
    for (const Track& track : project.tracks)
        json["tracks"].push_back(trackDocument(track, format));
    for (const project::Marker& marker : project.markers)
        json["markers"].push_back({{"id", marker.id}, {"time_s", marker.time.value()}, {"name", marker.name}, {"color", marker.color}});
    return json;
}

std::string trackText(const Track& track, const project::Format& format) {
    std::string text = fmt::format("{}, {}: {} clips{}{}{}\n", track.name, kindName(track.kind), track.clips.size(),
                                   track.muted ? ", muted" : "", track.solo ? ", solo" : "", track.locked ? ", locked" : "");
    for (const Clip& clip : track.clips) {
        const std::int64_t start = project::frameAt(format, clip.start);
        text += fmt::format("  {:>7}  {:>6} frames  {}", start, project::frameAt(format, clip.duration), clip.name);
        if (clip.speed != Rational{1, 1})
            text += fmt::format(", speed {:.2f}", clip.speed.value());
        if (clip.edit.enabled)
            text += fmt::format(", \"{}\"", clip.edit.prompt);
        text += "\n";
    }
    return text;
}

std::string showText(const Project& project, const fs::path& file) {
    const project::Format& format = project.format;
    const Rational duration = project::durationOf(project);
    std::string text = fmt::format("{}: {}x{}, {:.6g} FPS, {} frames ({})\n",
                                   project.name.empty() ? file.stem().string() : project.name, format.width, format.height,
                                   format.rate.value(), project::frameAt(format, duration), humanDuration(duration.value()));
    for (const Track& track : project.tracks)
        text += trackText(track, format);
    for (const Source& source : project.sources)
        text += fmt::format("source {}{}\n", source.path.string(), isMissing(source) ? " (missing)" : "");
    return text;
}

Result<Printout> show(const fs::path& file) {
    LIPAR_ASSIGN(const Project project, project::loadProject(file));
    return Printout{showDocument(project, file), showText(project, file), {}};
}

// What a probe tells, as the project keeps it.
Source sourceOf(const service::ClipInfo& clip) {
    Source source;
    std::error_code ignored;
    source.path = clip.path;
    const auto bytes = fs::file_size(clip.path, ignored);
    source.fileBytes = ignored ? 0 : bytes;
    source.width = clip.width;
    source.height = clip.height;
    source.sampleAspect = clip.sampleAspect;
    source.rate = clip.rate;
    source.duration = clip.duration;
    source.frames = clip.frames;
    source.variableRate = clip.variableRate;
    source.hasSound = !clip.audioCodec.empty();
    source.note = clip.note;
    return source;
}

Result<> checkTarget(const fs::path& input, const fs::path& output) {
    std::error_code ignored;
    if (!fs::equivalent(input, output, ignored))
        return {};
    return fail(ErrorCode::invalidArgument, "wrong argument --output: it is the input", "give another file");
}

// What every conversion prints.
Printout conversion(const Project& project, const fs::path& output, std::vector<std::string> notes) {
    const std::size_t clips = clipCount(project);
    const auto missing = std::ranges::count_if(project.sources, isMissing);
    Printout printout;
    printout.document = {{"schema", kSchema},
                         {"output", output.string()},
                         {"tracks", project.tracks.size()},
                         {"clips", clips},
                         {"sources", project.sources.size()},
                         {"missing_sources", missing},
                         {"notes", notes}};
    printout.text = fmt::format("wrote {}: {} clips on {} tracks{}\n", output.string(), clips, project.tracks.size(),
                                missing > 0 ? fmt::format(", {} sources missing", missing) : "");
    printout.notes = std::move(notes);
    return printout;
}

Result<Printout> importTimeline(const fs::path& input, const fs::path& output, const AskEngine& ask) {
    LIPAR_TRY(checkTarget(input, output));
    const auto facts = [&ask](const fs::path& file) -> Result<Source> {
        LIPAR_ASSIGN(const service::Report report, ask(service::ProbeRequest{file}));
        const auto* const probe = std::get_if<service::ProbeReport>(&report);
        if (probe == nullptr)
            return fail(ErrorCode::internal, "the engine gave another report than was asked for");
        return sourceOf(probe->clip);
    };
    LIPAR_ASSIGN(project::OtioImport read, project::importOtio(input, facts));
    LIPAR_TRY(project::saveProject(read.project, output));
    return conversion(read.project, output, std::move(read.notes));
}

Result<Printout> exportTimeline(const fs::path& input, const fs::path& output) {
    LIPAR_TRY(checkTarget(input, output));
    LIPAR_ASSIGN(const Project project, project::loadProject(input));
    LIPAR_TRY(project::exportOtio(project, output));
    return conversion(project, output, {});
}

struct Files {
    fs::path input;
    fs::path output;
};

// A subcommand of `project` that turns one file into another.
template <class Work>
Command addConversion(CLI::App& projects, const std::string& name, const std::string& inputName, const std::string& outputName,
                      const std::string& description, Work work) {
    const auto files = std::make_shared<Files>();
    CLI::App& app = *projects.add_subcommand(name, description);
    addOption(app, "input", parseName, into(files->input), inputName, "File to read")->required();
    addOption(app, "-o,--output", parseName, into(files->output), outputName, "File to write")->required();
    app.footer("Example:\n  lipar project " + name + (name == "import" ? " cut.otio -o cut.lipar" : " cut.lipar -o cut.otio"));
    return {&app, [files, work]() -> Result<Task> {
                return Task{.work = [files, work](const AskEngine& ask) { return work(*files, ask); }};
            }};
}

}  // namespace

std::vector<Command> addProjectCommands(CLI::App& root) {
    CLI::App& projects = *root.add_subcommand("project", "Projects: show, import from and export to OpenTimelineIO");
    projects.require_subcommand(1);
    projects.footer("Example:\n  lipar project show film.lipar");

    const auto file = std::make_shared<fs::path>();
    CLI::App& show = *projects.add_subcommand("show", "Tracks, clips and media of a project");
    addOption(show, "project", parseName, into(*file), "FILE.lipar", "Project")->required();
    show.footer("Example:\n  lipar project show film.lipar --json");
    return {
        {&show,
         [file]() -> Result<Task> {
             return Task{.work = [file](const AskEngine&) { return cli::show(*file); }};
         }},
        addConversion(projects, "import", "IN.otio", "OUT.lipar", "Make a project from an OpenTimelineIO file",
                      [](const Files& files, const AskEngine& ask) { return importTimeline(files.input, files.output, ask); }),
        addConversion(projects, "export", "IN.lipar", "OUT.otio", "Write a project's timeline for other editors",
                      [](const Files& files, const AskEngine&) { return exportTimeline(files.input, files.output); }),
    };
}

}  // namespace lipar::cli
