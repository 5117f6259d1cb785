#include <QSignalSpy>
#include <QTest>

#include "app/session/edit_parameters.h"

using namespace lipar;
using session::EditParameters;

class TestEditParameters : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void looksWriteThePrompt();
    void unknownWordsAreFoundWhileTyping();
    void engineHasTheLastWordOnWords();
    void usableNeedsAKnownWord();
    void strengthIsAWordWhereTheModelHasOne();
    void typedStrengthWins();
    void strengthIsANumberElsewhere();
    void thresholdsFollowTheModel();
    void everyChangeIsAnnounced();

private:
    [[nodiscard]] static service::ModelInfo closedModel();
    std::unique_ptr<EditParameters> m_parameters;
};

service::ModelInfo TestEditParameters::closedModel() {
    service::ModelInfo model;
    model.name = "mini";
    model.looks = {{"oil", "oil painting"}, {"pencil", "pencil sketch"}};
    model.words = {"<pad>", "<end>", "oil", "painting", "pencil", "sketch", "strong", "subtle"};
    model.tau1 = 0.04;
    model.tau2 = 0.12;
    return model;
}

void TestEditParameters::init() {
    m_parameters = std::make_unique<EditParameters>();
    m_parameters->setModel(closedModel());
}

void TestEditParameters::looksWriteThePrompt() {
    m_parameters->chooseLook(1);
    QCOMPARE(m_parameters->prompt(), QString("pencil sketch"));
    QCOMPARE(m_parameters->currentLook(), 1);
    m_parameters->setPrompt("Oil  Painting ");
    QCOMPARE(m_parameters->currentLook(), 0);
    m_parameters->setPrompt("oil");
    QCOMPARE(m_parameters->currentLook(), -1);
    const auto index = m_parameters->looks()->index(0);
    QCOMPARE(m_parameters->looks()->data(index, session::LookModel::TitleRole).toString(), QString("Oil"));
}

void TestEditParameters::unknownWordsAreFoundWhileTyping() {
    m_parameters->setPrompt("Oil painting, of a dragon and a dragon");
    QCOMPARE(m_parameters->unknownWords(), (QStringList{"of", "a", "dragon", "and"}));
    QCOMPARE(m_parameters->knownWords(), (QStringList{"oil", "painting", "pencil", "sketch"}));
}

void TestEditParameters::engineHasTheLastWordOnWords() {
    auto open = closedModel();
    open.words.clear();
    m_parameters->setModel(open);
    m_parameters->setPrompt("a dragon");
    QVERIFY(m_parameters->unknownWords().isEmpty());
    m_parameters->setUnknownWords({"dragon"});
    QCOMPARE(m_parameters->unknownWords(), QStringList{"dragon"});
    m_parameters->setPrompt("a cat");
    QVERIFY(m_parameters->unknownWords().isEmpty());
}

void TestEditParameters::usableNeedsAKnownWord() {
    QVERIFY(!m_parameters->isUsable());
    m_parameters->setPrompt("dragon");
    QVERIFY(!m_parameters->isUsable());
    m_parameters->setPrompt("strong");
    QVERIFY(!m_parameters->isUsable());
    m_parameters->setPrompt("dragon in oil");
    QVERIFY(m_parameters->isUsable());
}

void TestEditParameters::strengthIsAWordWhereTheModelHasOne() {
    QVERIFY(m_parameters->hasStrengthWords());
    m_parameters->setPrompt("oil painting");
    QCOMPARE(m_parameters->toSettings().prompt, std::string("oil painting"));
    m_parameters->setStrength(EditParameters::Strong);
    QCOMPARE(m_parameters->toSettings().prompt, std::string("strong oil painting"));
    m_parameters->setStrength(EditParameters::Subtle);
    QCOMPARE(m_parameters->toSettings().prompt, std::string("subtle oil painting"));
    QVERIFY(!m_parameters->toSettings().strength.has_value());
}

void TestEditParameters::typedStrengthWins() {
    m_parameters->setPrompt("subtle oil painting");
    m_parameters->setStrength(EditParameters::Strong);
    QCOMPARE(m_parameters->toSettings().prompt, std::string("subtle oil painting"));
}

void TestEditParameters::strengthIsANumberElsewhere() {
    auto open = closedModel();
    open.words.clear();
    m_parameters->setModel(open);
    QVERIFY(!m_parameters->hasStrengthWords());
    m_parameters->setPrompt("a cat");
    m_parameters->setStrengthValue(1.5);
    QCOMPARE(m_parameters->toSettings().strength, std::optional(1.0));
    QCOMPARE(m_parameters->toSettings().prompt, std::string("a cat"));
}

void TestEditParameters::thresholdsFollowTheModel() {
    QCOMPARE(m_parameters->threshold(), 0.04);
    QCOMPARE(m_parameters->defaultThreshold(), 0.04);
    m_parameters->setThreshold(0.1);
    QCOMPARE(*m_parameters->toSettings().tau1, 0.1);
    QCOMPARE(*m_parameters->toSettings().tau2, 0.3);
    m_parameters->setThreshold(7);
    QCOMPARE(m_parameters->threshold(), m_parameters->largestThreshold());
}

void TestEditParameters::everyChangeIsAnnounced() {
    QSignalSpy changed(m_parameters.get(), &EditParameters::changed);
    m_parameters->setPrompt("oil");
    m_parameters->setStrength(EditParameters::Strong);
    m_parameters->setSeed(7);
    m_parameters->setPruning(false);
    m_parameters->setThreshold(0.2);
    QCOMPARE(changed.count(), 5);
    m_parameters->setSeed(7);
    QCOMPARE(changed.count(), 5);
    const auto settings = m_parameters->toSettings();
    QCOMPARE(settings.seed, std::uint64_t(7));
    QVERIFY(!settings.pruning);
}

QTEST_GUILESS_MAIN(TestEditParameters)
#include "tst_edit_parameters.moc"
