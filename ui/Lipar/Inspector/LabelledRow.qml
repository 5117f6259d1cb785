// A label on the left, a control that fills the right.
import QtQuick
import QtQuick.Layouts
import Lipar.Controls

RowLayout {
    id: row

    required property string label

    spacing: 8

    Body {
        Layout.preferredWidth: 84
        text: row.label
        font.pixelSize: 12
        color: palette.placeholderText
    }
}
