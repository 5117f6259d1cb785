// What an install refuses, and whom it trusts: accounts and tokens, redirects, certificates, proxies, room on the disk,
// and other programs at work on the same model.
#include <QtTest>

#include <sys/mount.h>

#include "engine/core/file_lock.h"
#include "store_fixture.h"

using namespace lipar;
using namespace lipar::model_store;
using namespace lipar::model_store::test;

class TestInstallTrust : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void filesThatNeedAnAccount();
    void aTokenIsKeptForItsHost();
    void theKeyringIsAskedThroughItsInput();
    void aTokenGoesToNoOtherHost();
    void doesNotLeaveHttps();
    void endlessRedirects();
    void distrustsUnknownCertificates();
    void goesThroughAProxy();
    void takesAMirror();
    void needsRoomOnTheDisk();
    void aDiskThatFillsUp();
    void aFolderThatCannotBeWritten();
    void onlyOneInstallsAtATime();
    void whatIsOpenIsNotReplaced();
    void wrongRequests();
};

void TestInstallTrust::filesThatNeedAnAccount() {
    StoreFixture fixture;
    const auto gated = [&](const ServerRequest& request) -> ServerAnswer {
        const std::string given = request.header("authorization");
        if (given.empty())
            return {.status = 401, .body = "who are you"};
        if (given != "Bearer hf_right")
            return {.status = 403, .body = "not you"};
        return fixture.published.answer(request);
    };
    fixture.server().setHandler(gated);
    const auto without = fixture.install();
    VERIFY_FAILED(without, ErrorCode::accessDenied);
    QVERIFY(without.error().hint.find("--token") != std::string::npos);
    fixture.settings.token = "hf_wrong";
    const auto wrong = fixture.install();
    VERIFY_FAILED(wrong, ErrorCode::accessDenied);
    QVERIFY(wrong.error().sentence().find("hf_wrong") == std::string::npos);
    fixture.settings.token = "hf_right";
    VERIFY_INSTALLED(fixture, fixture.install());
    fixture.settings.token = "two words";
    VERIFY_FAILED(fixture.install(), ErrorCode::invalidArgument);
}

void TestInstallTrust::aTokenIsKeptForItsHost() {
    StoreFixture fixture;
    fixture.server().setHandler([&](const ServerRequest& request) -> ServerAnswer {
        if (request.header("authorization") != "Bearer hf_right")
            return {.status = 401, .body = "who are you"};
        return fixture.published.answer(request);
    });
    fixture.settings.token = "hf_right";
    fixture.settings.keepToken = true;
    VERIFY_INSTALLED(fixture, fixture.install());
    const auto file = fixture.path("config/lipar-studio/tokens.json");
    QVERIFY(std::filesystem::exists(file));
    QCOMPARE(std::filesystem::status(file).permissions(),
             std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    // The next time it need not be given; a host of another name does not get it.
    fixture.settings.token.clear();
    fixture.settings.keepToken = false;
    QCOMPARE(complaint(fixture.store().remove("tiny")), std::string());
    VERIFY_INSTALLED(fixture, fixture.install());
    QCOMPARE(complaint(fixture.store().remove("tiny")), std::string());
    fixture.settings.mirror = "https://127.0.0.1:" + std::to_string(fixture.server().port());
    fixture.server().forgetRequests();
    VERIFY_FAILED(fixture.install(), ErrorCode::accessDenied);
    for (const ServerRequest& request : fixture.server().requests())
        QVERIFY(request.header("authorization").empty());
}

// A keyring's program that writes down how it was called.
void TestInstallTrust::theKeyringIsAskedThroughItsInput() {
    StoreFixture fixture;
    const auto tool = fixture.path("bin/secret-tool");
    writeFile(tool, "#!/bin/sh\nhere='" + fixture.path("").string() + "'\necho \"$*\" >> \"$here/calls\"\n" +
                        "case $1 in store) /bin/cat > \"$here/secret\" ;; lookup) /bin/cat \"$here/secret\" ;; esac\n");
    std::filesystem::permissions(tool, std::filesystem::perms::owner_all);
    fixture.server().setHandler([&](const ServerRequest& request) -> ServerAnswer {
        if (request.header("authorization") != "Bearer hf_right")
            return {.status = 401, .body = "who are you"};
        return fixture.published.answer(request);
    });
    fixture.settings.token = "hf_right";
    fixture.settings.keepToken = true;
    VERIFY_INSTALLED(fixture, fixture.install());
    QCOMPARE(readFile(fixture.path("secret")), std::string("hf_right"));
    QVERIFY(readFile(fixture.path("calls")).find("hf_right") == std::string::npos);
    QVERIFY(!std::filesystem::exists(fixture.path("config/lipar-studio/tokens.json")));
    fixture.settings.token.clear();
    fixture.settings.keepToken = false;
    QCOMPARE(complaint(fixture.store().remove("tiny")), std::string());
    VERIFY_INSTALLED(fixture, fixture.install());
}

// The hub sends on to the server that has the bytes.
void TestInstallTrust::aTokenGoesToNoOtherHost() {
    StoreFixture fixture;
    const Certificate certificate = lipar::test::makeCertificate();
    HttpsServer store(certificate, [&](const ServerRequest& request) {
        return lipar::test::serveFile(request, fixture.published.files.at(request.path), "\"of the store\"");
    });
    writeFile(fixture.path("ca.pem"), readFile(fixture.path("ca.pem")) + certificate.certificate);
    fixture.server().setHandler([&](const ServerRequest& request) -> ServerAnswer {
        return {.status = 302,
                .headers = {{"Location", store.url() + request.path},
                            {"X-Linked-ETag", "\"" + fixture.published.digest(request.path) + "\""},
                            {"X-Linked-Size", std::to_string(fixture.published.files.at(request.path).size())}},
                .body = "over there"};
    });
    fixture.settings.token = "hf_right";
    VERIFY_INSTALLED(fixture, fixture.install());
    for (const ServerRequest& request : fixture.server().requests())
        QCOMPARE(request.header("authorization"), std::string("Bearer hf_right"));
    QCOMPARE(store.requests().size(), 3u);
    for (const ServerRequest& request : store.requests())
        QVERIFY(request.header("authorization").empty());
}

void TestInstallTrust::doesNotLeaveHttps() {
    StoreFixture fixture;
    fixture.server().setHandler(always(fixture, [](ServerAnswer& answer) {
        answer = {.status = 302, .headers = {{"Location", "http://localhost:1/file"}}, .body = ""};
    }));
    const auto result = fixture.install();
    VERIFY_FAILED(result, ErrorCode::networkFailed);
    QVERIFY(result.error().message.find("https") != std::string::npos);
    fixture.settings.mirror = "http://localhost:1";
    VERIFY_FAILED(fixture.install(), ErrorCode::invalidArgument);
}

void TestInstallTrust::endlessRedirects() {
    StoreFixture fixture;
    fixture.server().setHandler(always(fixture, [&](ServerAnswer& answer) {
        answer = {.status = 302, .headers = {{"Location", PublishedModel::transformer}}, .body = ""};
    }));
    const auto result = fixture.install();
    VERIFY_FAILED(result, ErrorCode::networkFailed);
    QVERIFY(result.error().message.find("on and on") != std::string::npos);
    QVERIFY(fixture.server().requests().size() > 5 && fixture.server().requests().size() < 20);
}

void TestInstallTrust::distrustsUnknownCertificates() {
    StoreFixture fixture;
    fixture.settings.caFile.clear();
    const auto result = fixture.install();
    VERIFY_FAILED(result, ErrorCode::networkFailed);
    QVERIFY2(result.error().message.find("is not safe") != std::string::npos, complaint(result).c_str());
    writeFile(fixture.path("other.pem"), lipar::test::makeCertificate().certificate);
    fixture.settings.caFile = fixture.path("other.pem");
    VERIFY_FAILED(fixture.install(), ErrorCode::networkFailed);
    QVERIFY(fixture.server().requests().empty());
}

void TestInstallTrust::goesThroughAProxy() {
    for (const bool byEnvironment : {false, true}) {
        StoreFixture fixture;
        ConnectProxy proxy;
        if (byEnvironment)
            qputenv("https_proxy", QByteArray::fromStdString(proxy.url()));
        else
            fixture.settings.proxy = proxy.url();
        fixture.settings.token = "hf_secret";
        VERIFY_INSTALLED(fixture, fixture.install());
        QVERIFY(proxy.tunnels() > 0);
        QVERIFY(proxy.heads().find("hf_secret") == std::string::npos);
        qunsetenv("https_proxy");
    }
    StoreFixture fixture;
    fixture.settings.proxy = "http://localhost:1";
    fixture.settings.retries = 0;
    VERIFY_FAILED(fixture.install(), ErrorCode::networkFailed);
}

void TestInstallTrust::takesAMirror() {
    StoreFixture fixture;
    writeFile(fixture.path("catalogue.json"), fixture.published.catalogue("https://publisher.invalid"));
    fixture.settings.retries = 0;
    VERIFY_FAILED(fixture.install(), ErrorCode::networkFailed);
    fixture.settings.mirror = fixture.server().url() + "/";
    VERIFY_INSTALLED(fixture, fixture.install());
    QCOMPARE(complaint(fixture.store().remove("tiny")), std::string());
    fixture.settings.mirror.clear();
    qputenv("LIPAR_MODEL_MIRROR", QByteArray::fromStdString(fixture.server().url()));
    VERIFY_INSTALLED(fixture, fixture.install());
    qunsetenv("LIPAR_MODEL_MIRROR");
}

void TestInstallTrust::needsRoomOnTheDisk() {
    StoreFixture fixture;
    // Known from the catalogue: nobody is asked.
    std::string catalogue = fixture.published.catalogue(fixture.server().url());
    const std::string size =
        "\"bytes\":" + std::to_string(fixture.published.files.at(PublishedModel::transformer).size());
    catalogue.replace(catalogue.find(size), size.size(), "\"bytes\":900000000000000");
    writeFile(fixture.path("catalogue.json"), catalogue);
    VERIFY_FAILED(fixture.install(), ErrorCode::diskFull);
    VERIFY_FAILED(fixture.store().plan("tiny", {}), ErrorCode::diskFull);
    QVERIFY(fixture.server().requests().empty());
    // Known from the server: nothing is received.
    writeFile(fixture.path("catalogue.json"), fixture.published.catalogue(fixture.server().url()));
    fixture.server().setHandler(always(fixture, [](ServerAnswer& answer) {
        setHeader(answer, "X-Linked-Size", "900000000000000");
        setHeader(answer, "Content-Length", "900000000000000");
        answer.saysLength = false;
    }));
    VERIFY_FAILED(fixture.install(), ErrorCode::diskFull);
    QVERIFY(std::ranges::none_of(fixture.states,
                                 [](const TransferState& state) { return state.phase == TransferPhase::receiving; }));
}

void TestInstallTrust::aDiskThatFillsUp() {
    StoreFixture fixture;
    const QByteArray folder = QByteArray::fromStdString(fixture.models().string());
    QDir().mkpath(QString::fromLocal8Bit(folder));
    if (::mount("tmpfs", folder.constData(), "tmpfs", 0, "size=90m") != 0)
        QSKIP("a small file system cannot be mounted here");
    const auto unmount = qScopeGuard([&] { ::umount(folder.constData()); });
    const auto ballast = fixture.models() / "ballast";
    fixture.onState = [&](const TransferState& state) {
        if (state.phase == TransferPhase::receiving && state.fileDone > kMegabyte &&
            !std::filesystem::exists(ballast)) {
            QFile file(QString::fromStdString(ballast.string()));
            if (file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
                while (file.write(QByteArray(4096, 'x')) == 4096)
                    continue;
        }
    };
    fixture.server().setHandler(always(fixture, [](ServerAnswer& answer) { answer.bytesPerSecond = 4 * kMegabyte; }));
    const auto result = fixture.install();
    VERIFY_FAILED(result, ErrorCode::diskFull);
    QVERIFY(!fixture.files().contains("dit.safetensors"));
    std::filesystem::remove(ballast);
    fixture.onState = {};
    VERIFY_INSTALLED(fixture, fixture.install());
}

void TestInstallTrust::aFolderThatCannotBeWritten() {
    StoreFixture fixture;
    writeFile(fixture.models(), "a file in the way");
    VERIFY_FAILED(fixture.install(), ErrorCode::outputFailed);
    QVERIFY(fixture.server().requests().empty());
}

void TestInstallTrust::onlyOneInstallsAtATime() {
    StoreFixture fixture;
    Result<InstallResult> second;
    fixture.onState = [&](const TransferState& state) {
        if (state.phase != TransferPhase::receiving)
            return;
        fixture.onState = {};
        second = fixture.store().install("tiny", {}, fixture.settings, {}, {});
        QVERIFY(fixture.store().entry("tiny")->busy);
    };
    const auto first = fixture.install();
    VERIFY_FAILED(second, ErrorCode::inUse);
    VERIFY_INSTALLED(fixture, first);
    QVERIFY(!fixture.store().entry("tiny")->busy);
}

void TestInstallTrust::whatIsOpenIsNotReplaced() {
    StoreFixture fixture;
    VERIFY_INSTALLED(fixture, fixture.install());
    // Half of the file is lost, and a program reads it.
    const auto file = fixture.model("dit.safetensors");
    std::filesystem::resize_file(file, kMegabyte);
    {
        const FileLock reader = FileLock::share(file);
        VERIFY_FAILED(fixture.install(), ErrorCode::inUse);
        QCOMPARE(std::filesystem::file_size(file), kMegabyte);
        QVERIFY(fixture.store().entry("tiny")->inUse);
    }
    VERIFY_INSTALLED(fixture, fixture.install());
}

void TestInstallTrust::wrongRequests() {
    StoreFixture fixture;
    VERIFY_FAILED(fixture.store().install("nobody", {}, fixture.settings, {}, {}), ErrorCode::invalidArgument);
    QCOMPARE(complaint(fixture.install({"sound"})), std::string("invalid-argument: model tiny has no part sound"));
    QVERIFY(fixture.server().requests().empty());
}

QTEST_GUILESS_MAIN(TestInstallTrust)
#include "tst_install_trust.moc"
