#include "app/session/export_presets.h"

#include <algorithm>
#include <array>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace lipar::session {

namespace {

const QString documentName = QStringLiteral("exportPresets");

struct BuiltIn {
    const char* title;
    const char* description;
    const char* codec;
    const char* container;
    int crf;  // negative: the codec has none
};

const std::array builtIns{
    BuiltIn{QT_TRANSLATE_NOOP("ExportPreset", "H.264, to share"), QT_TRANSLATE_NOOP("ExportPreset", "Plays everywhere"),
            "h264", "mp4", 18},
    BuiltIn{QT_TRANSLATE_NOOP("ExportPreset", "HEVC, smaller"),
            QT_TRANSLATE_NOOP("ExportPreset", "Plays on most devices since 2017"), "hevc", "mp4", 22},
    BuiltIn{QT_TRANSLATE_NOOP("ExportPreset", "AV1, smallest"),
            QT_TRANSLATE_NOOP("ExportPreset", "Slow to write, plays on recent devices"), "av1", "mp4", 30},
    BuiltIn{QT_TRANSLATE_NOOP("ExportPreset", "VP9, for the web"),
            QT_TRANSLATE_NOOP("ExportPreset", "WebM, plays in every browser"), "vp9", "webm", 31},
    BuiltIn{QT_TRANSLATE_NOOP("ExportPreset", "ProRes, for other editors"),
            QT_TRANSLATE_NOOP("ExportPreset", "Large, nearly without loss"), "prores", "mov", -1},
    BuiltIn{QT_TRANSLATE_NOOP("ExportPreset", "FFV1 master"),
            QT_TRANSLATE_NOOP("ExportPreset", "Very large, without any loss"), "ffv1", "mkv", -1},
};

// What a preset is about; the rest belongs to the one export.
void copyPreset(const jobs::ExportSettings& from, jobs::ExportSettings& to) {
    to.codec = from.codec;
    to.container = from.container;
    to.crf = from.crf;
    to.bitRate = from.bitRate;
    to.width = from.width;
    to.height = from.height;
    to.rate = from.rate;
    to.sound = from.sound;
}

QJsonObject toJson(const QString& title, const jobs::ExportSettings& settings) {
    QJsonObject out{{"title", title},
                    {"codec", QString::fromStdString(settings.codec)},
                    {"container", QString::fromStdString(settings.container)},
                    {"width", settings.width},
                    {"height", settings.height},
                    {"rate", QJsonArray{qint64(settings.rate.num), qint64(settings.rate.den)}},
                    {"sound", settings.sound}};
    if (settings.crf)
        out["crf"] = *settings.crf;
    if (settings.bitRate)
        out["bitRate"] = qint64(*settings.bitRate);
    return out;
}

jobs::ExportSettings fromJson(const QJsonObject& in) {
    jobs::ExportSettings settings;
    settings.codec = in["codec"].toString("h264").toStdString();
    settings.container = in["container"].toString("mp4").toStdString();
    settings.width = in["width"].toInt();
    settings.height = in["height"].toInt();
    settings.rate = {in["rate"][0].toInteger(0), std::max<qint64>(1, in["rate"][1].toInteger(1))};
    settings.sound = in["sound"].toBool(true);
    if (in.contains("crf"))
        settings.crf = in["crf"].toInt();
    if (in.contains("bitRate"))
        settings.bitRate = in["bitRate"].toInteger();
    return settings;
}

}  // namespace

ExportPresets::ExportPresets(settings::AppSettings& settings, QObject* parent)
    : QAbstractListModel(parent), m_settings(settings) {
    for (const auto& each : builtIns) {
        Preset preset;
        preset.title = QString::fromUtf8(each.title);
        preset.description = QString::fromUtf8(each.description);
        preset.settings.codec = each.codec;
        preset.settings.container = each.container;
        if (each.crf >= 0)
            preset.settings.crf = each.crf;
        m_presets.push_back(preset);
    }
    const auto own = QJsonDocument::fromJson(settings.document(documentName)).array();
    for (const auto& entry : own)
        m_presets.push_back({entry.toObject()["title"].toString(), {}, fromJson(entry.toObject()), true});
}

void ExportPresets::apply(int row, jobs::ExportSettings& settings) const {
    if (row >= 0 && row < count())
        copyPreset(m_presets[std::size_t(row)].settings, settings);
}

int ExportPresets::rowOf(const jobs::ExportSettings& settings) const {
    jobs::ExportSettings wanted;
    copyPreset(settings, wanted);
    const auto found = std::ranges::find(m_presets, wanted, &Preset::settings);
    return found == m_presets.end() ? -1 : int(found - m_presets.begin());
}

int ExportPresets::save(const QString& title, const jobs::ExportSettings& settings) {
    jobs::ExportSettings kept;
    copyPreset(settings, kept);
    const auto same =
        std::ranges::find_if(m_presets, [&](const Preset& preset) { return preset.isOwn && preset.title == title; });
    int row = int(same - m_presets.begin());
    if (same != m_presets.end()) {
        same->settings = kept;
        Q_EMIT dataChanged(index(row), index(row));
    } else {
        row = count();
        beginInsertRows({}, row, row);
        m_presets.push_back({title, {}, kept, true});
        endInsertRows();
    }
    store();
    return row;
}

void ExportPresets::remove(int row) {
    if (row < 0 || row >= count() || !m_presets[std::size_t(row)].isOwn)
        return;
    beginRemoveRows({}, row, row);
    m_presets.erase(m_presets.begin() + row);
    endRemoveRows();
    store();
}

void ExportPresets::store() {
    QJsonArray own;
    for (const auto& preset : m_presets)
        if (preset.isOwn)
            own << toJson(preset.title, preset.settings);
    m_settings.setDocument(documentName, QJsonDocument(own).toJson(QJsonDocument::Compact));
}

int ExportPresets::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant ExportPresets::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& preset = m_presets[std::size_t(index.row())];
    switch (role) {
        case TitleRole: return preset.title;
        case DescriptionRole: return preset.description;
        case OwnRole: return preset.isOwn;
        default: return {};
    }
}

QHash<int, QByteArray> ExportPresets::roleNames() const {
    return {{TitleRole, "title"}, {DescriptionRole, "description"}, {OwnRole, "isOwn"}};
}

}  // namespace lipar::session
