// The bottom of the inspector: errors of the edit, edit and cancel, save and where it was saved.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: footer

    required property StudioSession session

    signal saveRequested

    implicitHeight: content.implicitHeight + 32
    color: palette.alternateBase

    ColumnLayout {
        id: content

        anchors.fill: parent
        anchors.margins: 16
        spacing: 8

        Banner {
            objectName: "editError"
            Layout.fillWidth: true
            visible: footer.session.run.error.isSet
            title: qsTr("The edit stopped")
            message: footer.session.run.error.message
            hint: footer.session.run.error.hint
            onCopyRequested: footer.session.copyToClipboard(footer.session.run.error.details)
            onDismissed: footer.session.run.dismissError()
        }
        Banner {
            objectName: "saveError"
            Layout.fillWidth: true
            visible: footer.session.saver.error.isSet
            title: qsTr("The edit was not saved")
            message: footer.session.saver.error.message
            hint: footer.session.saver.error.hint
            onCopyRequested: footer.session.copyToClipboard(footer.session.saver.error.details)
            onDismissed: footer.session.saver.dismissError()
        }
        RowLayout {
            objectName: "savedLine"
            Layout.fillWidth: true
            visible: footer.session.saver.state === ResultSaver.Saved
            spacing: 8

            Icon {
                Layout.preferredWidth: 18
                Layout.preferredHeight: 18
                name: "check"
                color: footer.palette.link
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Text {
                    Layout.fillWidth: true
                    text: qsTr("Saved as %1").arg(footer.session.saver.savedName)
                    color: footer.palette.windowText
                    font.pixelSize: 12
                    elide: Text.ElideMiddle
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
                Caption {
                    Layout.fillWidth: true
                    text: qsTr("in %1").arg(footer.session.saver.savedFolder)
                    elide: Text.ElideMiddle
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
            }
            IconButton {
                iconName: "folder"
                label: qsTr("Show in its folder")
                onClicked: footer.session.saver.showInFolder()
            }
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: 8

            PushButton {
                objectName: "editButton"
                Layout.fillWidth: true
                implicitHeight: 36
                primary: footer.session.run.state !== EditRun.Done || footer.session.differsFromRun
                iconName: footer.session.run.isRunning || footer.session.run.state === EditRun.Done ? "restart" : "edit"
                text: footer.session.run.isRunning ? qsTr("Restart")
                                                   : footer.session.run.state === EditRun.Done ? qsTr("Edit again")
                                                                                               : qsTr("Edit")
                hint: footer.session.canEdit ? "" : qsTr("Write a prompt or pick a look first")
                keys: qsTr("Ctrl+Return")
                enabled: footer.session.canEdit && (!footer.session.run.isRunning || footer.session.differsFromRun)
                onClicked: footer.session.edit()
            }
            PushButton {
                objectName: "cancelButton"
                Layout.fillWidth: true
                implicitHeight: 36
                visible: footer.session.run.isRunning
                iconName: "close"
                text: qsTr("Cancel")
                keys: qsTr("Esc")
                enabled: footer.session.run.state !== EditRun.Cancelling
                onClicked: footer.session.cancel()
            }
            PushButton {
                objectName: "saveButton"
                Layout.fillWidth: true
                implicitHeight: 36
                visible: footer.session.run.state === EditRun.Done
                primary: !footer.session.differsFromRun && footer.session.saver.state !== ResultSaver.Saved
                iconName: "save"
                text: footer.session.saver.state === ResultSaver.Saving ? qsTr("Saving…") : qsTr("Save as…")
                keys: "Ctrl+S"
                enabled: footer.session.canSave
                onClicked: footer.saveRequested()
            }
        }
        Caption {
            Layout.fillWidth: true
            visible: !footer.session.canEdit
            text: qsTr("Write a prompt or pick a look first")
        }
    }
}
