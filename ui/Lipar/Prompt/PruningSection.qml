// How much of the picture may be reused from the block before instead of being computed anew.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: section

    required property ClipEditor editor

    spacing: 8

    Toggle {
        objectName: "pruningToggle"
        Layout.fillWidth: true
        text: qsTr("Reuse what does not change")
        hint: qsTr("Parts of the picture that stay the same are not computed again")
        checked: section.editor.pruning
        onToggled: section.editor.pruning = checked
    }
    RowLayout {
        enabled: section.editor.pruning

        Body {
            Layout.fillWidth: true
            text: qsTr("Threshold")
            font.pixelSize: 12
            opacity: enabled ? 1 : 0.45
        }
        Caption {
            readonly property string value: Number(section.editor.threshold)
                                            .toLocaleString(Qt.locale(Qt.uiLanguage), "f", 2)

            text: section.editor.threshold === section.editor.defaultThreshold ? qsTr("%1 (default)").arg(value)
                                                                                       : value
        }
    }
    ValueSlider {
        Layout.fillWidth: true
        enabled: section.editor.pruning
        label: qsTr("Pruning threshold")
        from: 0
        to: section.editor.largestThreshold
        stepSize: 0.01
        mark: section.editor.defaultThreshold
        value: section.editor.threshold
        onMoved: section.editor.threshold = value
        onPressedChanged: {
            if (!pressed)
                section.editor.endMerge();
        }
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
