// A menu of actions. Its entries are AppMenuItem and MenuLine.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

T.Menu {
    id: menu

    implicitWidth: Math.max(220, contentItem.childrenRect.width + leftPadding + rightPadding)
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    padding: 4
    margins: 4
    overlap: 1
    cascade: true

    contentItem: ListView {
        implicitHeight: contentHeight
        model: menu.contentModel
        interactive: Window.window ? contentHeight + menu.topPadding + menu.bottomPadding > Window.window.height : false
        clip: true
        currentIndex: menu.currentIndex
        T.ScrollBar.vertical: ThinScrollBar {}
    }
    background: Rectangle {
        radius: 6
        color: menu.palette.alternateBase
        border.color: menu.palette.light
    }
}
