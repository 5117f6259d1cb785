// The looks that the model knows by name; picking one writes its prompt.
pragma ComponentBehavior: Bound
import QtQuick
import Lipar.Session

Grid {
    id: gallery

    required property EditParameters parameters

    columns: 4
    columnSpacing: 8
    rowSpacing: 8

    Repeater {
        model: gallery.parameters.looks

        LookTile {
            id: tile

            required property int index
            required property var model

            width: (gallery.width - (gallery.columns - 1) * gallery.columnSpacing) / gallery.columns
            height: Math.round(width * 0.56) + 20
            look: tile.model.name
            title: qsTranslate("Look", tile.model.title)
            current: gallery.parameters.currentLook === tile.index
            onClicked: gallery.parameters.chooseLook(tile.index)
        }
    }
}
