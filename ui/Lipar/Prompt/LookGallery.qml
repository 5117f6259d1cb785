// The looks that the model knows by name; picking one writes its prompt.
pragma ComponentBehavior: Bound
import QtQuick
import Lipar.Session

Grid {
    id: gallery

    required property ClipEditor editor

    columns: 4
    columnSpacing: 8
    rowSpacing: 8

    Repeater {
        model: gallery.editor.looks

        LookTile {
            id: tile

            required property int index
            required property var model

            // Never below a size that shows something: while the panel is folded away it has no width.
            width: Math.max(40, Math.floor((gallery.width - (gallery.columns - 1) * gallery.columnSpacing)
                                           / gallery.columns))
            height: Math.round(width * 0.56) + 20
            look: tile.model.name
            title: qsTranslate("Look", tile.model.title)
            current: gallery.editor.currentLook === tile.index
            onClicked: gallery.editor.chooseLook(tile.index)
        }
    }
}
