// The line at the bottom: what is being done, how far it is, how long it still takes.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: bar

    required property StudioSession session

    readonly property EditRun run: session.run
    readonly property string counted: run.framesTotal > 0
                                      ? qsTr("%1 of %2 frames").arg(run.framesDone).arg(run.framesTotal) : ""

    implicitHeight: 32
    color: palette.alternateBase

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 16
        anchors.rightMargin: 16
        spacing: 12

        Text {
            objectName: "statusText"
            text: bar.session.clip.isOpening
                  ? qsTr("Opening %1…").arg(bar.session.clip.openingName)
                  : [
                      bar.session.isReadingFrames ? qsTr("Reading the first frames…") : qsTr("Ready"),
                      qsTr("Loading the model…"),
                      qsTr("Measuring the clip…"),
                      qsTr("Editing"),
                      qsTr("Writing the file…"),
                      qsTr("Cancelling…"),
                      qsTr("Done in %1").arg(qsTr("%n second(s)", "", Math.max(1, Math.round(bar.run.totalSeconds)))),
                      qsTr("Cancelled"),
                      qsTr("The edit stopped")
                  ][bar.run.state]
            color: bar.run.state === EditRun.Failed ? bar.palette.brightText : bar.palette.windowText
            font.pixelSize: 12
        }
        ProgressLine {
            Layout.preferredWidth: 280
            visible: bar.run.isRunning
            label: qsTr("Progress of the edit")
            progress: bar.run.state === EditRun.Editing || bar.run.state === EditRun.Cancelling ? bar.run.progress : -1
        }
        Caption {
            visible: bar.run.isRunning && text !== ""
            text: bar.counted
        }
        Caption {
            visible: bar.run.state === EditRun.Editing && bar.run.secondsLeft >= 0
            text: bar.run.secondsLeft < 60
                  ? qsTr("%n second(s) left", "", bar.run.secondsLeft)
                  : qsTr("%n minute(s) left", "", Math.round(bar.run.secondsLeft / 60))
        }
        Item {
            Layout.fillWidth: true
        }
        Caption {
            visible: bar.session.transport.framesDropped > 0
            text: qsTr("The first %n frame(s) are no longer held for playing; the file has them all", "",
                       bar.session.transport.framesDropped)
        }
        Caption {
            visible: bar.session.parameters.modelName !== ""
            text: qsTr("Model: %1").arg(bar.session.parameters.modelName)
        }
    }
}
