// Cooperative cancellation: one CancelSource, any number of copied CancelTokens.
// Thread: cancel() and isCancelled() may be called from any thread, also from a signal handler.
#pragma once

#include <atomic>
#include <memory>

#include "engine/core/result.h"

namespace lipar {

// Observes a CancelSource. A default-constructed token is never cancelled.
class CancelToken {
public:
    CancelToken() = default;
    [[nodiscard]] bool isCancelled() const noexcept {
        return m_flag && m_flag->load(std::memory_order_relaxed);
    }
    // Error of code `cancelled` once cancelled: LIPAR_TRY(token.check()).
    [[nodiscard]] Result<> check() const {
        if (isCancelled())
            return cancelledError();
        return {};
    }

private:
    friend class CancelSource;
    explicit CancelToken(std::shared_ptr<const std::atomic<bool>> flag) : m_flag(std::move(flag)) {}
    std::shared_ptr<const std::atomic<bool>> m_flag;
};

class CancelSource {
public:
    CancelSource() : m_flag(std::make_shared<std::atomic<bool>>(false)) {}
    void cancel() noexcept { m_flag->store(true, std::memory_order_relaxed); }
    [[nodiscard]] CancelToken token() const { return CancelToken(m_flag); }

private:
    std::shared_ptr<std::atomic<bool>> m_flag;
};

}  // namespace lipar
