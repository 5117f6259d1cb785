// Fetching a model over HTTPS from a server that does everything a network does: what is there afterwards is what was
// published, or nothing, and the error says why.
#include <QtTest>

#include "engine/model_store/partial_file.h"
#include "store_fixture.h"

using namespace lipar;
using namespace lipar::model_store;
using namespace lipar::model_store::test;

class TestInstall : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void installsWhatIsPublished();
    void fetchesOptionalPartsWhenAsked();
    void saysHowItGoes();
    void aSecondInstallFetchesNothing();
    void goesOnAfterADrop();
    void goesOnAfterAStall();
    void givesUpWhenNothingMoves();
    void aPauseKeepsWhatWasReceived();
    void damagedPartsBeginAnew();
    void anotherServersTagDoesNotMatter();
    void aChangedFileBeginsAnew();
    void aRangeOfAnotherVersionIsNotTaken();
    void aServerWithoutRanges();
    void aPartThatIsWholeAlready();
    void aPartLongerThanTheFile();
    void wrongBytesNeverAppear();
    void liesAboutTheLength_data();
    void liesAboutTheLength();
    void aServerThatSaysNothingOfTheFile();
    void aPageInPlaceOfAFile();
    void aMissingFile();
    void busyServersAreAskedAgain();
    void brokenServersAreNot();
};

void TestInstall::installsWhatIsPublished() {
    StoreFixture fixture;
    QCOMPARE(fixture.store().entry("tiny")->state, ModelState::notInstalled);
    const auto result = fixture.install();
    VERIFY_INSTALLED(fixture, result);
    QCOMPARE(result->receivedBytes, fixture.published.requiredBytes());
    QCOMPARE(result->resumedBytes, 0u);
    QCOMPARE(fixture.files(), (QStringList{"dit.safetensors", "model.json", "spiece.model", "text.safetensors"}));
    const ModelEntry entry = *fixture.store().entry("tiny");
    for (const ModelFileEntry& file : entry.files)
        if (!file.optional)
            QCOMPARE(file.sha256, fixture.published.digest("/maker/tiny/resolve/main/" + file.name));
}

void TestInstall::fetchesOptionalPartsWhenAsked() {
    StoreFixture fixture;
    VERIFY_INSTALLED(fixture, fixture.install({"full-vae"}));
    QCOMPARE(readFile(fixture.model("vae.safetensors")), fixture.published.files.at(PublishedModel::autoencoder));
}

void TestInstall::saysHowItGoes() {
    StoreFixture fixture;
    fixture.server().setHandler(always(fixture, [](ServerAnswer& answer) { answer.bytesPerSecond = 4 * kMegabyte; }));
    VERIFY_INSTALLED(fixture, fixture.install());
    bool sawRate = false;
    std::uint64_t last = 0;
    for (const TransferState& state : fixture.states) {
        QCOMPARE(state.model, std::string("tiny"));
        QVERIFY(state.done >= last && state.done <= state.total);
        last = state.done;
        sawRate = sawRate || (state.bytesPerSecond > 0 && state.secondsLeft >= 0);
    }
    QVERIFY(sawRate);
    QCOMPARE(last, fixture.published.requiredBytes());
    QCOMPARE(fixture.states.back().total, fixture.published.requiredBytes());
}

void TestInstall::aSecondInstallFetchesNothing() {
    StoreFixture fixture;
    VERIFY_INSTALLED(fixture, fixture.install());
    fixture.server().forgetRequests();
    const auto again = fixture.install();
    VERIFY_INSTALLED(fixture, again);
    QCOMPARE(again->receivedBytes, 0u);
    QVERIFY(fixture.server().requests().empty());
}

void TestInstall::goesOnAfterADrop() {
    StoreFixture fixture;
    fixture.server().setHandler(nth(fixture, 1, [](ServerAnswer& answer) { answer.sent = 3 * kMegabyte + 12'345; }));
    const auto result = fixture.install();
    VERIFY_INSTALLED(fixture, result);
    const auto requests = fixture.requestsFor(PublishedModel::transformer);
    QCOMPARE(requests.size(), 2u);
    QVERIFY(requests[0].header("range").empty());
    QVERIFY(requests[1].header("range").starts_with("bytes=3"));
    QCOMPARE(result->receivedBytes, fixture.published.requiredBytes());  // nothing came twice
}

void TestInstall::goesOnAfterAStall() {
    StoreFixture fixture;
    fixture.settings.stallSeconds = 1;
    fixture.server().setHandler(nth(fixture, 1, [](ServerAnswer& answer) {
        answer.sent = kMegabyte;
        answer.stalls = true;
    }));
    const auto result = fixture.install();
    VERIFY_INSTALLED(fixture, result);
    QCOMPARE(result->receivedBytes, fixture.published.requiredBytes());
    const bool saidWhy = std::ranges::any_of(fixture.states, [](const TransferState& state) {
        return state.phase == TransferPhase::waiting &&
               state.note.find("has sent nothing for 1 s") != std::string::npos;
    });
    QVERIFY(saidWhy);
}

void TestInstall::givesUpWhenNothingMoves() {
    StoreFixture fixture;
    fixture.settings.retries = 2;
    fixture.server().setHandler(always(fixture, [](ServerAnswer& answer) { answer.sent = 0; }));
    VERIFY_FAILED(fixture.install(), ErrorCode::networkFailed);
    QCOMPARE(fixture.requestsFor(PublishedModel::transformer).size(), 3u);
    QVERIFY(!fixture.isInstalled());
    // What moves a little each time gets to its end, however often it breaks.
    fixture.server().setHandler(always(fixture, [](ServerAnswer& answer) { answer.sent = kMegabyte / 2; }));
    VERIFY_INSTALLED(fixture, fixture.install());
}

void TestInstall::aPauseKeepsWhatWasReceived() {
    StoreFixture fixture;
    CancelSource pause;
    fixture.server().setHandler(always(fixture, [](ServerAnswer& answer) { answer.bytesPerSecond = 4 * kMegabyte; }));
    fixture.onState = [&](const TransferState& state) {
        if (state.phase == TransferPhase::receiving && state.fileDone > 2 * kMegabyte)
            pause.cancel();
    };
    QCOMPARE(complaint(fixture.install({}, pause.token())), std::string("cancelled: cancelled"));
    const ModelEntry entry = *fixture.store().entry("tiny");
    QCOMPARE(entry.state, ModelState::partial);
    QCOMPARE(entry.files[0].state, ModelFileState::partial);
    QVERIFY(entry.bytesPresent > 2 * kMegabyte);

    fixture.onState = {};
    const auto result = fixture.install();
    VERIFY_INSTALLED(fixture, result);
    QCOMPARE(result->resumedBytes, entry.bytesPresent);
    QCOMPARE(result->receivedBytes + result->resumedBytes, fixture.published.requiredBytes());
}

void TestInstall::damagedPartsBeginAnew() {
    StoreFixture fixture;
    fixture.settings.retries = 0;
    fixture.server().setHandler(always(fixture, [](ServerAnswer& answer) { answer.sent = 4 * kMegabyte; }));
    QVERIFY(!fixture.install());
    std::string part = readFile(fixture.model("dit.safetensors.part"));
    QCOMPARE(part.size(), 4 * kMegabyte);
    part[kMegabyte] = char(part[kMegabyte] + 1);
    writeFile(fixture.model("dit.safetensors.part"), part);
    fixture.server().setHandler([&](const ServerRequest& request) { return fixture.published.answer(request); });
    const auto result = fixture.install();
    VERIFY_INSTALLED(fixture, result);
    QCOMPARE(result->resumedBytes, 0u);
}

// The hub vouches for the bytes; which of its servers has them today does not matter.
void TestInstall::anotherServersTagDoesNotMatter() {
    StoreFixture fixture;
    fixture.server().setHandler(nth(fixture, 1, [](ServerAnswer& answer) {
        setHeader(answer, "ETag", "\"another\"");
        answer.sent = 2 * kMegabyte;
    }));
    const auto result = fixture.install();
    VERIFY_INSTALLED(fixture, result);
    QCOMPARE(result->receivedBytes, fixture.published.requiredBytes());
}

void TestInstall::aChangedFileBeginsAnew() {
    for (const bool announced : {true, false}) {
        StoreFixture fixture;
        fixture.settings.retries = 0;
        const auto withoutDigest = [&](ServerAnswer& answer) {
            if (!announced)
                setHeader(answer, "X-Linked-ETag", "");
        };
        fixture.server().setHandler(always(fixture, [&](ServerAnswer& answer) {
            withoutDigest(answer);
            answer.sent = 4 * kMegabyte;
        }));
        QVERIFY(!fixture.install());
        // The publisher has put another file there, as long as the first.
        fixture.published.files[PublishedModel::transformer] = lipar::test::safetensorsOf(5 * kMegabyte, 99);
        fixture.server().setHandler(always(fixture, withoutDigest));
        fixture.settings.retries = 3;
        const auto result = fixture.install();
        VERIFY_INSTALLED(fixture, result);
        QVERIFY(result->receivedBytes >= fixture.published.requiredBytes());
    }
}

// A server that does not look at If-Range.
void TestInstall::aRangeOfAnotherVersionIsNotTaken() {
    StoreFixture fixture;
    fixture.settings.retries = 0;
    const auto withoutDigest = [](ServerAnswer& answer) { setHeader(answer, "X-Linked-ETag", ""); };
    fixture.server().setHandler(always(fixture, [&](ServerAnswer& answer) {
        withoutDigest(answer);
        answer.sent = 4 * kMegabyte;
    }));
    QVERIFY(!fixture.install());
    fixture.published.files[PublishedModel::transformer] = lipar::test::safetensorsOf(5 * kMegabyte, 99);
    fixture.settings.retries = 3;
    fixture.server().setHandler([&](const ServerRequest& request) {
        ServerRequest unconditional = request;
        unconditional.headers.erase("if-range");
        ServerAnswer answer = fixture.published.answer(unconditional);
        withoutDigest(answer);
        return answer;
    });
    VERIFY_INSTALLED(fixture, fixture.install());
}

void TestInstall::aServerWithoutRanges() {
    StoreFixture fixture;
    fixture.settings.retries = 1;
    const auto whole = [&](const ServerRequest& request) {
        ServerRequest plain = request;
        plain.headers.erase("range");
        return fixture.published.answer(plain);
    };
    fixture.server().setHandler([&, count = std::make_shared<int>(0)](const ServerRequest& request) {
        ServerAnswer answer = whole(request);
        if (request.path == PublishedModel::transformer && ++*count == 1)
            answer.sent = 4 * kMegabyte;
        return answer;
    });
    VERIFY_INSTALLED(fixture, fixture.install());
    // One that always breaks at the same place makes no progress, and is not asked for ever.
    StoreFixture other;
    other.settings.retries = 2;
    other.server().setHandler([&](const ServerRequest& request) {
        ServerRequest plain = request;
        plain.headers.erase("range");
        ServerAnswer answer = other.published.answer(plain);
        answer.sent = std::min(answer.body.size(), 4 * kMegabyte);
        return answer;
    });
    VERIFY_FAILED(other.install(), ErrorCode::networkFailed);
    QVERIFY(other.requestsFor(PublishedModel::transformer).size() <= 4);
}

// The program ended between the last byte and the new name; one server vouches for the bytes, the other answers 416.
void TestInstall::aPartThatIsWholeAlready() {
    for (const bool announced : {true, false}) {
        StoreFixture fixture;
        const std::string& bytes = fixture.published.files.at(PublishedModel::transformer);
        const std::string digest = fixture.published.digest(PublishedModel::transformer);
        QDir().mkpath(QString::fromStdString(fixture.model().string()));
        {
            auto part = PartialFile::open(fixture.model("dit.safetensors"), [](std::uint64_t) {}, {});
            QVERIFY(part->expect({"maker/tiny/dit.safetensors", "\"" + digest.substr(0, 32) + "\"",
                                  announced ? digest : "", bytes.size()}));
            QVERIFY(part->append(bytes));
        }
        fixture.server().setHandler(always(fixture, [&](ServerAnswer& answer) {
            if (!announced)
                setHeader(answer, "X-Linked-ETag", "");
        }));
        const auto result = fixture.install();
        VERIFY_INSTALLED(fixture, result);
        QCOMPARE(result->resumedBytes, bytes.size());
    }
}

void TestInstall::aPartLongerThanTheFile() {
    StoreFixture fixture;
    fixture.settings.retries = 0;
    const auto withoutDigest = [](ServerAnswer& answer) {
        setHeader(answer, "X-Linked-ETag", "");
        setHeader(answer, "X-Linked-Size", "");
    };
    fixture.server().setHandler(always(fixture, [&](ServerAnswer& answer) {
        withoutDigest(answer);
        answer.sent = 4 * kMegabyte;
    }));
    QVERIFY(!fixture.install());
    fixture.published.files[PublishedModel::transformer] = lipar::test::safetensorsOf(2 * kMegabyte, 99);
    fixture.settings.retries = 2;
    fixture.server().setHandler([&](const ServerRequest& request) {
        ServerRequest unconditional = request;
        unconditional.headers.erase("if-range");
        ServerAnswer answer = fixture.published.answer(unconditional);
        withoutDigest(answer);
        return answer;
    });
    VERIFY_INSTALLED(fixture, fixture.install());
}

void TestInstall::wrongBytesNeverAppear() {
    StoreFixture fixture;
    fixture.server().setHandler(
        always(fixture, [](ServerAnswer& answer) { answer.body[100'000] = char(answer.body[100'000] ^ 1); }));
    VERIFY_FAILED(fixture.install(), ErrorCode::modelDamaged);
    QVERIFY(!fixture.files().contains("dit.safetensors"));
    QVERIFY(!fixture.files().contains("dit.safetensors.part"));
    QVERIFY(!fixture.files().contains("model.json"));
    fixture.server().setHandler([&](const ServerRequest& request) { return fixture.published.answer(request); });
    VERIFY_INSTALLED(fixture, fixture.install());
}

void TestInstall::liesAboutTheLength_data() {
    QTest::addColumn<int>("announced");  // more than there are
    QTest::newRow("longer") << 1000;
    QTest::newRow("shorter") << -1000;
}

void TestInstall::liesAboutTheLength() {
    QFETCH(const int, announced);
    StoreFixture fixture;
    const auto wrong =
        std::to_string(fixture.published.files.at(PublishedModel::transformer).size() + std::size_t(announced));
    // In what the hub announces ...
    fixture.server().setHandler(
        always(fixture, [&](ServerAnswer& answer) { setHeader(answer, "X-Linked-Size", wrong); }));
    VERIFY_FAILED(fixture.install(), ErrorCode::modelDamaged);
    QVERIFY(!fixture.files().contains("dit.safetensors"));
    // ... and in what the server says of its answer.
    fixture.server().setHandler(always(fixture, [&](ServerAnswer& answer) {
        setHeader(answer, "X-Linked-Size", "");
        setHeader(answer, "X-Linked-ETag", "");
        setHeader(answer, "Content-Length", wrong);
        answer.saysLength = false;
    }));
    fixture.settings.retries = 1;
    QVERIFY(!fixture.install());
    QVERIFY(!fixture.files().contains("dit.safetensors"));
    QVERIFY(!fixture.files().contains("model.json"));
}

void TestInstall::aServerThatSaysNothingOfTheFile() {
    StoreFixture fixture;
    const auto silent = [](ServerAnswer& answer) {
        setHeader(answer, "X-Linked-ETag", "");
        setHeader(answer, "X-Linked-Size", "");
        answer.saysLength = false;
    };
    fixture.server().setHandler(always(fixture, silent));
    VERIFY_FAILED(fixture.install(), ErrorCode::networkFailed);
    // With a digest the length may be missing.
    fixture.server().setHandler(always(fixture, [](ServerAnswer& answer) {
        setHeader(answer, "X-Linked-Size", "");
        answer.saysLength = false;
    }));
    VERIFY_INSTALLED(fixture, fixture.install());
}

void TestInstall::aPageInPlaceOfAFile() {
    StoreFixture fixture;
    fixture.server().setHandler(
        [](const ServerRequest&) { return ServerAnswer{.body = "<html>please sign in</html>"}; });
    VERIFY_FAILED(fixture.install(), ErrorCode::modelDamaged);
    QVERIFY(fixture.files().isEmpty());
}

void TestInstall::aMissingFile() {
    StoreFixture fixture;
    fixture.server().setHandler(always(fixture, [](ServerAnswer& answer) { answer = {.status = 404, .body = "no"}; }));
    const auto result = fixture.install();
    VERIFY_FAILED(result, ErrorCode::networkFailed);
    QVERIFY(result.error().message.find("404") != std::string::npos);
    QCOMPARE(fixture.server().requests().size(), 1u);  // asking again would not help
    QVERIFY(fixture.files().isEmpty());
}

void TestInstall::busyServersAreAskedAgain() {
    for (const int status : {500, 502, 503, 429, 408}) {
        StoreFixture fixture;
        fixture.server().setHandler(nth(fixture, 1, [status](ServerAnswer& answer) {
            answer = {.status = status, .headers = {{"Retry-After", "0"}}, .body = "later"};
        }));
        VERIFY_INSTALLED(fixture, fixture.install());
        QCOMPARE(fixture.requestsFor(PublishedModel::transformer).size(), 2u);
    }
}

void TestInstall::brokenServersAreNot() {
    StoreFixture fixture;
    fixture.settings.retries = 2;
    fixture.server().setHandler(
        always(fixture, [](ServerAnswer& answer) { answer = {.status = 503, .body = "never"}; }));
    const auto result = fixture.install();
    VERIFY_FAILED(result, ErrorCode::networkFailed);
    QVERIFY(result.error().message.find("503") != std::string::npos);
    QCOMPARE(fixture.requestsFor(PublishedModel::transformer).size(), 3u);
}

QTEST_GUILESS_MAIN(TestInstall)
#include "tst_install.moc"
