// Play, step, scrub and the timecode.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: bar

    required property Transport transport
    required property ClipSource clip

    implicitHeight: 76
    color: palette.alternateBase

    ColumnLayout {
        anchors.fill: parent
        anchors.leftMargin: 16
        anchors.rightMargin: 16
        anchors.topMargin: 4
        anchors.bottomMargin: 8
        spacing: 4

        ScrubBar {
            Layout.fillWidth: true
            transport: bar.transport
            duration: bar.clip.duration
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: 4

            Row {
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                spacing: 8

                Text {
                    id: time

                    text: bar.transport.timecode
                    color: bar.palette.windowText
                    font.pixelSize: 15
                    font.weight: Font.DemiBold
                    Accessible.role: Accessible.StaticText
                    Accessible.name: qsTr("Time: %1").arg(text)
                }
                Caption {
                    anchors.baseline: time.baseline
                    text: "/ " + bar.clip.durationText
                }
            }
            IconButton {
                iconName: "to-start"
                label: qsTr("First frame")
                keys: "Home"
                enabled: bar.transport.hasFrames
                onClicked: bar.transport.toStart()
            }
            IconButton {
                iconName: "step-back"
                label: qsTr("Back one frame")
                keys: "←"
                enabled: bar.transport.hasFrames
                onClicked: bar.transport.step(-1)
            }
            IconButton {
                objectName: "playButton"
                implicitWidth: 40
                iconSize: 24
                iconName: bar.transport.isPlaying ? "pause" : "play"
                label: bar.transport.isPlaying ? qsTr("Pause") : qsTr("Play")
                keys: qsTr("Space")
                enabled: bar.transport.hasFrames
                onClicked: bar.transport.toggle()
            }
            IconButton {
                iconName: "step-forward"
                label: qsTr("Forward one frame")
                keys: "→"
                enabled: bar.transport.hasFrames
                onClicked: bar.transport.step(1)
            }
            IconButton {
                iconName: "to-end"
                label: qsTr("Last frame")
                keys: "End"
                enabled: bar.transport.hasFrames
                onClicked: bar.transport.toEnd()
            }
            Caption {
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                horizontalAlignment: Text.AlignRight
                text: qsTr("Frame %1 of %2").arg(Math.max(0, bar.transport.frameNumber) + 1).arg(bar.clip.frames)
            }
        }
    }
}
