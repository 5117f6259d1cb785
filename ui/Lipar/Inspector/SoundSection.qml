// How loud the clip's sound is, and how it comes and goes.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: section

    required property ClipEditor editor

    function decimals(value, count) {
        return Number(value).toLocaleString(Qt.locale(Qt.uiLanguage), "f", count);
    }

    component Setting: ColumnLayout {
        id: setting

        required property string label
        required property string value
        property alias from: slider.from
        property alias to: slider.to
        property alias mark: slider.mark
        property alias current: slider.value

        signal moved(real value)

        Layout.fillWidth: true
        spacing: 0

        RowLayout {
            Body {
                Layout.fillWidth: true
                text: setting.label
                font.pixelSize: 12
            }
            Caption {
                text: setting.value
            }
        }
        ValueSlider {
            id: slider

            Layout.fillWidth: true
            label: setting.label
            onMoved: setting.moved(value)
            onPressedChanged: {
                if (!pressed)
                    section.editor.endMerge();
            }
        }
    }

    spacing: 8

    Toggle {
        Layout.fillWidth: true
        text: qsTr("Sound")
        hint: qsTr("Whether this clip is heard")
        checked: !section.editor.soundMuted
        onToggled: section.editor.soundMuted = !checked
    }
    Setting {
        enabled: !section.editor.soundMuted
        label: qsTr("Level")
        value: qsTr("%1 dB").arg(section.decimals(section.editor.gainDb, 1))
        from: -60
        to: 12
        mark: 0
        current: section.editor.gainDb
        onMoved: value => section.editor.gainDb = Math.abs(value) < 0.6 ? 0 : value
    }
    Setting {
        enabled: !section.editor.soundMuted
        label: qsTr("Fade in")
        value: qsTr("%1 s").arg(section.decimals(section.editor.fadeIn, 2))
        from: 0
        to: Math.max(0.01, section.editor.longestFade)
        current: section.editor.fadeIn
        onMoved: value => section.editor.fadeIn = value
    }
    Setting {
        enabled: !section.editor.soundMuted
        label: qsTr("Fade out")
        value: qsTr("%1 s").arg(section.decimals(section.editor.fadeOut, 2))
        from: 0
        to: Math.max(0.01, section.editor.longestFade)
        current: section.editor.fadeOut
        onMoved: value => section.editor.fadeOut = value
    }
}
