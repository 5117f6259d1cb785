#include <QtTest>

#include <string>

#include "engine/core/result.h"

using namespace lipar;

namespace {

Result<int> half(int value) {
    if (value % 2 != 0)
        return fail(ErrorCode::invalidArgument, "cannot halve " + std::to_string(value) + ": it is odd", "give an even number");
    return value / 2;
}

Result<std::string> quarter(int value) {
    LIPAR_ASSIGN(const int once, half(value));
    LIPAR_ASSIGN(const int twice, half(once));
    return std::to_string(twice);
}

Result<> checkEven(int value) {
    LIPAR_TRY(half(value));
    return {};
}

}  // namespace

class TestResult : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The table of the command line's contract; names and numbers stay as they are.
    void exitCodesAndNames_data() {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("exitCode");
        const auto row = [](const char* name, ErrorCode code, int exitCode) { QTest::newRow(name) << int(code) << exitCode; };
        row("invalid-argument", ErrorCode::invalidArgument, 2);
        row("input-missing", ErrorCode::inputMissing, 3);
        row("input-damaged", ErrorCode::inputDamaged, 3);
        row("input-unsupported", ErrorCode::inputUnsupported, 3);
        row("model-missing", ErrorCode::modelMissing, 4);
        row("model-damaged", ErrorCode::modelDamaged, 4);
        row("device-unavailable", ErrorCode::deviceUnavailable, 5);
        row("out-of-memory", ErrorCode::outOfMemory, 5);
        row("disk-full", ErrorCode::diskFull, 5);
        row("output-failed", ErrorCode::outputFailed, 1);
        row("decode-failed", ErrorCode::decodeFailed, 1);
        row("network-failed", ErrorCode::networkFailed, 1);
        row("access-denied", ErrorCode::accessDenied, 4);
        row("in-use", ErrorCode::inUse, 1);
        row("cancelled", ErrorCode::cancelled, 130);
        row("internal", ErrorCode::internal, 1);
    }
    void exitCodesAndNames() {
        QFETCH(int, code);
        QFETCH(int, exitCode);
        const Error error{ErrorCode(code), "it failed", {}};
        QCOMPARE(error.exitCode(), exitCode);
        QCOMPARE(std::string(error.codeName()), std::string(QTest::currentDataTag()));
    }

    void sentenceJoinsMessageAndHint() {
        QCOMPARE((Error{ErrorCode::internal, "it failed: so it is", "try again"}).sentence(), std::string("it failed: so it is; try again"));
        QCOMPARE((Error{ErrorCode::internal, "it failed: so it is", {}}).sentence(), std::string("it failed: so it is"));
    }

    void macrosPassErrorsOn() {
        QCOMPARE(quarter(12).value(), std::string("3"));
        QVERIFY(checkEven(4));
        for (const auto& error : {quarter(6).error(), quarter(3).error(), checkEven(3).error()}) {
            QCOMPARE(error.code, ErrorCode::invalidArgument);
            QCOMPARE(error.sentence(), std::string("cannot halve 3: it is odd; give an even number"));
        }
    }
};

QTEST_GUILESS_MAIN(TestResult)
#include "tst_result.moc"
