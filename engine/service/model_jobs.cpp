// `models list|show|verify`.
#include "engine/service/device.h"
#include "engine/service/job.h"
#include "engine/weights/hash.h"
#include "engine/weights/model_files.h"
#include "engine/weights/tensor_file.h"

namespace lipar::service {

Result<ModelListReport> runModelList(const ModelListRequest& request, JobContext& context) {
    ModelListReport report;
    for (const std::filesystem::path& directory : context.models.installed()) {
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
    return report;
}

Result<ModelShowReport> runModelShow(const ModelShowRequest& request, JobContext& context) {
    LIPAR_ASSIGN(const std::filesystem::path directory, context.models.directoryOf(request.model));
    LIPAR_ASSIGN(const weights::ModelManifest manifest, weights::readManifest(directory));
    ModelShowReport report;
    report.model = describeModel(manifest);
    const weights::DitConfig& dit = manifest.dit;
    const auto add = [&](const char* name, const std::string& value) { report.fields.emplace_back(name, value); };
    add("transformer", std::to_string(dit.numLayers) + " layers, width " + std::to_string(dit.dim) + ", " + std::to_string(dit.numHeads) + " heads of " +
                           std::to_string(dit.headDim()) + ", feed-forward " + std::to_string(dit.ffnDim));
    add("block", std::to_string(dit.blockFrames) + " latent frames");
    add("window", dit.windowFrames ? std::to_string(dit.sinkFrames) + " first and " + std::to_string(*dit.windowFrames) + " recent latent frames" : "every frame");
    add("source", dit.sourceConcat ? "seen by the network beside the noise" : "seen through the noise (SDEdit)");
    add("autoencoder", manifest.vae ? manifest.vae->kind + ", " + std::to_string(manifest.vae->latentChannels) + " channels" : "none");
    add("text encoder", manifest.text ? manifest.text->kind : "none");
    return report;
}

Result<ModelVerifyReport> runModelVerify(const ModelVerifyRequest& request, JobContext& context) {
    LIPAR_ASSIGN(const std::filesystem::path directory, context.models.directoryOf(request.model));
    LIPAR_ASSIGN(const weights::ModelManifest manifest, weights::readManifest(directory));
    context.progress(Phase::loading);
    // Loading checks every tensor's presence, shape and values.
    LIPAR_ASSIGN(const std::shared_ptr<const pipeline::ModelBundle> model, pipeline::loadModelBundle(manifest, at::kFloat, at::kCPU));
    ModelVerifyReport report;
    report.model = describeModel(manifest);
    LIPAR_ASSIGN(report.model.sha256, weights::sha256OfModel(directory, context.cancel));
    LIPAR_ASSIGN(const std::vector<std::string> files, weights::filesOf(manifest));
    for (const std::string& file : files) {
        if (file.ends_with(weights::kIndexEnding))
            continue;
        LIPAR_ASSIGN(const weights::TensorFile tensors, weights::TensorFile::open(directory / file));
        report.tensors += tensors.tensors().size();
    }
    return report;
}

}  // namespace lipar::service
