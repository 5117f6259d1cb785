#include <QtTest>

#include <atomic>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include "engine/core/bounded_queue.h"

using namespace lipar;

class TestBoundedQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsTheOrder() {
        BoundedQueue<int> queue(3);
        for (int i = 0; i < 3; ++i)
            QVERIFY(queue.push(i));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(queue.pop(), std::optional<int>(i));
    }

    void carriesWhatCannotBeCopied() {
        BoundedQueue<std::unique_ptr<int>> queue(1);
        QVERIFY(queue.push(std::make_unique<int>(5)));
        QCOMPARE(**queue.pop(), 5);
    }

    void closedQueueIsDrained() {
        BoundedQueue<int> queue(2);
        QVERIFY(queue.push(1));
        QVERIFY(queue.push(2));
        queue.close();
        QVERIFY(!queue.push(3));
        QCOMPARE(queue.pop(), std::optional<int>(1));
        QCOMPARE(queue.pop(), std::optional<int>(2));
        QCOMPARE(queue.pop(), std::nullopt);
    }

    void abandonedQueueIsEmpty() {
        BoundedQueue<int> queue(2);
        QVERIFY(queue.push(1));
        queue.abandon();
        QVERIFY(!queue.push(2));
        QCOMPARE(queue.pop(), std::nullopt);
    }

    void neverHoldsMoreThanItsCapacity() {
        constexpr int kCount = 2'000;
        constexpr int kCapacity = 4;
        BoundedQueue<int> queue(kCapacity);
        std::atomic<int> pushed = 0;
        std::thread producer([&] {
            for (int i = 0; i < kCount; ++i) {
                queue.push(i);
                ++pushed;
            }
            queue.close();
        });
        std::vector<int> received;
        bool bounded = true;
        while (const auto value = queue.pop()) {
            received.push_back(*value);
            bounded = bounded && pushed <= int(received.size()) + kCapacity;
        }
        producer.join();
        std::vector<int> expected(kCount);
        std::iota(expected.begin(), expected.end(), 0);
        QCOMPARE(received, expected);
        QVERIFY(bounded);
    }

    void closingWakesAWaitingConsumer() {
        BoundedQueue<int> queue(1);
        bool empty = false;
        std::thread consumer([&] { empty = !queue.pop().has_value(); });
        queue.close();
        consumer.join();
        QVERIFY(empty);
    }

    void abandoningWakesAWaitingProducer() {
        BoundedQueue<int> queue(1);
        QVERIFY(queue.push(1));
        bool accepted = true;
        std::thread producer([&] { accepted = queue.push(2); });
        queue.abandon();
        producer.join();
        QVERIFY(!accepted);
        QCOMPARE(queue.pop(), std::nullopt);
    }
};

QTEST_GUILESS_MAIN(TestBoundedQueue)
#include "tst_bounded_queue.moc"
