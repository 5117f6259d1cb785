// The viewer: picture with its tools above, read-outs and transport below.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session
import Lipar.Viewer

FocusScope {
    id: panel

    required property StudioSession session

    ColumnLayout {
        anchors.fill: parent
        spacing: 1

        ViewerToolbar {
            Layout.fillWidth: true
            view: panel.session.view
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            color: panel.palette.dark

            PictureView {
                id: picture

                anchors.fill: parent
                anchors.margins: 12
                frame: panel.session.transport.frame
                mode: panel.session.view.mode
                wipe: panel.session.view.wipe
                heatmap: panel.session.view.heatmap
                aspectRatio: panel.session.clip.height > 0 ? panel.session.clip.width / panel.session.clip.height : 0
                keptColor: "#73ff9a2e"
                prunedColor: "#733d8bff"
                staleColor: "#8c4a1fb8"
                Accessible.role: Accessible.Graphic
                Accessible.name: showsEdited ? qsTr("Edited picture") : qsTr("Source picture")
            }
            Item {
                id: overlay

                x: picture.x + picture.pictureRect.x
                y: picture.y + picture.pictureRect.y
                width: picture.pictureRect.width
                height: picture.pictureRect.height
                visible: width > 0 && panel.session.transport.frame.hasSource

                WipeHandle {
                    anchors.fill: parent
                    visible: panel.session.view.mode === ViewState.Wipe && picture.showsEdited
                    view: panel.session.view
                }
                PictureTag {
                    x: 8
                    y: 8
                    visible: picture.showsEdited && (panel.session.view.mode === ViewState.Split
                                                     || (panel.session.view.mode === ViewState.Wipe
                                                         && panel.session.view.wipe > 0.15))
                    text: qsTr("Source")
                }
                PictureTag {
                    x: parent.width - width - 8
                    y: 8
                    visible: picture.showsEdited && (panel.session.view.mode === ViewState.Split
                                                     || (panel.session.view.mode === ViewState.Wipe
                                                         && panel.session.view.wipe < 0.85))
                    text: qsTr("Edited")
                }
                PictureTag {
                    anchors.horizontalCenter: parent.horizontalCenter
                    y: parent.height - height - 12
                    visible: !picture.showsEdited
                    text: panel.session.run.isRunning ? qsTr("The first edited block is on its way")
                                                      : qsTr("The clip as it is: nothing has been edited yet")
                }
                HeatmapLegend {
                    x: 8
                    y: parent.height - height - 8
                    visible: heatmap !== ViewState.NoHeatmap && panel.session.transport.frame.hasTokens
                    heatmap: panel.session.view.heatmap
                    keptColor: picture.keptColor
                    prunedColor: picture.prunedColor
                    staleColor: picture.staleColor
                    stalestFrames: picture.stalestFrames
                }
            }
            ColumnLayout {
                anchors.centerIn: parent
                visible: !panel.session.transport.frame.hasSource && !panel.session.transport.frame.hasEdited
                spacing: 12

                Icon {
                    Layout.alignment: Qt.AlignHCenter
                    Layout.preferredWidth: 48
                    Layout.preferredHeight: 48
                    name: "clip"
                    color: panel.palette.light
                }
                Body {
                    Layout.alignment: Qt.AlignHCenter
                    text: panel.session.isReadingFrames || panel.session.run.isRunning
                          ? qsTr("Reading the first frames…") : qsTr("The picture appears here when you press Edit")
                    color: panel.palette.placeholderText
                }
                ProgressLine {
                    Layout.alignment: Qt.AlignHCenter
                    visible: panel.session.isReadingFrames || panel.session.run.isRunning
                    label: qsTr("Reading the first frames")
                }
            }
        }
        Readouts {
            Layout.fillWidth: true
            run: panel.session.run
            transport: panel.session.transport
        }
        TransportBar {
            Layout.fillWidth: true
            transport: panel.session.transport
            clip: panel.session.clip
        }
    }
}
