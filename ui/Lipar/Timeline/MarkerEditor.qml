// Names a marker, or removes it: opens below it with a double click.
pragma ComponentBehavior: Bound
import QtQuick
import Lipar.Controls
import Lipar.Session

Popover {
    id: editor

    required property TimelineEditor timeline
    property var marker: 0

    padding: 8

    function edit(marker: var, x: real) {
        editor.marker = marker;
        editor.x = x;
        open();
    }

    contentItem: Row {
        spacing: 4

        InputField {
            implicitWidth: 200
            focus: true
            label: qsTr("Name of the marker")
            example: qsTr("Name")
            onVisibleChanged: {
                if (visible) {
                    text = editor.timeline.markerName(editor.marker);
                    selectAll();
                }
            }
            onAccepted: {
                editor.timeline.renameMarker(editor.marker, text);
                editor.close();
            }
        }
        IconButton {
            iconName: "remove"
            label: qsTr("Remove the marker")
            onClicked: {
                editor.timeline.deleteSelected();
                editor.close();
            }
        }
    }
}
