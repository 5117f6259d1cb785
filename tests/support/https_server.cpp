#include "tests/support/https_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace lipar::test {
namespace {

constexpr int kPollMilliseconds = 20;

int listenOnLoopback(int& port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 16) != 0 ||
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        std::abort();
    port = ntohs(address.sin_port);
    return listener;
}

bool isReadable(int descriptor) {
    pollfd wanted{descriptor, POLLIN, 0};
    return ::poll(&wanted, 1, kPollMilliseconds) > 0;
}

std::string textOf(BIO* bio) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    std::string text(bytes, std::size_t(size));
    BIO_free(bio);
    return text;
}

std::optional<ServerRequest> parseHead(const std::string& head) {
    ServerRequest request;
    const std::size_t first = head.find(' '), second = head.find(' ', first + 1);
    if (second == std::string::npos)
        return std::nullopt;
    request.path = head.substr(first + 1, second - first - 1);
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
        const std::size_t end = head.find("\r\n", at);
        const std::string line = head.substr(at, end - at);
        at = end == std::string::npos ? head.size() : end + 2;
        const std::size_t colon = line.find(": ");
        if (colon == std::string::npos)
            continue;
        std::string name = line.substr(0, colon);
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return char(std::tolower(c)); });
        request.headers[name] = line.substr(colon + 2);
    }
    return request;
}

}  // namespace

std::string ServerRequest::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

Certificate makeCertificate() {
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), long(std::rand()) + 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 24L * 3600);
    X509_set_pubkey(certificate, key);
    // Each has a name of its own: of two trusted ones with one name only the first would be looked at.
    static std::atomic<int> count{0};
    const std::string subject = "test " + std::to_string(::getpid()) + "-" + std::to_string(++count);
    X509_NAME* const name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(subject.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(certificate, name);
    const std::pair<int, const char*> extensions[] = {{NID_basic_constraints, "critical,CA:TRUE"},
                                                      {NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1"}};
    for (const auto& [kind, value] : extensions) {
        X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
        X509_add_ext(certificate, extension, -1);
        X509_EXTENSION_free(extension);
    }
    X509_sign(certificate, key, EVP_sha256());
    BIO* const certificateText = BIO_new(BIO_s_mem());
    BIO* const keyText = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(certificateText, certificate);
    PEM_write_bio_PrivateKey(keyText, key, nullptr, nullptr, 0, nullptr, nullptr);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return {textOf(certificateText), textOf(keyText)};
}

HttpsServer::HttpsServer(const Certificate& certificate, Handler handler) : m_handler(std::move(handler)) {
    std::signal(SIGPIPE, SIG_IGN);
    m_context = SSL_CTX_new(TLS_server_method());
    BIO* const certificateText = BIO_new_mem_buf(certificate.certificate.data(), int(certificate.certificate.size()));
    BIO* const keyText = BIO_new_mem_buf(certificate.key.data(), int(certificate.key.size()));
    X509* const x509 = PEM_read_bio_X509(certificateText, nullptr, nullptr, nullptr);
    EVP_PKEY* const key = PEM_read_bio_PrivateKey(keyText, nullptr, nullptr, nullptr);
    if (SSL_CTX_use_certificate(m_context, x509) != 1 || SSL_CTX_use_PrivateKey(m_context, key) != 1)
        std::abort();
    X509_free(x509);
    EVP_PKEY_free(key);
    BIO_free(certificateText);
    BIO_free(keyText);
    m_listener = listenOnLoopback(m_port);
    m_thread = std::thread([this] { accept(); });
}

HttpsServer::~HttpsServer() {
    m_stopping = true;
    m_thread.join();
    for (std::thread& connection : m_connections)
        connection.join();
    ::close(m_listener);
    SSL_CTX_free(m_context);
}

std::vector<ServerRequest> HttpsServer::requests() const {
    const std::scoped_lock lock(m_mutex);
    return m_requests;
}

void HttpsServer::forgetRequests() {
    const std::scoped_lock lock(m_mutex);
    m_requests.clear();
    m_bytesSent = 0;
}

void HttpsServer::setHandler(Handler handler) {
    const std::scoped_lock lock(m_mutex);
    m_handler = std::move(handler);
}

void HttpsServer::accept() {
    while (!m_stopping) {
        if (!isReadable(m_listener))
            continue;
        const int connection = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection >= 0)
            m_connections.emplace_back([this, connection] { serve(connection); });
    }
}

ServerAnswer HttpsServer::answerTo(const ServerRequest& request) {
    const std::scoped_lock lock(m_mutex);
    m_requests.push_back(request);
    return m_handler(request);
}

void HttpsServer::serve(int connection) {
    const int noDelay = 1;
    ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &noDelay, sizeof noDelay);
    SSL* const ssl = SSL_new(m_context);
    SSL_set_fd(ssl, connection);
    bool open = SSL_accept(ssl) == 1;
    while (open && !m_stopping) {
        std::string head;
        while (open && !m_stopping && !head.ends_with("\r\n\r\n")) {
            if (SSL_pending(ssl) == 0 && !isReadable(connection))
                continue;
            char byte = 0;
            open = SSL_read(ssl, &byte, 1) == 1;
            head += byte;
        }
        const auto request = open ? parseHead(head) : std::nullopt;
        if (!request)
            break;
        const ServerAnswer answer = answerTo(*request);
        std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " said\r\n";
        for (const auto& [name, value] : answer.headers)
            text += name + ": " + value + "\r\n";
        if (answer.saysLength)
            text += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
        text += "\r\n";
        open = SSL_write(ssl, text.data(), int(text.size())) > 0;
        const std::size_t wanted = std::min(answer.sent, answer.body.size());
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t at = 0; open && !m_stopping && at < wanted;) {
            const std::size_t size = std::min<std::size_t>(wanted - at, 16384);
            open = SSL_write(ssl, answer.body.data() + at, int(size)) > 0;
            at += size;
            m_bytesSent += size;
            if (answer.bytesPerSecond > 0)
                std::this_thread::sleep_until(start +
                                              std::chrono::microseconds(at * 1'000'000 / answer.bytesPerSecond));
        }
        char ignored = 0;
        while (open && answer.stalls && !m_stopping)
            if (isReadable(connection))
                open = SSL_read(ssl, &ignored, 1) == 1;
        if (wanted < answer.body.size() || !answer.saysLength)
            break;
    }
    ::shutdown(connection, SHUT_RDWR);
    SSL_free(ssl);
    ::close(connection);
}

ConnectProxy::ConnectProxy() {
    m_listener = listenOnLoopback(m_port);
    m_thread = std::thread([this] { accept(); });
}

ConnectProxy::~ConnectProxy() {
    m_stopping = true;
    m_thread.join();
    for (std::thread& connection : m_connections)
        connection.join();
    ::close(m_listener);
}

std::string ConnectProxy::heads() const {
    const std::scoped_lock lock(m_mutex);
    return m_heads;
}

void ConnectProxy::accept() {
    while (!m_stopping) {
        if (!isReadable(m_listener))
            continue;
        const int connection = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection >= 0)
            m_connections.emplace_back([this, connection] { tunnel(connection); });
    }
}

void ConnectProxy::tunnel(int connection) {
    std::string head;
    char byte = 0;
    while (!head.ends_with("\r\n\r\n") && ::read(connection, &byte, 1) == 1)
        head += byte;
    {
        const std::scoped_lock lock(m_mutex);
        m_heads += head;
    }
    const std::size_t colon = head.find(':');
    const int other = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(std::uint16_t(std::atoi(head.c_str() + colon + 1)));
    bool open = head.starts_with("CONNECT localhost:") &&
                ::connect(other, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    const std::string answer = open ? "HTTP/1.1 200 Connected\r\n\r\n" : "HTTP/1.1 502 Wrong\r\n\r\n";
    open = ::write(connection, answer.data(), answer.size()) > 0 && open;
    m_tunnels += open ? 1 : 0;
    std::array<char, 65536> buffer{};
    while (open && !m_stopping) {
        std::array<pollfd, 2> ends{pollfd{connection, POLLIN, 0}, pollfd{other, POLLIN, 0}};
        ::poll(ends.data(), ends.size(), kPollMilliseconds);
        for (std::size_t from = 0; from < 2 && open; ++from) {
            if (ends[from].revents == 0)
                continue;
            const ssize_t count = ::read(ends[from].fd, buffer.data(), buffer.size());
            open = count > 0 && ::send(ends[1 - from].fd, buffer.data(), std::size_t(count), MSG_NOSIGNAL) == count;
        }
    }
    ::close(other);
    ::close(connection);
}

ServerAnswer serveFile(const ServerRequest& request, const std::string& bytes, const std::string& entityTag,
                       std::vector<std::pair<std::string, std::string>> headers) {
    ServerAnswer answer;
    answer.headers = std::move(headers);
    answer.headers.emplace_back("Accept-Ranges", "bytes");
    if (!entityTag.empty())
        answer.headers.emplace_back("ETag", entityTag);
    const std::string range = request.header("range"), condition = request.header("if-range");
    if (!range.starts_with("bytes=") || (!condition.empty() && condition != entityTag)) {
        answer.body = bytes;
        return answer;
    }
    const std::size_t first = std::stoull(range.substr(6));
    const std::string total = std::to_string(bytes.size());
    if (first >= bytes.size()) {
        answer.status = 416;
        answer.headers.emplace_back("Content-Range", "bytes */" + total);
        return answer;
    }
    answer.status = 206;
    answer.headers.emplace_back(
        "Content-Range", "bytes " + std::to_string(first) + "-" + std::to_string(bytes.size() - 1) + "/" + total);
    answer.body = bytes.substr(first);
    return answer;
}

}  // namespace lipar::test
