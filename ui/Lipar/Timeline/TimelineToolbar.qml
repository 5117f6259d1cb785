// Tools of the timeline, the time at the playhead, zoom.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: toolbar

    required property TimelineEditor timeline
    property var actions: null

    function keysOf(action: string): string {
        return actions ? actions.find(action).keysText : "";
    }

    implicitHeight: 36
    color: palette.alternateBase
    Accessible.role: Accessible.ToolBar
    Accessible.name: qsTr("Timeline tools")

    component Separator: Rectangle {
        implicitWidth: 1
        implicitHeight: 20
        color: palette.mid
    }

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 10
        anchors.rightMargin: 10
        spacing: 2

        Text {
            Layout.preferredWidth: 114
            text: toolbar.timeline.playheadTime
            color: toolbar.palette.link
            font.pixelSize: 15
            font.weight: Font.DemiBold
            Accessible.role: Accessible.StaticText
            Accessible.name: qsTr("Playhead: %1").arg(text)
        }
        Separator {
            Layout.rightMargin: 6
        }
        IconButton {
            objectName: "selectTool"
            implicitHeight: 28
            iconName: "timeline-select"
            label: qsTr("Select, move and trim")
            keys: "V"
            checked: toolbar.timeline.tool === TimelineEditor.SelectTool
            onClicked: toolbar.timeline.tool = TimelineEditor.SelectTool
        }
        IconButton {
            objectName: "bladeTool"
            implicitHeight: 28
            iconName: "timeline-blade"
            label: qsTr("Blade: a click splits a clip")
            keys: "B"
            checked: toolbar.timeline.tool === TimelineEditor.BladeTool
            onClicked: toolbar.timeline.tool = TimelineEditor.BladeTool
        }
        Separator {
            Layout.leftMargin: 6
            Layout.rightMargin: 6
        }
        IconButton {
            implicitHeight: 28
            iconName: "timeline-split"
            label: qsTr("Split at the playhead")
            keys: toolbar.keysOf("clip.split")
            enabled: !toolbar.timeline.isEmpty
            onClicked: toolbar.timeline.split()
        }
        IconButton {
            implicitHeight: 28
            iconName: "remove"
            label: qsTr("Delete what is selected; with Shift, close the gap")
            keys: toolbar.keysOf("edit.delete")
            enabled: !toolbar.timeline.selection.isEmpty
            onClicked: toolbar.timeline.deleteSelected()
        }
        IconButton {
            implicitHeight: 28
            iconName: "timeline-marker"
            label: qsTr("Add a marker at the playhead")
            keys: toolbar.keysOf("clip.marker")
            onClicked: toolbar.timeline.addMarker()
        }
        Separator {
            Layout.leftMargin: 6
            Layout.rightMargin: 6
        }
        IconButton {
            objectName: "snapping"
            implicitHeight: 28
            iconName: "timeline-magnet"
            label: qsTr("Snap to cuts, markers and the playhead")
            keys: toolbar.keysOf("view.snapping")
            checked: toolbar.timeline.snapping
            onClicked: toolbar.timeline.snapping = !toolbar.timeline.snapping
        }
        IconButton {
            implicitHeight: 28
            iconName: "timeline-tokens"
            label: qsTr("Kept tokens below edited clips")
            checked: toolbar.timeline.showsKept
            onClicked: toolbar.timeline.showsKept = !toolbar.timeline.showsKept
        }
        Separator {
            Layout.leftMargin: 6
            Layout.rightMargin: 6
        }
        IconButton {
            implicitHeight: 28
            iconName: "timeline-add-video"
            label: qsTr("Add a video track")
            onClicked: toolbar.timeline.addTrack(true)
        }
        IconButton {
            implicitHeight: 28
            iconName: "timeline-add-sound"
            label: qsTr("Add an audio track")
            onClicked: toolbar.timeline.addTrack(false)
        }
        Item {
            Layout.fillWidth: true
        }
        IconButton {
            implicitHeight: 28
            iconName: "timeline-zoom-fit"
            label: qsTr("Show the whole timeline")
            keys: toolbar.keysOf("view.zoomFit")
            onClicked: toolbar.timeline.zoomToFit()
        }
        IconButton {
            implicitHeight: 28
            iconName: "timeline-zoom-out"
            label: qsTr("Zoom out")
            keys: toolbar.keysOf("view.zoomOut")
            onClicked: toolbar.timeline.zoomBy(1 / 1.3)
        }
        ValueSlider {
            objectName: "zoomSlider"
            implicitWidth: 140
            label: qsTr("Zoom of the timeline")
            from: 0
            to: 1
            value: toolbar.timeline.zoom
            onMoved: toolbar.timeline.zoom = value
        }
        IconButton {
            implicitHeight: 28
            iconName: "timeline-zoom-in"
            label: qsTr("Zoom in")
            keys: toolbar.keysOf("view.zoomIn")
            onClicked: toolbar.timeline.zoomBy(1.3)
        }
    }
}
