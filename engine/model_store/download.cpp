#include "engine/model_store/download.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <thread>

namespace lipar::model_store {
namespace {

constexpr int kMostRedirects = 10;
constexpr double kLongestWait = 60;

enum Status {
    ok = 200,
    partialContent = 206,
    unauthorized = 401,
    forbidden = 403,
    notFound = 404,
    proxyAuthentication = 407,
    requestTimeout = 408,
    gone = 410,
    rangeNotSatisfiable = 416,
    tooManyRequests = 429,
};

std::optional<std::uint64_t> numberIn(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

// "bytes 100-199/1000" or "bytes */1000".
struct ContentRange {
    std::optional<std::uint64_t> first;
    std::optional<std::uint64_t> total;
};
ContentRange contentRange(const HttpHead& head) {
    std::string text = head.header("content-range");
    ContentRange range;
    if (!text.starts_with("bytes "))
        return range;
    text.erase(0, 6);
    const std::size_t slash = text.find('/'), dash = text.find('-');
    if (slash == std::string::npos)
        return range;
    range.total = numberIn(std::string_view(text).substr(slash + 1));
    if (dash < slash)
        range.first = numberIn(std::string_view(text).substr(0, dash));
    return range;
}

// A strong entity tag as it stands; weak ones do not vouch for bytes.
std::string strongTag(const HttpHead& head) {
    std::string tag = head.header("etag");
    return tag.starts_with('"') && tag.size() > 2 ? tag : std::string();
}

// The SHA-256 that the hub announces; other things in that header are digests of another kind.
std::string announcedDigest(const HttpHead& head) {
    std::string tag = head.header("x-linked-etag");
    if (tag.starts_with('"') && tag.ends_with('"') && tag.size() == 66)
        tag = tag.substr(1, 64);
    const bool isDigest = tag.size() == 64 && tag.find_first_not_of("0123456789abcdef") == std::string::npos;
    return isDigest ? tag : std::string();
}

// How one try ended that did not bring the file to its end.
struct Setback {
    Error error;
    bool passes = false;  // another try may do better
    double wait = 0;      // seconds that the server asked for
};

// One file over any number of tries.
class Transfer {
public:
    Transfer(HttpClient& client, const RemoteFile& file, const std::string& token, PartialFile& part,
             const DownloadEvents& events, const CancelToken& cancel)
        : m_client(client), m_file(file), m_token(token), m_part(part), m_events(events), m_cancel(cancel) {}

    Result<Downloaded> run(const RetryRule& rule);

private:
    std::optional<Setback> tryOnce();
    Result<bool> onHead(const HttpHead& head);
    Result<bool> onContent(const HttpHead& head);
    Result<> onBody(std::span<const char> bytes);
    Result<> announce(const HttpHead& head);
    Result<> wait(double seconds, const std::string& why);
    Result<Downloaded> conclude();
    [[nodiscard]] std::unexpected<Error> refuse(ErrorCode code, const std::string& why, std::string hint = {}) {
        return fail(code, "cannot fetch " + m_file.origin + ": " + why, std::move(hint));
    }
    [[nodiscard]] std::unexpected<Error> setback(const std::string& why) {
        m_passes = true;
        return refuse(ErrorCode::networkFailed, why, "what was received is kept; try again later");
    }
    [[nodiscard]] std::unexpected<Error> statusError(const HttpHead& head);
    void report(TransferPhase phase, const std::string& note = {}) {
        m_events.progress(phase, m_part.size(), m_total, note);
    }

    HttpClient& m_client;
    const RemoteFile& m_file;
    const std::string& m_token;
    PartialFile& m_part;
    const DownloadEvents& m_events;
    const CancelToken& m_cancel;
    Published m_published;  // as this try has learned it
    std::string m_url;
    std::uint64_t m_total = 0;
    std::uint64_t m_received = 0;
    std::uint64_t m_resumed = 0;
    bool m_complete = false;
    bool m_passes = false;  // the error returned last may pass
    double m_askedWait = 0;
};

std::unexpected<Error> Transfer::statusError(const HttpHead& head) {
    const std::string answer = "the server answered " + std::to_string(head.status);
    switch (head.status) {
        case unauthorized:
        case forbidden:
            if (m_token.empty())
                return refuse(ErrorCode::accessDenied, answer + ": the file needs an account",
                              "give the account's token (--token)");
            return refuse(ErrorCode::accessDenied, answer + ": this token does not open the file",
                          "accept the model's licence on its page, or give another token");
        case notFound:
        case gone:
            return refuse(ErrorCode::networkFailed, answer + ": it has no such file",
                          "update the program, or choose another mirror");
        case proxyAuthentication:
            return refuse(ErrorCode::networkFailed, "the proxy wants a name and a password",
                          "give them with the proxy's address");
        case requestTimeout:
        case tooManyRequests: break;
        default:
            if (head.status < 500)
                return refuse(ErrorCode::networkFailed, answer, "try again later, or choose another mirror");
    }
    if (const auto seconds = numberIn(head.header("retry-after")))
        m_askedWait = std::min(double(*seconds), kLongestWait);
    return setback(answer);
}

// What the head of the answer, or of a redirect to it, says of the file as a whole.
Result<> Transfer::announce(const HttpHead& head) {
    if (std::string digest = announcedDigest(head); !digest.empty()) {
        if (!m_file.sha256.empty() && digest != m_file.sha256)
            return refuse(ErrorCode::modelDamaged, "the server has another file under this name",
                          "update the program, or choose another mirror");
        m_published.sha256 = std::move(digest);
    }
    if (const auto size = numberIn(head.header("x-linked-size")))
        m_published.bytes = *size;
    return {};
}

Result<bool> Transfer::onHead(const HttpHead& head) {
    LIPAR_TRY(announce(head));
    if (head.status >= 300 && head.status < 400) {
        if (head.redirect.empty() || hostOf(head.redirect).empty())
            return refuse(ErrorCode::networkFailed, "the server sends on to an address that is not https");
        m_url = head.redirect;
        return false;
    }
    m_url.clear();
    return onContent(head);
}

Result<bool> Transfer::onContent(const HttpHead& head) {
    m_published.entityTag = strongTag(head);
    if (head.status == rangeNotSatisfiable) {
        const auto total = contentRange(head).total;
        if (m_published.bytes == 0)
            m_published.bytes = total.value_or(0);
        if (m_part.size() > 0 && total == m_part.size() && m_part.published().isSameAs(m_published)) {
            m_complete = true;
            m_resumed = m_total = m_part.size();
            return false;
        }
        LIPAR_TRY(m_part.restart());
        return setback("the file has become shorter on the server");
    }
    if (head.status != ok && head.status != partialContent)
        return statusError(head);
    std::uint64_t total = 0;
    if (head.status == partialContent) {
        const ContentRange range = contentRange(head);
        if (range.first != m_part.size() || !range.total) {
            LIPAR_TRY(m_part.restart());
            return setback("the server sent another part than was asked for");
        }
        total = *range.total;
    } else {
        total = numberIn(head.header("content-length")).value_or(0);
    }
    if (m_published.bytes != 0 && total != 0 && total != m_published.bytes)
        return refuse(
            ErrorCode::modelDamaged,
            "the server announced " + std::to_string(m_published.bytes) + " bytes and sends " + std::to_string(total),
            "try again later, or choose another mirror");
    if (m_published.bytes == 0)
        m_published.bytes = total;
    if (m_published.bytes == 0 && m_published.sha256.empty())
        return refuse(ErrorCode::networkFailed, "the server says neither how long the file is nor what its digest is",
                      "choose another mirror");
    if (head.status == partialContent && !m_part.published().isSameAs(m_published)) {
        LIPAR_TRY(m_part.restart());
        return setback("the file has changed on the server");
    }
    if (head.status == ok)  // from its beginning: the server knows no ranges, or the file has changed
        LIPAR_TRY(m_part.restart());
    m_resumed = std::max(m_resumed, m_part.size());
    m_total = m_published.bytes;
    LIPAR_TRY(m_events.checkRoom(m_total > m_part.size() ? m_total - m_part.size() : 0));
    LIPAR_TRY(m_part.expect(m_published));
    report(TransferPhase::receiving);
    return true;
}

Result<> Transfer::onBody(std::span<const char> bytes) {
    if (m_total != 0 && m_part.size() + bytes.size() > m_total)
        return refuse(ErrorCode::modelDamaged,
                      "the server sends more than the " + std::to_string(m_total) + " bytes that it announced",
                      "try again later, or choose another mirror");
    LIPAR_TRY(m_part.append(bytes));
    m_received += bytes.size();
    report(TransferPhase::receiving);
    return {};
}

std::optional<Setback> Transfer::tryOnce() {
    m_published = {.origin = m_file.origin, .entityTag = {}, .sha256 = m_file.sha256, .bytes = 0};
    m_complete = false;
    m_passes = false;
    m_askedWait = 0;
    m_url = m_file.url;
    report(TransferPhase::connecting);
    // Known to be whole: an earlier run ended between the last byte and the new name.
    const Published& before = m_part.published();
    const bool isVouched = !before.sha256.empty() && (m_file.sha256.empty() || m_file.sha256 == before.sha256);
    if (m_part.size() > 0 && before.origin == m_file.origin && m_part.size() == before.bytes && isVouched) {
        m_published = m_part.published();
        m_resumed = m_total = m_part.size();
        return std::nullopt;
    }
    const std::string firstHost = hostOf(m_url);
    for (int hop = 0; hop <= kMostRedirects; ++hop) {
        HttpRequest request{.url = m_url, .headers = {}};
        if (!m_token.empty() && hostOf(m_url) == firstHost)
            request.headers.push_back("Authorization: Bearer " + m_token);
        const Published& there = m_part.published();
        if (m_part.size() > 0 && (!there.sha256.empty() || !there.entityTag.empty())) {
            request.headers.push_back("Range: bytes=" + std::to_string(m_part.size()) + "-");
            if (there.sha256.empty())  // else the digest vouches for the bytes, whichever server has them today
                request.headers.push_back("If-Range: " + there.entityTag);
        }
        const HttpReceiver receiver{[this](const HttpHead& head) { return onHead(head); },
                                    [this](std::span<const char> bytes) { return onBody(bytes); }};
        const auto head = m_client.exchange(request, receiver, m_cancel);
        if (!head) {
            return Setback{head.error(), m_passes || m_client.canRetry(), m_askedWait};
        }
        if (!m_url.empty())
            continue;
        if (m_complete || m_total == 0 || m_part.size() == m_total)
            return std::nullopt;
        return Setback{setback("the server ended after " + std::to_string(m_part.size()) + " of " +
                               std::to_string(m_total) + " bytes")
                           .error(),
                       true, 0};
    }
    return Setback{refuse(ErrorCode::networkFailed, "the server sends on and on").error(), false, 0};
}

Result<> Transfer::wait(double seconds, const std::string& why) {
    using namespace std::chrono_literals;
    report(TransferPhase::waiting, why + "; trying again in " + std::to_string(int(std::ceil(seconds))) + " s");
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (std::chrono::steady_clock::now() < end) {
        LIPAR_TRY(m_cancel.check());
        std::this_thread::sleep_for(20ms);
    }
    return m_cancel.check();
}

Result<Downloaded> Transfer::conclude() {
    LIPAR_ASSIGN(const std::string sha256, m_part.digest());
    const std::string& wanted = m_published.sha256;
    if (!wanted.empty() && sha256 != wanted)
        return refuse(ErrorCode::modelDamaged, "its SHA-256 is " + sha256 + ", and the server announced " + wanted,
                      "try again, or choose another mirror");
    return Downloaded{sha256, m_published.entityTag, !wanted.empty(), m_received, m_resumed};
}

Result<Downloaded> Transfer::run(const RetryRule& rule) {
    bool startedOver = false;
    int failures = 0;
    std::uint64_t furthest = m_part.size();
    for (;;) {
        const auto setback = tryOnce();
        if (!setback) {
            const bool hadEarlierBytes = m_resumed > 0;
            auto done = conclude();
            if (done)
                return done;
            LIPAR_TRY(m_part.restart());
            // Bytes of an earlier run may be the ones that are wrong: once more, from the beginning.
            if (done.error().code != ErrorCode::modelDamaged || !hadEarlierBytes || startedOver)
                return done;
            startedOver = true;
            m_resumed = 0;
            continue;
        }
        if (setback->error.code == ErrorCode::modelDamaged)
            LIPAR_TRY(m_part.restart());
        failures = m_part.size() > furthest ? 1 : failures + 1;
        furthest = std::max(furthest, m_part.size());
        if (!setback->passes || failures > rule.retries) {
            Error error = setback->error;
            if (error.code == ErrorCode::networkFailed && error.hint.empty())
                error.hint = "check the network; what was received is kept";
            return std::unexpected(std::move(error));
        }
        const double backoff = rule.firstWait * std::pow(2.0, failures - 1);
        LIPAR_TRY(wait(std::clamp(std::max(backoff, setback->wait), 0.0, kLongestWait), setback->error.message));
    }
}

}  // namespace

Result<Downloaded> download(HttpClient& client, const RemoteFile& file, const std::string& token, const RetryRule& rule,
                            PartialFile& part, const DownloadEvents& events, const CancelToken& cancel) {
    return Transfer(client, file, token, part, events, cancel).run(rule);
}

}  // namespace lipar::model_store
