// Errors as values.
//
// Every engine function that can fail returns Result<T>. An Error carries a code (for programs), a
// sentence saying what happened and why, and a hint saying what the user can do. No exception leaves
// the engine: torch and standard-library exceptions are turned into errors at its edge.
// Thread: values, no shared state.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace lipar {

enum class ErrorCode {
    invalidArgument,    // the request itself makes no sense (exit code 2)
    inputMissing,       // no such file, or it may not be read (3)
    inputDamaged,       // the file is not what it says it is (3)
    inputUnsupported,   // a sound file of a kind we cannot edit, such as audio only (3)
    modelMissing,       // a model, or a part of it the job needs, is not there (4)
    modelDamaged,       // a model file is broken, misshapen or inconsistent (4)
    deviceUnavailable,  // the device asked for is not there or cannot do this (5)
    outOfMemory,        // host or device memory (5 when known beforehand, 1 while running)
    diskFull,           // (5 when known beforehand, 1 while running)
    outputFailed,       // the output cannot be written or encoded (1)
    decodeFailed,       // the source broke in the middle (1)
    networkFailed,      // no connection, or one that broke and did not come back (1)
    accessDenied,       // the server wants an account or a licence to be accepted (4)
    inUse,              // another program works with the file (1)
    cancelled,          // asked for by the user (130)
    internal,           // a fault of ours (1)
};

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;  // "WHAT happened: WHY"
    std::string hint;     // what to do; may be empty

    // Stable name used in JSON, for example "input-missing".
    [[nodiscard]] std::string_view codeName() const noexcept;
    // Exit code of the command line (shared/design/cli.md, repeated in app/cli/README.md).
    [[nodiscard]] int exitCode() const noexcept;
    // "WHAT happened: WHY; what to do"
    [[nodiscard]] std::string sentence() const;
};

template <class T = void>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message, std::string hint = {}) {
    return std::unexpected(Error{code, std::move(message), std::move(hint)});
}

[[nodiscard]] inline std::unexpected<Error> cancelledError() {
    return fail(ErrorCode::cancelled, "cancelled");
}

}  // namespace lipar

// Propagates the error of a Result<...> expression. Use as a statement.
#define LIPAR_TRY(expression)                                                              \
    do {                                                                                   \
        if (auto liparTried = (expression); !liparTried)                                   \
            return std::unexpected(std::move(liparTried).error());                         \
    } while (false)

#define LIPAR_CONCAT_INNER(a, b) a##b
#define LIPAR_CONCAT(a, b) LIPAR_CONCAT_INNER(a, b)
// LIPAR_ASSIGN(auto value, expression): declares or assigns the value, or propagates the error.
#define LIPAR_ASSIGN(target, expression)                                                   \
    auto LIPAR_CONCAT(liparResult, __LINE__) = (expression);                               \
    if (!LIPAR_CONCAT(liparResult, __LINE__))                                              \
        return std::unexpected(std::move(LIPAR_CONCAT(liparResult, __LINE__)).error());    \
    target = std::move(*LIPAR_CONCAT(liparResult, __LINE__))
