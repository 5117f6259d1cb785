// A line of a form: what is being chosen on the left, the control on the right.
import QtQuick
import QtQuick.Layouts
import Lipar.Controls

RowLayout {
    id: row

    required property string title
    default property alias control: slot.data

    spacing: 12

    Body {
        Layout.preferredWidth: 132
        Layout.alignment: Qt.AlignTop
        Layout.topMargin: 7
        text: row.title
        color: row.palette.placeholderText
        font.pixelSize: 12
    }
    RowLayout {
        id: slot

        Layout.fillWidth: true
        spacing: 8
    }
}
