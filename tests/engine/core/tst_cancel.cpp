#include <QtTest>

#include <thread>

#include "engine/core/cancel.h"

using namespace lipar;

class TestCancel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDefaultTokenNeverCancels() {
        const CancelToken token;
        QVERIFY(!token.isCancelled());
        QVERIFY(token.check());
    }

    void copiesSeeTheSameSource() {
        CancelSource source;
        const CancelToken first = source.token();
        const CancelToken second = first;
        QVERIFY(first.check());
        source.cancel();
        QVERIFY(first.isCancelled());
        QVERIFY(second.isCancelled());
        QVERIFY(source.token().isCancelled());
        const auto checked = second.check();
        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::cancelled);
    }

    void sourcesAreIndependent() {
        CancelSource one;
        CancelSource other;
        one.cancel();
        QVERIFY(!other.token().isCancelled());
    }

    void tokensOutliveTheirSource() {
        CancelToken token;
        {
            CancelSource source;
            token = source.token();
            source.cancel();
        }
        QVERIFY(token.isCancelled());
    }

    void reachesAnotherThread() {
        CancelSource source;
        bool seen = false;
        std::thread worker([&, token = source.token()] {
            while (!token.isCancelled())
                std::this_thread::yield();
            seen = true;
        });
        source.cancel();
        worker.join();
        QVERIFY(seen);
    }
};

QTEST_GUILESS_MAIN(TestCancel)
#include "tst_cancel.moc"
