// Theme, language and the list of keys.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Settings

Popover {
    id: popover

    required property AppSettings settings

    readonly property var languages: ["", "en", "fr"]

    contentItem: ColumnLayout {
        spacing: 8

        Heading {
            text: qsTr("Theme")
        }
        SegmentedControl {
            Layout.fillWidth: true
            label: qsTr("Theme")
            stretch: true
            current: popover.settings.theme
            options: [{ text: qsTr("Dark") }, { text: qsTr("Light") }]
            onChosen: index => popover.settings.theme = index
        }
        Heading {
            Layout.topMargin: 8
            text: qsTr("Language")
        }
        SegmentedControl {
            Layout.fillWidth: true
            label: qsTr("Language")
            stretch: true
            current: popover.languages.indexOf(popover.settings.language)
            options: [{ text: qsTr("System") }, { text: "English" }, { text: "Français" }]
            onChosen: index => popover.settings.language = popover.languages[index]
        }
        Heading {
            Layout.topMargin: 8
            text: qsTr("Keys")
        }
        ShortcutList {
            Layout.minimumWidth: 320
        }
    }
}
