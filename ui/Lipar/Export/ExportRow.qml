// A line of the export queue: the file, how far it is, what can be done with it.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: row

    required property ExportList exports
    required property int index
    required property string name
    required property string folder
    required property string format
    required property int exportState  // ExportList.State
    required property real progress
    required property int framesDone
    required property int framesTotal
    required property real fps
    required property int secondsLeft
    required property real seconds
    required property real bytes
    required property errorReport error
    required property bool isLoading

    signal copyRequested(string text)

    readonly property bool isWaiting: exportState === ExportList.Queued || exportState === ExportList.Paused
    readonly property bool isOver: exportState === ExportList.Done || exportState === ExportList.Failed
                                   || exportState === ExportList.Cancelled
    readonly property string leftText: secondsLeft < 0 ? "" : secondsLeft < 90
                                                       ? qsTr("%n second(s) left", "", secondsLeft)
                                                       : qsTr("%n minute(s) left", "", Math.round(secondsLeft / 60))
    readonly property string runningText: isLoading || framesTotal === 0
                                          ? qsTr("Getting ready…")
                                          : [qsTr("%1 of %2 frames").arg(framesDone).arg(framesTotal),
                                             fps > 0 ? qsTr("%1 FPS").arg(fps.toLocaleString(Qt.locale(Qt.uiLanguage), "f", 1)) : "",
                                             leftText].filter(text => text !== "").join(" · ")
    readonly property string stateText: [
        qsTr("Waiting"),
        runningText,
        qsTr("Paused"),
        seconds > 0 ? qsTr("Done in %n second(s)", "", Math.max(1, Math.round(seconds))) : qsTr("Done"),
        qsTr("Failed"),
        qsTr("Cancelled")
    ][exportState]

    implicitHeight: content.implicitHeight + 20
    radius: 4
    color: palette.base
    border.color: exportState === ExportList.Failed ? Qt.alpha(palette.brightText, 0.55) : palette.mid
    Accessible.role: Accessible.ListItem
    Accessible.name: name + ", " + stateText

    component RowButton: IconButton {
        implicitWidth: 26
        implicitHeight: 26
        iconSize: 16
    }

    ColumnLayout {
        id: content

        anchors.fill: parent
        anchors.margins: 10
        spacing: 4

        RowLayout {
            spacing: 2

            Icon {
                Layout.preferredWidth: 16
                Layout.preferredHeight: 16
                Layout.rightMargin: 6
                visible: row.exportState === ExportList.Done || row.exportState === ExportList.Failed
                name: row.exportState === ExportList.Done ? "check" : "warning"
                color: row.exportState === ExportList.Done ? row.palette.link : row.palette.brightText
            }
            Text {
                Layout.fillWidth: true
                text: row.name
                color: row.palette.windowText
                font.pixelSize: 13
                elide: Text.ElideMiddle
            }
            RowButton {
                visible: row.isWaiting
                iconName: "up"
                label: qsTr("Sooner: %1").arg(row.name)
                onClicked: row.exports.move(row.index, -1)
            }
            RowButton {
                visible: row.isWaiting
                iconName: "down"
                label: qsTr("Later: %1").arg(row.name)
                onClicked: row.exports.move(row.index, 1)
            }
            RowButton {
                objectName: "cancelExportButton"
                visible: !row.isOver
                iconName: "close"
                label: qsTr("Cancel %1").arg(row.name)
                onClicked: row.exports.cancel(row.index)
            }
            RowButton {
                visible: row.exportState === ExportList.Done
                iconName: "folder"
                label: qsTr("Show %1 in its folder").arg(row.name)
                onClicked: row.exports.reveal(row.index)
            }
            RowButton {
                visible: row.exportState === ExportList.Failed
                iconName: "copy"
                label: qsTr("Copy details of %1").arg(row.name)
                onClicked: row.copyRequested(row.error.details)
            }
            RowButton {
                visible: row.exportState === ExportList.Failed || row.exportState === ExportList.Cancelled
                iconName: "restart"
                label: qsTr("Try %1 again").arg(row.name)
                onClicked: row.exports.retry(row.index)
            }
            RowButton {
                visible: row.isOver
                iconName: "remove"
                label: qsTr("Take %1 out of the list").arg(row.name)
                onClicked: row.exports.remove(row.index)
            }
        }
        ProgressLine {
            Layout.fillWidth: true
            visible: row.exportState === ExportList.Running
            label: qsTr("Progress of %1").arg(row.name)
            progress: row.isLoading ? -1 : row.progress
        }
        RowLayout {
            spacing: 8

            Caption {
                Layout.fillWidth: true
                text: row.stateText
                color: row.exportState === ExportList.Failed ? row.palette.brightText : row.palette.placeholderText
            }
            Caption {
                text: row.format
            }
        }
        Caption {
            Layout.fillWidth: true
            visible: row.exportState === ExportList.Done
            text: row.folder
            elide: Text.ElideMiddle
        }
        Body {
            Layout.fillWidth: true
            visible: row.error.message !== ""
            text: Qt.uiLanguage ? (row.error.message + " " + row.error.hint).trim() : ""
            font.pixelSize: 12
        }
    }
}
