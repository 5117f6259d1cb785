#include "app/session/action_model.h"

#include <algorithm>
#include <array>

#include <QtGlobal>

namespace lipar::session {

namespace {

struct ActionSpec {
    const char* id;
    const char* group;
    const char* text;
    const char* keys = "";  // several are parted by spaces
    bool checkable = false;
};

const std::array actionTable{
    ActionSpec{"file.new", QT_TRANSLATE_NOOP("Action", "File"), QT_TRANSLATE_NOOP("Action", "New project"), "Ctrl+N"},
    ActionSpec{"file.open", "File", QT_TRANSLATE_NOOP("Action", "Open project…"), "Ctrl+O"},
    ActionSpec{"file.save", "File", QT_TRANSLATE_NOOP("Action", "Save project"), "Ctrl+S"},
    ActionSpec{"file.saveAs", "File", QT_TRANSLATE_NOOP("Action", "Save project as…"), "Ctrl+Shift+S"},
    ActionSpec{"file.import", "File", QT_TRANSLATE_NOOP("Action", "Import media…"), "Ctrl+I"},
    ActionSpec{"file.importTimeline", "File", QT_TRANSLATE_NOOP("Action", "Import OpenTimelineIO…")},
    ActionSpec{"file.exportTimeline", "File", QT_TRANSLATE_NOOP("Action", "Write OpenTimelineIO…")},
    ActionSpec{"file.export", "File", QT_TRANSLATE_NOOP("Action", "Export…"), "Ctrl+E"},
    ActionSpec{"file.settings", "File", QT_TRANSLATE_NOOP("Action", "Settings…"), "Ctrl+,"},
    ActionSpec{"file.quit", "File", QT_TRANSLATE_NOOP("Action", "Quit"), "Ctrl+Q"},

    ActionSpec{"edit.undo", QT_TRANSLATE_NOOP("Action", "Edit"), QT_TRANSLATE_NOOP("Action", "Undo"), "Ctrl+Z"},
    ActionSpec{"edit.redo", "Edit", QT_TRANSLATE_NOOP("Action", "Redo"), "Ctrl+Shift+Z Ctrl+Y"},
    ActionSpec{"edit.cut", "Edit", QT_TRANSLATE_NOOP("Action", "Cut"), "Ctrl+X"},
    ActionSpec{"edit.copy", "Edit", QT_TRANSLATE_NOOP("Action", "Copy"), "Ctrl+C"},
    ActionSpec{"edit.paste", "Edit", QT_TRANSLATE_NOOP("Action", "Paste"), "Ctrl+V"},
    ActionSpec{"edit.duplicate", "Edit", QT_TRANSLATE_NOOP("Action", "Duplicate"), "Ctrl+D"},
    ActionSpec{"edit.delete", "Edit", QT_TRANSLATE_NOOP("Action", "Delete"), "Del Backspace"},
    ActionSpec{"edit.rippleDelete", "Edit", QT_TRANSLATE_NOOP("Action", "Delete and close the gap"), "Shift+Del"},
    ActionSpec{"edit.selectAll", "Edit", QT_TRANSLATE_NOOP("Action", "Select all clips"), "Ctrl+A"},
    ActionSpec{"edit.selectNone", "Edit", QT_TRANSLATE_NOOP("Action", "Select nothing"), "Ctrl+Shift+A"},

    ActionSpec{"clip.split", QT_TRANSLATE_NOOP("Action", "Clip"), QT_TRANSLATE_NOOP("Action", "Split at the playhead"),
               "S Ctrl+K"},
    ActionSpec{"clip.trimStart", "Clip", QT_TRANSLATE_NOOP("Action", "Trim start to the playhead"), "["},
    ActionSpec{"clip.trimEnd", "Clip", QT_TRANSLATE_NOOP("Action", "Trim end to the playhead"), "]"},
    ActionSpec{"clip.crossFade", "Clip", QT_TRANSLATE_NOOP("Action", "Cross-fade with the clip before"), "Ctrl+T"},
    ActionSpec{"clip.prompt", "Clip", QT_TRANSLATE_NOOP("Action", "Write a prompt"), "Ctrl+L"},
    ActionSpec{"clip.addVideoTrack", "Clip", QT_TRANSLATE_NOOP("Action", "Add a video track")},
    ActionSpec{"clip.addAudioTrack", "Clip", QT_TRANSLATE_NOOP("Action", "Add an audio track")},
    ActionSpec{"clip.marker", "Clip", QT_TRANSLATE_NOOP("Action", "Set a marker"), "M"},

    ActionSpec{"play.toggle", QT_TRANSLATE_NOOP("Action", "Playback"), QT_TRANSLATE_NOOP("Action", "Play or pause"),
               "Space"},
    ActionSpec{"play.backward", "Playback", QT_TRANSLATE_NOOP("Action", "Play backward, faster each time"), "J"},
    ActionSpec{"play.stop", "Playback", QT_TRANSLATE_NOOP("Action", "Stop"), "K"},
    ActionSpec{"play.forward", "Playback", QT_TRANSLATE_NOOP("Action", "Play forward, faster each time"), "L"},
    ActionSpec{"play.stepBack", "Playback", QT_TRANSLATE_NOOP("Action", "One frame back"), "Left"},
    ActionSpec{"play.stepForward", "Playback", QT_TRANSLATE_NOOP("Action", "One frame forward"), "Right"},
    ActionSpec{"play.jumpBack", "Playback", QT_TRANSLATE_NOOP("Action", "One second back"), "Shift+Left"},
    ActionSpec{"play.jumpForward", "Playback", QT_TRANSLATE_NOOP("Action", "One second forward"), "Shift+Right"},
    ActionSpec{"play.previousCut", "Playback", QT_TRANSLATE_NOOP("Action", "Previous cut"), "Up"},
    ActionSpec{"play.nextCut", "Playback", QT_TRANSLATE_NOOP("Action", "Next cut"), "Down"},
    ActionSpec{"play.toStart", "Playback", QT_TRANSLATE_NOOP("Action", "Go to the start"), "Home"},
    ActionSpec{"play.toEnd", "Playback", QT_TRANSLATE_NOOP("Action", "Go to the end"), "End"},
    ActionSpec{"play.markIn", "Playback", QT_TRANSLATE_NOOP("Action", "Mark in"), "I"},
    ActionSpec{"play.markOut", "Playback", QT_TRANSLATE_NOOP("Action", "Mark out"), "O"},
    ActionSpec{"play.clearMarks", "Playback", QT_TRANSLATE_NOOP("Action", "Clear in and out"), "Alt+X"},
    ActionSpec{"play.loop", "Playback", QT_TRANSLATE_NOOP("Action", "Loop"), "Shift+L", true},

    ActionSpec{"view.edit", QT_TRANSLATE_NOOP("Action", "View"), QT_TRANSLATE_NOOP("Action", "Editing page"), "F2"},
    ActionSpec{"view.export", "View", QT_TRANSLATE_NOOP("Action", "Export page"), "F3"},
    ActionSpec{"view.settings", "View", QT_TRANSLATE_NOOP("Action", "Settings page"), "F4"},
    ActionSpec{"view.models", "View", QT_TRANSLATE_NOOP("Action", "Models page"), "F6"},
    ActionSpec{"view.messages", "View", QT_TRANSLATE_NOOP("Action", "Messages"), "Ctrl+M"},
    ActionSpec{"view.source", "View", QT_TRANSLATE_NOOP("Action", "Source"), "1"},
    ActionSpec{"view.edited", "View", QT_TRANSLATE_NOOP("Action", "Edited"), "2"},
    ActionSpec{"view.wipe", "View", QT_TRANSLATE_NOOP("Action", "Wipe"), "3 W"},
    ActionSpec{"view.split", "View", QT_TRANSLATE_NOOP("Action", "Side by side"), "4"},
    ActionSpec{"view.heatmap", "View", QT_TRANSLATE_NOOP("Action", "Heatmap"), "H"},
    ActionSpec{"view.tokenAge", "View", QT_TRANSLATE_NOOP("Action", "Heatmap of the token age"), "Shift+H"},
    ActionSpec{"view.zoomIn", "View", QT_TRANSLATE_NOOP("Action", "Zoom the timeline in"), "+ ="},
    ActionSpec{"view.zoomOut", "View", QT_TRANSLATE_NOOP("Action", "Zoom the timeline out"), "-"},
    ActionSpec{"view.zoomFit", "View", QT_TRANSLATE_NOOP("Action", "Fit the timeline"), "Shift+Z"},
    ActionSpec{"view.snapping", "View", QT_TRANSLATE_NOOP("Action", "Snapping"), "N", true},
    ActionSpec{"view.fullScreen", "View", QT_TRANSLATE_NOOP("Action", "Full screen"), "F11", true},

    ActionSpec{"job.cancel", QT_TRANSLATE_NOOP("Action", "Jobs"), QT_TRANSLATE_NOOP("Action", "Cancel the job"), "Esc"},

    ActionSpec{"help.sample", QT_TRANSLATE_NOOP("Action", "Help"), QT_TRANSLATE_NOOP("Action", "Try the sample clip")},
    ActionSpec{"help.keys", "Help", QT_TRANSLATE_NOOP("Action", "Keyboard shortcuts"), "F1"},
    ActionSpec{"help.report", "Help", QT_TRANSLATE_NOOP("Action", "Copy report")},
};

QKeyCombination combinationOf(int key, int modifiers) {
    return QKeyCombination(Qt::KeyboardModifiers(modifiers) & ~Qt::KeypadModifier, Qt::Key(key));
}

}  // namespace

ActionModel::ActionModel(settings::AppSettings& settings, QObject* parent)
    : QAbstractListModel(parent), m_settings(settings) {
    m_actions.reserve(actionTable.size());
    for (const auto& spec : actionTable) {
        const auto keys = QString::fromUtf8(spec.keys).split(' ', Qt::SkipEmptyParts);
        auto* action = new StudioAction(QString::fromUtf8(spec.id), QString::fromUtf8(spec.group),
                                        QString::fromUtf8(spec.text), keys, spec.checkable, this);
        if (settings.hasShortcut(action->actionId())) {
            QList<QKeySequence> own;
            for (const auto& name : settings.shortcut(action->actionId()))
                own << QKeySequence::fromString(name, QKeySequence::PortableText);
            action->setKeys(own);
        }
        m_actions.push_back(action);
    }
}

StudioAction* ActionModel::find(const QString& actionId) const {
    const auto found = std::ranges::find(m_actions, actionId, &StudioAction::actionId);
    return found == m_actions.end() ? nullptr : *found;
}

bool ActionModel::handleKey(int key, int modifiers) {
    const QKeySequence pressed(combinationOf(key, modifiers));
    // "+" needs Shift on many keyboards.
    const QKeySequence unshifted(combinationOf(key, modifiers & ~int(Qt::ShiftModifier)));
    const bool isSign = key < Qt::Key_A || (key > Qt::Key_Z && key < Qt::Key_Escape);
    for (auto* action : m_actions) {
        for (const auto& keys : action->keys()) {
            if (!isPlainKey(keys) || (keys != pressed && !(isSign && keys == unshifted)))
                continue;
            if (!action->isEnabled())
                return false;
            action->trigger();
            return true;
        }
    }
    return false;
}

QString ActionModel::nameOfKey(int key, int modifiers) const {
    static constexpr std::array bare{int(Qt::Key_Control), int(Qt::Key_Shift),   int(Qt::Key_Alt),
                                     int(Qt::Key_Meta),    int(Qt::Key_AltGr),   int(Qt::Key_CapsLock),
                                     int(Qt::Key_NumLock), int(Qt::Key_unknown), 0};
    if (std::ranges::find(bare, key) != bare.end())
        return {};
    return QKeySequence(combinationOf(key, modifiers)).toString(QKeySequence::PortableText);
}

StudioAction* ActionModel::conflict(const QString& actionId, const QString& keys) const {
    const auto wanted = QKeySequence::fromString(keys, QKeySequence::PortableText);
    if (wanted.isEmpty())
        return nullptr;
    const auto found = std::ranges::find_if(m_actions, [&](const StudioAction* action) {
        return action->actionId() != actionId && action->keys().contains(wanted);
    });
    return found == m_actions.end() ? nullptr : *found;
}

void ActionModel::assign(const QString& actionId, const QString& keys) {
    auto* action = find(actionId);
    if (!action)
        return;
    const auto wanted = QKeySequence::fromString(keys, QKeySequence::PortableText);
    if (auto* other = conflict(actionId, keys)) {
        auto rest = other->keys();
        rest.removeAll(wanted);
        setKeys(*other, rest);
    }
    setKeys(*action, wanted.isEmpty() ? QList<QKeySequence>{} : QList<QKeySequence>{wanted});
}

void ActionModel::reset(const QString& actionId) {
    auto* action = find(actionId);
    if (!action)
        return;
    for (const auto& keys : action->defaultKeys()) {
        if (auto* other = conflict(actionId, keys.toString(QKeySequence::PortableText))) {
            auto rest = other->keys();
            rest.removeAll(keys);
            setKeys(*other, rest);
        }
    }
    setKeys(*action, action->defaultKeys());
}

void ActionModel::resetAll() {
    for (auto* action : m_actions)
        setKeys(*action, action->defaultKeys());
}

void ActionModel::setKeys(StudioAction& action, const QList<QKeySequence>& keys) {
    action.setKeys(keys);
    if (action.hasOwnKeys())
        m_settings.setShortcut(action.actionId(), action.keyNames());
    else
        m_settings.removeShortcut(action.actionId());
}

int ActionModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_actions.size());
}

QVariant ActionModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    auto* action = m_actions[std::size_t(index.row())];
    switch (role) {
        case ActionRole: return QVariant::fromValue(action);
        case StartsGroupRole:
        return index.row() == 0 || m_actions[std::size_t(index.row()) - 1]->group() != action->group();
        default: return {};
    }
}

QHash<int, QByteArray> ActionModel::roleNames() const {
    return {{ActionRole, "studioAction"}, {StartsGroupRole, "startsGroup"}};
}

}  // namespace lipar::session
