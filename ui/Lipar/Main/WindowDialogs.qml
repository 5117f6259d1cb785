// The window's file dialogs.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Dialogs
import Lipar.Session
import Lipar.Settings

QtObject {
    id: dialogs

    required property Window window
    required property StudioSession session
    required property AppSettings settings
    property int relinkRow: -1

    readonly property var mediaFilters: [
        qsTr("Media (%1)").arg("*.mp4 *.m4v *.mov *.mkv *.webm *.avi *.mpg *.mpeg *.ts *.mts *.wmv *.3gp *.ogv *.wav *.mp3 *.m4a *.flac *.ogg"),
        qsTr("All files (%1)").arg("*")
    ]

    function askForMedia() {
        importDialog.open();
    }
    function askForProject() {
        openDialog.open();
    }
    function askForName() {
        saveDialog.open();
    }
    function askForTimeline() {
        timelineDialog.open();
    }
    function askForTimelineName() {
        timelineSaveDialog.open();
    }
    function askForMissing(row: int) {
        relinkRow = row;
        relinkDialog.open();
    }
    function askForSearchFolder() {
        searchDialog.open();
    }

    readonly property FileDialog importDialog: FileDialog {
        parentWindow: dialogs.window
        objectName: "importDialog"
        title: qsTr("Import media")
        fileMode: FileDialog.OpenFiles
        currentFolder: dialogs.settings.lastFolder
        nameFilters: dialogs.mediaFilters
        onAccepted: {
            dialogs.settings.lastFolder = currentFolder;
            dialogs.session.takeFiles(selectedFiles);
        }
    }
    readonly property FileDialog openDialog: FileDialog {
        parentWindow: dialogs.window
        objectName: "openDialog"
        title: qsTr("Open a project")
        currentFolder: dialogs.settings.lastFolder
        nameFilters: [qsTr("LIPAR Studio projects (%1)").arg("*.lipar"), qsTr("All files (%1)").arg("*")]
        onAccepted: {
            dialogs.settings.lastFolder = currentFolder;
            dialogs.session.files.open(selectedFile);
        }
    }
    readonly property FileDialog saveDialog: FileDialog {
        parentWindow: dialogs.window
        objectName: "saveDialog"
        title: qsTr("Save the project")
        acceptLabel: qsTr("Save")
        fileMode: FileDialog.SaveFile
        currentFolder: dialogs.settings.lastFolder
        defaultSuffix: "lipar"
        nameFilters: [qsTr("LIPAR Studio projects (%1)").arg("*.lipar")]
        onAccepted: {
            dialogs.settings.lastFolder = currentFolder;
            dialogs.session.files.saveAs(selectedFile);
        }
        onRejected: dialogs.session.files.stay()
    }
    readonly property FileDialog timelineDialog: FileDialog {
        parentWindow: dialogs.window
        title: qsTr("Import a timeline")
        currentFolder: dialogs.settings.lastFolder
        nameFilters: [qsTr("OpenTimelineIO (%1)").arg("*.otio")]
        onAccepted: dialogs.session.files.importTimeline(selectedFile)
    }
    readonly property FileDialog timelineSaveDialog: FileDialog {
        parentWindow: dialogs.window
        title: qsTr("Write the timeline")
        acceptLabel: qsTr("Save")
        fileMode: FileDialog.SaveFile
        currentFolder: dialogs.settings.lastFolder
        defaultSuffix: "otio"
        nameFilters: [qsTr("OpenTimelineIO (%1)").arg("*.otio")]
        onAccepted: dialogs.session.files.exportTimeline(selectedFile)
    }
    readonly property FileDialog relinkDialog: FileDialog {
        parentWindow: dialogs.window
        title: qsTr("Where is this file now?")
        currentFolder: dialogs.settings.lastFolder
        nameFilters: dialogs.mediaFilters
        onAccepted: dialogs.session.bin.relink(dialogs.relinkRow, selectedFile)
    }
    readonly property FolderDialog searchDialog: FolderDialog {
        parentWindow: dialogs.window
        title: qsTr("Folder with the missing files")
        currentFolder: dialogs.settings.lastFolder
        onAccepted: dialogs.session.bin.search(selectedFolder)
    }
}
