// The exports that wait, run and are done.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: panel

    required property ExportList exports

    signal copyRequested(string text)

    color: palette.alternateBase

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: 12
        spacing: 8

        RowLayout {
            spacing: 8

            Heading {
                Layout.fillWidth: true
                text: panel.exports.waiting > 0 ? qsTr("Queue: %n to do", "", panel.exports.waiting) : qsTr("Queue")
            }
            PushButton {
                objectName: "pauseQueueButton"
                implicitHeight: 28
                iconName: panel.exports.paused ? "play" : "pause"
                text: panel.exports.paused ? qsTr("Go on") : qsTr("Pause")
                hint: panel.exports.paused ? qsTr("Goes on with the exports") : qsTr("Stops the running export; it goes on from where it was")
                onClicked: panel.exports.paused = !panel.exports.paused
            }
            PushButton {
                implicitHeight: 28
                text: qsTr("Clear finished")
                enabled: panel.exports.hasFinished
                onClicked: panel.exports.removeFinished()
            }
        }
        ListView {
            id: list

            objectName: "exportQueue"
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            spacing: 6
            model: panel.exports
            boundsBehavior: Flickable.StopAtBounds
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Export queue")
            T.ScrollBar.vertical: ThinScrollBar {}

            delegate: ExportRow {
                width: list.width
                exports: panel.exports
                onCopyRequested: text => panel.copyRequested(text)
            }

            Body {
                anchors.centerIn: parent
                width: parent.width - 48
                visible: list.count === 0
                horizontalAlignment: Text.AlignHCenter
                text: qsTr("What you export is listed here. You can go on editing meanwhile, and close the program: the queue is kept.")
                color: panel.palette.placeholderText
            }
        }
    }
}
