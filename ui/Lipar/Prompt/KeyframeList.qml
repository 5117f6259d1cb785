// Other prompts on the clip's way: from each one's frame on the clip turns into that.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: section

    required property ClipEditor editor

    spacing: 6

    RowLayout {
        Layout.fillWidth: true

        Heading {
            Layout.fillWidth: true
            text: qsTr("Prompt changes")
        }
        PushButton {
            objectName: "addKeyframe"
            implicitHeight: 28
            iconName: "add"
            text: qsTr("At the playhead")
            hint: section.editor.canAddKeyframe ? qsTr("From here on another prompt")
                                                : qsTr("Move the playhead into the clip first")
            enabled: section.editor.canAddKeyframe
            onClicked: section.editor.addKeyframe()
        }
    }
    Caption {
        Layout.fillWidth: true
        visible: section.editor.keyframes.count === 0
        text: qsTr("None: one prompt from start to end")
    }
    Repeater {
        model: section.editor.keyframes

        RowLayout {
            id: entry

            required property int index
            required property var model

            Layout.fillWidth: true
            spacing: 4

            PushButton {
                implicitHeight: 28
                leftPadding: 6
                rightPadding: 6
                text: entry.model.timecode
                hint: qsTr("Go there")
                opacity: entry.model.isShown ? 1 : 0.5
                onClicked: section.editor.goToKeyframe(entry.index)
            }
            InputField {
                Layout.fillWidth: true
                implicitHeight: 28
                label: qsTr("Prompt from %1 on").arg(entry.model.timecode)
                text: entry.model.prompt
                onTextEdited: section.editor.setKeyframePrompt(entry.index, text)
                onEditingFinished: section.editor.endMerge()
            }
            IconButton {
                implicitWidth: 28
                implicitHeight: 28
                iconSize: 16
                iconName: "remove"
                label: qsTr("Remove this change")
                onClicked: section.editor.removeKeyframe(entry.index)
            }
        }
    }
}
