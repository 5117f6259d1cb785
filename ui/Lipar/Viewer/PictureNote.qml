// Over the lower part of the picture: that an edit is on its way, or why it is not.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: note

    required property Player player
    required property Preview preview

    readonly property bool isMaking: preview.isRunning && (player.editPending || player.waiting)
    readonly property bool isMissing: !preview.isRunning && player.editPending && !player.playing && preview.canStart

    implicitWidth: content.implicitWidth + 24
    implicitHeight: 32
    radius: 4
    color: "#d8101114"
    visible: isMaking || isMissing
    Accessible.role: Accessible.StaticText
    Accessible.name: text.text

    RowLayout {
        id: content

        anchors.centerIn: parent
        spacing: 10

        Text {
            id: text

            objectName: "pictureNote"
            text: !note.isMaking
                  ? (note.preview.paused ? qsTr("Previews wait until the export is done") : qsTr("Not edited here yet"))
                  : note.preview.state === Preview.Loading ? qsTr("Loading the model…")
                  : note.preview.state === Preview.Measuring ? qsTr("Measuring the clip…")
                                                             : qsTr("The edit is being made")
            color: "#f0f0f2"
            font.pixelSize: 12
        }
        ProgressLine {
            Layout.preferredWidth: 80
            visible: note.isMaking
            label: qsTr("Progress of the preview")
            progress: note.preview.state === Preview.Editing ? note.preview.progress : -1
        }
        PushButton {
            objectName: "previewHere"
            visible: note.isMissing && !note.preview.paused
            implicitHeight: 24
            text: qsTr("Preview from here")
            onClicked: note.preview.start()
        }
    }
}
