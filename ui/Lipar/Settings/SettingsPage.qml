// The page of settings: general ones on the left, keys on the right.
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

    FolderDialog {
        id: cacheDialog

        title: qsTr("Folder of the cache")
        onAccepted: page.session.useCacheFolder(selectedFolder)
    }

    RowLayout {
        anchors.fill: parent
        spacing: 1

        GeneralSettings {
            Layout.fillWidth: true
            Layout.fillHeight: true
            session: page.session
            settings: page.settings
            onCacheFolderRequested: cacheDialog.open()
        }
        ShortcutTable {
            objectName: "shortcutTable"
            Layout.preferredWidth: Math.min(600, page.width * 0.45)
            Layout.fillHeight: true
            actions: page.session.actions
        }
    }
}
