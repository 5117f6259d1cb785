// `models install|import|repair|remove`.
#include "engine/service/job.h"

namespace lipar::service {

Result<ModelInstallReport> runModelInstall(const ModelInstallRequest& request, JobContext&) {
    return fail(ErrorCode::modelMissing, "cannot install " + request.model + ": the catalogue is empty");
}

Result<ModelImportReport> runModelImport(const ModelImportRequest& request, JobContext&) {
    return fail(ErrorCode::inputUnsupported, "cannot import " + request.folder.string() + ": the catalogue is empty");
}

Result<ModelRepairReport> runModelRepair(const ModelRepairRequest& request, JobContext&) {
    return fail(ErrorCode::modelMissing, "cannot repair " + request.model + ": the catalogue is empty");
}

Result<ModelRemoveReport> runModelRemove(const ModelRemoveRequest& request, JobContext&) {
    return fail(ErrorCode::modelMissing, "cannot remove " + request.model + ": the catalogue is empty");
}

}  // namespace lipar::service
