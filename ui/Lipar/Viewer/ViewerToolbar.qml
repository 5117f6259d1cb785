// How the picture is shown: source, edited, wipe or split, and the heatmap over it.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: toolbar

    required property ViewState view

    implicitHeight: 36
    color: palette.alternateBase

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 8
        anchors.rightMargin: 8
        spacing: 8

        SegmentedControl {
            implicitHeight: 28
            label: qsTr("View")
            current: toolbar.view.mode
            options: [
                { text: qsTr("Source"), icon: "view-source", hint: qsTr("The clip as it is"), keys: "1" },
                { text: qsTr("Edited"), icon: "view-edited", hint: qsTr("The clip as it becomes"), keys: "2" },
                { text: qsTr("Wipe"), icon: "view-wipe", hint: qsTr("Both, with an edge to drag"), keys: "W" },
                { text: qsTr("Split"), icon: "view-split", hint: qsTr("Both, side by side"), keys: "4" }
            ]
            onChosen: index => toolbar.view.mode = index
        }
        Item {
            Layout.fillWidth: true
        }
        Icon {
            Layout.preferredWidth: 16
            Layout.preferredHeight: 16
            name: "heatmap"
            color: toolbar.palette.placeholderText
        }
        Caption {
            Layout.leftMargin: -2
            visible: toolbar.width > 600
            text: qsTr("Heatmap")
        }
        SegmentedControl {
            implicitHeight: 28
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
