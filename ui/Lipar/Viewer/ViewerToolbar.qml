// How the picture is shown: source, edited, wipe or split, and the heatmap over it.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: toolbar

    required property ViewState view

    implicitHeight: 48
    color: palette.alternateBase

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 16
        anchors.rightMargin: 16
        spacing: 12

        SegmentedControl {
            label: qsTr("View")
            current: toolbar.view.mode
            options: [
                { text: qsTr("Source"), icon: "view-source", hint: qsTr("The clip as it is"), keys: "1" },
                { text: qsTr("Edited"), icon: "view-edited", hint: qsTr("The clip as it becomes"), keys: "2" },
                { text: qsTr("Wipe"), icon: "view-wipe", hint: qsTr("Both, with an edge to drag"), keys: "W" },
                { text: qsTr("Split"), icon: "view-split", hint: qsTr("Both, side by side"), keys: "S" }
            ]
            onChosen: index => toolbar.view.mode = index
        }
        Item {
            Layout.fillWidth: true
        }
        Icon {
            Layout.preferredWidth: 18
            Layout.preferredHeight: 18
            name: "heatmap"
            color: toolbar.palette.placeholderText
        }
        Caption {
            Layout.leftMargin: -4
            text: qsTr("Heatmap")
        }
        SegmentedControl {
            label: qsTr("Heatmap")
            current: toolbar.view.heatmap
            options: [
                { text: qsTr("Off"), hint: qsTr("No heatmap"), keys: "H" },
                { text: qsTr("Kept"), hint: qsTr("What was computed anew and what was reused"), keys: "H" },
                { text: qsTr("Age"), hint: qsTr("For how long each part has been reused"), keys: "Shift+H" }
            ]
            onChosen: index => toolbar.view.heatmap = index
        }
    }
}
