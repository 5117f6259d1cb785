// How strongly the clip is changed: a word for the built-in model, a number for models that take one.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: section

    required property ClipEditor editor

    spacing: 8

    RowLayout {
        Heading {
            Layout.fillWidth: true
            text: qsTr("Strength")
        }
        Caption {
            visible: !section.editor.hasStrengthWords
            readonly property string value: qsTr("%1 %").arg(Math.round(section.editor.strengthValue * 100))

            objectName: "strengthText"
            text: section.editor.strengthValue === section.editor.defaultStrength ? qsTr("%1 (default)").arg(value) : value
        }
    }
    SegmentedControl {
        Layout.fillWidth: true
        visible: section.editor.hasStrengthWords
        label: qsTr("Strength")
        stretch: true
        current: section.editor.strength
        options: [
            { text: qsTr("Subtle"), hint: qsTr("The clip shows through") },
            { text: qsTr("Normal"), hint: qsTr("As the look was made") },
            { text: qsTr("Strong"), hint: qsTr("The look comes first") }
        ]
        onChosen: index => {
            section.editor.strength = index;
            section.editor.endMerge();
        }
    }
    ValueSlider {
        Layout.fillWidth: true
        visible: !section.editor.hasStrengthWords
        objectName: "strengthSlider"
        label: qsTr("Strength")
        mark: section.editor.defaultStrength
        value: section.editor.strengthValue
        onMoved: section.editor.strengthValue = value
        onPressedChanged: {
            if (!pressed)
                section.editor.endMerge();
        }
    }
}
