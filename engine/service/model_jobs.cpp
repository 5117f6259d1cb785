// `models list|show|verify`.
#include <sstream>

#include "engine/service/device.h"
#include "engine/service/job.h"
#include "engine/service/model_fit.h"
#include "engine/weights/finite.h"
#include "engine/weights/hash.h"
#include "engine/weights/model_files.h"
#include "engine/weights/tensor_file.h"

namespace lipar::service {

Result<ModelListReport> runModelList(const ModelListRequest& request, JobContext& context) {
    ModelListReport report;
    for (const std::filesystem::path& directory : context.models.folders().installed()) {
        LIPAR_TRY(context.cancel.check());
        const Result<weights::ModelManifest> manifest = weights::readManifest(directory);
        if (manifest) {
            report.models.push_back(describeModel(*manifest));
            continue;
        }
        // A damaged model is listed, so that it can be seen and removed.
        ModelInfo damaged;
        damaged.name = directory.filename().string();
        damaged.directory = directory;
        damaged.family = "damaged: " + manifest.error().message;
        report.models.push_back(std::move(damaged));
    }
    if (request.catalogue) {
        LIPAR_ASSIGN(const auto store, model_store::ModelStore::open(context.models.folders()));
        report.folder = store.folders().user;
        report.entries = entriesWithFit(store);
    }
    return report;
}

namespace {

bool isName(const std::filesystem::path& model) {
    std::error_code ignored;
    return !model.empty() && !model.has_parent_path() && !std::filesystem::is_directory(model, ignored);
}

std::string stepsInWords(const weights::SamplingConfig& sampling) {
    std::ostringstream words;
    for (std::size_t i = 0; i < sampling.steps.size(); ++i)
        words << (i == 0 ? "" : ",") << sampling.steps[i];
    words << " of 1000; " << sampling.limits.mostSteps << " at most";
    return words.str();
}

std::string shiftInWords(const weights::SamplingConfig& sampling) {
    std::ostringstream words;
    words << sampling.shift;
    if (sampling.limits.lowestShift < sampling.limits.highestShift)
        words << "; from " << sampling.limits.lowestShift << " to " << sampling.limits.highestShift;
    else
        words << ", no other";
    return words.str();
}

// A model of the catalogue that cannot be used yet.
ModelShowReport showEntry(ModelEntry entry) {
    ModelShowReport report;
    report.model.name = entry.name;
    report.model.license = entry.license;
    report.model.bytes = entry.bytes;
    report.fields.emplace_back("about", entry.title + ". " + entry.summary);
    report.entry = std::move(entry);
    return report;
}

// Against the digests of the install. Loading would take twice the model's size of memory, and says no more of the bytes.
Result<ModelVerifyReport> verifyInstalled(const model_store::ModelStore& store, const std::string& name, JobContext& context) {
    const auto sink = [&context](const TransferState& state) { context.emit(TransferProgress{context.id, state}); };
    LIPAR_ASSIGN(model_store::VerifyResult result, store.verify(name, sink, context.cancel));
    for (const ModelFileEntry& file : result.files) {
        if (file.state == ModelFileState::damaged)
            return fail(ErrorCode::modelDamaged, "model " + name + " is damaged: " + file.name + ": " + file.problem, "run `lipar models repair " + name + "`");
        if (!file.optional && file.state != ModelFileState::present)
            return fail(ErrorCode::modelMissing, "model " + name + " is not complete: " + file.name + " is not there", "run `lipar models install " + name + "`");
    }
    LIPAR_ASSIGN(const std::filesystem::path directory, context.models.directoryOf(name));
    LIPAR_ASSIGN(const weights::ModelManifest manifest, weights::readManifest(directory));
    ModelVerifyReport report;
    report.model = describeModel(manifest);
    LIPAR_ASSIGN(report.model.sha256, weights::sha256OfModel(directory, context.cancel));
    report.tensors = result.tensors;
    report.files = std::move(result.files);
    return report;
}

}  // namespace

Result<ModelShowReport> runModelShow(const ModelShowRequest& request, JobContext& context) {
    std::optional<ModelEntry> entry;
    if (isName(request.model)) {
        LIPAR_ASSIGN(const auto store, model_store::ModelStore::open(context.models.folders()));
        if (auto found = entryWithFit(store, request.model.string()))
            entry = std::move(*found);
        if (entry && entry->inCatalogue && !entry->builtIn && entry->state != ModelState::installed)
            return showEntry(std::move(*entry));
    }
    LIPAR_ASSIGN(const std::filesystem::path directory, context.models.directoryOf(request.model));
    LIPAR_ASSIGN(const weights::ModelManifest manifest, weights::readManifest(directory));
    ModelShowReport report;
    report.entry = std::move(entry);
    report.model = describeModel(manifest);
    const weights::DitConfig& dit = manifest.dit;
    const auto add = [&](const char* name, const std::string& value) { report.fields.emplace_back(name, value); };
    add("transformer", std::to_string(dit.numLayers) + " layers, width " + std::to_string(dit.dim) + ", " + std::to_string(dit.numHeads) + " heads of " +
                           std::to_string(dit.headDim()) + ", feed-forward " + std::to_string(dit.ffnDim));
    add("block", std::to_string(dit.blockFrames) + " latent frames");
    const bool isAlone = dit.windowFrames == dit.blockFrames && dit.sinkFrames == 0;
    add("window", isAlone ? "the block alone" : dit.windowFrames ? std::to_string(dit.sinkFrames) + " first and " + std::to_string(*dit.windowFrames) + " recent latent frames" : "every frame");
    add("source", dit.sourceConcat ? "seen by the network beside the noise" : "seen through the noise (SDEdit)");
    add("steps", stepsInWords(manifest.sampling));
    add("shift", shiftInWords(manifest.sampling));
    add("autoencoder", manifest.vae ? manifest.vae->kind + ", " + std::to_string(manifest.vae->latentChannels) + " channels" : "none");
    if (manifest.vaeFull)
        add("full autoencoder", manifest.vaeFull->kind + ", with --vae full");
    add("text encoder", manifest.text ? manifest.text->kind : "none");
    return report;
}

Result<ModelVerifyReport> runModelVerify(const ModelVerifyRequest& request, JobContext& context) {
    if (isName(request.model)) {
        LIPAR_ASSIGN(const auto store, model_store::ModelStore::open(context.models.folders()));
        const auto entry = store.entry(request.model.string());
        if (entry && !entry->builtIn && entry->inCatalogue)
            return verifyInstalled(store, request.model.string(), context);
    }
    LIPAR_ASSIGN(const std::filesystem::path directory, context.models.directoryOf(request.model));
    LIPAR_ASSIGN(const weights::ModelManifest manifest, weights::readManifest(directory));
    context.progress(Phase::loading);
    // Loading checks every tensor's presence, shape and values.
    LIPAR_ASSIGN(const std::shared_ptr<const pipeline::ModelBundle> model, pipeline::loadModelBundle(manifest, at::kFloat, at::kCPU));
    // But those of large text encoders, which are looked at below.
    if (manifest.text) {
        LIPAR_ASSIGN(const std::unique_ptr<models::TextEncoder> text, models::loadTextEncoder(manifest));
    }
    if (weights::hasFullVae(manifest)) {
        LIPAR_ASSIGN(const weights::ModelManifest full, weights::withFullVae(manifest));
        LIPAR_ASSIGN(const std::unique_ptr<models::Autoencoder> autoencoder, models::loadAutoencoder(full, at::kFloat, at::kCPU));
    }
    ModelVerifyReport report;
    report.model = describeModel(manifest);
    LIPAR_ASSIGN(report.model.sha256, weights::sha256OfModel(directory, context.cancel));
    LIPAR_ASSIGN(const std::vector<std::string> files, weights::filesOf(manifest));
    for (const std::string& file : files) {
        if (file.ends_with(weights::kIndexEnding))
            continue;
        LIPAR_ASSIGN(const weights::TensorFile tensors, weights::TensorFile::open(directory / file));
        report.tensors += tensors.tensors().size();
        for (const auto& [name, tensor] : tensors.tensors()) {
            LIPAR_TRY(context.cancel.check());
            if (!weights::allFinite(tensor))
                return fail(ErrorCode::modelDamaged, "model file " + file + " is damaged: tensor " + name + " holds values that are not finite",
                            "copy or download the model again");
        }
    }
    return report;
}

}  // namespace lipar::service
