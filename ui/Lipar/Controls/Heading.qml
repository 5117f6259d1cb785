// The title of a panel's section.
import QtQuick

Text {
    color: palette.windowText
    font.pixelSize: 12
    font.weight: Font.DemiBold
    elide: Text.ElideRight
    Accessible.role: Accessible.Heading
    Accessible.name: text
}
