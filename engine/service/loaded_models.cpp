#include "engine/service/loaded_models.h"

#include <algorithm>

#include "engine/core/file_lock.h"
#include "engine/service/engine.h"
#include "engine/weights/model_files.h"
#include "engine/weights/tensor_file.h"

namespace lipar::service {
namespace fs = std::filesystem;

fs::path findCacheFolder() {
    const auto folder = [](const char* variable) {
        return fs::path(std::getenv(variable) ? std::getenv(variable) : "");
    };
    if (const fs::path chosen = folder("XDG_CACHE_HOME"); chosen.is_absolute())
        return chosen / "lipar-studio";
    const fs::path user = folder("HOME");
    return user.is_absolute() ? user / ".cache/lipar-studio" : fs::path();
}

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

Result<std::shared_ptr<const pipeline::ModelBundle>> LoadedModels::load(const fs::path& model, const Device& device, bool ditOnly, Vae vae) {
    LIPAR_ASSIGN(const fs::path directory, directoryOf(model));
    const bool isLoaded = m_last && directory == m_lastDirectory && device.device == m_lastDevice.device &&
                          device.dtype == m_lastDevice.dtype && device.wide == m_lastDevice.wide &&
                          ditOnly == m_lastDitOnly && vae == m_lastVae;
    if (!isLoaded) {
        m_last.reset();
        LIPAR_ASSIGN(weights::ModelManifest manifest, weights::readManifest(directory));
        LIPAR_ASSIGN(manifest, withVae(std::move(manifest), vae));
        // The tensors are copies; the lock says for as long as they live that the model is in use.
        struct Held {
            FileLock lock;
            std::shared_ptr<pipeline::ModelBundle> bundle;
        };
        const auto held = std::make_shared<Held>(FileLock::share(directory / "model.json"));
        LIPAR_ASSIGN(held->bundle, pipeline::loadModelBundle(manifest, device.dtype, device.device, ditOnly, device.wide));
        m_last = std::shared_ptr<pipeline::ModelBundle>(held, held->bundle.get());
        m_lastDirectory = directory;
        m_lastDevice = device;
        m_lastDitOnly = ditOnly;
        m_lastVae = vae;
    }
    if (!ditOnly && m_last->manifest.text) {
        LIPAR_ASSIGN(m_last->text, loadText(m_last->manifest, device));
    }
    return m_last;
}

Result<std::shared_ptr<models::TextEncoder>> LoadedModels::loadText(const weights::ModelManifest& manifest,
                                                                    const Device& device) {
    const bool isLoaded = m_text && manifest.directory == m_textDirectory && device.device == m_textDevice.device &&
                          device.dtype == m_textDevice.dtype && device.hostType == m_textDevice.hostType &&
                          device.text == m_textDevice.text;
    if (isLoaded)
        return m_text;
    m_text.reset();
    const fs::path cache = findCacheFolder();
    const fs::path embeddings = cache.empty() ? fs::path() : cache / "embeddings";
    LIPAR_ASSIGN(m_text, models::loadTextEncoder(
                             manifest, {device.text, device.device, device.dtype, device.hostType, embeddings}));
    m_textDirectory = manifest.directory;
    m_textDevice = device;
    return m_text;
}

Result<weights::ModelManifest> withVae(weights::ModelManifest manifest, Vae vae) {
    switch (vae) {
        case Vae::tiny: return weights::withTinyVae(std::move(manifest));
        case Vae::full: return weights::withFullVae(std::move(manifest));
        case Vae::automatic: break;
    }
    return manifest;
}

ModelInfo describeModel(const weights::ModelManifest& manifest) {
    ModelInfo info;
    info.name = manifest.name;
    info.version = manifest.version;
    info.license = manifest.license;
    info.family = manifest.family;
    info.directory = manifest.directory;
    info.builtIn = manifest.name == model_store::kBuiltInModel;
    info.canEdit = manifest.vae && manifest.text;
    info.steps = manifest.sampling.steps;
    info.shift = manifest.sampling.shift;
    info.mostSteps = manifest.sampling.limits.mostSteps;
    info.lowestShift = manifest.sampling.limits.lowestShift;
    info.highestShift = manifest.sampling.limits.highestShift;
    info.pixelsPerToken = manifest.vae ? manifest.dit.patch[1] * manifest.vae->spatial : 0;
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
