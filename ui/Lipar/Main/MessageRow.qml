// A message: what it is about and when, what happened, what to do.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: entry

    required property int severity
    required property string what
    required property errorReport report
    required property string time

    signal copyRequested(string details)

    implicitHeight: content.implicitHeight + 16
    radius: 4
    color: palette.base
    border.color: palette.mid
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTranslate("Message", what) + ": " + report.message

    RowLayout {
        id: content

        anchors.fill: parent
        anchors.margins: 8
        spacing: 8

        Icon {
            Layout.alignment: Qt.AlignTop
            Layout.preferredWidth: 16
            Layout.preferredHeight: 16
            name: entry.severity === MessageList.Information ? "info" : "warning"
            color: entry.severity === MessageList.Failure ? entry.palette.brightText : entry.palette.link
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2

            Caption {
                Layout.fillWidth: true
                text: qsTranslate("Message", entry.what) + " · " + entry.time
            }
            Body {
                Layout.fillWidth: true
                text: Qt.uiLanguage ? entry.report.message : ""
                font.pixelSize: 12
            }
            Body {
                Layout.fillWidth: true
                visible: text !== ""
                text: Qt.uiLanguage ? entry.report.hint : ""
                color: entry.palette.placeholderText
                font.pixelSize: 12
            }
        }
        IconButton {
            Layout.alignment: Qt.AlignTop
            implicitWidth: 26
            implicitHeight: 26
            iconSize: 16
            iconName: "copy"
            label: qsTr("Copy details")
            onClicked: entry.copyRequested(entry.report.details)
        }
    }
}
