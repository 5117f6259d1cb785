// The looks that the model knows by name; one click gives it to the selected clips.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Prompt
import Lipar.Session

ColumnLayout {
    id: tab

    required property ClipEditor clipEditor

    spacing: 8

    Body {
        Layout.fillWidth: true
        text: tab.clipEditor.hasPicture ? qsTr("Give the selected clip a look")
                                        : qsTr("Select a clip on the timeline to give it a look")
        color: tab.palette.placeholderText
        font.pixelSize: 12
    }
    GridView {
        id: grid

        readonly property int columns: Math.max(2, Math.floor(width / 92))

        Layout.fillWidth: true
        Layout.fillHeight: true
        clip: true
        model: tab.clipEditor.looks
        cellWidth: width / columns
        cellHeight: Math.round((cellWidth - 8) * 0.56) + 30
        boundsBehavior: Flickable.StopAtBounds
        T.ScrollBar.vertical: ThinScrollBar {}

        delegate: Item {
            id: cell

            required property int index
            required property var model

            width: grid.cellWidth
            height: grid.cellHeight

            LookTile {
                anchors.fill: parent
                anchors.rightMargin: 8
                anchors.bottomMargin: 8
                enabled: tab.clipEditor.hasPicture
                opacity: enabled ? 1 : 0.6
                look: cell.model.name
                title: qsTranslate("Look", cell.model.title)
                current: tab.clipEditor.currentLook === cell.index
                onClicked: tab.clipEditor.chooseLook(cell.index)
            }
        }
    }
}
