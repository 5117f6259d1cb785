// The ways to export that are ready to be picked, and a place to keep one of one's own.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: panel

    required property ExportForm form

    color: palette.alternateBase

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: 12
        spacing: 8

        Heading {
            text: qsTr("Presets")
        }
        ListView {
            id: list

            objectName: "presetList"
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            spacing: 2
            model: panel.form.presets
            boundsBehavior: Flickable.StopAtBounds
            T.ScrollBar.vertical: ThinScrollBar {}

            delegate: T.AbstractButton {
                id: entry

                required property int index
                required property string title
                required property string description
                required property bool isOwn

                readonly property string shownTitle: isOwn ? title : qsTranslate("ExportPreset", title)
                readonly property string shownDescription: isOwn ? qsTr("Your own")
                                                                 : qsTranslate("ExportPreset", description)
                readonly property bool isCurrent: panel.form.currentPreset === index

                width: list.width
                implicitHeight: 48
                activeFocusOnTab: true
                focusPolicy: Qt.StrongFocus
                text: shownTitle
                Accessible.role: Accessible.RadioButton
                Accessible.name: qsTr("Preset: %1").arg(shownTitle)
                Accessible.checkable: true
                Accessible.checked: isCurrent
                Keys.onReturnPressed: entry.clicked()
                onClicked: panel.form.choosePreset(index)

                contentItem: RowLayout {
                    spacing: 4

                    ColumnLayout {
                        Layout.fillWidth: true
                        Layout.leftMargin: 10
                        spacing: 2

                        Text {
                            Layout.fillWidth: true
                            text: entry.shownTitle
                            color: entry.isCurrent ? entry.palette.link : entry.palette.windowText
                            font.pixelSize: 13
                            elide: Text.ElideRight
                        }
                        Caption {
                            Layout.fillWidth: true
                            text: entry.shownDescription
                        }
                    }
                    IconButton {
                        Layout.rightMargin: 4
                        implicitWidth: 26
                        implicitHeight: 26
                        iconSize: 16
                        visible: entry.isOwn
                        iconName: "remove"
                        label: qsTr("Remove the preset %1").arg(entry.title)
                        onClicked: panel.form.removePreset(entry.index)
                    }
                }
                background: Rectangle {
                    radius: 4
                    color: entry.isCurrent ? entry.palette.button : entry.hovered ? entry.palette.midlight : "transparent"

                    FocusRing {
                        shown: entry.visualFocus
                        anchors.margins: 0
                    }
                }
            }
        }
        RowLayout {
            spacing: 6

            InputField {
                id: name

                Layout.fillWidth: true
                label: qsTr("Name of your own preset")
                example: qsTr("Name")
                onAccepted: keep.clicked()
            }
            PushButton {
                id: keep

                text: qsTr("Keep")
                hint: qsTr("Keeps these settings as a preset of your own")
                enabled: name.text.trim() !== ""
                onClicked: {
                    panel.form.savePreset(name.text);
                    name.clear();
                }
            }
        }
    }
}
