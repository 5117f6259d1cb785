// Timecode, play and step, in and out, loop, sound.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: bar

    required property Player player

    readonly property bool hasFrames: player.frames > 0

    function focusTimecode() {
        timecode.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    component Button: IconButton {
        implicitWidth: 28
        implicitHeight: 28
        iconSize: 18
        enabled: bar.hasFrames
    }

    implicitHeight: 60
    color: palette.alternateBase

    ColumnLayout {
        anchors.fill: parent
        anchors.leftMargin: 8
        anchors.rightMargin: 8
        anchors.topMargin: 4
        anchors.bottomMargin: 6
        spacing: 2

        ScrubBar {
            Layout.fillWidth: true
            Layout.leftMargin: 4
            Layout.rightMargin: 4
            player: bar.player
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: 0

            RowLayout {
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                spacing: 4

                TimecodeField {
                    id: timecode

                    objectName: "timecodeField"
                    player: bar.player
                }
                Caption {
                    objectName: "endTimecode"
                    visible: bar.width > 600
                    text: "/ " + bar.player.endTimecode
                    Accessible.role: Accessible.StaticText
                    Accessible.name: qsTr("Length: %1").arg(bar.player.endTimecode)
                }
                Text {
                    visible: bar.player.speed !== 0 && bar.player.speed !== 1
                    text: qsTr("%1×").arg(bar.player.speed)
                    color: bar.palette.link
                    font.pixelSize: 12
                    font.weight: Font.DemiBold
                }
                Item {
                    Layout.fillWidth: true
                }
            }
            Button {
                iconName: "to-start"
                label: qsTr("First frame")
                keys: "Home"
                onClicked: bar.player.toStart()
            }
            Button {
                iconName: "viewer-previous-cut"
                label: qsTr("Previous cut")
                keys: "↑"
                onClicked: bar.player.goToPreviousCut()
            }
            Button {
                iconName: "step-back"
                label: qsTr("Back one frame")
                keys: "←"
                onClicked: bar.player.step(-1)
            }
            Button {
                objectName: "playButton"
                implicitWidth: 36
                iconSize: 22
                iconName: bar.player.playing ? "pause" : "play"
                label: bar.player.playing ? qsTr("Pause") : qsTr("Play")
                keys: qsTr("Space")
                onClicked: bar.player.toggle()
            }
            Button {
                iconName: "step-forward"
                label: qsTr("Forward one frame")
                keys: "→"
                onClicked: bar.player.step(1)
            }
            Button {
                iconName: "viewer-next-cut"
                label: qsTr("Next cut")
                keys: "↓"
                onClicked: bar.player.goToNextCut()
            }
            Button {
                iconName: "to-end"
                label: qsTr("Last frame")
                keys: "End"
                onClicked: bar.player.toEnd()
            }
            RowLayout {
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                spacing: 0

                Item {
                    Layout.fillWidth: true
                }
                Button {
                    iconName: "viewer-mark-in"
                    label: qsTr("In point here")
                    keys: "I"
                    checked: bar.player.inFrame >= 0
                    onClicked: bar.player.setIn()
                }
                Button {
                    iconName: "viewer-mark-out"
                    label: qsTr("Out point here")
                    keys: "O"
                    checked: bar.player.outFrame >= 0
                    onClicked: bar.player.setOut()
                }
                Button {
                    objectName: "loopButton"
                    iconName: "viewer-loop"
                    label: bar.player.loop ? qsTr("Stop looping") : qsTr("Loop")
                    checked: bar.player.loop
                    onClicked: bar.player.loop = !bar.player.loop
                }
                Button {
                    iconName: "viewer-wait"
                    label: bar.player.waitsForEdit ? qsTr("Playing waits for the edit")
                                                   : qsTr("Playing shows the source where the edit is not made yet")
                    checked: bar.player.waitsForEdit
                    onClicked: bar.player.waitsForEdit = !bar.player.waitsForEdit
                }
                Button {
                    objectName: "muteButton"
                    enabled: bar.player.hasSoundDevice
                    iconName: bar.player.muted || !bar.player.hasSoundDevice ? "viewer-sound-off" : "sound"
                    label: !bar.player.hasSoundDevice ? (Qt.uiLanguage ? bar.player.audioNote : "")
                                                      : bar.player.muted ? qsTr("Sound on") : qsTr("Sound off")
                    onClicked: bar.player.muted = !bar.player.muted
                }
                ValueSlider {
                    Layout.preferredWidth: bar.width > 700 ? 80 : 52
                    enabled: bar.player.hasSoundDevice && !bar.player.muted
                    label: qsTr("Volume")
                    value: bar.player.volume
                    onMoved: bar.player.volume = value
                }
            }
        }
    }
}
