#include "engine/core/result.h"

namespace lipar {

std::string_view Error::codeName() const noexcept {
    switch (code) {
        case ErrorCode::invalidArgument: return "invalid-argument";
        case ErrorCode::inputMissing: return "input-missing";
        case ErrorCode::inputDamaged: return "input-damaged";
        case ErrorCode::inputUnsupported: return "input-unsupported";
        case ErrorCode::modelMissing: return "model-missing";
        case ErrorCode::modelDamaged: return "model-damaged";
        case ErrorCode::deviceUnavailable: return "device-unavailable";
        case ErrorCode::outOfMemory: return "out-of-memory";
        case ErrorCode::diskFull: return "disk-full";
        case ErrorCode::outputFailed: return "output-failed";
        case ErrorCode::decodeFailed: return "decode-failed";
        case ErrorCode::networkFailed: return "network-failed";
        case ErrorCode::accessDenied: return "access-denied";
        case ErrorCode::inUse: return "in-use";
        case ErrorCode::cancelled: return "cancelled";
        case ErrorCode::internal: return "internal";
    }
    return "internal";
}

int Error::exitCode() const noexcept {
    switch (code) {
        case ErrorCode::invalidArgument: return 2;
        case ErrorCode::inputMissing:
        case ErrorCode::inputDamaged:
        case ErrorCode::inputUnsupported: return 3;
        case ErrorCode::modelMissing:
        case ErrorCode::modelDamaged:
        case ErrorCode::accessDenied: return 4;
        case ErrorCode::deviceUnavailable:
        case ErrorCode::outOfMemory:
        case ErrorCode::diskFull: return 5;
        case ErrorCode::outputFailed:
        case ErrorCode::decodeFailed:
        case ErrorCode::networkFailed:
        case ErrorCode::inUse:
        case ErrorCode::internal: return 1;
        case ErrorCode::cancelled: return 130;
    }
    return 1;
}

std::string Error::sentence() const {
    return hint.empty() ? message : message + "; " + hint;
}

}  // namespace lipar
