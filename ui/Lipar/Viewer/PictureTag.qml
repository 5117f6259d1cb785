// A small label on the picture.
import QtQuick

Rectangle {
    property alias text: label.text

    implicitWidth: label.implicitWidth + 16
    implicitHeight: 24
    radius: 4
    color: "#b8101114"

    Text {
        id: label

        anchors.centerIn: parent
        color: "#f0f0f2"
        font.pixelSize: 11
    }
}
