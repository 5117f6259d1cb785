#include "engine/service/loaded_models.h"

#include <algorithm>

#include "engine/service/engine.h"
#include "engine/weights/model_files.h"
#include "engine/weights/tensor_file.h"

namespace lipar::service {
namespace fs = std::filesystem;

fs::path findModelsFolder() {
    std::error_code ignored;
    if (const char* chosen = std::getenv("LIPAR_MODELS"); chosen && *chosen)
        return chosen;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    // An installed tree, then the source tree that build/PRESET/bin lies in.
    for (const fs::path& candidate : {program / "../share/lipar-studio/models", program / "../../../resources/models"})
        if (fs::is_directory(candidate, ignored))
            return fs::weakly_canonical(candidate, ignored);
    return {};
}

Result<fs::path> LoadedModels::directoryOf(const fs::path& model) const {
    std::error_code ignored;
    if (!model.empty() && fs::is_directory(model, ignored))
        return model;
    const fs::path name = model.empty() ? fs::path(kBuiltInModel) : model;
    if (!m_folder.empty() && !name.has_parent_path() && fs::is_directory(m_folder / name, ignored))
        return m_folder / name;
    return fail(ErrorCode::modelMissing, "model " + name.string() + " was not found: " +
                    (m_folder.empty() ? std::string("there is no models folder") : "it is not in " + m_folder.string() + " and is no directory"),
                "see `lipar models list`");
}

Result<std::shared_ptr<const pipeline::ModelBundle>> LoadedModels::load(const fs::path& model, const Device& device, bool ditOnly) {
    LIPAR_ASSIGN(const fs::path directory, directoryOf(model));
    if (m_last && directory == m_lastDirectory && device.device == m_lastDevice.device && device.dtype == m_lastDevice.dtype && device.wide == m_lastDevice.wide && ditOnly == m_lastDitOnly)
        return m_last;
    m_last.reset();
    LIPAR_ASSIGN(const weights::ModelManifest manifest, weights::readManifest(directory));
    LIPAR_ASSIGN(m_last, pipeline::loadModelBundle(manifest, device.dtype, device.device, ditOnly, device.wide));
    m_lastDirectory = directory;
    m_lastDevice = device;
    m_lastDitOnly = ditOnly;
    return m_last;
}

std::vector<fs::path> LoadedModels::installed() const {
    std::vector<fs::path> found;
    std::error_code ignored;
    if (!m_folder.empty())
        for (const auto& entry : fs::directory_iterator(m_folder, ignored))
            if (fs::exists(entry.path() / "model.json", ignored))
                found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
}

ModelInfo describeModel(const weights::ModelManifest& manifest) {
    ModelInfo info;
    info.name = manifest.name;
    info.version = manifest.version;
    info.license = manifest.license;
    info.family = manifest.family;
    info.directory = manifest.directory;
    info.builtIn = manifest.name == kBuiltInModel;
    info.canEdit = manifest.vae && manifest.text && manifest.text->kind == "vocabulary";
    info.steps = manifest.sampling.steps;
    info.shift = manifest.sampling.shift;
    info.tau1 = manifest.pruning.tau1;
    info.tau2 = manifest.pruning.tau2;
    if (manifest.text) {
        info.looks.assign(manifest.text->prompts.begin(), manifest.text->prompts.end());
        for (const std::string& word : manifest.text->words)
            if (!word.starts_with('<'))
                info.words.push_back(word);
    }
    const auto files = weights::filesOf(manifest);  // a model that lacks some is described without their size
    for (const std::string& name : files.value_or(std::vector<std::string>())) {
        std::error_code ignored;
        const auto size = fs::file_size(manifest.directory / name, ignored);
        info.bytes += ignored ? 0 : size;
        if (const auto file = weights::TensorFile::open(manifest.directory / name))
            for (const auto& [key, tensor] : file->tensors())
                if (!key.ends_with("_scale"))
                    info.parameters += std::uint64_t(tensor.elementCount());
    }
    return info;
}

}  // namespace lipar::service
