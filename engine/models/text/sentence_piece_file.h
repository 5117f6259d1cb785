// The checks that libsentencepiece leaves out when it reads a model: it follows the tables of the normaliser without
// looking whether they lead out of the file, and ends the process over a kind of model that it does not know.
#pragma once

#include <string_view>

#include "engine/core/result.h"

namespace lipar::models {

// `bytes`: a whole file. The error's message is the bare reason. Error: modelDamaged.
[[nodiscard]] Result<> checkSentencePieceFile(std::string_view bytes);

}  // namespace lipar::models
