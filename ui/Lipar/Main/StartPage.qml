// What is shown before a clip is open: where to drop one, a sample to try, the looks that are built in.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Prompt
import Lipar.Session

Rectangle {
    id: page

    required property StudioSession session

    signal openRequested

    color: palette.dark

    ColumnLayout {
        anchors.centerIn: parent
        width: Math.min(parent.width - 96, 832)
        height: Math.min(implicitHeight, parent.height - 32)
        spacing: 20

        ColumnLayout {
            Layout.alignment: Qt.AlignHCenter
            spacing: 8

            Text {
                Layout.alignment: Qt.AlignHCenter
                text: qsTr("Give your clip another look")
                color: page.palette.windowText
                font.pixelSize: 28
                font.weight: Font.DemiBold
            }
            Body {
                Layout.alignment: Qt.AlignHCenter
                text: qsTr("Everything runs on this computer; nothing is uploaded.")
                color: page.palette.placeholderText
            }
        }
        Rectangle {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredHeight: 216
            Layout.minimumHeight: 164
            Layout.maximumHeight: 216
            radius: 8
            color: page.palette.alternateBase
            border.width: 1
            border.color: page.palette.mid

            ColumnLayout {
                anchors.centerIn: parent
                spacing: 12
                visible: !page.session.clip.isOpening

                Icon {
                    Layout.alignment: Qt.AlignHCenter
                    Layout.preferredWidth: 56
                    Layout.preferredHeight: 56
                    name: "clip"
                    color: page.palette.highlight
                }
                Text {
                    Layout.alignment: Qt.AlignHCenter
                    text: qsTr("Drop a video here")
                    color: page.palette.windowText
                    font.pixelSize: 17
                    font.weight: Font.DemiBold
                }
                RowLayout {
                    Layout.alignment: Qt.AlignHCenter
                    Layout.topMargin: 4
                    spacing: 12

                    PushButton {
                        objectName: "startOpenButton"
                        implicitHeight: 36
                        primary: true
                        iconName: "open"
                        text: qsTr("Open a clip…")
                        keys: "Ctrl+O"
                        onClicked: page.openRequested()
                    }
                    PushButton {
                        objectName: "sampleButton"
                        implicitHeight: 36
                        iconName: "play"
                        text: qsTr("Try the sample clip")
                        hint: qsTr("Makes a short clip and edits it at once")
                        onClicked: page.session.trySample()
                    }
                }
            }
            ColumnLayout {
                anchors.centerIn: parent
                spacing: 12
                visible: page.session.clip.isOpening

                Body {
                    Layout.alignment: Qt.AlignHCenter
                    text: qsTr("Opening %1…").arg(page.session.clip.openingName)
                }
                ProgressLine {
                    Layout.alignment: Qt.AlignHCenter
                    Layout.preferredWidth: 240
                    label: qsTr("Opening the clip")
                }
            }
        }
        Banner {
            objectName: "clipError"
            Layout.fillWidth: true
            visible: page.session.clip.error.isSet
            title: qsTr("The clip could not be opened")
            message: page.session.clip.error.message
            hint: page.session.clip.error.hint
            onCopyRequested: page.session.copyToClipboard(page.session.clip.error.details)
            onDismissed: page.session.clip.dismissError()
        }
        Banner {
            Layout.fillWidth: true
            visible: page.session.modelError.isSet
            dismissible: false
            title: qsTr("There is no model to edit with")
            message: page.session.modelError.message
            hint: page.session.modelError.hint
            onCopyRequested: page.session.copyToClipboard(page.session.modelError.details)
        }
        ColumnLayout {
            Layout.fillWidth: true
            visible: page.session.parameters.looks.count > 0
            spacing: 12

            RowLayout {
                Heading {
                    text: qsTr("Looks that are built in")
                }
                Caption {
                    Layout.fillWidth: true
                    text: qsTr("Pick one now, or later beside the picture")
                }
            }
            LookGallery {
                Layout.fillWidth: true
                columns: 8
                parameters: page.session.parameters
            }
        }
    }
}
