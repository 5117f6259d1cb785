// A setting: its name and what it means on the left, its control on the right.
import QtQuick
import QtQuick.Layouts
import Lipar.Controls

RowLayout {
    id: row

    required property string title
    property string note: ""
    default property alias control: slot.data

    spacing: 20

    ColumnLayout {
        Layout.preferredWidth: 240
        Layout.maximumWidth: 240
        Layout.alignment: Qt.AlignTop
        spacing: 3

        Body {
            Layout.fillWidth: true
            Layout.topMargin: 6
            text: row.title
        }
        Body {
            Layout.fillWidth: true
            visible: row.note !== ""
            text: row.note
            color: row.palette.placeholderText
            font.pixelSize: 11
        }
    }
    RowLayout {
        id: slot

        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        spacing: 8
    }
}
