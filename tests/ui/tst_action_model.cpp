#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/session/action_model.h"

using namespace lipar;
using session::ActionModel;

// One table of actions and keys: no key twice, every key changeable, changes remembered.
class TestActionModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void noKeyTwice();
    void plainKeysAreHandledHere();
    void disabledActionsDoNothing();
    void keysChangeAndAreRemembered();
    void conflictsAreSeenAndResolved();
    void resetBringsTheOldKeysBack();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<settings::AppSettings> m_settings;
    std::unique_ptr<ActionModel> m_actions;
};

void TestActionModel::init() {
    m_actions.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_settings = std::make_unique<settings::AppSettings>(m_folder->filePath("settings.ini"));
    m_actions = std::make_unique<ActionModel>(*m_settings);
}

void TestActionModel::noKeyTwice() {
    QSet<QString> keys;
    QSet<QString> ids;
    for (int row = 0; row < m_actions->rowCount(); ++row) {
        const auto* action = m_actions->data(m_actions->index(row), ActionModel::ActionRole).value<session::StudioAction*>();
        QVERIFY(action);
        QVERIFY2(!ids.contains(action->actionId()), qPrintable(action->actionId()));
        ids << action->actionId();
        for (const auto& key : action->keyNames()) {
            QVERIFY2(!key.isEmpty() && !keys.contains(key), qPrintable(action->actionId() + ": " + key));
            keys << key;
        }
    }
    QVERIFY(ids.size() > 50);
}

void TestActionModel::plainKeysAreHandledHere() {
    QSignalSpy split(m_actions->find("clip.split"), &session::StudioAction::triggered);
    QSignalSpy zoom(m_actions->find("view.zoomIn"), &session::StudioAction::triggered);
    QVERIFY(m_actions->handleKey(Qt::Key_S, Qt::NoModifier));
    QCOMPARE(split.count(), 1);
    QVERIFY(!m_actions->handleKey(Qt::Key_K, Qt::ControlModifier));  // the window's
    QVERIFY(m_actions->handleKey(Qt::Key_Plus, Qt::ShiftModifier));
    QVERIFY(m_actions->handleKey(Qt::Key_Plus, Qt::KeypadModifier));
    QCOMPARE(zoom.count(), 2);
    QVERIFY(!m_actions->handleKey(Qt::Key_Z, Qt::NoModifier));
    QCOMPARE(m_actions->find("clip.split")->windowKeys(), QVariantList{"Ctrl+K"});
}

void TestActionModel::disabledActionsDoNothing() {
    auto* action = m_actions->find("play.toggle");
    QSignalSpy toggled(action, &session::StudioAction::triggered);
    action->setEnabled(false);
    QVERIFY(!m_actions->handleKey(Qt::Key_Space, Qt::NoModifier));
    action->trigger();
    QCOMPARE(toggled.count(), 0);
}

void TestActionModel::keysChangeAndAreRemembered() {
    m_actions->assign("clip.split", m_actions->nameOfKey(Qt::Key_X, Qt::NoModifier));
    QCOMPARE(m_actions->find("clip.split")->keyNames(), QStringList{"X"});
    QVERIFY(m_actions->find("clip.split")->hasOwnKeys());
    m_actions->assign("play.toggle", "");
    const ActionModel other(*m_settings);
    QCOMPARE(other.find("clip.split")->keyNames(), QStringList{"X"});
    QVERIFY(other.find("play.toggle")->keyNames().isEmpty());
    QVERIFY(m_actions->nameOfKey(Qt::Key_Shift, Qt::ShiftModifier).isEmpty());
}

void TestActionModel::conflictsAreSeenAndResolved() {
    QCOMPARE(m_actions->conflict("clip.split", "M"), m_actions->find("clip.marker"));
    QVERIFY(!m_actions->conflict("clip.marker", "M"));
    m_actions->assign("clip.split", "M");
    QVERIFY(m_actions->find("clip.marker")->keyNames().isEmpty());
    QCOMPARE(m_actions->find("clip.split")->keyNames(), QStringList{"M"});
}

void TestActionModel::resetBringsTheOldKeysBack() {
    m_actions->assign("clip.split", "M");
    m_actions->reset("clip.marker");
    QCOMPARE(m_actions->find("clip.marker")->keyNames(), QStringList{"M"});
    QVERIFY(m_actions->find("clip.split")->keyNames().isEmpty());
    m_actions->resetAll();
    QCOMPARE(m_actions->find("clip.split")->keyNames(), (QStringList{"S", "Ctrl+K"}));
    QVERIFY(!m_settings->hasShortcut("clip.split"));
}

QTEST_GUILESS_MAIN(TestActionModel)
#include "tst_action_model.moc"
