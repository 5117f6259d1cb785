// Opens below the field of a key that another action has: is it to be taken from there?
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls

Popover {
    id: question

    required property KeyField field

    objectName: "keyConflict"
    x: field.width - width
    y: field.height + 4
    visible: true
    onClosed: field.takenBy = ""

    contentItem: ColumnLayout {
        spacing: 10

        Body {
            Layout.maximumWidth: 300
            text: qsTr("%1 is the key of “%2”.").arg(question.field.wanted).arg(question.field.takenBy)
        }
        RowLayout {
            spacing: 8

            PushButton {
                objectName: "takeKeyButton"
                primary: true
                text: qsTr("Use it here")
                onClicked: {
                    question.field.actions.assign(question.field.studioAction.actionId, question.field.wanted);
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
