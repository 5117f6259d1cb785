// The model manager of the program itself, against a server on this machine: what it prints, how it ends, and that a
// kill at any moment costs little.
#include <QtTest>

#include <QRandomGenerator>

#include <csignal>

#include "cli_program.h"
#include "tests/support/published_model.h"

using namespace lipar::test;
using lipar::cli::test::CliProgram;
using lipar::cli::test::Outcome;

#define VERIFY_CODE(outcome, expected) QVERIFY2((outcome).code == (expected), (outcome).report().constData())

namespace {

constexpr std::size_t kMegabyte = 1'000'000;

}  // namespace

class TestCliModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aWholeLife();
    void importsAndSays();
    void endsWithTheRightCode();
    void aTokenIsSeenNowhere();
    void anInterruptIsAPause();
    void twoAtOnce();
    void aReadOnlyFolder();
    void killedAtAnyMoment();

private:
    [[nodiscard]] QString model(const QString& file) const { return m_lipar->path("models/tiny/" + file); }
    [[nodiscard]] std::string bytesOf(const QString& file) const {
        return m_lipar->read("models/tiny/" + file).toStdString();
    }
    void publish(std::size_t transformerBytes);
    void fallSilentAfter(std::size_t bytes);
    void setHandler(HttpsServer::Handler handler) { m_server->setHandler(std::move(handler)); }

    Certificate m_certificate = makeCertificate();
    std::unique_ptr<CliProgram> m_lipar;
    std::unique_ptr<PublishedModel> m_published;
    std::unique_ptr<HttpsServer> m_server;
};

void TestCliModels::publish(std::size_t transformerBytes) {
    m_published = std::make_unique<PublishedModel>(transformerBytes);
    m_server = std::make_unique<HttpsServer>(
        m_certificate, [this](const ServerRequest& request) { return m_published->answer(request); });
    m_lipar->write("catalogue.json", QByteArray::fromStdString(m_published->catalogue(m_server->url())));
}

void TestCliModels::init() {
    m_server.reset();
    m_lipar = std::make_unique<CliProgram>();
    QVERIFY(m_lipar->isValid());
    m_lipar->write("ca.pem", QByteArray::fromStdString(m_certificate.certificate));
    m_lipar->setVariable("LIPAR_MODELS", m_lipar->path("models"));
    m_lipar->setVariable("LIPAR_MODEL_CATALOGUE", m_lipar->path("catalogue.json"));
    m_lipar->setVariable("LIPAR_CA_FILE", m_lipar->path("ca.pem"));
    m_lipar->setVariable("XDG_CONFIG_HOME", m_lipar->path("config"));
    m_lipar->setVariable("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");  // no keyring
    for (const char* name : {"https_proxy", "all_proxy", "no_proxy"})
        m_lipar->setVariable(name, "");
    publish(3 * kMegabyte);
}

void TestCliModels::aWholeLife() {
    Outcome outcome = m_lipar->run({"models", "list", "--json"});
    VERIFY_CODE(outcome, 0);
    const auto find = [](const QJsonArray& array, const QString& name) {
        for (const auto& value : array)
            if (value.toObject()["name"].toString() == name)
                return value.toObject();
        return QJsonObject();
    };
    QJsonObject entry = find(outcome.json()["catalogue"].toArray(), "tiny");
    QCOMPARE(entry["state"].toString(), QString("not-installed"));
    QCOMPARE(entry["license"].toString(), QString("Apache-2.0"));
    QVERIFY(!entry["fit"].toObject()["words"].toString().isEmpty());
    QCOMPARE(outcome.json()["folder"].toString(), m_lipar->path("models"));
    // The model that comes with the program is found beside the user's folder.
    QCOMPARE(outcome.json()["models"].toArray().size(), 1);

    outcome = m_lipar->run({"models", "show", "tiny", "--json"});
    VERIFY_CODE(outcome, 0);
    QCOMPARE(outcome.json()["entry"].toObject()["files"].toArray().size(), 4);

    outcome = m_lipar->run({"models", "install", "tiny", "--dry-run", "--json"});
    VERIFY_CODE(outcome, 0);
    QCOMPARE(outcome.json()["received_bytes"].toInteger(), qint64(m_published->requiredBytes()));
    QVERIFY(m_server->requests().empty());

    outcome = m_lipar->run({"models", "install", "tiny", "--json", "--progress", "json"});
    VERIFY_CODE(outcome, 0);
    QCOMPARE(outcome.json()["received_bytes"].toInteger(), qint64(m_published->requiredBytes()));
    QCOMPARE(outcome.json()["entry"].toObject()["state"].toString(), QString("installed"));
    QVERIFY(outcome.messages.contains("\"phase\":\"receiving\""));
    QCOMPARE(bytesOf("dit.safetensors"), m_published->files.at(PublishedModel::transformer));

    outcome = m_lipar->run({"models", "install", "tiny", "--part", "full-vae"});
    VERIFY_CODE(outcome, 0);
    QVERIFY(outcome.output.startsWith("installed tiny"));
    QCOMPARE(bytesOf("vae.safetensors"), m_published->files.at(PublishedModel::autoencoder));

    outcome = m_lipar->run({"models", "verify", "tiny", "--json"});
    VERIFY_CODE(outcome, 0);
    QCOMPARE(outcome.json()["tensors"].toInt(), 3);
    QCOMPARE(outcome.json()["files"].toArray().size(), 4);

    QByteArray damaged = m_lipar->read("models/tiny/text.safetensors");
    damaged[5000] = char(damaged[5000] ^ 1);
    m_lipar->write("models/tiny/text.safetensors", damaged);
    outcome = m_lipar->run({"models", "verify", "tiny", "--json"});
    VERIFY_CODE(outcome, 4);
    QCOMPARE(outcome.json()["error"].toObject()["code"].toString(), QString("model-damaged"));
    QVERIFY(outcome.messages.contains("models repair"));
    VERIFY_CODE(m_lipar->run({"models", "list"}), 0);

    outcome = m_lipar->run({"models", "repair", "tiny", "--json"});
    VERIFY_CODE(outcome, 0);
    QCOMPARE(outcome.json()["repaired"].toArray(), QJsonArray{"text.safetensors"});
    VERIFY_CODE(m_lipar->run({"models", "verify", "tiny"}), 0);

    outcome = m_lipar->run({"models", "remove", "tiny", "--json"});
    VERIFY_CODE(outcome, 0);
    QVERIFY(outcome.json()["freed_bytes"].toInteger() > qint64(m_published->requiredBytes()));
    QVERIFY(!QFile::exists(m_lipar->path("models/tiny")));
    outcome = m_lipar->run({"models", "install", "tiny", "-q"});
    VERIFY_CODE(outcome, 0);
    QCOMPARE(outcome.output + outcome.messages, QByteArray());
    VERIFY_CODE(m_lipar->run({"models", "remove", "tiny"}), 0);
    VERIFY_CODE(m_lipar->run({"models", "remove", "tiny"}), 4);
    VERIFY_CODE(m_lipar->run({"models", "remove", "lipar-mini"}), 2);
}

void TestCliModels::importsAndSays() {
    QDir().mkpath(m_lipar->path("downloads"));
    m_lipar->write("downloads/some.safetensors",
                   QByteArray::fromStdString(m_published->files.at(PublishedModel::transformer)));
    Outcome outcome = m_lipar->run({"models", "import", "downloads", "--json"});
    VERIFY_CODE(outcome, 0);
    const QJsonObject file = outcome.json()["files"].toArray()[0].toObject();
    QCOMPARE(file["name"].toString(), QString("dit.safetensors"));
    QCOMPARE(file["recognised_by"].toString(), QString("tensors"));
    QCOMPARE(outcome.json()["entries"].toArray()[0].toObject()["state"].toString(), QString("partial"));
    outcome = m_lipar->run({"models", "install", "tiny", "--json"});
    VERIFY_CODE(outcome, 0);
    QVERIFY(outcome.json()["received_bytes"].toInteger() < qint64(kMegabyte));  // the large one was there
    VERIFY_CODE(m_lipar->run({"models", "import", "nowhere"}), 3);
    QDir().mkpath(m_lipar->path("empty"));
    VERIFY_CODE(m_lipar->run({"models", "import", "empty"}), 3);
    VERIFY_CODE(m_lipar->run({"models", "import", "downloads", "--mode", "steal"}), 2);
}

void TestCliModels::endsWithTheRightCode() {
    VERIFY_CODE(m_lipar->run({"models", "install", "nobody"}), 2);
    VERIFY_CODE(m_lipar->run({"models", "install"}), 2);
    VERIFY_CODE(m_lipar->run({"models", "install", "tiny", "--part", "sound"}), 2);
    VERIFY_CODE(m_lipar->run({"models", "install", "tiny", "--mirror", "http://localhost"}), 2);
    VERIFY_CODE(m_lipar->run({"models", "verify", "tiny"}), 4);
    const auto answer = [this](int status) {
        setHandler([status](const ServerRequest&) { return ServerAnswer{.status = status, .body = "no"}; });
        return m_lipar->run({"models", "install", "tiny", "--json", "--retries", "1", "--retry-wait", "0"});
    };
    Outcome outcome = answer(404);
    VERIFY_CODE(outcome, 1);
    QCOMPARE(outcome.json()["error"].toObject()["code"].toString(), QString("network-failed"));
    QCOMPARE(outcome.errorLines(), 1);
    VERIFY_CODE(answer(503), 1);
    outcome = answer(401);
    VERIFY_CODE(outcome, 4);
    QCOMPARE(outcome.json()["error"].toObject()["code"].toString(), QString("access-denied"));
    // Room is looked at before anything is fetched.
    m_server->forgetRequests();
    std::string catalogue = m_published->catalogue(m_server->url());
    catalogue.replace(catalogue.find("\"bytes\":"), 8, "\"bytes\":9000000");
    m_lipar->write("catalogue.json", QByteArray::fromStdString(catalogue));
    outcome = m_lipar->run({"models", "install", "tiny"});
    VERIFY_CODE(outcome, 5);
    QVERIFY(m_server->requests().empty());
    m_lipar->write("catalogue.json", "{}");
    VERIFY_CODE(m_lipar->run({"models", "list"}), 4);
}

void TestCliModels::aTokenIsSeenNowhere() {
    QByteArray seen;
    setHandler([&](const ServerRequest& request) -> ServerAnswer {
        // What anybody on this machine can read of the program, while it works.
        for (const QString& process : QDir("/proc").entryList(QDir::Dirs))
            if (QFileInfo("/proc/" + process + "/exe").symLinkTarget() == LIPAR_PROGRAM)
                if (QFile file("/proc/" + process + "/cmdline"); file.open(QIODevice::ReadOnly))
                    seen += file.readAll();
        if (request.header("authorization") != "Bearer hf_secret_token")
            return {.status = 401, .body = "who are you"};
        return m_published->answer(request);
    });
    const Outcome outcome =
        m_lipar->runShell("echo hf_secret_token | \"$LIPAR\" models install tiny --token -v -v --progress json --json");
    VERIFY_CODE(outcome, 0);
    QVERIFY(seen.contains("install"));
    for (const QByteArray& said : {seen, outcome.output, outcome.messages})
        QVERIFY(!said.contains("hf_secret"));
    QCOMPARE(
        QFile::permissions(m_lipar->path("config/lipar-studio/tokens.json")) & (QFile::ReadGroup | QFile::ReadOther),
        QFile::Permissions());
    // Kept: it need not be given again. From the environment it is not kept.
    VERIFY_CODE(m_lipar->run({"models", "remove", "tiny"}), 0);
    VERIFY_CODE(m_lipar->run({"models", "install", "tiny"}), 0);
    VERIFY_CODE(m_lipar->run({"models", "remove", "tiny"}), 0);
    QVERIFY(QFile::remove(m_lipar->path("config/lipar-studio/tokens.json")));
    m_lipar->setVariable("LIPAR_MODEL_TOKEN", "hf_secret_token");
    VERIFY_CODE(m_lipar->run({"models", "install", "tiny"}), 0);
    QVERIFY(!QFile::exists(m_lipar->path("config/lipar-studio/tokens.json")));
    VERIFY_CODE(m_lipar->runShell("\"$LIPAR\" models install tiny --token < /dev/null"), 2);
}

// The server falls silent in the middle of the file.
void TestCliModels::fallSilentAfter(std::size_t bytes) {
    setHandler([this, bytes](const ServerRequest& request) {
        ServerAnswer answer = m_published->answer(request);
        answer.sent = bytes;
        answer.stalls = true;
        return answer;
    });
}

void TestCliModels::anInterruptIsAPause() {
    constexpr qint64 kSent = kMegabyte;
    fallSilentAfter(kSent);
    const Outcome outcome = m_lipar->runUntil(
        {"models", "install", "tiny", "--stall-seconds", "600", "--json"},
        [](const QByteArray& said) { return said.contains("receiving"); },
        [&](pid_t process) {
            while (QFileInfo(model("dit.safetensors.part")).size() < kSent)
                QTest::qSleep(10);
            ::kill(process, SIGINT);
        });
    VERIFY_CODE(outcome, 130);
    QCOMPARE(QFileInfo(model("dit.safetensors.part")).size(), kSent);
    setHandler([this](const ServerRequest& request) { return m_published->answer(request); });
    m_server->forgetRequests();
    const Outcome again = m_lipar->run({"models", "install", "tiny", "--json"});
    VERIFY_CODE(again, 0);
    QCOMPARE(again.json()["resumed_bytes"].toInteger(), kSent);
    QVERIFY(m_server->requests()[0].header("range").starts_with("bytes=1000000-"));
    QCOMPARE(bytesOf("dit.safetensors"), m_published->files.at(PublishedModel::transformer));
}

void TestCliModels::twoAtOnce() {
    fallSilentAfter(kMegabyte);
    Outcome second, removal;
    const Outcome first = m_lipar->runUntil(
        {"models", "install", "tiny", "--stall-seconds", "600"},
        [](const QByteArray& said) { return said.contains("receiving"); },
        [&](pid_t process) {
            second = m_lipar->run({"models", "install", "tiny", "--json"});
            removal = m_lipar->run({"models", "remove", "tiny"});
            ::kill(process, SIGINT);
        });
    VERIFY_CODE(first, 130);
    VERIFY_CODE(second, 1);
    QCOMPARE(second.json()["error"].toObject()["code"].toString(), QString("in-use"));
    VERIFY_CODE(removal, 1);
    setHandler([this](const ServerRequest& request) { return m_published->answer(request); });
    VERIFY_CODE(m_lipar->run({"models", "install", "tiny", "--limit-rate", "2"}), 0);
    QCOMPARE(bytesOf("dit.safetensors"), m_published->files.at(PublishedModel::transformer));
}

void TestCliModels::aReadOnlyFolder() {
    if (!m_lipar->obeyPermissions())
        QSKIP("permissions of files do not bind this user");
    QDir().mkpath(m_lipar->path("models"));
    QFile::setPermissions(m_lipar->path("models"), QFile::ReadOwner | QFile::ExeOwner);
    const Outcome outcome = m_lipar->run({"models", "install", "tiny", "--json"});
    QFile::setPermissions(m_lipar->path("models"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    VERIFY_CODE(outcome, 1);
    QCOMPARE(outcome.json()["error"].toObject()["code"].toString(), QString("output-failed"));
    QVERIFY(m_server->requests().empty());
}

void TestCliModels::killedAtAnyMoment() {
    constexpr int kKills = 20;
    constexpr std::size_t kRate = 30 * kMegabyte;
    publish(100 * kMegabyte);
    setHandler([this](const ServerRequest& request) {
        ServerAnswer answer = m_published->answer(request);
        answer.bytesPerSecond = kRate;
        return answer;
    });
    QRandomGenerator random(20);
    qint64 worst = 0, furthest = 0;
    int kills = 0, kept = 0;
    while (kills < kKills) {
        QProcess process;
        m_lipar->prepare(process);
        process.setReadChannel(QProcess::StandardError);
        m_server->forgetRequests();
        process.start(LIPAR_PROGRAM, {"models", "install", "tiny", "--progress", "json"});
        QVERIFY(process.waitForStarted(-1));
        // One in four while it starts, connects or reads again what is there; the others while it receives.
        const bool early = random.bounded(4) == 0;
        QByteArray said;
        while (!early && !said.contains("\"phase\":\"receiving\"") && process.state() == QProcess::Running &&
               process.waitForReadyRead(-1))
            said += process.readAllStandardError();
        QTest::qSleep(random.bounded(early ? 800 : 300));
        process.kill();
        process.waitForFinished(-1);
        if (process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0) {  // it was quicker
            QCOMPARE(bytesOf("dit.safetensors"), m_published->files.at(PublishedModel::transformer));
            VERIFY_CODE(m_lipar->run({"models", "remove", "tiny"}), 0);
            furthest = 0;
            continue;
        }
        QVERIFY2(process.exitStatus() == QProcess::CrashExit, process.readAllStandardError().constData());
        ++kills;
        QVERIFY(!QFile::exists(model("model.json")));
        // Where this run took it up, against all that had been on the disk before.
        for (const ServerRequest& request : m_server->requests()) {
            if (request.path != PublishedModel::transformer)
                continue;
            const std::string range = request.header("range");
            const qint64 start = range.empty() ? 0 : std::stoll(range.substr(6));
            worst = std::max(worst, furthest - start);
            kept += start > 0 ? 1 : 0;
        }
        furthest = std::max(furthest, QFileInfo(model("dit.safetensors.part")).size());
    }
    m_server->forgetRequests();
    const Outcome outcome = m_lipar->run({"models", "install", "tiny", "--json"});
    VERIFY_CODE(outcome, 0);
    for (const ServerRequest& request : m_server->requests())
        if (request.path == PublishedModel::transformer &&
            furthest < qint64(m_published->files.at(request.path).size()))
            worst = std::max(
                worst,
                furthest - (request.header("range").empty() ? 0 : std::stoll(request.header("range").substr(6))));
    QCOMPARE(bytesOf("dit.safetensors"), m_published->files.at(PublishedModel::transformer));
    QCOMPARE(QDir(m_lipar->path("models/tiny")).entryList(QDir::Files, QDir::Name),
             (QStringList{"dit.safetensors", "model.json", "spiece.model", "text.safetensors"}));
    VERIFY_CODE(m_lipar->run({"models", "verify", "tiny"}), 0);
    qInfo("%d kills, %d times taken up; the worst cost %lld bytes", kills, kept, worst);
    QVERIFY2(worst < 4'000'000, qPrintable(QString::number(worst)));
    QVERIFY(kept > 0);
}

QTEST_GUILESS_MAIN(TestCliModels)
#include "tst_cli_models.moc"
