// What every failure must look like: its exit code, one line that says why, nothing printed, nothing left behind.
#pragma once

#include <QTest>

#include "cli_program.h"

namespace lipar::cli::test {

// Empty when all is as it must be.
inline QByteArray complaintAbout(const CliProgram& lipar, const QStringList& arguments, int code) {
    const QStringList before = lipar.entries();
    const Outcome outcome = lipar.run(arguments + QStringList{"--progress", "none"});
    const bool oneLine =
        outcome.messages.count('\n') == 1 && outcome.errorLines() == 1 && outcome.messages.count(": ") >= 2;
    if (outcome.code == code && oneLine && outcome.output.isEmpty() && lipar.entries() == before)
        return {};
    return "expected code " + QByteArray::number(code) + ", " + outcome.report() +
           lipar.entries().join(' ').toLocal8Bit();
}

// The rows of a table of failures, each a command line; EXPECT_FAILURE_OF_ROW is their test.
class FailureTable {
public:
    FailureTable() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
    }
    void operator()(const char* row, int code, const QStringList& arguments) const {
        QTest::newRow(row) << arguments << code;
    }
};

}  // namespace lipar::cli::test

#define EXPECT_FAILURE(program, arguments, code)                                                       \
    do {                                                                                               \
        const QByteArray complaint = lipar::cli::test::complaintAbout((program), (arguments), (code)); \
        QVERIFY2(complaint.isEmpty(), complaint.constData());                                          \
    } while (false)

#define EXPECT_FAILURE_OF_ROW(program)              \
    do {                                            \
        QFETCH(const QStringList, arguments);       \
        QFETCH(const int, code);                    \
        EXPECT_FAILURE((program), arguments, code); \
    } while (false)
