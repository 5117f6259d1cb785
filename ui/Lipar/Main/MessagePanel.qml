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

            delegate: MessageRow {
                width: ListView.view.width - 10
                onCopyRequested: details => panel.session.copyToClipboard(details)
            }

            Body {
                anchors.centerIn: parent
                visible: panel.session.messages.count === 0
                text: qsTr("Nothing to report")
                color: panel.palette.placeholderText
            }
        }
    }
}
