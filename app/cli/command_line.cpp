#include "app/cli/command_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/cli/shared_options.h"

namespace lipar::cli {
namespace {

constexpr const char* kExitCodes =
    "Exit codes: 0 done, 1 failed, 2 wrong arguments, 3 input, 4 model, 5 device or disk cannot hold the job,\n"
    "130 cancelled\n"
    "Example:\n"
    "  lipar edit street.mp4 -o painted.mp4 --prompt \"oil painting\"";

struct Grammar {
    explicit Grammar(const std::string& version);

    CLI::App root{"LIPAR Studio on the command line: edits video and does not recompute what does not change", "lipar"};
    GeneralOptions general;
    std::vector<Command> commands;
};

Grammar::Grammar(const std::string& version) {
    root.set_version_flag("--version", "lipar " + version, "Print the version and exit");
    root.footer(kExitCodes);
    root.require_subcommand(1);
    addGeneralOptions(root, general);
    commands = {addEditCommand(root),  addPlanCommand(root),   addCompareCommand(root), addTraceCommand(root),
                addBenchCommand(root), addDoctorCommand(root), addSampleCommand(root),
                addRenderCommand(root)};
    for (Command& command : addModelsCommands(root))
        commands.push_back(std::move(command));
    for (Command& command : addProjectCommands(root))
        commands.push_back(std::move(command));
    for (const Command& command : commands)
        addGeneralOptions(*command.app, general);
}

std::string joinNames(const std::vector<const CLI::App*>& apps) {
    std::string names;
    for (std::size_t i = 0; i < apps.size(); ++i)
        names += (i == 0 ? "" : i + 1 == apps.size() ? " and " : ", ") + apps[i]->get_name();
    return names;
}

std::string fullName(const CLI::App& app) {
    return app.get_parent() == nullptr ? app.get_name() : fullName(*app.get_parent()) + " " + app.get_name();
}

// CLI11 reports an unknown command as a stray argument and a missing one as a missing option; people deserve the list
// of commands instead.
Result<> checkCommandName(const CLI::App& app, const std::vector<std::string>& arguments) {
    const auto word = std::ranges::find_if(arguments, [](const std::string& text) { return !text.starts_with('-'); });
    const auto known = app.get_subcommands([](const CLI::App*) { return true; });
    const bool afterValue = word != arguments.begin() && word != arguments.end() && *(word - 1) == "--progress";
    const auto wrong = [&](const std::string& what) {
        return fail(ErrorCode::invalidArgument, fmt::format("{}: {} knows {}", what, fullName(app), joinNames(known)),
                    fmt::format("run {} --help", fullName(app)));
    };
    if (afterValue)
        return {};
    if (word == arguments.end())
        return wrong("no command was given");
    const auto command = std::ranges::find(known, *word, [](const CLI::App* sub) { return sub->get_name(); });
    if (command == known.end())
        return wrong(fmt::format("unknown command '{}'", *word));
    const bool hasCommands = !(*command)->get_subcommands([](const CLI::App*) { return true; }).empty();
    return hasCommands ? checkCommandName(**command, {word + 1, arguments.end()}) : Result<>{};
}

// The command as far as it could be parsed.
const CLI::App& parsedCommand(const CLI::App& app) {
    return app.get_subcommands().empty() ? app : parsedCommand(*app.get_subcommands().front());
}

// CLI11's texts, in our words.
std::string describe(const CLI::ParseError& error) {
    const std::string what = error.what();
    const std::string name = what.substr(0, what.find(':'));
    const std::string detail = what.substr(what.rfind(": ") == std::string::npos ? 0 : what.rfind(": ") + 2);
    if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr)
        return "wrong argument " + what;  // "--tau1: 'x' is not a number"
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
        return "wrong arguments: '" + detail + "' was not expected";
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
        return what.find("At Most") != std::string::npos ? "wrong argument " + name + ": it was given more than once"
                                                         : "wrong argument " + name + ": its value is missing";
    }
    return "wrong arguments: " + what;
}

std::unexpected<Error> wrongArguments(const CLI::App& root, const CLI::ParseError& error) {
    return fail(ErrorCode::invalidArgument, describe(error),
                fmt::format("run {} --help", fullName(parsedCommand(root))));
}

}  // namespace

Result<Invocation> parseCommandLine(const std::vector<std::string>& arguments, const std::string& version) {
    Grammar grammar(version);
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // CLI11 pops from the back
        grammar.root.parse(reversed);
    } catch (const CLI::CallForHelp&) {
        return Invocation{grammar.general, grammar.root.help()};
    } catch (const CLI::CallForVersion& version) {
        return Invocation{grammar.general, std::string(version.what()) + "\n"};
    } catch (const CLI::ParseError& error) {
        if (dynamic_cast<const CLI::ValidationError*>(&error) == nullptr)
            LIPAR_TRY(checkCommandName(grammar.root, arguments));
        return wrongArguments(grammar.root, error);
    }
    const auto chosen =
        std::ranges::find_if(grammar.commands, [](const Command& command) { return command.app->parsed(); });
    LIPAR_ASSIGN(Task task, chosen->task());
    return Invocation{grammar.general, std::move(task)};
}

bool asksForJson(const std::vector<std::string>& arguments) {
    const auto end = std::ranges::find(arguments, "--");
    return std::find(arguments.begin(), end, "--json") != end;
}

}  // namespace lipar::cli
