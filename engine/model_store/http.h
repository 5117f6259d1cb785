// Private to engine/model_store: one HTTPS request at a time, by libcurl. Redirects are not followed here: who follows
// them decides what the next host may know.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/cancel.h"
#include "engine/core/result.h"

namespace lipar::model_store {

struct HttpSettings {
    std::string proxy;             // empty: the environment's
    std::filesystem::path caFile;  // trusted besides the system's certificates; empty: none
    int stallSeconds = 30;         // without a byte, also while connecting
    std::uint64_t bytesPerSecond = 0;
};

struct HttpRequest {
    std::string url;                   // https only
    std::vector<std::string> headers;  // "Name: value"; never logged
};

struct HttpHead {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case; of a name that comes twice, the last
    std::string redirect;                        // absolute; empty: none
    // Empty where there is no such header.
    [[nodiscard]] std::string header(const std::string& name) const;
};

// Both may end the exchange with an error, which exchange() then returns. `onHead` comes once, before any body; false:
// the body is not wanted, and the exchange ends well.
struct HttpReceiver {
    std::function<Result<bool>(const HttpHead&)> onHead;
    std::function<Result<>(std::span<const char>)> onBody;
};

// Keeps connections open between requests. Thread: one at a time.
class HttpClient {
public:
    explicit HttpClient(HttpSettings settings);
    HttpClient(HttpClient&&) noexcept;
    ~HttpClient();

    // Whatever the server's status, an answer is no error; a body that breaks off is. Cancels within 100 ms.
    // Errors: networkFailed, cancelled, those of the receiver.
    [[nodiscard]] Result<HttpHead> exchange(const HttpRequest& request, const HttpReceiver& receiver,
                                            const CancelToken& cancel);
    // Whether the last exchange ended by something that may pass by itself: not a wrong certificate or address, nor the
    // receiver.
    [[nodiscard]] bool canRetry() const noexcept;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

// "https://host:port" of an address, in lower case, without the port where it is https's own. Empty: no https address.
[[nodiscard]] std::string hostOf(const std::string& url);

}  // namespace lipar::model_store
