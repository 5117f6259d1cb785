// What the clip is: name, place, speed, and the file it shows.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: section

    required property ClipEditor editor

    component Fact: RowLayout {
        id: fact

        required property string label
        required property string value

        Layout.fillWidth: true
        spacing: 8

        Caption {
            Layout.alignment: Qt.AlignTop
            Layout.preferredWidth: 84
            text: fact.label
        }
        Text {
            Layout.fillWidth: true
            text: fact.value
            color: palette.windowText
            font.pixelSize: 12
            wrapMode: Text.WrapAtWordBoundaryOrAnywhere
            Accessible.role: Accessible.StaticText
            Accessible.name: fact.label + ": " + text
        }
    }

    spacing: 8

    LabelledRow {
        Layout.fillWidth: true
        label: qsTr("Name")

        InputField {
            objectName: "clipName"
            Layout.fillWidth: true
            label: qsTr("Name of the clip")
            text: section.editor.name
            onEditingFinished: {
                section.editor.name = text;
                text = Qt.binding(() => section.editor.name);
            }
        }
    }
    LabelledRow {
        Layout.fillWidth: true
        label: qsTr("Speed")

        NumberField {
            objectName: "clipSpeed"
            label: qsTr("Speed of the clip")
            from: 10
            to: 1000
            stepSize: 10
            unit: "%"
            value: Math.round(section.editor.speed * 100)
            onEdited: number => {
                section.editor.speed = number / 100;
                section.editor.endMerge();
                value = Qt.binding(() => Math.round(section.editor.speed * 100));
            }
        }
        PushButton {
            implicitHeight: 28
            visible: section.editor.speed !== 1
            text: qsTr("100 %")
            hint: qsTr("Back to the speed it was recorded at")
            onClicked: section.editor.speed = 1
        }
        Item {
            Layout.fillWidth: true
        }
    }
    Fact {
        label: qsTr("Starts at")
        value: section.editor.startTimecode
    }
    Fact {
        label: qsTr("Length")
        value: section.editor.durationTimecode
    }
    Fact {
        label: qsTr("File")
        value: section.editor.sourceName
    }
    Fact {
        label: qsTr("Format")
        value: Qt.uiLanguage ? section.editor.sourceFacts : ""
    }
    Fact {
        visible: section.editor.isMissing
        label: qsTr("Missing")
        value: section.editor.sourcePath
    }
}
