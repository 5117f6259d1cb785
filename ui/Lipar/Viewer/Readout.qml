// One figure of the read-outs: what it is, and its value.
import QtQuick
import QtQuick.Layouts
import Lipar.Controls

Item {
    id: readout

    required property string label
    required property string value
    property string unit: ""
    property string hint: ""

    implicitWidth: column.implicitWidth
    implicitHeight: 40
    Accessible.role: Accessible.StaticText
    Accessible.name: label + ": " + value + " " + unit

    ColumnLayout {
        id: column

        anchors.verticalCenter: parent.verticalCenter
        width: parent.width
        spacing: 0

        Caption {
            Layout.fillWidth: true
            text: readout.label
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: 4

            Text {
                Layout.maximumWidth: readout.width
                text: readout.value
                color: palette.windowText
                font.pixelSize: 15
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }
            Caption {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignBaseline
                text: readout.unit
            }
        }
    }

    HoverHandler {
        id: hover
    }
    Hint {
        text: readout.hint
        visible: hover.hovered && text !== ""
    }
}
