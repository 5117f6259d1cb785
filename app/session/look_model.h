// The looks a model knows by name, for the gallery. Thread: UI thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <QAbstractListModel>
#include <QtQmlIntegration>

namespace lipar::session {

class LookModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the session")
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    // name: the model's own key ("oil"); title: English, to be translated in the context "Look" ("Oil");
    // prompt: what it writes into the prompt field ("oil painting").
    enum Role { NameRole = Qt::UserRole + 1, TitleRole, PromptRole };

    using QAbstractListModel::QAbstractListModel;

    void setLooks(std::vector<std::pair<std::string, std::string>> looks);
    [[nodiscard]] int count() const { return int(m_looks.size()); }
    [[nodiscard]] QString prompt(int row) const;
    // The row with this prompt, -1 when none has.
    [[nodiscard]] int rowOfPrompt(const QString& prompt) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void countChanged();

private:
    struct Look {
        QString name;
        QString prompt;
    };
    std::vector<Look> m_looks;
};

}  // namespace lipar::session
