#include "app/session/look_model.h"

#include <algorithm>

namespace lipar::session {

namespace {

// Names of the built-in model's looks, here for the catalogues: QML translates them in the context "Look".
[[maybe_unused]] constexpr const char* titlesToTranslate[] = {
    QT_TRANSLATE_NOOP("Look", "Watercolor"), QT_TRANSLATE_NOOP("Look", "Oil"),
    QT_TRANSLATE_NOOP("Look", "Pencil"),     QT_TRANSLATE_NOOP("Look", "Cartoon"),
    QT_TRANSLATE_NOOP("Look", "Ink"),        QT_TRANSLATE_NOOP("Look", "Comic"),
    QT_TRANSLATE_NOOP("Look", "Pixel"),      QT_TRANSLATE_NOOP("Look", "Neon"),
    QT_TRANSLATE_NOOP("Look", "Noir"),       QT_TRANSLATE_NOOP("Look", "Snow"),
    QT_TRANSLATE_NOOP("Look", "Autumn"),     QT_TRANSLATE_NOOP("Look", "Thermal"),
    QT_TRANSLATE_NOOP("Look", "Sepia"),      QT_TRANSLATE_NOOP("Look", "Sunset"),
    QT_TRANSLATE_NOOP("Look", "Underwater"), QT_TRANSLATE_NOOP("Look", "Original"),
};

}  // namespace

void LookModel::setLooks(std::vector<std::pair<std::string, std::string>> looks) {
    beginResetModel();
    m_looks.clear();
    for (const auto& [name, prompt] : looks)
        m_looks.push_back({QString::fromStdString(name), QString::fromStdString(prompt)});
    endResetModel();
    Q_EMIT countChanged();
}

QString LookModel::prompt(int row) const {
    return row >= 0 && row < count() ? m_looks[std::size_t(row)].prompt : QString();
}

int LookModel::rowOfPrompt(const QString& prompt) const {
    const auto wanted = prompt.simplified();
    const auto found = std::ranges::find_if(
        m_looks, [&](const Look& look) { return look.prompt.compare(wanted, Qt::CaseInsensitive) == 0; });
    return found == m_looks.end() ? -1 : int(found - m_looks.begin());
}

int LookModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant LookModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& look = m_looks[std::size_t(index.row())];
    switch (role) {
        case NameRole: return look.name;
        case TitleRole: return look.name.left(1).toUpper() + look.name.mid(1);
        case PromptRole: return look.prompt;
        default: return {};
    }
}

QHash<int, QByteArray> LookModel::roleNames() const {
    return {{NameRole, "name"}, {TitleRole, "title"}, {PromptRole, "prompt"}};
}

}  // namespace lipar::session
