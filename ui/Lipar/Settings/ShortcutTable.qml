// Every action with its keys; press new ones to change them.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: table

    required property ActionModel actions

    color: palette.alternateBase

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: 16
        spacing: 10

        RowLayout {
            Text {
                Layout.fillWidth: true
                text: qsTr("Keys")
                color: table.palette.windowText
                font.pixelSize: 15
                font.weight: Font.DemiBold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            PushButton {
                implicitHeight: 28
                iconName: "restart"
                text: qsTr("Reset all")
                onClicked: table.actions.resetAll()
            }
        }
        Caption {
            Layout.fillWidth: true
            text: qsTr("Pick a key, then press the new one. Escape leaves it as it is, Backspace takes it away.")
            wrapMode: Text.Wrap
        }
        ListView {
            id: list

            objectName: "shortcutList"
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            model: table.actions
            boundsBehavior: Flickable.StopAtBounds
            T.ScrollBar.vertical: ThinScrollBar {}

            delegate: ColumnLayout {
                id: row

                required property StudioAction studioAction
                required property bool startsGroup
                readonly property string title: qsTranslate("Action", studioAction.text)

                width: list.width - 12
                spacing: 0

                Heading {
                    Layout.topMargin: 12
                    Layout.bottomMargin: 6
                    visible: row.startsGroup
                    text: qsTranslate("Action", row.studioAction.group)
                }
                RowLayout {
                    Layout.fillWidth: true
                    Layout.preferredHeight: 34
                    spacing: 8

                    Text {
                        Layout.fillWidth: true
                        text: row.title
                        color: row.palette.windowText
                        font.pixelSize: 12
                        elide: Text.ElideRight
                    }
                    KeyField {
                        actions: table.actions
                        studioAction: row.studioAction
                        title: row.title
                    }
                    IconButton {
                        implicitWidth: 28
                        implicitHeight: 28
                        iconSize: 16
                        opacity: row.studioAction.hasOwnKeys ? 1 : 0
                        enabled: row.studioAction.hasOwnKeys
                        iconName: "restart"
                        label: qsTr("Reset the key of %1").arg(row.title)
                        onClicked: table.actions.reset(row.studioAction.actionId)
                    }
                }
            }
        }
    }
}
