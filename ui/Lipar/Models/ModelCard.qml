// A model: what it is, what it needs, whether it fits, what is being done to it.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session
import Lipar.Settings

Rectangle {
    id: card

    required property ModelManager manager
    required property ClipEditor editor
    required property AppSettings settings

    required property string name
    required property string title
    required property string summary
    required property string license
    required property real bytes
    required property real bytesPresent
    required property bool builtIn
    required property bool inUse
    required property int modelState
    required property string problem
    required property int fit
    required property string device
    required property real diskBytes
    required property real diskFree
    required property real deviceBytes
    required property real deviceFree
    required property real hostBytes
    required property real hostFree
    required property var files
    required property real done
    required property real total
    required property real rate
    required property real secondsLeft
    required property string note
    required property errorReport error
    required property bool isGated
    required property bool isVerified

    signal copyRequested(string text)

    readonly property bool isFetching: modelState === ModelManager.Waiting || modelState === ModelManager.Fetching
                                       || modelState === ModelManager.Retrying || modelState === ModelManager.Verifying
                                       || modelState === ModelManager.Repairing
    readonly property string stateText: {
        switch (modelState) {
        case ModelManager.NotInstalled:
            return qsTr("Not installed");
        case ModelManager.Partial:
            return qsTr("Partly installed");
        case ModelManager.Damaged:
            return qsTr("Damaged");
        case ModelManager.Paused:
            return qsTr("Paused");
        case ModelManager.Waiting:
            return qsTr("Waiting");
        case ModelManager.Fetching:
            return qsTr("Downloading");
        case ModelManager.Retrying:
            return qsTr("Trying again");
        case ModelManager.Verifying:
            return qsTr("Checking");
        case ModelManager.Repairing:
            return qsTr("Repairing");
        case ModelManager.Removing:
            return qsTr("Removing");
        case ModelManager.Busy:
            return qsTr("Another program is working on it");
        }
        return inUse ? qsTr("Installed, in use") : builtIn ? qsTr("Built in") : qsTr("Installed");
    }
    readonly property bool isWarning: modelState === ModelManager.Damaged
    readonly property bool isThere: modelState === ModelManager.Installed || modelState === ModelManager.Verifying
    readonly property string fitText: {
        switch (fit) {
        case ModelManager.TooLittleDisk:
            return qsTr("Not enough room on the disk: %1 to download, %2 free").arg(sizeText(diskBytes)).arg(sizeText(diskFree));
        case ModelManager.TooLittleDeviceMemory:
            return qsTr("Too big for this computer: an edit takes about %1, %2 has %3 free").arg(sizeText(deviceBytes)).arg(device).arg(sizeText(deviceFree));
        case ModelManager.TooLittleHostMemory:
            return qsTr("Too big for this computer: it takes about %1 of main memory, %2 is free").arg(sizeText(hostBytes)).arg(sizeText(hostFree));
        }
        if (deviceBytes > 0 && deviceFree > 0)
            return qsTr("Fits this computer: an edit takes about %1 of %2 free on %3").arg(sizeText(deviceBytes)).arg(sizeText(deviceFree)).arg(device);
        return qsTr("Fits this computer");
    }

    function sizeText(size: real): string {
        const locale = Qt.locale(Qt.uiLanguage);
        if (size >= 1e9)
            return qsTr("%1 GB").arg((size / 1e9).toLocaleString(locale, "f", 1));
        return qsTr("%1 MB").arg(Math.max(1, Math.round(size / 1e6)).toLocaleString(locale, "f", 0));
    }

    height: content.implicitHeight + 32
    radius: 6
    color: palette.alternateBase
    border.color: palette.mid
    objectName: "model-" + name
    Accessible.role: Accessible.ListItem
    Accessible.name: title + ", " + stateText + ", " + sizeText(bytes)

    ColumnLayout {
        id: content

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: 16
        spacing: 8

        RowLayout {
            spacing: 8

            Text {
                Layout.fillWidth: true
                text: card.title
                color: card.palette.windowText
                font.pixelSize: 15
                font.weight: Font.DemiBold
                elide: Text.ElideRight
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Icon {
                Layout.preferredWidth: 16
                Layout.preferredHeight: 16
                visible: card.isWarning || card.isThere
                name: card.isWarning ? "warning" : "check"
                color: stateLabel.color
            }
            Text {
                id: stateLabel

                objectName: "modelState"
                text: card.stateText
                color: card.isWarning ? card.palette.brightText
                                      : card.modelState === ModelManager.NotInstalled ? card.palette.placeholderText
                                                                                      : card.palette.link
                font.pixelSize: 12
                font.weight: Font.DemiBold
            }
        }
        Body {
            Layout.fillWidth: true
            visible: card.summary !== ""
            text: qsTranslate("ModelText", card.summary)
        }
        Body {
            Layout.fillWidth: true
            text: sizeText() + " · " + qsTr("Licence: %1").arg(card.license === "" ? qsTr("not stated") : card.license)
            color: card.palette.placeholderText
            font.pixelSize: 12

            function sizeText(): string {
                const isPart = card.bytesPresent > 0 && card.bytesPresent < card.bytes;
                return isPart ? qsTr("%1, of which %2 are here").arg(card.sizeText(card.bytes)).arg(card.sizeText(card.bytesPresent))
                              : card.sizeText(card.bytes);
            }
        }
        RowLayout {
            spacing: 6

            Icon {
                Layout.preferredWidth: 16
                Layout.preferredHeight: 16
                Layout.alignment: Qt.AlignTop
                name: card.fit === ModelManager.Fits ? "check" : "warning"
                color: card.fit === ModelManager.Fits ? card.palette.placeholderText : card.palette.brightText
            }
            Body {
                objectName: "modelFit"
                Layout.fillWidth: true
                text: card.fitText
                font.pixelSize: 12
            }
        }
        Body {
            objectName: "modelProblem"
            Layout.fillWidth: true
            visible: card.modelState === ModelManager.Damaged
            text: card.problem === "" ? qsTr("A file is not what was installed. Repair fetches only what is damaged or missing.")
                                      : qsTr("%1. Repair fetches only what is damaged or missing.").arg(card.problem)
            color: card.palette.brightText
        }
        ModelProgress {
            objectName: "modelProgress"
            Layout.fillWidth: true
            visible: card.isFetching
            card: card
        }
        Body {
            objectName: "modelPaused"
            Layout.fillWidth: true
            visible: card.modelState === ModelManager.Paused
            text: qsTr("%1 of %2 are here and stay. Resume goes on from there.").arg(card.sizeText(card.bytesPresent)).arg(card.sizeText(card.bytes))
            font.pixelSize: 12
        }
        Body {
            objectName: "modelVerified"
            Layout.fillWidth: true
            visible: card.isVerified && card.modelState === ModelManager.Installed
            text: qsTr("Every byte was read: the model is sound.")
            color: card.palette.link
            font.pixelSize: 12
        }
        Banner {
            objectName: "modelError"
            Layout.fillWidth: true
            visible: card.error.isSet
            title: qsTr("That did not work")
            message: card.error.message
            hint: card.error.hint
            onCopyRequested: card.copyRequested(card.error.details)
            onDismissed: card.manager.dismissError(card.name)
        }
        TokenForm {
            objectName: "tokenForm"
            Layout.fillWidth: true
            visible: card.isGated
            onSubmitted: (token, keep) => card.manager.install(card.name, token, keep)
        }
        ModelActions {
            Layout.fillWidth: true
            card: card
            onFilesToggled: fileList.visible = !fileList.visible
            filesShown: fileList.visible
        }
        ModelFiles {
            id: fileList

            objectName: "modelFiles"
            Layout.fillWidth: true
            visible: false
            card: card
            onPartRequested: part => card.manager.installPart(card.name, part)
        }
    }
}
