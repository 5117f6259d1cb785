// A look in the gallery: its colours and its name.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Prompt

T.AbstractButton {
    id: tile

    required property string look
    required property string title
    property bool current: false

    implicitWidth: 76
    implicitHeight: implicitWidth * 0.56 + 20
    activeFocusOnTab: true
    focusPolicy: Qt.StrongFocus
    text: title
    Accessible.role: Accessible.RadioButton
    Accessible.name: qsTr("Look: %1").arg(title)
    Accessible.checkable: true
    Accessible.checked: current
    Keys.onReturnPressed: tile.clicked()

    contentItem: Item {
        Rectangle {
            width: parent.width
            height: parent.height - 20
            radius: 4
            color: "transparent"
            border.width: tile.current ? 2 : 1
            border.color: tile.current ? tile.palette.highlight
                                       : tile.hovered ? tile.palette.placeholderText : tile.palette.mid

            LookScene {
                anchors.fill: parent
                anchors.margins: tile.current ? 3 : 1
                look: tile.look
            }
            FocusRing {
                shown: tile.visualFocus
            }
        }
        Text {
            width: parent.width
            height: 18
            anchors.bottom: parent.bottom
            text: tile.title
            color: tile.current ? tile.palette.link : tile.palette.windowText
            font.pixelSize: 11
            elide: Text.ElideRight
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignBottom
        }
    }
}
