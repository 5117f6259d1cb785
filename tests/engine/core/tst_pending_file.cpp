#include <QtTest>

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "engine/core/pending_file.h"

using namespace lipar;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

std::string read(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::ptrdiff_t fileCount(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

class TestPendingFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_folder = m_directory->path().toStdString();
    }

    void appearsWhenCommitted() {
        const fs::path target = m_folder / "clip.mp4";
        auto pending = PendingFile::create(target);
        QVERIFY2(pending, pending ? "" : pending.error().message.c_str());
        QCOMPARE(pending->path().parent_path(), m_folder);
        QCOMPARE(pending->path().extension(), target.extension());
        QVERIFY(fs::exists(pending->path()));
        write(pending->path(), "whole");
        QVERIFY(!fs::exists(target));
        QVERIFY(pending->commit());
        QCOMPARE(read(target), std::string("whole"));
        QCOMPARE(fileCount(m_folder), std::ptrdiff_t(1));
    }

    void leavesNothingWhenDropped() {
        const fs::path target = m_folder / "clip.mp4";
        write(target, "before");
        {
            auto pending = PendingFile::create(target);
            QVERIFY(pending);
            write(pending->path(), "half");
        }
        QCOMPARE(read(target), std::string("before"));
        QCOMPARE(fileCount(m_folder), std::ptrdiff_t(1));
    }

    void replacesTheTarget() {
        const fs::path target = m_folder / "clip.mp4";
        write(target, "before");
        auto pending = PendingFile::create(target);
        QVERIFY(pending);
        write(pending->path(), "after");
        QVERIFY(pending->commit());
        QCOMPARE(read(target), std::string("after"));
    }

    void twoAtOnceDoNotMeet() {
        auto first = PendingFile::create(m_folder / "clip.mp4");
        auto second = PendingFile::create(m_folder / "clip.mp4");
        QVERIFY(first && second);
        QVERIFY(first->path() != second->path());
    }

    void movesItsDuty() {
        auto created = PendingFile::create(m_folder / "clip.mp4");
        QVERIFY(created);
        const fs::path temporary = created->path();
        {
            const PendingFile moved = std::move(*created);
            QCOMPARE(moved.path(), temporary);
            QVERIFY(fs::exists(temporary));
        }
        QVERIFY(!fs::exists(temporary));
    }

    void refusesPlacesThatCannotBeWritten() {
        write(m_folder / "file", "");
        for (const fs::path& target : {m_folder / "absent" / "clip.mp4", m_folder, m_folder / "file" / "clip.mp4"}) {
            const auto pending = PendingFile::create(target);
            QVERIFY(!pending);
            QCOMPARE(pending.error().code, ErrorCode::outputFailed);
            QVERIFY(pending.error().message.find(target.string()) != std::string::npos);
            QVERIFY(!pending.error().hint.empty());
        }
    }

    void commitFailsWhenItsFileIsGone() {
        auto pending = PendingFile::create(m_folder / "clip.mp4");
        QVERIFY(pending);
        fs::remove(pending->path());
        const auto committed = pending->commit();
        QVERIFY(!committed);
        QCOMPARE(committed.error().code, ErrorCode::outputFailed);
        QVERIFY(!fs::exists(m_folder / "clip.mp4"));
    }

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    fs::path m_folder;
};

QTEST_GUILESS_MAIN(TestPendingFile)
#include "tst_pending_file.moc"
