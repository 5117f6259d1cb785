// The key of an action: activate it, then press the new one. A key that another action has is asked about first.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

T.AbstractButton {
    id: field

    required property ActionModel actions
    required property StudioAction studioAction
    required property string title

    property bool isRecording: false
    property string wanted: ""
    property string takenBy: ""

    function take(keys: string) {
        const other = actions.conflict(studioAction.actionId, keys);
        if (other) {
            wanted = keys;
            takenBy = qsTranslate("Action", other.text);
        } else {
            actions.assign(studioAction.actionId, keys);
        }
    }

    implicitWidth: 168
    implicitHeight: 28
    activeFocusOnTab: true
    focusPolicy: Qt.StrongFocus
    text: isRecording ? qsTr("Press a key…") : studioAction.allKeysText
    Accessible.name: qsTr("Key of %1: %2").arg(title).arg(text)
    onClicked: isRecording = true
    onActiveFocusChanged: {
        if (!activeFocus)
            isRecording = false;
    }
    onTakenByChanged: {
        if (takenBy === "")
            question.source = "";
        else
            question.setSource(Qt.resolvedUrl("KeyQuestion.qml"), { field: field });
    }
    Keys.onShortcutOverride: event => event.accepted = isRecording
    Keys.onPressed: event => {
        if (!isRecording)
            return;
        event.accepted = true;
        const keys = actions.nameOfKey(event.key, event.modifiers);
        if (keys === "")
            return;
        isRecording = false;
        if (keys === "Backspace")
            actions.assign(studioAction.actionId, "");
        else if (keys !== "Esc")
            take(keys);
    }

    contentItem: Text {
        text: field.text
        color: field.isRecording ? field.palette.link : field.palette.windowText
        font.pixelSize: 12
        elide: Text.ElideRight
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }
    background: Rectangle {
        radius: 4
        color: field.palette.base
        border.width: field.isRecording ? 2 : 1
        border.color: field.isRecording ? field.palette.link : field.hovered ? field.palette.light : field.palette.mid

        FocusRing {
            shown: field.visualFocus && !field.isRecording
        }
    }

    // Made when it is needed: there are as many fields as actions.
    Loader {
        id: question
    }
}
