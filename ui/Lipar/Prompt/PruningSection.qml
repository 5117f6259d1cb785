// How much of the picture may be reused from the block before instead of being computed anew.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: section

    required property EditParameters parameters

    spacing: 8

    Toggle {
        objectName: "pruningToggle"
        Layout.fillWidth: true
        text: qsTr("Reuse what does not change")
        hint: qsTr("Parts of the picture that stay the same are not computed again")
        checked: section.parameters.pruning
        onToggled: section.parameters.pruning = checked
    }
    RowLayout {
        enabled: section.parameters.pruning

        Body {
            Layout.fillWidth: true
            text: qsTr("Threshold")
            font.pixelSize: 12
            opacity: enabled ? 1 : 0.45
        }
        Caption {
            readonly property string value: Number(section.parameters.threshold)
                                            .toLocaleString(Qt.locale(Qt.uiLanguage), "f", 2)

            text: section.parameters.threshold === section.parameters.defaultThreshold ? qsTr("%1 (default)").arg(value)
                                                                                       : value
        }
    }
    ValueSlider {
        Layout.fillWidth: true
        enabled: section.parameters.pruning
        label: qsTr("Pruning threshold")
        from: 0
        to: section.parameters.largestThreshold
        stepSize: 0.01
        mark: section.parameters.defaultThreshold
        value: section.parameters.threshold
        onMoved: section.parameters.threshold = value
    }
    RowLayout {
        Caption {
            Layout.fillWidth: true
            text: qsTr("More faithful")
        }
        Caption {
            text: qsTr("Faster")
        }
    }
}
