// The page for exports: how to write the timeline, what that costs, and the queue.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import Lipar.Session
import Lipar.Settings

Item {
    id: page

    required property StudioSession session
    required property AppSettings settings

    Component.onCompleted: page.session.exportForm.setActive(true)
    Component.onDestruction: page.session.exportForm.setActive(false)

    FolderDialog {
        id: folderDialog

        title: qsTr("Folder of the export")
        currentFolder: page.settings.lastFolder
        onAccepted: page.session.exportForm.chooseFolder(selectedFolder)
    }

    RowLayout {
        anchors.fill: parent
        spacing: 1

        PresetList {
            Layout.preferredWidth: 248
            Layout.fillHeight: true
            form: page.session.exportForm
        }
        ExportSettingsForm {
            Layout.fillWidth: true
            Layout.fillHeight: true
            form: page.session.exportForm
            onFolderRequested: folderDialog.open()
            onCopyRequested: text => page.session.copyToClipboard(text)
        }
        QueuePanel {
            Layout.preferredWidth: 420
            Layout.fillHeight: true
            exports: page.session.exports
            onCopyRequested: text => page.session.copyToClipboard(text)
        }
    }
}
