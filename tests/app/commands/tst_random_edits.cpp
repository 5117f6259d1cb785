// 10,000 random edits over 100 seeds: the project is sound after each, undo of all gives the start and redo of all the end,
// to the byte.
#include <QtTest>

#include "app/commands/history.h"
#include "app/project/project_file.h"
#include "random_commands.h"

using namespace lipar;
using namespace lipar::commands;

namespace {

constexpr unsigned kSeeds = 100;
constexpr int kEditsPerSeed = 100;

}  // namespace

class TestRandomEdits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void editsUndoAndRedo();
    void wanderingThroughHistory();

private:
    static Result<Touched> oneEdit(History& history, test::RandomCommands& random);
};

Result<Touched> TestRandomEdits::oneEdit(History& history, test::RandomCommands& random) {
    const Command command = random.next(history.project());
    switch (random.number(6)) {
        case 0: return history.perform(command, "drag");  // merges with the one before
        case 1: return history.performAll({command, random.next(history.project())}, "Two at once");
        case 2: history.endMerge(); [[fallthrough]];
        default: return history.perform(command);
    }
}

void TestRandomEdits::editsUndoAndRedo() {
    int refused = 0;
    for (unsigned seed = 0; seed < kSeeds; ++seed) {
        test::RandomCommands random(seed);
        History history;
        const std::string start = project::toJson(history.project());
        for (int i = 0; i < kEditsPerSeed; ++i) {
            const project::Project before = history.project();
            const std::uint64_t revision = history.revision();
            const auto touched = oneEdit(history, random);
            const QByteArray place = QByteArray("seed ") + QByteArray::number(seed) + ", edit " + QByteArray::number(i) + ": ";
            const auto sound = project::checkInvariants(history.project());
            QVERIFY2(sound, (place + (sound ? "" : sound.error().message.c_str())).constData());
            if (!touched) {
                ++refused;
                QVERIFY2(touched.error().code == ErrorCode::invalidArgument, (place + touched.error().message.c_str()).constData());
                QVERIFY2(project::toJson(history.project()) == project::toJson(before), place.constData());
                QCOMPARE(history.revision(), revision);
            }
        }
        const std::string end = project::toJson(history.project());
        while (history.canUndo()) {
            QVERIFY(!history.undoName().empty());
            history.undo();
            const auto sound = project::checkInvariants(history.project());
            QVERIFY2(sound, sound ? "" : sound.error().message.c_str());
        }
        QCOMPARE(project::toJson(history.project()), start);
        while (history.canRedo()) {
            history.redo();
            const auto sound = project::checkInvariants(history.project());
            QVERIFY2(sound, sound ? "" : sound.error().message.c_str());
        }
        QCOMPARE(project::toJson(history.project()), end);
    }
    qInfo("%u edits, of which %d could not be done", kSeeds * kEditsPerSeed, refused);
    QVERIFY(refused < int(kSeeds) * kEditsPerSeed / 2);
}

// Undo and redo among the edits; every state that is come back to is the one that was left.
void TestRandomEdits::wanderingThroughHistory() {
    for (unsigned seed = 1000; seed < 1020; ++seed) {
        test::RandomCommands random(seed);
        History history;
        std::vector<std::string> states{project::toJson(history.project())};
        std::size_t at = 0;
        for (int i = 0; i < 150; ++i) {
            const int choice = random.number(4);
            if (choice == 0 && history.canUndo()) {
                history.undo();
                QVERIFY(at > 0);
                QCOMPARE(project::toJson(history.project()), states[--at]);
            } else if (choice == 1 && history.canRedo()) {
                history.redo();
                QCOMPARE(project::toJson(history.project()), states[++at]);
            } else {
                const std::uint64_t revision = history.revision();
                if (!history.perform(random.next(history.project())) || history.revision() == revision)
                    continue;
                states.resize(++at);
                states.push_back(project::toJson(history.project()));
            }
            QCOMPARE(history.canUndo(), at > 0);
            QCOMPARE(history.canRedo(), at + 1 < states.size());
        }
    }
}

QTEST_GUILESS_MAIN(TestRandomEdits)
#include "tst_random_edits.moc"
