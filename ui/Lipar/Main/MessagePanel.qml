// The messages of jobs, over the lower right corner of the window.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

Popover {
    id: panel

    required property StudioSession session

    width: 480
    height: Math.min(440, 160 + panel.session.messages.count * 80)
    onOpened: panel.session.messages.markRead()

    contentItem: ColumnLayout {
        spacing: 10

        RowLayout {
            spacing: 8

            Heading {
                Layout.fillWidth: true
                text: qsTr("Messages")
            }
            PushButton {
                objectName: "copyReportButton"
                implicitHeight: 28
                iconName: "copy"
                text: panel.session.isReporting ? qsTr("Collecting…") : panel.session.hasReported ? qsTr("Report copied")
                                                                                                  : qsTr("Copy report")
                hint: qsTr("Versions, devices, codecs and these messages, for a bug report")
                enabled: !panel.session.isReporting
                onClicked: panel.session.copyReport()
            }
            PushButton {
                implicitHeight: 28
                text: qsTr("Clear")
                enabled: panel.session.messages.count > 0
                onClicked: panel.session.messages.clear()
            }
        }
        ListView {
            id: list

            objectName: "messageList"
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            spacing: 6
            model: panel.session.messages
            boundsBehavior: Flickable.StopAtBounds
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Messages")
            T.ScrollBar.vertical: ThinScrollBar {}

            delegate: Rectangle {
                id: entry

                required property int severity
                required property string what
                required property string message
                required property string hint
                required property string details
                required property string time

                width: list.width - 10
                height: content.implicitHeight + 16
                radius: 4
                color: panel.palette.base
                border.color: panel.palette.mid
                Accessible.role: Accessible.ListItem
                Accessible.name: qsTranslate("Message", what) + ": " + message

                RowLayout {
                    id: content

                    anchors.fill: parent
                    anchors.margins: 8
                    spacing: 8

                    Icon {
                        Layout.alignment: Qt.AlignTop
                        Layout.preferredWidth: 16
                        Layout.preferredHeight: 16
                        name: entry.severity === MessageList.Information ? "info" : "warning"
                        color: entry.severity === MessageList.Failure ? panel.palette.brightText : panel.palette.link
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 2

                        Caption {
                            Layout.fillWidth: true
                            text: qsTranslate("Message", entry.what) + " · " + entry.time
                        }
                        Body {
                            Layout.fillWidth: true
                            text: entry.message
                            font.pixelSize: 12
                        }
                        Body {
                            Layout.fillWidth: true
                            visible: text !== ""
                            text: entry.hint
                            color: panel.palette.placeholderText
                            font.pixelSize: 12
                        }
                    }
                    IconButton {
                        Layout.alignment: Qt.AlignTop
                        implicitWidth: 26
                        implicitHeight: 26
                        iconSize: 16
                        iconName: "copy"
                        label: qsTr("Copy details")
                        onClicked: panel.session.copyToClipboard(entry.details)
                    }
                }
            }

            Body {
                anchors.centerIn: parent
                visible: list.count === 0
                text: qsTr("Nothing to report")
                color: panel.palette.placeholderText
            }
        }
    }
}
