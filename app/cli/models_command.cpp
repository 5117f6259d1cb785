#include <memory>

#include "app/cli/shared_options.h"

namespace lipar::cli {
namespace {

// A subcommand of `models` whose one argument is a model.
template <class ModelRequest>
Command addModelCommand(CLI::App& models, const std::string& name, const std::string& description) {
    const auto request = std::make_shared<ModelRequest>();
    CLI::App& app = *models.add_subcommand(name, description);
    addOption(app, "model", parseName, into(request->model), "NAME|DIR", "Model")->required();
    app.footer("Example:\n  lipar models " + name + " lipar-mini");
    return {&app, [request]() -> Result<Task> { return Task{*request, {}}; }};
}

}  // namespace

std::vector<Command> addModelsCommands(CLI::App& root) {
    CLI::App& models = *root.add_subcommand("models", "The model manager: list, show, verify, convert");
    models.require_subcommand(1);
    models.footer("Example:\n  lipar models list");

    CLI::App& list = *models.add_subcommand("list", "Models that can be used");
    list.footer("Example:\n  lipar models list --json");
    return {
        {&list,
         []() -> Result<Task> {
             return Task{service::ModelListRequest{}, {}};
         }},
        addModelCommand<service::ModelShowRequest>(models, "show", "What a model is and which words it knows"),
        addModelCommand<service::ModelVerifyRequest>(models, "verify", "Read every tensor of a model and check it"),
        addModelConvertCommand(models),
    };
}

}  // namespace lipar::cli
