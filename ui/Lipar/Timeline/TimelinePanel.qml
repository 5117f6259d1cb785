// The timeline: tools, ruler with markers, track headers, lanes with clips.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session
import Lipar.Timeline

FocusScope {
    id: panel

    required property TimelineEditor timeline
    property var actions: null  // the window's, for the keys in hints

    readonly property int headerWidth: 136

    implicitHeight: 260
    Keys.onPressed: event => event.accepted = panel.timeline.pressKey(event.key, event.modifiers)

    // Has the keyboard after a click on the lanes: the arrows step frames then, as the window has it. Whoever comes with
    // Tab gets to the lanes themselves, where the arrows go from clip to clip.
    Item {
        id: panelFocus

        focus: true
    }

    Rectangle {
        anchors.fill: parent
        color: panel.palette.window
    }
    ColumnLayout {
        anchors.fill: parent
        spacing: 1

        TimelineToolbar {
            Layout.fillWidth: true
            timeline: panel.timeline
            actions: panel.actions
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: 1

            ColumnLayout {
                Layout.preferredWidth: panel.headerWidth
                Layout.maximumWidth: panel.headerWidth
                Layout.fillHeight: true
                spacing: 0

                Rectangle {
                    Layout.fillWidth: true
                    implicitHeight: ruler.height
                    color: panel.palette.alternateBase
                }
                Item {
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    clip: true

                    Repeater {
                        model: panel.timeline.tracks

                        TrackHeader {
                            required property real laneY
                            required property real laneHeight

                            y: laneY - panel.timeline.contentY
                            width: panel.headerWidth
                            height: laneHeight
                            timeline: panel.timeline
                        }
                    }
                }
            }
            ColumnLayout {
                Layout.fillWidth: true
                Layout.fillHeight: true
                spacing: 0

                TimelineRuler {
                    id: ruler

                    objectName: "ruler"
                    Layout.fillWidth: true
                    implicitHeight: 26
                    timeline: panel.timeline
                    color: panel.palette.alternateBase
                    tickColor: panel.palette.light
                    textColor: panel.palette.windowText
                    accentColor: panel.palette.highlight
                    Accessible.role: Accessible.Graphic
                    Accessible.name: qsTr("Ruler")
                    onPressed: panelFocus.forceActiveFocus(Qt.MouseFocusReason)

                    MarkerEditor {
                        id: markerEditor

                        y: ruler.height
                        timeline: panel.timeline
                    }
                    Connections {
                        target: panel.timeline
                        function onMarkerEditRequested(marker: var, x: real) {
                            markerEditor.edit(marker, x);
                        }
                    }
                }
                TimelineLanes {
                    id: lanes

                    objectName: "lanes"
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    activeFocusOnTab: true
                    timeline: panel.timeline
                    laneColor: panel.palette.base
                    lineColor: panel.palette.window
                    textColor: panel.palette.windowText
                    quietTextColor: panel.palette.placeholderText
                    accentColor: panel.palette.highlight
                    accentInkColor: panel.palette.highlightedText
                    focusColor: panel.palette.link
                    Accessible.role: Accessible.List
                    Accessible.name: qsTr("Clips")
                    Accessible.description: Qt.uiLanguage ? panel.timeline.currentDescription : ""
                    Accessible.focusable: true
                    Keys.onPressed: event => event.accepted = panel.timeline.pressLaneKey(event.key, event.modifiers)
                    onPressed: panelFocus.forceActiveFocus(Qt.MouseFocusReason)
                    onMenuRequested: at => {
                        menu.x = at.x;
                        menu.y = at.y;
                        menu.open();
                    }

                    TimelineMenu {
                        id: menu

                        timeline: panel.timeline
                        actions: panel.actions
                    }
                    ColumnLayout {
                        anchors.centerIn: parent
                        visible: panel.timeline.isEmpty && !panel.timeline.isDragging

                        Body {
                            Layout.alignment: Qt.AlignHCenter
                            text: qsTr("Drag a clip here from the media bin, or drop a file")
                            color: panel.palette.placeholderText
                        }
                    }
                    Rectangle {
                        anchors.fill: parent
                        visible: lanes.activeFocus
                        color: "transparent"
                        border.width: 2
                        border.color: panel.palette.link
                    }
                }
                ThinScrollBar {
                    objectName: "scrollBar"
                    Layout.fillWidth: true
                    implicitHeight: 10
                    orientation: Qt.Horizontal
                    visible: true
                    size: panel.timeline.scrollSize
                    position: panel.timeline.scrollPosition
                    onPositionChanged: {
                        if (pressed)
                            panel.timeline.scrollPosition = position;
                    }
                }
            }
        }
    }
    // Over ruler and lanes.
    Item {
        id: overLanes

        x: panel.headerWidth + 1
        y: panel.height - height
        width: panel.width - x
        height: lanes.height + ruler.height + 10
        clip: true

        Rectangle {
            x: Math.round(panel.timeline.snapX)
            y: ruler.height
            width: 1
            height: lanes.height
            visible: panel.timeline.snapX >= 0
            color: panel.palette.windowText
        }
        Rectangle {
            objectName: "playhead"
            x: Math.round(panel.timeline.playheadX) - 1
            y: ruler.height - 8
            width: 2
            height: lanes.height + 8
            color: panel.palette.brightText

            Rectangle {
                x: -4
                y: -2
                width: 10
                height: 10
                radius: 2
                color: panel.palette.brightText
            }
        }
        Rectangle {
            x: Math.max(4, Math.min(parent.width - width - 4, panel.timeline.dragPoint.x + 14))
            y: ruler.height + Math.max(2, Math.min(lanes.height - height - 2, panel.timeline.dragPoint.y - 30))
            width: dragLabel.implicitWidth + 12
            height: 20
            visible: panel.timeline.dragText !== ""
            radius: 3
            color: panel.palette.toolTipBase

            Text {
                id: dragLabel

                anchors.centerIn: parent
                text: panel.timeline.dragText
                color: panel.palette.toolTipText
                font.pixelSize: 11
            }
        }
        ThinScrollBar {
            x: parent.width - width
            y: ruler.height
            height: lanes.height
            orientation: Qt.Vertical
            size: panel.timeline.verticalSize
            position: panel.timeline.verticalPosition
            onPositionChanged: {
                if (pressed)
                    panel.timeline.verticalPosition = position;
            }
        }
    }
}
