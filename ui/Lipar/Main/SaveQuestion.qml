// Asked before changes get lost.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

T.Popup {
    id: question

    required property ProjectFiles files
    required property string projectName

    parent: T.Overlay.overlay
    x: Math.round((parent.width - width) / 2)
    y: Math.round((parent.height - height) / 3)
    width: 440
    implicitHeight: contentItem.implicitHeight + 40
    padding: 20
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape
    visible: files.asksToSave
    onClosed: {
        if (question.files.asksToSave)
            question.files.stay();
    }

    background: Rectangle {
        radius: 8
        color: question.palette.alternateBase
        border.color: question.palette.light
    }
    T.Overlay.modal: Rectangle {
        color: "#90000000"
    }

    contentItem: ColumnLayout {
        spacing: 12

        Heading {
            Layout.fillWidth: true
            text: qsTr("Save the changes to “%1”?").arg(question.projectName)
            font.pixelSize: 15
        }
        Body {
            Layout.fillWidth: true
            text: qsTr("What has been changed since the last save would be lost.")
            color: question.palette.placeholderText
        }
        RowLayout {
            Layout.topMargin: 8
            spacing: 8

            PushButton {
                objectName: "discardButton"
                text: qsTr("Don’t save")
                onClicked: question.files.discardAndGoOn()
            }
            Item {
                Layout.fillWidth: true
            }
            PushButton {
                text: qsTr("Cancel")
                onClicked: question.files.stay()
            }
            PushButton {
                objectName: "saveChangesButton"
                primary: true
                iconName: "save"
                focus: true
                text: qsTr("Save")
                onClicked: question.files.saveAndGoOn()
            }
        }
    }
}
