// An error where it happened: what, what to do, and details to copy for a report.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls

Rectangle {
    id: banner

    required property string title
    required property string message
    property string hint: ""
    property bool dismissible: true

    signal copyRequested
    signal dismissed

    implicitHeight: content.implicitHeight + 24
    radius: 4
    color: Qt.alpha(palette.brightText, 0.1)
    border.color: Qt.alpha(palette.brightText, 0.55)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: title + ". " + message + " " + hint

    ColumnLayout {
        id: content

        anchors.fill: parent
        anchors.margins: 12
        spacing: 4

        RowLayout {
            spacing: 8

            Icon {
                Layout.preferredWidth: 18
                Layout.preferredHeight: 18
                name: "warning"
                color: banner.palette.brightText
            }
            Heading {
                Layout.fillWidth: true
                text: banner.title
            }
        }
        Body {
            Layout.fillWidth: true
            text: banner.message
            font.pixelSize: 12
        }
        Body {
            Layout.fillWidth: true
            visible: text !== ""
            text: banner.hint
            font.pixelSize: 12
        }
        RowLayout {
            Layout.topMargin: 4
            spacing: 8

            PushButton {
                implicitHeight: 28
                text: qsTr("Copy details")
                iconName: "copy"
                hint: qsTr("Copies what a bug report needs")
                onClicked: banner.copyRequested()
            }
            PushButton {
                implicitHeight: 28
                visible: banner.dismissible
                text: qsTr("Dismiss")
                onClicked: banner.dismissed()
            }
        }
    }
}
