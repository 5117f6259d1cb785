// A models folder of its own, a publisher's server, and the store between them.
#pragma once

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/model_store/model_store.h"
#include "tests/support/published_model.h"

namespace lipar::model_store::test {

using lipar::test::Certificate;
using lipar::test::ConnectProxy;
using lipar::test::HttpsServer;
using lipar::test::PublishedModel;
using lipar::test::ServerAnswer;
using lipar::test::ServerRequest;

inline void writeFile(const std::filesystem::path& path, const std::string& bytes) {
    QDir().mkpath(QString::fromStdString(path.parent_path().string()));
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes.data(), qint64(bytes.size())) != qint64(bytes.size()))
        qFatal("cannot write %s", path.c_str());
}

inline std::string readFile(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

class StoreFixture {
public:
    StoreFixture()
        : m_certificate(lipar::test::makeCertificate()),
          m_server(m_certificate, [this](const ServerRequest& r) { return published.answer(r); }) {
        for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
                                 "LIPAR_MODEL_MIRROR", "LIPAR_MODEL_TOKEN"})
            qunsetenv(name);
        // No keyring answers, and tokens are kept here.
        qputenv("PATH", m_folder.filePath("bin").toLocal8Bit());
        qputenv("XDG_CONFIG_HOME", m_folder.filePath("config").toLocal8Bit());
        writeFile(path("ca.pem"), m_certificate.certificate);
        writeFile(path("catalogue.json"), published.catalogue(m_server.url()));
        qputenv("LIPAR_MODEL_CATALOGUE", QByteArray::fromStdString(path("catalogue.json").string()));
        settings.caFile = path("ca.pem");
        settings.stallSeconds = 2;
        settings.retries = 3;
        settings.retryWaitSeconds = 0;
    }

    [[nodiscard]] std::filesystem::path path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    [[nodiscard]] std::filesystem::path models() const { return path("models"); }
    [[nodiscard]] std::filesystem::path model(const char* file = "") const { return models() / "tiny" / file; }
    [[nodiscard]] HttpsServer& server() { return m_server; }
    // Everything in the model's folder but the store's own small files.
    [[nodiscard]] QStringList files() const {
        QStringList names = QDir(QString::fromStdString(model().string()))
                                .entryList(QDir::Files | QDir::System | QDir::Hidden, QDir::Name);
        names.removeAll(".lock");
        names.removeAll(".install.json");
        return names;
    }

    [[nodiscard]] ModelStore store() const {
        auto opened = ModelStore::open({models(), path("shipped")});
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        return *opened;
    }
    [[nodiscard]] Result<InstallResult> install(std::vector<std::string> parts = {}, const CancelToken& cancel = {}) {
        return store().install(
            "tiny", parts, settings,
            [this](const TransferState& state) {
                states.push_back(state);
                if (onState)
                    onState(state);
            },
            cancel);
    }
    // Whether every file that the model needs is there, byte for byte, and nothing half done.
    [[nodiscard]] bool isInstalled() const {
        for (const char* name : {PublishedModel::transformer, PublishedModel::textEncoder, PublishedModel::tokenizer})
            if (readFile(model(std::filesystem::path(name).filename().c_str())) != published.files.at(name))
                return false;
        return store().entry("tiny")->state == ModelState::installed && files().filter(".part").isEmpty();
    }
    [[nodiscard]] std::vector<ServerRequest> requestsFor(const std::string& file) const {
        std::vector<ServerRequest> found;
        for (const ServerRequest& request : m_server.requests())
            if (request.path == file)
                found.push_back(request);
        return found;
    }

    PublishedModel published;
    DownloadSettings settings;
    std::vector<TransferState> states;
    std::function<void(const TransferState&)> onState;

private:
    QTemporaryDir m_folder;
    Certificate m_certificate;
    HttpsServer m_server;
};

// "" or what went wrong, for QCOMPARE.
template <class T>
std::string complaint(const Result<T>& result) {
    return result ? std::string() : std::string(result.error().codeName()) + ": " + result.error().message;
}

inline constexpr std::size_t kMegabyte = std::size_t(1) << 20;

// The answer to the request of that number for the transformer is changed.
inline HttpsServer::Handler nth(StoreFixture& fixture, int number, std::function<void(ServerAnswer&)> change) {
    auto count = std::make_shared<std::atomic<int>>(0);
    return [&fixture, number, change = std::move(change), count](const ServerRequest& request) {
        ServerAnswer answer = fixture.published.answer(request);
        if (request.path == PublishedModel::transformer && ++*count == number)
            change(answer);
        return answer;
    };
}

inline HttpsServer::Handler always(StoreFixture& fixture, std::function<void(ServerAnswer&)> change) {
    return [&fixture, change = std::move(change)](const ServerRequest& request) {
        ServerAnswer answer = fixture.published.answer(request);
        if (request.path == PublishedModel::transformer)
            change(answer);
        return answer;
    };
}

inline void setHeader(ServerAnswer& answer, const std::string& name, const std::string& value) {
    std::erase_if(answer.headers, [&](const auto& header) { return header.first == name; });
    if (!value.empty())
        answer.headers.emplace_back(name, value);
}

}  // namespace lipar::model_store::test

#define VERIFY_INSTALLED(fixture, result)                                            \
    do {                                                                             \
        const auto installed = (result);                                             \
        QVERIFY2(installed, complaint(installed).c_str());                           \
        QVERIFY2((fixture).isInstalled(), qPrintable((fixture).files().join(", "))); \
    } while (false)

#define VERIFY_FAILED(result, expected)                                                              \
    do {                                                                                             \
        const auto failed = (result);                                                                \
        QVERIFY(!failed);                                                                            \
        QVERIFY2(failed.error().code == (expected), complaint(failed).c_str());                      \
        QVERIFY2(failed.error().message.find(": ") != std::string::npos, complaint(failed).c_str()); \
    } while (false)
