// A real HTTPS server on this machine, with a certificate of its own making, that can be told to misbehave; and a
// proxy. One thread a connection, plain blocking OpenSSL: what it does is what the test says, byte for byte.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

struct ssl_ctx_st;

namespace lipar::test {

struct ServerRequest {
    std::string path;                            // "/owner/name/resolve/main/file"
    std::map<std::string, std::string> headers;  // names in lower case
    [[nodiscard]] std::string header(const std::string& name) const;
};

struct ServerAnswer {
    static constexpr std::size_t all = std::size_t(-1);

    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    std::size_t sent = all;  // bytes of the body before the connection is closed
    bool stalls = false;     // then says nothing more, until the client leaves
    bool saysLength = true;  // Content-Length, of the body
    std::size_t bytesPerSecond = 0;
};

// A self-signed certificate for localhost and its key, PEM.
struct Certificate {
    std::string certificate;
    std::string key;
};
[[nodiscard]] Certificate makeCertificate();

class HttpsServer {
public:
    using Handler = std::function<ServerAnswer(const ServerRequest&)>;

    HttpsServer(const Certificate& certificate, Handler handler);
    ~HttpsServer();
    HttpsServer(const HttpsServer&) = delete;
    HttpsServer& operator=(const HttpsServer&) = delete;

    [[nodiscard]] int port() const noexcept { return m_port; }
    [[nodiscard]] std::string url() const { return "https://localhost:" + std::to_string(m_port); }
    [[nodiscard]] std::vector<ServerRequest> requests() const;
    void forgetRequests();
    [[nodiscard]] std::uint64_t bodyBytesSent() const noexcept { return m_bytesSent; }
    void setHandler(Handler handler);

private:
    void accept();
    void serve(int connection);
    [[nodiscard]] ServerAnswer answerTo(const ServerRequest& request);

    int m_listener = -1;
    int m_port = 0;
    ssl_ctx_st* m_context = nullptr;
    mutable std::mutex m_mutex;
    Handler m_handler;
    std::vector<ServerRequest> m_requests;
    std::atomic<std::uint64_t> m_bytesSent{0};
    std::atomic<bool> m_stopping{false};
    std::list<std::thread> m_connections;
    std::thread m_thread;
};

// Passes bytes on between a client that says CONNECT and where it wants to go.
class ConnectProxy {
public:
    ConnectProxy();
    ~ConnectProxy();
    ConnectProxy(const ConnectProxy&) = delete;
    ConnectProxy& operator=(const ConnectProxy&) = delete;

    [[nodiscard]] std::string url() const { return "http://localhost:" + std::to_string(m_port); }
    [[nodiscard]] int tunnels() const noexcept { return m_tunnels; }
    [[nodiscard]] std::string heads() const;  // of all requests, as they came

private:
    void accept();
    void tunnel(int connection);

    int m_listener = -1;
    int m_port = 0;
    mutable std::mutex m_mutex;
    std::string m_heads;
    std::atomic<int> m_tunnels{0};
    std::atomic<bool> m_stopping{false};
    std::list<std::thread> m_connections;
    std::thread m_thread;
};

// A file as a well-behaved server gives it out: ranges, If-Range, 416.
[[nodiscard]] ServerAnswer serveFile(const ServerRequest& request, const std::string& bytes,
                                     const std::string& entityTag,
                                     std::vector<std::pair<std::string, std::string>> headers = {});

}  // namespace lipar::test
