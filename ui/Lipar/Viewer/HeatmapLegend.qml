// What the heatmap's colours mean.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Session

Rectangle {
    id: legend

    required property int heatmap  // ViewState.Heatmap
    required property color keptColor
    required property color prunedColor
    required property color staleColor
    required property int stalestFrames

    implicitWidth: content.implicitWidth + 24
    implicitHeight: 28
    radius: 4
    color: "#d0101114"
    visible: heatmap !== ViewState.NoHeatmap
    Accessible.role: Accessible.StaticText
    Accessible.name: heatmap === ViewState.TokenAge ? qsTr("Heatmap colours: from just computed to reused for long")
                                                    : qsTr("Heatmap colours: computed anew, and reused")

    component Label: Text {
        color: "#f0f0f2"
        font.pixelSize: 11
    }

    RowLayout {
        id: content

        anchors.centerIn: parent
        spacing: 8

        Rectangle {
            visible: legend.heatmap === ViewState.KeptTokens
            implicitWidth: 12
            implicitHeight: 12
            radius: 2
            color: Qt.alpha(legend.keptColor, 1)
        }
        Label {
            visible: legend.heatmap === ViewState.KeptTokens
            text: qsTr("Kept: computed anew")
        }
        Rectangle {
            Layout.leftMargin: 8
            visible: legend.heatmap === ViewState.KeptTokens
            implicitWidth: 12
            implicitHeight: 12
            radius: 2
            color: Qt.alpha(legend.prunedColor, 1)
        }
        Label {
            visible: legend.heatmap === ViewState.KeptTokens
            text: qsTr("Pruned: reused")
        }
        Label {
            visible: legend.heatmap === ViewState.TokenAge
            text: qsTr("Just computed")
        }
        Rectangle {
            visible: legend.heatmap === ViewState.TokenAge
            implicitWidth: 120
            implicitHeight: 10
            radius: 2
            gradient: Gradient {
                orientation: Gradient.Horizontal

                GradientStop {
                    position: 0
                    color: Qt.alpha(legend.keptColor, 1)
                }
                GradientStop {
                    position: 1
                    color: Qt.alpha(legend.staleColor, 1)
                }
            }
        }
        Label {
            visible: legend.heatmap === ViewState.TokenAge
            text: qsTr("Reused for %1 frames or more").arg(legend.stalestFrames)
        }
    }
}
