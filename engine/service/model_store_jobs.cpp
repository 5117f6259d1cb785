// `models install|import|repair|remove`.
#include "engine/service/job.h"
#include "engine/service/model_fit.h"

namespace lipar::service {
namespace {

model_store::TransferSink sinkOf(const JobContext& context) {
    return [&context](const TransferState& state) { context.emit(TransferProgress{context.id, state}); };
}

model_store::CopyMode modeOf(ImportMode mode) {
    switch (mode) {
        case ImportMode::automatic: return model_store::CopyMode::automatic;
        case ImportMode::copy: return model_store::CopyMode::copy;
        case ImportMode::link: return model_store::CopyMode::link;
        case ImportMode::reference: return model_store::CopyMode::reference;
    }
    return model_store::CopyMode::automatic;
}

}  // namespace

Result<ModelInstallReport> runModelInstall(const ModelInstallRequest& request, JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    LIPAR_ASSIGN(const model_store::ModelStore store, model_store::ModelStore::open(context.models.folders()));
    ModelInstallReport report;
    report.dryRun = request.dryRun;
    if (request.dryRun) {
        LIPAR_ASSIGN(report.receivedBytes, store.plan(request.model, request.parts));
    } else {
        LIPAR_ASSIGN(const model_store::InstallResult result,
                     store.install(request.model, request.parts, request.download, sinkOf(context), context.cancel));
        report.receivedBytes = result.receivedBytes;
        report.resumedBytes = result.resumedBytes;
    }
    LIPAR_ASSIGN(report.entry, entryWithFit(store, request.model));
    report.seconds = secondsSince(start);
    return report;
}

Result<ModelImportReport> runModelImport(const ModelImportRequest& request, JobContext& context) {
    LIPAR_ASSIGN(const model_store::ModelStore store, model_store::ModelStore::open(context.models.folders()));
    LIPAR_ASSIGN(const auto files,
                 store.import(request.folder, request.model, modeOf(request.mode), sinkOf(context), context.cancel));
    ModelImportReport report;
    for (const model_store::ImportedFile& file : files) {
        report.files.push_back({file.model, file.name, file.from, file.how, file.recognisedBy});
        const bool isNews = report.entries.empty() || report.entries.back().name != file.model;
        if (isNews) {
            LIPAR_ASSIGN(ModelEntry entry, entryWithFit(store, file.model));
            report.entries.push_back(std::move(entry));
        }
    }
    return report;
}

Result<ModelRepairReport> runModelRepair(const ModelRepairRequest& request, JobContext& context) {
    LIPAR_ASSIGN(const model_store::ModelStore store, model_store::ModelStore::open(context.models.folders()));
    LIPAR_ASSIGN(model_store::RepairResult result,
                 store.repair(request.model, request.download, sinkOf(context), context.cancel));
    ModelRepairReport report;
    LIPAR_ASSIGN(report.entry, entryWithFit(store, request.model));
    report.repaired = std::move(result.repaired);
    report.receivedBytes = result.receivedBytes;
    return report;
}

Result<ModelRemoveReport> runModelRemove(const ModelRemoveRequest& request, JobContext& context) {
    LIPAR_ASSIGN(const model_store::ModelStore store, model_store::ModelStore::open(context.models.folders()));
    LIPAR_ASSIGN(const std::uint64_t freed, store.remove(request.model));
    return ModelRemoveReport{request.model, freed};
}

}  // namespace lipar::service
