// A section of the inspector that can be folded away. What it holds is its children.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls

ColumnLayout {
    id: section

    required property string title
    property bool isOpen: true
    default property alias content: column.data

    spacing: 0

    T.AbstractButton {
        id: header

        Layout.fillWidth: true
        implicitHeight: 32
        activeFocusOnTab: true
        focusPolicy: Qt.StrongFocus
        text: section.title
        Accessible.name: section.isOpen ? qsTr("Fold %1").arg(text) : qsTr("Unfold %1").arg(text)
        onClicked: section.isOpen = !section.isOpen
        Keys.onReturnPressed: header.clicked()

        contentItem: RowLayout {
            spacing: 6

            Icon {
                Layout.preferredWidth: 12
                Layout.preferredHeight: 12
                rotation: section.isOpen ? 0 : -90
                name: "chevron-down"
                color: header.hovered ? header.palette.windowText : header.palette.placeholderText
            }
            Heading {
                Layout.fillWidth: true
                text: section.title
                font.pixelSize: 13
            }
        }
        background: Item {
            FocusRing {
                shown: header.visualFocus
                anchors.margins: 0
            }
        }
    }
    ColumnLayout {
        id: column

        Layout.fillWidth: true
        Layout.topMargin: 4
        Layout.bottomMargin: 12
        visible: section.isOpen
        spacing: 10
    }
    Rectangle {
        Layout.fillWidth: true
        implicitHeight: 1
        color: palette.mid
    }
}
