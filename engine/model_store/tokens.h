// Private to engine/model_store: tokens of accounts, one a host. Kept in the system's keyring, through `secret-tool`
// where that is installed and a keyring answers, else in a file that only its owner can read. Never on a command line,
// never in a log.
#pragma once

#include <string>

#include "engine/core/result.h"

namespace lipar::model_store {

// Empty: none is kept. `host` as hostOf() writes it.
[[nodiscard]] std::string keptToken(const std::string& host);
// "keyring" or "file". Errors: outputFailed, invalidArgument (it is no token: white space or control characters in it).
[[nodiscard]] Result<std::string> keepToken(const std::string& host, const std::string& token);
// No white space, no control characters: fit for a header.
[[nodiscard]] Result<> checkToken(const std::string& token);

}  // namespace lipar::model_store
