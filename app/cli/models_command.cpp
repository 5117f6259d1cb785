#include <memory>

#include "app/cli/secret_input.h"
#include "app/cli/shared_options.h"

namespace lipar::cli {
namespace {

// A subcommand of `models` whose one argument is a model.
template <class ModelRequest>
CLI::App& addModelApp(CLI::App& models, const std::string& name, const std::string& description, ModelRequest& request,
                      const std::string& example) {
    CLI::App& app = *models.add_subcommand(name, description);
    addOption(
        app, "model", parseName, [&request](const std::string& model) { request.model = model; }, "NAME|DIR", "Model")
        ->required();
    app.footer("Example:\n  lipar models " + name + " " + example);
    return app;
}

template <class ModelRequest>
Command addModelCommand(CLI::App& models, const std::string& name, const std::string& description,
                        const std::string& example = "lipar-mini") {
    const auto request = std::make_shared<ModelRequest>();
    CLI::App& app = addModelApp(models, name, description, *request, example);
    return {&app, [request]() -> Result<Task> { return Task{*request, {}}; }};
}

Parsed<int> parseStall(std::string_view text) {
    return parseInteger(text, 1, 3600);
}

Parsed<int> parseRetries(std::string_view text) {
    return parseInteger(text, 0, 1000);
}

Parsed<service::ImportMode> parseImportMode(std::string_view text) {
    if (text == "auto")
        return service::ImportMode::automatic;
    if (text == "copy")
        return service::ImportMode::copy;
    if (text == "link")
        return service::ImportMode::link;
    if (text == "reference")
        return service::ImportMode::reference;
    return std::unexpected("'" + std::string(text) + "' is not auto, copy, link or reference");
}

// How files are fetched. The token is asked for when the command runs: on a command line everybody could read it.
void addDownloadOptions(CLI::App& app, DownloadSettings& settings) {
    const std::string group = "Network";
    addOption(app, "--mirror", parseName, into(settings.mirror), "URL",
              "Serves REPOSITORY/resolve/REVISION/FILE in place of the publisher (default: $LIPAR_MODEL_MIRROR)")
        ->group(group);
    addOption(app, "--proxy", parseName, into(settings.proxy), "URL", "Proxy (default: $https_proxy, $all_proxy)")
        ->group(group);
    addOption(app, "--ca-file", parseName, into(settings.caFile), "F.pem",
              "Certificates to trust besides the system's (default: $LIPAR_CA_FILE)")
        ->group(group);
    app.add_flag("--token", settings.keepToken,
                 "Read an account's token from standard input and keep it ($LIPAR_MODEL_TOKEN is used and not kept)")
        ->group(group);
    addOption(app, "--stall-seconds", parseStall, into(settings.stallSeconds), "N",
              "Give a connection up after this long without a byte (default: 30)")
        ->group(group);
    addOption(app, "--retries", parseRetries, into(settings.retries), "N", "Tries without progress (default: 5)")
        ->group(group);
    addOption(app, "--retry-wait", parseNonNegative, into(settings.retryWaitSeconds), "S",
              "Seconds before the first of them; doubles each time (default: 1)")
        ->group(group);
    addOption(
        app, "--limit-rate", parsePositive,
        [&settings](double megabytes) { settings.bytesPerSecond = std::uint64_t(megabytes * 1e6); }, "MB",
        "Megabytes a second at most")
        ->group(group);
}

Result<> readToken(DownloadSettings& settings) {
    if (settings.keepToken) {
        LIPAR_ASSIGN(settings.token, readSecret("token: "));
    }
    return {};
}

Command addInstallCommand(CLI::App& models) {
    const auto request = std::make_shared<service::ModelInstallRequest>();
    CLI::App& app = addModelApp(models, "install", "Fetch a model; goes on where an earlier run ended", *request,
                                "wan2.1-1.3b\n  lipar models install wan2.1-1.3b --part full-vae --dry-run");
    addOption(
        app, "--part", parseName, [request](const std::string& part) { request->parts.push_back(part); }, "NAME",
        "Also this optional part (repeatable; see models show)")
        ->trigger_on_parse();
    app.add_flag("--dry-run", request->dryRun, "Only say what would be fetched and whether there is room");
    addDownloadOptions(app, request->download);
    return {&app, [request]() -> Result<Task> {
                LIPAR_TRY(readToken(request->download));
                return Task{*request, {}};
            }};
}

Command addRepairCommand(CLI::App& models) {
    const auto request = std::make_shared<service::ModelRepairRequest>();
    CLI::App& app =
        addModelApp(models, "repair", "Verify a model and fetch what is damaged or missing", *request, "wan2.1-1.3b");
    addDownloadOptions(app, request->download);
    return {&app, [request]() -> Result<Task> {
                LIPAR_TRY(readToken(request->download));
                return Task{*request, {}};
            }};
}

Command addImportCommand(CLI::App& models) {
    const auto request = std::make_shared<service::ModelImportRequest>();
    CLI::App& app = *models.add_subcommand("import", "Make a model of files that are on this machine already");
    addOption(app, "folder", parseName, into(request->folder), "DIR|FILE", "Where to look for them")->required();
    addOption(app, "--as", parseName, into(request->model), "NAME",
              "Only files of this model (default: of any of the catalogue)");
    addOption(app, "--mode", parseImportMode, into(request->mode), "auto|copy|link|reference",
              "auto: shared blocks, else a hard link, else a copy");
    app.footer("Example:\n  lipar models import ~/Downloads --as wan2.1-1.3b");
    return {&app, [request]() -> Result<Task> { return Task{*request, {}}; }};
}

}  // namespace

std::vector<Command> addModelsCommands(CLI::App& root) {
    CLI::App& models =
        *root.add_subcommand("models", "The model manager: list, show, install, import, verify, repair, convert, remove");
    models.require_subcommand(1);
    models.footer("Example:\n  lipar models list");

    CLI::App& list = *models.add_subcommand("list", "Models that can be used and models that can be had");
    list.footer("Example:\n  lipar models list --json");
    return {
        {&list,
         []() -> Result<Task> {
             return Task{service::ModelListRequest{.catalogue = true}, {}};
         }},
        addModelCommand<service::ModelShowRequest>(models, "show", "What a model is, its files, which words it knows"),
        addModelCommand<service::ModelVerifyRequest>(models, "verify", "Read every byte of a model and check it"),
        addModelConvertCommand(models),
        addInstallCommand(models),
        addImportCommand(models),
        addRepairCommand(models),
        addModelCommand<service::ModelRemoveRequest>(models, "remove", "Remove a model from this machine",
                                                     "wan2.1-1.3b"),
    };
}

}  // namespace lipar::cli
