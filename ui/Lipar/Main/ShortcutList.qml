// The keys there are.
pragma ComponentBehavior: Bound
import QtQuick

Column {
    spacing: 6

    Repeater {
        model: [
            { keys: "Ctrl+O", action: qsTr("Open a clip") },
            { keys: "Ctrl+L", action: qsTr("Write a prompt") },
            { keys: qsTr("Ctrl+Return"), action: qsTr("Edit, or restart with the new settings") },
            { keys: qsTr("Esc"), action: qsTr("Cancel the edit") },
            { keys: "Ctrl+S", action: qsTr("Save as") },
            { keys: qsTr("Space"), action: qsTr("Play or pause") },
            { keys: "← →", action: qsTr("One frame back or forward") },
            { keys: "Home End", action: qsTr("First or last frame") },
            { keys: "1 2 W S", action: qsTr("Source, edited, wipe, split") },
            { keys: "H", action: qsTr("Heatmap on or off") },
            { keys: "Ctrl+Q", action: qsTr("Quit") }
        ]

        Row {
            id: line

            required property var modelData

            spacing: 8

            Text {
                width: 96
                text: line.modelData.keys
                color: line.palette.link
                font.pixelSize: 12
            }
            Text {
                text: line.modelData.action
                color: line.palette.windowText
                font.pixelSize: 12
            }
        }
    }
}
