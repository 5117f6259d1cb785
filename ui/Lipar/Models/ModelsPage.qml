// The page of models: the list, and files that are already on this computer.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session
import Lipar.Settings

Rectangle {
    id: page

    required property StudioSession session
    required property AppSettings settings

    readonly property ModelManager manager: session.modelManager
    readonly property int contentWidth: Math.min(width - 48, 920)
    readonly property string importText: manager.isImporting
                                         ? (manager.importProgress < 0 ? qsTr("Looking through the files…")
                                                                       : qsTr("Importing: %1 %").arg(Math.round(manager.importProgress * 100)))
                                         : manager.importedFiles > 0 ? qsTr("%n file(s) imported", "", manager.importedFiles)
                                                                     : qsTr("Nothing had to be imported: these files are here already")

    color: palette.window
    Component.onCompleted: manager.refresh()

    FolderDialog {
        id: folderDialog

        title: qsTr("Folder with files of models")
        currentFolder: page.settings.lastFolder
        onAccepted: page.manager.importFrom(selectedFolder)
    }
    FileDialog {
        id: fileDialog

        title: qsTr("A file of a model")
        currentFolder: page.settings.lastFolder
        nameFilters: [qsTr("Files of models (%1)").arg("*.safetensors *.pt *.pth *.model"), qsTr("All files (%1)").arg("*")]
        onAccepted: page.manager.importFrom(selectedFile)
    }

    Rectangle {
        width: parent.width
        height: 72
        color: page.palette.alternateBase
    }
    ColumnLayout {
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.topMargin: 14
        width: page.contentWidth
        spacing: 12

        RowLayout {
            Layout.fillWidth: true
            Layout.bottomMargin: 14
            spacing: 8

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 3

                Text {
                    text: qsTr("Models")
                    color: page.palette.windowText
                    font.pixelSize: 20
                    font.weight: Font.DemiBold
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                Text {
                    Layout.fillWidth: true
                    visible: page.manager.folder !== ""
                    text: qsTr("Installed in %1").arg(page.manager.folder)
                    color: page.palette.placeholderText
                    font.pixelSize: 12
                    elide: Text.ElideMiddle
                }
            }
            PushButton {
                objectName: "importModelFolder"
                iconName: "folder"
                text: qsTr("Import a folder…")
                hint: qsTr("Takes files of models that are on this computer already, so that they need not be downloaded")
                enabled: !page.manager.isImporting
                onClicked: folderDialog.open()
            }
            PushButton {
                objectName: "importModelFile"
                iconName: "open"
                text: qsTr("Import a file…")
                enabled: !page.manager.isImporting
                onClicked: fileDialog.open()
            }
        }
        RowLayout {
            objectName: "modelImport"
            Layout.fillWidth: true
            visible: page.manager.isImporting || page.manager.importedFiles >= 0
            spacing: 12

            Body {
                Layout.fillWidth: !page.manager.isImporting
                text: page.importText
            }
            ProgressLine {
                Layout.fillWidth: true
                visible: page.manager.isImporting
                label: qsTr("Import of a model")
                progress: page.manager.importProgress
            }
            PushButton {
                implicitHeight: 28
                text: page.manager.isImporting ? qsTr("Stop the import") : qsTr("Dismiss")
                onClicked: page.manager.isImporting ? page.manager.stopImport() : page.manager.dismissImport()
            }
        }
        Banner {
            objectName: "modelImportError"
            Layout.fillWidth: true
            visible: page.manager.importError.isSet
            title: qsTr("The files could not be imported")
            message: page.manager.importError.message
            hint: page.manager.importError.hint
            onCopyRequested: page.session.copyToClipboard(page.manager.importError.details)
            onDismissed: page.manager.dismissImport()
        }
        Banner {
            objectName: "modelListError"
            Layout.fillWidth: true
            visible: page.manager.listError.isSet
            title: qsTr("The models could not be listed")
            message: page.manager.listError.message
            hint: page.manager.listError.hint
            dismissible: false
            onCopyRequested: page.session.copyToClipboard(page.manager.listError.details)
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true

            ListView {
                id: list

                objectName: "modelList"
                anchors.fill: parent
                anchors.rightMargin: -14  // of the scroll bar, beside the cards
                clip: true
                spacing: 12
                model: page.manager
                bottomMargin: 20
                boundsBehavior: Flickable.StopAtBounds
                cacheBuffer: 4000  // what is being typed or confirmed in a card stays when it is scrolled away
                T.ScrollBar.vertical: ThinScrollBar {}

                delegate: ModelCard {
                    width: list.width - 14
                    manager: page.manager
                    editor: page.session.clipEditor
                    settings: page.settings
                    onCopyRequested: text => page.session.copyToClipboard(text)
                }
            }
            Body {
                anchors.centerIn: parent
                visible: page.manager.count === 0 && !page.manager.listError.isSet
                text: page.manager.isListing ? qsTr("Looking for models…") : qsTr("No model was found")
                color: page.palette.placeholderText
            }
        }
    }
}
