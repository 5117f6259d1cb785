// Shown over the whole window while a file is dragged over it.
import QtQuick
import QtQuick.Layouts
import Lipar.Controls

Rectangle {
    id: overlay

    color: Qt.alpha(palette.window, 0.85)

    Rectangle {
        anchors.fill: parent
        anchors.margins: 16
        radius: 8
        color: "transparent"
        border.width: 2
        border.color: overlay.palette.highlight
    }
    ColumnLayout {
        anchors.centerIn: parent
        spacing: 12

        Icon {
            Layout.alignment: Qt.AlignHCenter
            Layout.preferredWidth: 64
            Layout.preferredHeight: 64
            name: "clip"
            color: overlay.palette.highlight
        }
        Text {
            text: qsTr("Drop to import")
            color: overlay.palette.windowText
            font.pixelSize: 20
            font.weight: Font.DemiBold
        }
    }
}
