// The bar at the top: the program, what is open, preferences.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session
import Lipar.Settings

Rectangle {
    id: bar

    required property StudioSession session
    required property AppSettings settings

    signal openRequested

    function showPreferences() {
        preferences.open();
    }

    implicitHeight: 48
    color: palette.alternateBase

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 16
        anchors.rightMargin: 8
        spacing: 12

        Icon {
            Layout.preferredWidth: 20
            Layout.preferredHeight: 20
            name: "lipar"
            color: bar.palette.highlight
        }
        Text {
            text: qsTr("LIPAR Studio")
            color: bar.palette.windowText
            font.pixelSize: 15
            font.weight: Font.DemiBold
        }
        PushButton {
            Layout.leftMargin: 12
            objectName: "openButton"
            iconName: "open"
            text: qsTr("Open…")
            hint: qsTr("Open a clip")
            keys: "Ctrl+O"
            onClicked: bar.openRequested()
        }
        Rectangle {
            Layout.leftMargin: 4
            Layout.preferredWidth: 1
            Layout.preferredHeight: 24
            visible: bar.session.clip.isOpen
            color: bar.palette.mid
        }
        Text {
            Layout.maximumWidth: 360
            visible: bar.session.clip.isOpen
            text: bar.session.clip.name
            color: bar.palette.windowText
            font.pixelSize: 13
            font.weight: Font.DemiBold
            elide: Text.ElideMiddle
        }
        Caption {
            Layout.fillWidth: true
            visible: bar.session.clip.isOpen
            readonly property string rate: Number(bar.session.clip.fps.toFixed(2))
                                           .toLocaleString(Qt.locale(Qt.uiLanguage), "g", 5)
            readonly property string gap: "   ·   "

            text: qsTr("%1 × %2").arg(bar.session.clip.width).arg(bar.session.clip.height) + gap
                  + (bar.session.clip.variableRate ? qsTr("variable rate") : qsTr("%1 frames a second").arg(rate)) + gap
                  + qsTr("%n frame(s)", "", bar.session.clip.frames) + gap
                  + (bar.session.clip.hasSound ? qsTr("with sound") : qsTr("no sound"))
                  + (bar.session.clip.note === "" ? "" : gap + bar.session.clip.note)
        }
        Item {
            Layout.fillWidth: true
            visible: !bar.session.clip.isOpen
        }
        IconButton {
            id: preferencesButton

            objectName: "preferencesButton"
            iconName: "preferences"
            label: qsTr("Preferences and keys")
            keys: "Ctrl+,"
            checked: preferences.opened
            onClicked: preferences.opened ? preferences.close() : preferences.open()

            PreferencesPopover {
                id: preferences

                objectName: "preferences"
                x: preferencesButton.width - width
                y: preferencesButton.height + 8
                settings: bar.settings
            }
        }
    }
}
