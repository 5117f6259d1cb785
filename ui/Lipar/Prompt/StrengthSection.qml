// How strongly the clip is changed: a word for the built-in model, a number for models that take one.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: section

    required property EditParameters parameters

    spacing: 8

    RowLayout {
        Heading {
            Layout.fillWidth: true
            text: qsTr("Strength")
        }
        Caption {
            visible: !section.parameters.hasStrengthWords
            text: Math.round(section.parameters.strengthValue * 100) + " %"
        }
    }
    SegmentedControl {
        Layout.fillWidth: true
        visible: section.parameters.hasStrengthWords
        label: qsTr("Strength")
        stretch: true
        current: section.parameters.strength
        options: [
            { text: qsTr("Subtle"), hint: qsTr("The clip shows through") },
            { text: qsTr("Normal"), hint: qsTr("As the look was made") },
            { text: qsTr("Strong"), hint: qsTr("The look comes first") }
        ]
        onChosen: index => section.parameters.strength = index
    }
    ValueSlider {
        Layout.fillWidth: true
        visible: !section.parameters.hasStrengthWords
        label: qsTr("Strength")
        value: section.parameters.strengthValue
        onMoved: section.parameters.strengthValue = value
    }
}
