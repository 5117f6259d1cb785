// What can be done to a model in its state; what destroys is asked about first, in place.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: actions

    required property var card  // the ModelCard it is in: naming the type would be a cycle
    property bool filesShown: false
    property bool isAsking: false

    signal filesToggled

    readonly property int modelState: card.modelState
    readonly property bool isIncomplete: modelState === ModelManager.NotInstalled || modelState === ModelManager.Partial
                                         || modelState === ModelManager.Paused
    readonly property bool isDownload: modelState === ModelManager.Waiting || modelState === ModelManager.Fetching
                                       || modelState === ModelManager.Retrying || modelState === ModelManager.Repairing
    readonly property bool isDiscard: modelState === ModelManager.Paused || modelState === ModelManager.Waiting
                                      || modelState === ModelManager.Fetching || modelState === ModelManager.Retrying
    readonly property bool canEdit: modelState === ModelManager.Installed && card.editor.usableModels.includes(card.name)
    readonly property bool isOfClip: card.editor.modelName === card.name
    readonly property bool isRemovable: !card.builtIn && (modelState === ModelManager.Installed || modelState === ModelManager.Damaged
                                                          || modelState === ModelManager.Partial)

    spacing: 8
    onIsDiscardChanged: isAsking = false
    onIsRemovableChanged: isAsking = false

    RowLayout {
        visible: !actions.isAsking
        spacing: 8

        PushButton {
            objectName: "installModel"
            visible: actions.isIncomplete
            primary: !actions.card.isGated
            iconName: actions.modelState === ModelManager.NotInstalled ? "save" : "play"
            text: actions.modelState === ModelManager.NotInstalled ? qsTr("Install")
                                                                   : actions.modelState === ModelManager.Paused ? qsTr("Resume")
                                                                                                                : qsTr("Install the rest")
            onClicked: actions.card.manager.install(actions.card.name)
        }
        PushButton {
            objectName: "pauseModel"
            visible: actions.isDownload
            iconName: "pause"
            text: qsTr("Pause")
            hint: qsTr("What was received stays")
            onClicked: actions.card.manager.pause(actions.card.name)
        }
        PushButton {
            objectName: "repairModel"
            visible: actions.modelState === ModelManager.Damaged
            primary: true
            enabled: !actions.card.inUse
            iconName: "recover"
            text: qsTr("Repair")
            onClicked: actions.card.manager.repair(actions.card.name)
        }
        PushButton {
            objectName: "useModel"
            visible: actions.canEdit && actions.card.editor.hasPicture
            enabled: !actions.card.editor.isLocked && !actions.isOfClip
            iconName: "clip"
            text: actions.isOfClip ? qsTr("Used for the selected clip") : qsTr("Use for the selected clip")
            onClicked: actions.card.editor.chooseModel(actions.card.name)
        }
        PushButton {
            objectName: "useForNewEdits"
            visible: actions.canEdit
            enabled: actions.card.editor.newEditModel !== actions.card.name
            iconName: enabled ? "edit" : "check"
            text: enabled ? qsTr("Use for new edits") : qsTr("Used for new edits")
            hint: qsTr("Clips that are not edited yet will be edited with this model")
            onClicked: actions.card.settings.newEditModel = actions.card.builtIn ? "" : actions.card.name
        }
        PushButton {
            objectName: "verifyModel"
            visible: actions.modelState === ModelManager.Installed
            iconName: "search"
            text: qsTr("Check")
            hint: qsTr("Reads every byte of the model; large ones take minutes")
            onClicked: actions.card.manager.verify(actions.card.name)
        }
        PushButton {
            objectName: "stopVerifying"
            visible: actions.modelState === ModelManager.Verifying
            iconName: "close"
            text: qsTr("Stop checking")
            onClicked: actions.card.manager.stopVerifying(actions.card.name)
        }
        PushButton {
            objectName: "cancelModel"
            visible: actions.isDiscard
            iconName: "close"
            text: qsTr("Cancel")
            onClicked: actions.isAsking = true
        }
        PushButton {
            objectName: "removeModel"
            visible: actions.isRemovable
            enabled: !actions.card.inUse
            iconName: "remove"
            text: qsTr("Remove")
            onClicked: actions.isAsking = true
        }
        Item {
            Layout.fillWidth: true
        }
        PushButton {
            objectName: "showModelFiles"
            visible: actions.card.files.length > 0
            iconName: actions.filesShown ? "up" : "down"
            text: qsTr("Files")
            hint: qsTr("The files that the model is made of")
            onClicked: actions.filesToggled()
        }
    }
    Caption {
        objectName: "inUseText"
        Layout.fillWidth: true
        visible: actions.card.inUse && (actions.isRemovable || actions.modelState === ModelManager.Damaged)
        text: qsTr("Being used by an edit: it can be removed or repaired afterwards")
        wrapMode: Text.Wrap
    }
    RowLayout {
        objectName: "removeQuestion"
        visible: actions.isAsking
        spacing: 8

        Body {
            Layout.fillWidth: true
            text: actions.isDiscard ? qsTr("Stop, and throw away what was received?")
                                    : qsTr("Remove %1 from this computer? %2 become free.").arg(actions.card.title).arg(actions.card.sizeText(actions.card.bytesPresent))
        }
        PushButton {
            objectName: "confirmRemoval"
            iconName: "remove"
            text: actions.isDiscard ? qsTr("Throw away") : qsTr("Remove for good")
            onClicked: {
                actions.isAsking = false;
                actions.card.manager.discard(actions.card.name);
            }
        }
        PushButton {
            objectName: "keepModel"
            text: actions.isDiscard ? qsTr("Go on") : qsTr("Keep")
            onClicked: actions.isAsking = false
        }
    }
}
