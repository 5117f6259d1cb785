// What the engine and the viewer are doing, in figures, and how far the preview is.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Session

Rectangle {
    id: hud

    required property Player player
    required property Preview preview

    readonly property string none: "–"
    readonly property real mebibytes: preview.memoryBytes / (1024 * 1024)

    function oneDecimal(value) {
        return Number(value).toLocaleString(Qt.locale(Qt.uiLanguage), "f", 1);
    }

    implicitHeight: 24
    color: palette.alternateBase

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 12
        anchors.rightMargin: 8
        spacing: 14

        HudValue {
            label: qsTr("Editing")
            value: hud.preview.hasReadings && hud.preview.fps > 0 ? hud.oneDecimal(hud.preview.fps) : hud.none
            unit: hud.preview.hasReadings && hud.preview.fps > 0 ? qsTr("FPS") : ""
            hint: qsTr("Frames a second that come out of the engine, from file to picture")
        }
        HudValue {
            label: qsTr("Shown")
            value: hud.player.shownFps > 0 ? hud.oneDecimal(hud.player.shownFps) : hud.none
            unit: hud.player.shownFps > 0 ? qsTr("FPS") : ""
            hint: hud.player.droppedFrames > 0
                  ? qsTr("Frames a second that the viewer shows; %n left out because they came late", "",
                         hud.player.droppedFrames)
                  : qsTr("Frames a second that the viewer shows while it plays")
        }
        HudValue {
            label: qsTr("Block")
            value: hud.preview.hasReadings ? Math.round(hud.preview.msPerBlock) : hud.none
            unit: hud.preview.hasReadings ? qsTr("ms") : ""
            hint: qsTr("Time for the last block of frames, all passes")
        }
        HudValue {
            label: qsTr("Kept")
            value: hud.preview.hasReadings ? Math.round(hud.preview.keptRatio * 100) : hud.none
            unit: hud.preview.hasReadings ? "%" : ""
            hint: qsTr("Share of the picture that was computed anew; the rest was reused")
        }
        HudValue {
            visible: hud.width > 440
            label: qsTr("Memory")
            value: hud.preview.hasReadings && hud.preview.memoryBytes > 0
                   ? (hud.mebibytes < 1000 ? Math.round(hud.mebibytes) : hud.oneDecimal(hud.mebibytes / 1024))
                   : hud.none
            unit: hud.preview.hasReadings && hud.preview.memoryBytes > 0
                  ? (hud.mebibytes < 1000 ? qsTr("MiB") : qsTr("GiB")) : ""
            hint: hud.preview.deviceKind === "cuda" ? qsTr("Memory of the graphics card in use")
                                                    : qsTr("Memory that the program uses")
        }
        HudValue {
            visible: hud.width > 540
            label: qsTr("Device")
            value: hud.preview.deviceKind === "" ? hud.none
                                                 : hud.preview.deviceKind === "cpu" ? qsTr("CPU") : qsTr("GPU")
            unit: hud.preview.precision
            hint: hud.preview.deviceName
        }
        Item {
            Layout.fillWidth: true
        }
    }
}
