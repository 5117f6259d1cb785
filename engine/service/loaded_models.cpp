#include "engine/service/loaded_models.h"

#include <algorithm>

#include "engine/core/file_lock.h"
#include "engine/service/engine.h"
#include "engine/weights/model_files.h"
#include "engine/weights/tensor_file.h"

namespace lipar::service {
namespace fs = std::filesystem;

Result<fs::path> LoadedModels::directoryOf(const fs::path& model) const {
    std::error_code ignored;
    if (!model.empty() && fs::is_directory(model, ignored))
        return model;
    const fs::path name = model.empty() ? fs::path(model_store::kBuiltInModel) : model;
    if (fs::path found = m_folders.directoryOf(name); !found.empty())
        return found;
    std::string places;
    for (const fs::path& folder : m_folders.all())
        places += (places.empty() ? "it is not in " : " or ") + folder.string();
    return fail(ErrorCode::modelMissing, "model " + name.string() + " was not found: " + (places.empty() ? "there is no models folder" : places + " and is no directory"),
                "see `lipar models list`");
}

Result<std::shared_ptr<const pipeline::ModelBundle>> LoadedModels::load(const fs::path& model, const Device& device, bool ditOnly) {
    LIPAR_ASSIGN(const fs::path directory, directoryOf(model));
    if (m_last && directory == m_lastDirectory && device.device == m_lastDevice.device && device.dtype == m_lastDevice.dtype && device.wide == m_lastDevice.wide && ditOnly == m_lastDitOnly)
        return m_last;
    m_last.reset();
    LIPAR_ASSIGN(const weights::ModelManifest manifest, weights::readManifest(directory));
    // The tensors are copies; the lock says for as long as they live that the model is in use.
    struct Held {
        FileLock lock;
        std::shared_ptr<const pipeline::ModelBundle> bundle;
    };
    const auto held = std::make_shared<Held>(FileLock::share(directory / "model.json"));
    LIPAR_ASSIGN(held->bundle, pipeline::loadModelBundle(manifest, device.dtype, device.device, ditOnly, device.wide));
    m_last = std::shared_ptr<const pipeline::ModelBundle>(held, held->bundle.get());
    m_lastDirectory = directory;
    m_lastDevice = device;
    m_lastDitOnly = ditOnly;
    return m_last;
}

ModelInfo describeModel(const weights::ModelManifest& manifest) {
    ModelInfo info;
    info.name = manifest.name;
    info.version = manifest.version;
    info.license = manifest.license;
    info.family = manifest.family;
    info.directory = manifest.directory;
    info.builtIn = manifest.name == model_store::kBuiltInModel;
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
