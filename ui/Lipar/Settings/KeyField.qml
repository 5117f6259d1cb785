// The key of an action: activate it, then press the new one. A key that another action has is asked about first.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
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
            question.open();
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

    Popover {
        id: question

        objectName: "keyConflict"
        y: field.height + 4
        x: field.width - width

        contentItem: ColumnLayout {
            spacing: 10

            Body {
                Layout.maximumWidth: 300
                text: qsTr("%1 is the key of “%2”.").arg(field.wanted).arg(field.takenBy)
            }
            RowLayout {
                spacing: 8

                PushButton {
                    objectName: "takeKeyButton"
                    primary: true
                    text: qsTr("Use it here")
                    onClicked: {
                        field.actions.assign(field.studioAction.actionId, field.wanted);
                        question.close();
                    }
                }
                PushButton {
                    text: qsTr("Leave it")
                    onClicked: question.close()
                }
            }
        }
    }
}
