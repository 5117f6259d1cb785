#include "engine/model_store/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <mutex>
#include <optional>

namespace lipar::model_store {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPollMilliseconds = 50;
constexpr long kBufferBytes = 256 * 1024;
constexpr std::size_t kMostHeaderBytes = 256 * 1024;
// Where distributions keep the certificates they trust; the library's own default is Debian's.
constexpr const char* kSystemCertificates[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                               "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

std::string lowered(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    return text;
}

std::string trimmed(std::string_view text) {
    const auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return std::string(text);
}

// Whether another try may end otherwise.
bool isTransient(CURLcode code) {
    switch (code) {
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_URL_MALFORMAT:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM: return false;
        default: return true;
    }
}

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

// Empty where the address has no such part.
std::string urlPart(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    std::string copy;
    if (curl_url_get(url, part, &text, 0) == CURLUE_OK)
        copy = text;
    curl_free(text);
    return copy;
}

// An address as it stands in an answer to `base`, whole. Empty: it is none.
std::string resolved(const std::string& base, const std::string& location) {
    const Url url(curl_url(), curl_url_cleanup);
    if (!url || curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK ||
        curl_url_set(url.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK)
        return {};
    return urlPart(url.get(), CURLUPART_URL);
}

}  // namespace

std::string HttpHead::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

struct HttpClient::State {
    explicit State(HttpSettings chosen) : settings(std::move(chosen)) {
        static std::once_flag once;
        std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        easy.reset(curl_easy_init());
        multi.reset(curl_multi_init());
    }

    void prepare(const HttpRequest& request, const HttpReceiver& wanted) {
        receiver = &wanted;
        url = request.url;
        head = {};
        failure.reset();
        headerBytes = 0;
        bodyUnwanted = retryHelps = false;
        lastByte = Clock::now();
        CURL* const handle = easy.get();
        curl_easy_reset(handle);
        curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
        curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        // A limited transfer must not wait for long between two buffers: that would look like a stall.
        const long limited = long(std::min<std::uint64_t>(settings.bytesPerSecond / 8, kBufferBytes));
        curl_easy_setopt(handle, CURLOPT_BUFFERSIZE,
                         settings.bytesPerSecond > 0 ? std::max(limited, 1024L) : kBufferBytes);
        curl_easy_setopt(handle, CURLOPT_USERAGENT, "lipar-studio");
        curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
        curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, message.data());
        message.front() = '\0';
        if (settings.bytesPerSecond > 0)
            curl_easy_setopt(handle, CURLOPT_MAX_RECV_SPEED_LARGE, curl_off_t(settings.bytesPerSecond));
        if (!settings.proxy.empty()) {
            curl_easy_setopt(handle, CURLOPT_PROXY, settings.proxy.c_str());
            curl_easy_setopt(handle, CURLOPT_NOPROXY, "");
        }
        // The folder of the system's certificates stays trusted beside the file.
        if (!settings.caFile.empty()) {
            curl_easy_setopt(handle, CURLOPT_CAINFO, settings.caFile.c_str());
        } else {
            std::error_code ignored;
            for (const char* path : kSystemCertificates) {
                if (std::filesystem::exists(path, ignored)) {
                    curl_easy_setopt(handle, CURLOPT_CAINFO, path);
                    break;
                }
            }
        }
        lines.reset();
        for (const std::string& line : request.headers)
            lines.reset(curl_slist_append(lines.release(), line.c_str()));
        curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines.get());
        curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &State::onHeaderLine);
        curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &State::onBodyBytes);
        curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
    }

    static std::size_t onHeaderLine(char* bytes, std::size_t, std::size_t count, void* self) {
        return static_cast<State*>(self)->addHeaderLine({bytes, count}) ? count : 0;
    }
    static std::size_t onBodyBytes(char* bytes, std::size_t, std::size_t count, void* self) {
        return static_cast<State*>(self)->addBody({bytes, count}) ? count : 0;
    }

    bool addHeaderLine(std::string_view line) {
        lastByte = Clock::now();
        headerBytes += line.size();
        if (headerBytes > kMostHeaderBytes)
            return false;
        if (line.starts_with("HTTP/")) {
            head = {};
            return true;
        }
        const std::string text = trimmed(line);
        if (!text.empty()) {
            if (const std::size_t colon = text.find(':'); colon != std::string::npos)
                head.headers[lowered(trimmed(text.substr(0, colon)))] =
                    trimmed(std::string_view(text).substr(colon + 1));
            return true;
        }
        long status = 0;
        curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
        if (status < 200)  // another head follows
            return true;
        head.status = int(status);
        // The library tells where a redirect leads only once the exchange is over.
        if (const std::string location = head.header("location"); !location.empty())
            head.redirect = resolved(url, location);
        const auto wanted = receiver->onHead(head);
        if (!wanted) {
            failure = wanted.error();
            return false;
        }
        bodyUnwanted = !*wanted;
        return !bodyUnwanted;
    }

    bool addBody(std::span<const char> bytes) {
        lastByte = Clock::now();
        if (const auto taken = receiver->onBody(bytes); !taken) {
            failure = taken.error();
            return false;
        }
        lastByte = Clock::now();  // a slow disk is not a slow server
        return true;
    }

    [[nodiscard]] std::unexpected<Error> broken(const std::string& why, bool transient, std::string hint = {}) {
        retryHelps = transient;
        return fail(ErrorCode::networkFailed, why, std::move(hint));
    }

    Result<HttpHead> perform(const std::string& host, const CancelToken& cancel);
    Result<HttpHead> conclude(CURLcode code, const std::string& host);

    struct FreeMulti {
        void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
    };
    struct FreeList {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    const HttpSettings settings;
    std::unique_ptr<curl_slist, FreeList> lines;
    std::unique_ptr<CURLM, FreeMulti> multi;
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy{nullptr, curl_easy_cleanup};
    std::array<char, CURL_ERROR_SIZE> message{};
    const HttpReceiver* receiver = nullptr;
    std::string url;
    HttpHead head;
    std::optional<Error> failure;
    std::size_t headerBytes = 0;
    bool bodyUnwanted = false;
    bool retryHelps = false;
    Clock::time_point lastByte;
};

Result<HttpHead> HttpClient::State::conclude(CURLcode code, const std::string& host) {
    if (failure)
        return std::unexpected(*failure);
    if (code == CURLE_OK || bodyUnwanted)
        return head;
    const std::string reason = message.front() != '\0' ? message.data() : curl_easy_strerror(code);
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return broken(
            "the connection to " + host + " is not safe: " + reason, false,
            "check the machine's clock and who stands between; a certificate of your own is named by --ca-file");
    if (code == CURLE_SSL_CACERT_BADFILE)
        return broken("cannot read certificates from " + settings.caFile.string() + ": " + reason, false,
                      "give a PEM file");
    return broken("the connection to " + host + " failed: " + reason, isTransient(code));
}

Result<HttpHead> HttpClient::State::perform(const std::string& host, const CancelToken& cancel) {
    if (!easy || !multi)
        return fail(ErrorCode::outOfMemory, "cannot begin a connection: memory is full");
    curl_multi_add_handle(multi.get(), easy.get());
    const auto finish = [&](Result<HttpHead> result) {
        curl_multi_remove_handle(multi.get(), easy.get());
        return result;
    };
    for (;;) {
        int running = 0;
        if (const CURLMcode code = curl_multi_perform(multi.get(), &running); code != CURLM_OK)
            return finish(broken("the connection to " + host + " failed: " + curl_multi_strerror(code), true));
        int left = 0;
        while (const CURLMsg* const done = curl_multi_info_read(multi.get(), &left))
            if (done->msg == CURLMSG_DONE)
                return finish(conclude(done->data.result, host));
        if (cancel.isCancelled())
            return finish(cancelledError());
        if (Clock::now() - lastByte > std::chrono::seconds(settings.stallSeconds))
            return finish(broken(host + " has sent nothing for " + std::to_string(settings.stallSeconds) + " s", true));
        curl_multi_poll(multi.get(), nullptr, 0, kPollMilliseconds, nullptr);
    }
}

HttpClient::HttpClient(HttpSettings settings) : m_state(std::make_unique<State>(std::move(settings))) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpHead> HttpClient::exchange(const HttpRequest& request, const HttpReceiver& receiver,
                                      const CancelToken& cancel) {
    const std::string host = hostOf(request.url);
    if (host.empty())
        return m_state->broken(
            "cannot fetch from " + request.url.substr(0, request.url.find('?')) + ": it is no https address", false,
            "give an address that begins with https://");
    m_state->prepare(request, receiver);
    return m_state->perform(host.substr(host.find("//") + 2), cancel);
}

bool HttpClient::canRetry() const noexcept {
    return m_state->retryHelps;
}

std::string hostOf(const std::string& url) {
    const Url parsed(curl_url(), curl_url_cleanup);
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
        return {};
    const std::string host = urlPart(parsed.get(), CURLUPART_HOST), port = urlPart(parsed.get(), CURLUPART_PORT);
    if (lowered(urlPart(parsed.get(), CURLUPART_SCHEME)) != "https" || host.empty())
        return {};
    return "https://" + lowered(host) + (port.empty() || port == "443" ? "" : ":" + port);
}

}  // namespace lipar::model_store
