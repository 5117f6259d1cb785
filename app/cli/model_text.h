// What the jobs of the model manager print for people: the part of report_text.h that is about models.
#pragma once

#include <string>

#include "engine/service/events.h"

namespace lipar::cli {

// Lines ending in a newline.
[[nodiscard]] std::string modelListText(const service::ModelListReport& report);
[[nodiscard]] std::string modelShowText(const service::ModelShowReport& report);
[[nodiscard]] std::string modelVerifyText(const service::ModelVerifyReport& report);
[[nodiscard]] std::string modelInstallText(const service::ModelInstallReport& report);
[[nodiscard]] std::string modelImportText(const service::ModelImportReport& report);
[[nodiscard]] std::string modelRepairText(const service::ModelRepairReport& report);
[[nodiscard]] std::string modelRemoveText(const service::ModelRemoveReport& report);

}  // namespace lipar::cli
