// Name and switches of a track, beside its lane.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: header

    required property TimelineEditor timeline
    required property var trackId
    required property string name
    required property bool isVideo
    required property bool muted
    required property bool solo
    required property bool locked
    required property real keptHeight  // of the lane of kept tokens; 0 = none

    property bool isRenaming: false

    color: palette.alternateBase
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Track %1").arg(name)

    function rename() {
        isRenaming = true;
        field.text = name;
        field.forceActiveFocus();
        field.selectAll();
    }

    Caption {
        anchors.left: parent.left
        anchors.bottom: parent.bottom
        anchors.leftMargin: 10
        height: header.keptHeight
        visible: header.keptHeight > 0
        text: qsTr("Kept tokens")
        font.pixelSize: 10
        verticalAlignment: Text.AlignVCenter
    }
    ColumnLayout {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.leftMargin: 10
        anchors.rightMargin: 6
        anchors.topMargin: 3
        spacing: 0

        Item {
            Layout.fillWidth: true
            implicitHeight: 20

            Text {
                anchors.fill: parent
                visible: !header.isRenaming
                text: header.name
                color: header.palette.windowText
                font.pixelSize: 12
                font.weight: Font.DemiBold
                elide: Text.ElideRight
                verticalAlignment: Text.AlignVCenter
            }
            MouseArea {
                anchors.fill: parent
                onDoubleClicked: header.rename()
            }
            InputField {
                id: field

                anchors.fill: parent
                visible: header.isRenaming
                label: qsTr("Name of the track")
                leftPadding: 4
                rightPadding: 4
                topPadding: 0
                bottomPadding: 0
                font.pixelSize: 12
                onEditingFinished: {
                    if (header.isRenaming)
                        header.timeline.renameTrack(header.trackId, text);
                    header.isRenaming = false;
                }
                Keys.onEscapePressed: header.isRenaming = false
            }
        }
        RowLayout {
            spacing: 0

            TrackSwitch {
                iconName: header.isVideo ? (header.muted ? "timeline-eye-off" : "timeline-eye")
                                         : (header.muted ? "timeline-sound-off" : "sound")
                label: header.isVideo ? (header.muted ? qsTr("Show %1").arg(header.name) : qsTr("Hide %1").arg(header.name))
                                      : (header.muted ? qsTr("Unmute %1").arg(header.name)
                                                      : qsTr("Mute %1").arg(header.name))
                isOn: header.muted
                activeColor: header.palette.brightText
                onClicked: header.timeline.setTrackMuted(header.trackId, !header.muted)
            }
            TrackSwitch {
                iconName: "timeline-solo"
                label: qsTr("Only %1").arg(header.name)
                isOn: header.solo
                onClicked: header.timeline.setTrackSolo(header.trackId, !header.solo)
            }
            TrackSwitch {
                iconName: header.locked ? "timeline-lock" : "timeline-unlock"
                label: header.locked ? qsTr("Unlock %1").arg(header.name) : qsTr("Lock %1").arg(header.name)
                isOn: header.locked
                onClicked: header.timeline.setTrackLocked(header.trackId, !header.locked)
            }
            TrackSwitch {
                iconName: "timeline-rename"
                label: qsTr("Rename %1").arg(header.name)
                isOn: false
                onClicked: header.rename()
            }
            TrackSwitch {
                iconName: "remove"
                label: qsTr("Remove %1").arg(header.name)
                isOn: false
                onClicked: header.timeline.removeTrack(header.trackId)
            }
        }
    }
}
