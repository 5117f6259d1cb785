#include "app/cli/model_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/human_text.h"
#include "app/cli/report_json.h"

namespace lipar::cli {
namespace {

std::string stateText(const ModelEntry& entry) {
    switch (entry.state) {
        case ModelState::notInstalled: return fmt::format("not installed, {} to fetch", humanBytes(entry.bytes));
        case ModelState::partial:
            return fmt::format("partly installed, {} of {} there", humanBytes(entry.bytesPresent),
                               humanBytes(entry.bytes));
        case ModelState::installed: return fmt::format("installed, {}", humanBytes(entry.bytes));
        case ModelState::damaged: return "damaged";
    }
    return "";
}

std::string entryText(const ModelEntry& entry) {
    std::string lines =
        fmt::format("{:<26} {}{}{}{}\n", entry.name, stateText(entry), entry.builtIn ? ", built in" : "",
                    entry.busy ? ", being worked on" : "", entry.inUse ? ", in use" : "");
    const auto add = [&lines](const std::string& line) {
        if (!line.empty())
            lines += fmt::format("{:<26} {}\n", "", line);
    };
    add(entry.title == entry.name ? "" : entry.title);
    add(entry.license);
    add(entry.problem);
    for (const ModelFileEntry& file : entry.files)
        if (file.state == ModelFileState::damaged)
            add(file.name + ": " + file.problem);
    add(entry.fit.words);
    return lines;
}

const char* fileStateText(ModelFileState state) {
    switch (state) {
        case ModelFileState::missing: return "missing";
        case ModelFileState::partial: return "partly there";
        case ModelFileState::present: return "there";
        case ModelFileState::damaged: return "damaged";
    }
    return "";
}

std::string filesText(const std::vector<ModelFileEntry>& files) {
    std::string lines;
    for (const ModelFileEntry& file : files) {
        lines += fmt::format("  {:<14} {:<46} {:>10}  {}{}\n", file.part, file.name,
                             (file.exactSize ? "" : "about ") + humanBytes(file.bytes), fileStateText(file.state),
                             file.optional ? ", optional" : "");
        if (!file.purpose.empty())
            lines +=
                fmt::format("  {:<14} {}{}\n", "", file.purpose, file.license.empty() ? "" : " (" + file.license + ")");
        if (!file.problem.empty())
            lines += fmt::format("  {:<14} {}\n", "", file.problem);
    }
    return lines;
}

}  // namespace

std::string modelListText(const service::ModelListReport& report) {
    std::string entries;
    for (const ModelEntry& entry : report.entries)
        entries += entryText(entry);
    if (!entries.empty())
        return entries + fmt::format("models are installed in {}\n", report.folder.string());
    if (report.models.empty())
        return "no model found; set LIPAR_MODELS to a folder of models, or name one with --model DIR\n";
    std::string lines;
    for (const service::ModelInfo& model : report.models) {
        lines += fmt::format("{:<20} {:>14} parameters {:>10}  {}{}\n", model.name, humanCount(model.parameters),
                             humanBytes(model.bytes), model.canEdit ? "edits" : "denoiser only",
                             model.builtIn ? ", built in" : "");
    }
    return lines;
}

std::string modelShowText(const service::ModelShowReport& report) {
    const service::ModelInfo& model = report.model;
    std::string lines = fmt::format("{}{}{}\n", model.name, model.version.empty() ? "" : " ", model.version);
    const auto add = [&lines](std::string_view name, std::string_view value) {
        if (!value.empty())
            lines += fmt::format("  {:<22} {}\n", name, value);
    };
    add("family", model.family);
    add("license", model.license);
    add("folder", model.directory.string());
    add("parameters", model.parameters > 0 ? humanCount(model.parameters) : "");
    add("size", humanBytes(model.bytes));
    add("sha256", model.sha256);
    for (const auto& [name, value] : report.fields)
        add(name, value);
    if (report.entry) {
        add("state", stateText(*report.entry));
        add("on this machine", report.entry->fit.words);
        lines += "files:\n" + filesText(report.entry->files);
    }
    if (!model.looks.empty()) {
        lines += "looks (use the text on the right as the prompt):\n";
        for (const auto& [name, prompt] : model.looks)
            lines += fmt::format("  {:<22} {}\n", name, prompt);
    }
    if (!model.words.empty())
        lines += fmt::format("words it knows: {}\n", fmt::join(model.words, " "));
    return lines;
}

std::string modelVerifyText(const service::ModelVerifyReport& report) {
    return fmt::format("{} is sound: {} tensors, {} parameters, {}\nsha256 {}\n", report.model.name, report.tensors,
                       humanCount(report.model.parameters), humanBytes(report.model.bytes), report.model.sha256);
}

std::string modelInstallText(const service::ModelInstallReport& report) {
    if (report.dryRun)
        return fmt::format("{}: {} to fetch into {}\n{}\nnothing was fetched (--dry-run)\n", report.entry.name,
                           humanBytes(report.receivedBytes), report.entry.directory.string(), report.entry.fit.words);
    if (report.receivedBytes == 0 && report.resumedBytes == 0)
        return fmt::format("{} is already installed\n", report.entry.name);
    return fmt::format("installed {}: {} received in {}{}\n", report.entry.name, humanBytes(report.receivedBytes),
                       humanDuration(report.seconds),
                       report.resumedBytes > 0 ? ", " + humanBytes(report.resumedBytes) + " were there" : "");
}

std::string modelImportText(const service::ModelImportReport& report) {
    std::string lines;
    for (const service::ModelImportReport::File& file : report.files)
        lines += fmt::format("{} {} as {} of {} (known by its {})\n", file.how, file.from.string(), file.name,
                             file.model, file.recognisedBy);
    for (const ModelEntry& entry : report.entries)
        lines += fmt::format("{}: {}\n", entry.name, stateText(entry));
    return lines;
}

std::string modelRepairText(const service::ModelRepairReport& report) {
    if (report.repaired.empty())
        return fmt::format("{} is sound: nothing was repaired\n", report.entry.name);
    return fmt::format("repaired {}: {} ({} received)\n", report.entry.name, fmt::join(report.repaired, ", "),
                       humanBytes(report.receivedBytes));
}

std::string modelRemoveText(const service::ModelRemoveReport& report) {
    return fmt::format("removed {}: {} freed\n", report.model, humanBytes(report.freedBytes));
}

}  // namespace lipar::cli
