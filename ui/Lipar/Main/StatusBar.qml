// The line at the bottom: what is being done, how far it is, how long it still takes; messages; the engine.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: bar

    required property StudioSession session

    signal messagesRequested

    readonly property Preview preview: session.preview
    readonly property ExportList exports: session.exports
    readonly property ProxyStore proxies: session.proxies
    readonly property bool isBusy: exports.isRunning || preview.isRunning
    // Only told of while there is nothing else to tell.
    readonly property bool isPreparing: !isBusy && proxies.clipName !== "" && (preview.state === Preview.Idle || preview.state === Preview.Done)
    readonly property int secondsLeft: exports.isRunning ? exports.secondsLeft : preview.secondsLeft
    readonly property string previewText: [
        qsTr("Ready"),
        qsTr("Loading the model…"),
        qsTr("Measuring the clip…"),
        qsTr("Editing: %1").arg(preview.prompt),
        qsTr("Ready"),
        qsTr("Cancelled"),
        qsTr("The preview stopped")
    ][preview.state]
    readonly property string jobText: session.files.isOpening
                                      ? qsTr("Opening %1…").arg(session.files.openingName)
                                      : session.document.isSaving ? qsTr("Saving…")
                                      : exports.isRunning ? qsTr("Exporting %1").arg(exports.runningName)
                                                          : session.isMakingSample ? qsTr("Making the sample clip…")
                                                                                   : session.bin.isReading ? qsTr("Reading media…")
                                                                                                           : isPreparing
                                                                                                             ? qsTr("Preparing %1 for scrubbing").arg(proxies.clipName)
                                                                                                             : previewText

    implicitHeight: 30
    color: palette.alternateBase

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 12
        anchors.rightMargin: 6
        spacing: 10

        Text {
            objectName: "statusText"
            Layout.maximumWidth: bar.width * 0.35
            text: bar.jobText
            color: bar.preview.state === Preview.Failed && !bar.isBusy ? bar.palette.brightText : bar.palette.windowText
            font.pixelSize: 12
            elide: Text.ElideRight
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        ProgressLine {
            Layout.preferredWidth: 220
            visible: bar.isBusy || bar.isPreparing
            label: qsTr("Progress")
            progress: bar.exports.isRunning ? bar.exports.progress : bar.isBusy ? bar.preview.progress : bar.proxies.progress
        }
        Caption {
            visible: bar.isBusy && bar.secondsLeft >= 0
            text: bar.secondsLeft < 90 ? qsTr("%n second(s) left", "", bar.secondsLeft)
                                       : qsTr("%n minute(s) left", "", Math.round(bar.secondsLeft / 60))
        }
        IconButton {
            objectName: "cancelJobButton"
            implicitWidth: 24
            implicitHeight: 24
            iconSize: 14
            visible: bar.isBusy || bar.isPreparing
            iconName: "close"
            label: bar.exports.isRunning ? qsTr("Cancel the export") : bar.isBusy ? qsTr("Cancel the preview") : qsTr("Scrub without a small copy")
            keys: bar.isBusy ? bar.session.actions.find("job.cancel").keysText : ""
            onClicked: {
                if (bar.isBusy)
                    bar.session.cancelJob();
                else
                    bar.proxies.cancel();
            }
        }
        Item {
            Layout.fillWidth: true
        }
        Caption {
            visible: bar.exports.paused && bar.exports.waiting > 0
            text: qsTr("The export queue is paused")
        }
        Caption {
            visible: bar.session.clipEditor.modelName !== ""
            text: bar.preview.deviceName === "" ? qsTr("Model: %1").arg(bar.session.clipEditor.modelName)
                                                : qsTr("Model: %1 on %2").arg(bar.session.clipEditor.modelName)
                                                  .arg(bar.preview.deviceKind === "cpu" ? qsTr("the processor") : bar.preview.deviceName)
        }
        PushButton {
            objectName: "messagesButton"
            implicitHeight: 24
            leftPadding: 8
            rightPadding: 8
            iconName: bar.session.messages.unread > 0 ? "warning" : "message"
            text: bar.session.messages.unread > 0 ? qsTr("%n message(s)", "", bar.session.messages.unread) : qsTr("Messages")
            onClicked: bar.messagesRequested()
        }
    }
}
