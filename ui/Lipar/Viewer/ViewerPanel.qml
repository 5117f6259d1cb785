// The viewer: the picture at the playhead with its tools above, figures and transport below.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session
import Lipar.Viewer

FocusScope {
    id: panel

    required property Player player
    required property Preview preview
    required property ViewState view

    // Details of an error, for the clipboard.
    signal copyRequested(string details)

    function focusTimecode() {
        transport.focusTimecode();
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 1

        ViewerToolbar {
            Layout.fillWidth: true
            view: panel.view
        }
        Rectangle {
            id: stage

            Layout.fillWidth: true
            Layout.fillHeight: true
            color: panel.palette.dark
            clip: true

            PictureView {
                id: picture

                objectName: "pictureView"
                anchors.fill: parent
                anchors.margins: 4
                frame: panel.player.picture
                mode: panel.view.mode
                wipe: panel.view.wipe
                heatmap: panel.view.heatmap
                aspectRatio: panel.player.aspectRatio
                keptColor: "#73ff9a2e"
                prunedColor: "#733d8bff"
                staleColor: "#8c4a1fb8"
                onPixelSizeChanged: panel.player?.setViewSize(pixelSize)
                Component.onCompleted: panel.player.setViewSize(pixelSize)
                Accessible.role: Accessible.Graphic
                Accessible.name: showsEdited ? qsTr("Edited picture") : qsTr("Source picture")
            }
            Item {
                id: overlay

                x: picture.x + picture.pictureRect.x
                y: picture.y + picture.pictureRect.y
                width: picture.pictureRect.width
                height: picture.pictureRect.height
                visible: width > 0 && panel.player.hasPicture

                WipeHandle {
                    anchors.fill: parent
                    visible: panel.view.mode === ViewState.Wipe && picture.showsEdited
                    view: panel.view
                }
                PictureTag {
                    x: 8
                    y: 8
                    visible: picture.showsEdited && (panel.view.mode === ViewState.Split
                                                     || (panel.view.mode === ViewState.Wipe && panel.view.wipe > 0.15))
                    text: qsTr("Source")
                }
                PictureTag {
                    x: parent.width - width - 8
                    y: 8
                    visible: picture.showsEdited && (panel.view.mode === ViewState.Split
                                                     || (panel.view.mode === ViewState.Wipe && panel.view.wipe < 0.85))
                    text: qsTr("Edited")
                }
                HeatmapLegend {
                    x: 8
                    y: parent.height - height - 8
                    visible: heatmap !== ViewState.NoHeatmap && panel.player.picture.hasTokens
                    heatmap: panel.view.heatmap
                    keptColor: picture.keptColor
                    prunedColor: picture.prunedColor
                    staleColor: picture.staleColor
                    stalestFrames: picture.stalestFrames
                }
            }
            ColumnLayout {
                anchors.centerIn: parent
                visible: panel.player.frames === 0
                spacing: 8

                Icon {
                    Layout.alignment: Qt.AlignHCenter
                    Layout.preferredWidth: 40
                    Layout.preferredHeight: 40
                    name: "clip"
                    color: panel.palette.light
                }
                Body {
                    Layout.alignment: Qt.AlignHCenter
                    text: qsTr("The timeline is empty: drag a clip onto it")
                    color: panel.palette.placeholderText
                }
            }
            ProgressLine {
                width: parent.width
                implicitHeight: 3
                visible: panel.preview.isRunning
                label: qsTr("Progress of the preview")
                progress: panel.preview.state === Preview.Editing ? panel.preview.progress : -1
            }
            PictureNote {
                anchors.horizontalCenter: parent.horizontalCenter
                y: parent.height - height - 12
                player: panel.player
                preview: panel.preview
            }
            Banner {
                objectName: "previewError"
                anchors.horizontalCenter: parent.horizontalCenter
                y: Math.max(8, parent.height - height - 8)
                width: Math.min(parent.width - 16, 520)
                color: Qt.tint(panel.palette.alternateBase, Qt.alpha(panel.palette.brightText, 0.12))
                visible: panel.preview.error.isSet
                title: qsTr("The preview stopped")
                message: Qt.uiLanguage ? panel.preview.error.message : ""
                hint: Qt.uiLanguage ? panel.preview.error.hint : ""
                onCopyRequested: panel.copyRequested(panel.preview.error.details)
                onDismissed: panel.preview.dismissError()
            }
            Banner {
                objectName: "playerError"
                anchors.horizontalCenter: parent.horizontalCenter
                y: Math.max(8, parent.height - height - 8)
                width: Math.min(parent.width - 16, 520)
                color: Qt.tint(panel.palette.alternateBase, Qt.alpha(panel.palette.brightText, 0.12))
                visible: panel.player.error.isSet && !panel.preview.error.isSet
                title: qsTr("The picture cannot be shown")
                message: Qt.uiLanguage ? panel.player.error.message : ""
                hint: Qt.uiLanguage ? panel.player.error.hint : ""
                onCopyRequested: panel.copyRequested(panel.player.error.details)
                onDismissed: panel.player.dismissError()
            }
        }
        Hud {
            Layout.fillWidth: true
            player: panel.player
            preview: panel.preview
        }
        TransportBar {
            id: transport

            Layout.fillWidth: true
            Layout.topMargin: -1
            player: panel.player
        }
    }
}
