// A small landscape in the colours of a look, so that looks can be told apart at a glance.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes

Item {
    id: scene

    required property string look

    // Sky above, sky below, sun, far hills, near hills.
    readonly property var colorsByLook: ({
            watercolor: ["#cfe6ee", "#f7efe0", "#f6c9a8", "#9dc4bd", "#7aa58f"],
            oil: ["#2f5f8f", "#e2b26a", "#f7d774", "#4f6b3a", "#2c4526"],
            pencil: ["#f3f1ec", "#ebe8e1", "#ffffff", "#b9b6b0", "#86847f"],
            cartoon: ["#3fb4ff", "#9fe0ff", "#ffe14a", "#58c857", "#2f9e41"],
            ink: ["#ffffff", "#ffffff", "#111111", "#8b8b8b", "#111111"],
            comic: ["#ffdf3d", "#ff9d2e", "#ffffff", "#e8403a", "#26327a"],
            pixel: ["#5b6ee1", "#cbdbfc", "#fbf236", "#6abe30", "#37946e"],
            neon: ["#12062b", "#4b0f6b", "#ff3fb4", "#1fd5ff", "#120a3a"],
            noir: ["#101010", "#565656", "#e8e8e8", "#2b2b2b", "#080808"],
            snow: ["#b9c8d6", "#eef3f7", "#ffffff", "#d3dee8", "#f8fbfd"],
            autumn: ["#9fb6c4", "#f2dcb3", "#ffe9b0", "#d07a2b", "#8e3f1c"],
            thermal: ["#180b4a", "#7a1d8f", "#fff3a3", "#f2542d", "#ffb02e"],
            sepia: ["#d9c29b", "#efdfbf", "#f8efdb", "#a98757", "#6b5030"],
            underwater: ["#0b6c8f", "#063a5e", "#9ff0e6", "#0a4f6b", "#04283f"],
            sunset: ["#4a2a68", "#ff8a4c", "#ffe08a", "#7a3351", "#2d1730"],
            original: ["#7fb4de", "#dcebf3", "#fff6cf", "#7da36b", "#4f7a48"]
        })
    readonly property var colors: colorsByLook[look] ?? ["#6d7a88", "#a9b4bf", "#dfe4e8", "#5a6672", "#434d57"]

    clip: true

    Rectangle {
        anchors.fill: parent
        gradient: Gradient {
            GradientStop {
                position: 0
                color: scene.colors[0]
            }
            GradientStop {
                position: 0.8
                color: scene.colors[1]
            }
        }
    }
    Rectangle {
        x: parent.width * 0.62
        y: parent.height * 0.16
        width: 2 * Math.round(parent.height * 0.17)
        height: width
        radius: scene.look === "pixel" ? 0 : width / 2
        color: scene.colors[2]
    }
    Shape {
        width: scene.width
        height: scene.height

        ShapePath {
            strokeColor: "transparent"
            fillColor: scene.colors[3]
            startX: 0
            startY: scene.height * 0.66

            PathCubic {
                control1X: scene.width * 0.18
                control1Y: scene.height * 0.30
                control2X: scene.width * 0.36
                control2Y: scene.height * 0.34
                x: scene.width * 0.56
                y: scene.height * 0.64
            }
            PathCubic {
                control1X: scene.width * 0.72
                control1Y: scene.height * 0.46
                control2X: scene.width * 0.86
                control2Y: scene.height * 0.46
                x: scene.width
                y: scene.height * 0.60
            }
            PathLine {
                x: scene.width
                y: scene.height
            }
            PathLine {
                x: 0
                y: scene.height
            }
        }
        ShapePath {
            strokeColor: "transparent"
            fillColor: scene.colors[4]
            startX: 0
            startY: scene.height * 0.86

            PathCubic {
                control1X: scene.width * 0.30
                control1Y: scene.height * 0.92
                control2X: scene.width * 0.58
                control2Y: scene.height * 0.56
                x: scene.width
                y: scene.height * 0.80
            }
            PathLine {
                x: scene.width
                y: scene.height
            }
            PathLine {
                x: 0
                y: scene.height
            }
        }
    }
}
