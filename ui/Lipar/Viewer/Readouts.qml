// What the engine is doing, in figures: speed, time a block, share kept, memory, device.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Session

Rectangle {
    id: readouts

    required property EditRun run
    required property Transport transport

    readonly property string none: "–"
    readonly property real mebibytes: run.memoryBytes / (1024 * 1024)

    function oneDecimal(value) {
        return Number(value).toLocaleString(Qt.locale(Qt.uiLanguage), "f", 1);
    }

    implicitHeight: 48
    color: palette.alternateBase

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 16
        anchors.rightMargin: 16
        spacing: 16

        Readout {
            Layout.fillWidth: true
            Layout.preferredWidth: 80
            label: qsTr("Editing")
            value: readouts.run.engineFps > 0 ? readouts.oneDecimal(readouts.run.engineFps)
                                              : readouts.none
            unit: readouts.run.engineFps > 0 ? qsTr("FPS") : ""
            hint: qsTr("Frames a second that come out of the engine, from file to picture")
        }
        Readout {
            Layout.fillWidth: true
            Layout.preferredWidth: 80
            label: qsTr("Shown")
            value: readouts.transport.shownFps > 0
                   ? readouts.oneDecimal(readouts.transport.shownFps) : readouts.none
            unit: readouts.transport.shownFps > 0 ? qsTr("FPS") : ""
            hint: qsTr("Frames a second that the viewer shows while it plays")
        }
        Readout {
            Layout.fillWidth: true
            Layout.preferredWidth: 80
            label: qsTr("Block")
            value: readouts.run.hasReadings ? Math.round(readouts.run.blockMs) : readouts.none
            unit: readouts.run.hasReadings ? qsTr("ms") : ""
            hint: qsTr("Time for the last block of frames, all passes")
        }
        Readout {
            Layout.fillWidth: true
            Layout.preferredWidth: 80
            label: qsTr("Kept")
            value: readouts.run.hasReadings ? Math.round(readouts.run.keptRatio * 100) : readouts.none
            unit: readouts.run.hasReadings ? "%" : ""
            hint: qsTr("Share of the picture that was computed anew; the rest was reused")
        }
        Readout {
            Layout.fillWidth: true
            Layout.preferredWidth: 80
            label: qsTr("Memory")
            value: readouts.run.hasReadings && readouts.run.memoryBytes > 0
                   ? (readouts.mebibytes < 1000 ? Math.round(readouts.mebibytes)
                                                : readouts.oneDecimal(readouts.mebibytes / 1024))
                   : readouts.none
            unit: readouts.run.hasReadings && readouts.run.memoryBytes > 0
                  ? (readouts.mebibytes < 1000 ? qsTr("MiB") : qsTr("GiB")) : ""
            hint: readouts.run.deviceKind === "cuda" ? qsTr("Memory of the graphics card in use")
                                                     : qsTr("Memory that the program uses")
        }
        Readout {
            Layout.fillWidth: true
            Layout.preferredWidth: 160
            label: qsTr("Device")
            value: readouts.run.deviceKind === "" ? readouts.none
                                                  : readouts.run.deviceKind === "cpu" ? qsTr("CPU")
                                                                                      : readouts.run.deviceName
            unit: readouts.run.precision
            hint: readouts.run.deviceName
        }
    }
}
