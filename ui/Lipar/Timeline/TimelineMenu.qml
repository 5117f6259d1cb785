// What can be done with the clips under the pointer.
pragma ComponentBehavior: Bound
import QtQuick
import Lipar.Controls
import Lipar.Session

AppMenu {
    id: menu

    required property TimelineEditor timeline
    property var actions: null

    readonly property bool hasClips: timeline.selection.count > 0

    function keysOf(action: string): string {
        return actions ? actions.find(action).keysText : "";
    }

    AppMenuItem {
        text: qsTr("Split at the playhead")
        keys: menu.keysOf("clip.split")
        enabled: !menu.timeline.isEmpty
        onTriggered: menu.timeline.split()
    }
    AppMenuItem {
        text: qsTr("Cross-fade with the clip before")
        keys: menu.keysOf("clip.crossFade")
        enabled: menu.hasClips
        onTriggered: menu.timeline.crossFade()
    }
    AppMenuItem {
        text: qsTr("Trim start to the playhead")
        keys: menu.keysOf("clip.trimStart")
        enabled: menu.hasClips
        onTriggered: menu.timeline.trimToPlayhead(true)
    }
    AppMenuItem {
        text: qsTr("Trim end to the playhead")
        keys: menu.keysOf("clip.trimEnd")
        enabled: menu.hasClips
        onTriggered: menu.timeline.trimToPlayhead(false)
    }
    MenuLine {}
    AppMenuItem {
        text: qsTr("Cut")
        keys: menu.keysOf("edit.cut")
        enabled: menu.hasClips
        onTriggered: menu.timeline.cut()
    }
    AppMenuItem {
        text: qsTr("Copy")
        keys: menu.keysOf("edit.copy")
        enabled: menu.hasClips
        onTriggered: menu.timeline.copy()
    }
    AppMenuItem {
        text: qsTr("Paste at the playhead")
        keys: menu.keysOf("edit.paste")
        enabled: menu.timeline.canPaste
        onTriggered: menu.timeline.paste()
    }
    AppMenuItem {
        text: qsTr("Duplicate")
        keys: menu.keysOf("edit.duplicate")
        enabled: menu.hasClips
        onTriggered: menu.timeline.duplicate()
    }
    MenuLine {}
    AppMenuItem {
        text: qsTr("Delete")
        keys: menu.keysOf("edit.delete")
        enabled: menu.hasClips
        onTriggered: menu.timeline.deleteSelected()
    }
    AppMenuItem {
        text: qsTr("Delete and close the gap")
        keys: menu.keysOf("edit.rippleDelete")
        enabled: menu.hasClips
        onTriggered: menu.timeline.rippleDeleteSelected()
    }
}
