// The menus of the window.
pragma ComponentBehavior: Bound
import QtQuick
import Lipar.Controls
import Lipar.Session

AppMenuBar {
    id: bar

    required property ActionModel actions

    component Entry: ActionItem {
        required property string actionId

        studioAction: bar.actions.find(actionId)
    }

    AppMenu {
        title: qsTr("File")

        Entry { actionId: "file.new" }
        Entry { actionId: "file.open" }
        Entry { actionId: "file.save" }
        Entry { actionId: "file.saveAs" }
        MenuLine {}
        Entry { actionId: "file.import" }
        Entry { actionId: "file.importTimeline" }
        Entry { actionId: "file.exportTimeline" }
        MenuLine {}
        Entry { actionId: "file.export" }
        MenuLine {}
        Entry { actionId: "file.settings" }
        Entry { actionId: "file.quit" }
    }
    AppMenu {
        title: qsTr("Edit")

        Entry { actionId: "edit.undo" }
        Entry { actionId: "edit.redo" }
        MenuLine {}
        Entry { actionId: "edit.cut" }
        Entry { actionId: "edit.copy" }
        Entry { actionId: "edit.paste" }
        Entry { actionId: "edit.duplicate" }
        Entry { actionId: "edit.delete" }
        Entry { actionId: "edit.rippleDelete" }
        MenuLine {}
        Entry { actionId: "edit.selectAll" }
        Entry { actionId: "edit.selectNone" }
    }
    AppMenu {
        title: qsTr("Clip")

        Entry { actionId: "clip.split" }
        Entry { actionId: "clip.trimStart" }
        Entry { actionId: "clip.trimEnd" }
        Entry { actionId: "clip.crossFade" }
        MenuLine {}
        Entry { actionId: "clip.prompt" }
        Entry { actionId: "clip.marker" }
        MenuLine {}
        Entry { actionId: "clip.addVideoTrack" }
        Entry { actionId: "clip.addAudioTrack" }
    }
    AppMenu {
        title: qsTr("Playback")

        Entry { actionId: "play.toggle" }
        Entry { actionId: "play.backward" }
        Entry { actionId: "play.stop" }
        Entry { actionId: "play.forward" }
        MenuLine {}
        Entry { actionId: "play.stepBack" }
        Entry { actionId: "play.stepForward" }
        Entry { actionId: "play.previousCut" }
        Entry { actionId: "play.nextCut" }
        Entry { actionId: "play.toStart" }
        Entry { actionId: "play.toEnd" }
        MenuLine {}
        Entry { actionId: "play.markIn" }
        Entry { actionId: "play.markOut" }
        Entry { actionId: "play.clearMarks" }
        Entry { actionId: "play.loop" }
    }
    AppMenu {
        title: qsTr("View")

        Entry { actionId: "view.edit" }
        Entry { actionId: "view.export" }
        Entry { actionId: "view.settings" }
        Entry { actionId: "view.models" }
        MenuLine {}
        Entry { actionId: "view.source" }
        Entry { actionId: "view.edited" }
        Entry { actionId: "view.wipe" }
        Entry { actionId: "view.split" }
        Entry { actionId: "view.heatmap" }
        Entry { actionId: "view.tokenAge" }
        MenuLine {}
        Entry { actionId: "view.zoomIn" }
        Entry { actionId: "view.zoomOut" }
        Entry { actionId: "view.zoomFit" }
        Entry { actionId: "view.snapping" }
        MenuLine {}
        Entry { actionId: "view.messages" }
        Entry { actionId: "view.fullScreen" }
    }
    AppMenu {
        title: qsTr("Help")

        Entry { actionId: "help.sample" }
        Entry { actionId: "help.keys" }
        Entry { actionId: "help.report" }
    }
}
