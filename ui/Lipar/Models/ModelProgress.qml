// How far a job on a model is: bytes, rate, time left.
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: progress

    required property var card  // the ModelCard it is in: naming the type would be a cycle

    readonly property string timeText: {
        if (card.secondsLeft < 0)
            return "";
        if (card.secondsLeft < 60)
            return qsTr("less than a minute left");
        const minutes = Math.round(card.secondsLeft / 60);
        if (minutes < 60)
            return qsTr("about %n minute(s) left", "", minutes);
        return qsTr("about %1 h %2 min left").arg(Math.floor(minutes / 60)).arg(minutes % 60);
    }
    readonly property string bytesText: card.total > 0 ? qsTr("%1 of %2").arg(card.sizeText(card.done)).arg(card.sizeText(card.total))
                                                       : qsTr("Starting…")
    readonly property string rateText: card.rate > 0 ? qsTr("%1 a second").arg(card.sizeText(card.rate)) : ""

    spacing: 6

    ProgressLine {
        Layout.fillWidth: true
        label: qsTr("Progress of %1").arg(progress.card.title)
        progress: progress.card.total > 0 ? progress.card.done / progress.card.total : -1
    }
    Body {
        objectName: "modelProgressText"
        Layout.fillWidth: true
        text: progress.card.modelState === ModelManager.Waiting
              ? qsTr("Begins when the job before it is done")
              : [progress.bytesText, progress.rateText, progress.timeText].filter(part => part !== "").join(" · ")
        font.pixelSize: 12
    }
    Body {
        objectName: "modelRetryText"
        Layout.fillWidth: true
        visible: progress.card.modelState === ModelManager.Retrying
        text: qsTr("The connection broke; it is tried again by itself. What was received is kept.")
              + (progress.card.note === "" ? "" : " (" + progress.card.note + ")")
        color: progress.card.palette.placeholderText
        font.pixelSize: 12
    }
}
