// What an export will cost: time, bytes, and whether there is room.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: box

    required property ExportForm form

    signal copyRequested(string text)

    function amount(bytes: real): string {
        const locale = Qt.locale(Qt.uiLanguage);
        return bytes < 1e9 ? qsTr("%1 MB").arg(Math.max(1, bytes / 1e6).toLocaleString(locale, "f", 0))
                           : qsTr("%1 GB").arg((bytes / 1e9).toLocaleString(locale, "f", 1));
    }
    function time(seconds: real): string {
        return seconds < 90 ? qsTr("about %n second(s)", "", Math.max(1, Math.round(seconds)))
                            : qsTr("about %n minute(s)", "", Math.round(seconds / 60));
    }

    component Fact: ColumnLayout {
        id: fact

        required property string title
        required property string value
        property bool isBad: false

        spacing: 2

        Caption {
            text: fact.title
        }
        Text {
            text: fact.value
            color: fact.isBad ? fact.palette.brightText : fact.palette.windowText
            font.pixelSize: 14
            Accessible.role: Accessible.StaticText
            Accessible.name: fact.title + ": " + text
        }
    }

    implicitHeight: content.implicitHeight + 24
    radius: 4
    color: palette.alternateBase
    border.color: palette.mid

    ColumnLayout {
        id: content

        anchors.fill: parent
        anchors.margins: 12
        spacing: 8

        RowLayout {
            visible: box.form.estimateState === ExportForm.Estimated
            spacing: 28

            Fact {
                visible: box.form.estimatedSeconds > 0
                title: qsTr("Time")
                value: box.time(box.form.estimatedSeconds)
            }
            Fact {
                visible: box.form.estimatedBytes > 0
                title: qsTr("File")
                value: qsTr("about %1").arg(box.amount(box.form.estimatedBytes))
            }
            Fact {
                visible: box.form.freeBytes > 0
                title: qsTr("Free on the disk")
                value: box.amount(box.form.freeBytes)
                isBad: !box.form.fitsDisk
            }
            Fact {
                title: qsTr("Memory")
                value: box.form.fitsMemory ? qsTr("fits") : qsTr("does not fit")
                isBad: !box.form.fitsMemory
            }
        }
        RowLayout {
            visible: box.form.estimateState === ExportForm.Estimating
            spacing: 12

            Caption {
                text: qsTr("Estimating time and size…")
            }
            ProgressLine {
                Layout.preferredWidth: 160
                label: qsTr("Estimating")
            }
        }
        Caption {
            visible: box.form.estimateState === ExportForm.NoEstimate
            text: qsTr("Time and size appear here")
        }
        Body {
            Layout.fillWidth: true
            visible: box.form.estimateState === ExportForm.Estimated && (!box.form.fitsMemory || !box.form.fitsDisk)
            text: box.form.fitsDisk ? qsTr("Choose a smaller processing size for the edited clips, or another device in the settings")
                                    : qsTr("Choose another folder, or make room")
            color: box.palette.brightText
            font.pixelSize: 12
        }
        RowLayout {
            visible: box.form.estimateState === ExportForm.NotPossible
            spacing: 8

            Icon {
                Layout.preferredWidth: 16
                Layout.preferredHeight: 16
                name: "warning"
                color: box.palette.brightText
            }
            Body {
                Layout.fillWidth: true
                text: Qt.uiLanguage ? box.form.estimateError.message + " " + box.form.estimateError.hint : ""
                font.pixelSize: 12
            }
            IconButton {
                iconName: "copy"
                label: qsTr("Copy details")
                onClicked: box.copyRequested(box.form.estimateError.details)
            }
        }
    }
}
