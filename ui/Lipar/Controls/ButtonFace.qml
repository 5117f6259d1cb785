// Icon and text of a button, side by side in the middle.
import QtQuick
import Lipar.Controls

Item {
    id: face

    property string iconName: ""
    property int iconSize: 18
    property color iconColor: ink
    property string text: ""
    property color ink: palette.buttonText
    property int textSize: 13
    property bool isStrong: false

    implicitWidth: row.implicitWidth
    implicitHeight: row.implicitHeight

    Row {
        id: row

        anchors.centerIn: parent
        spacing: 6

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: face.iconName !== ""
            width: face.iconSize
            height: face.iconSize
            name: face.iconName
            color: face.iconColor
        }
        Text {
            anchors.verticalCenter: parent.verticalCenter
            text: face.text
            color: face.ink
            font.pixelSize: face.textSize
            font.weight: face.isStrong ? Font.DemiBold : Font.Normal
        }
    }
}
