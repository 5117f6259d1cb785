// With which model the clip is edited, at which size, and in which steps. What the model does not leave open is greyed
// out, and the line below says why.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: section

    required property ClipEditor editor

    readonly property bool isStepsFree: editor.mostSteps > 1
    readonly property bool isShiftFree: editor.lowestShift < editor.highestShift

    function numberText(number: real): string {
        return number.toLocaleString(Qt.locale(Qt.uiLanguage), "g", 4);
    }

    spacing: 8

    component Title: Body {
        Layout.preferredWidth: 84
        font.pixelSize: 12
        color: palette.placeholderText
    }
    component Note: Body {
        Layout.fillWidth: true
        Layout.leftMargin: 92
        color: palette.placeholderText
        font.pixelSize: 11
    }
    // What is typed is taken, or hasProblem is set: then the field says that it is nothing of the kind, and keeps it to be mended.
    component OwnValue: ColumnLayout {
        id: own

        required property string title
        required property string label
        required property string value
        required property string example
        required property string note
        property alias hasProblem: field.hasProblem

        signal entered(string text)

        spacing: 4

        RowLayout {
            spacing: 8

            Title {
                text: own.title
                opacity: own.enabled ? 1 : 0.45
            }
            InputField {
                id: field

                objectName: own.objectName + "Field"
                Layout.fillWidth: true
                label: own.label
                example: own.example
                text: own.value
                Accessible.description: own.note
                onTextEdited: hasProblem = false
                onEditingFinished: own.entered(text)
            }
        }
        Note {
            objectName: own.objectName + "Note"
            text: own.note
            color: field.hasProblem ? palette.brightText : palette.placeholderText
            Accessible.role: field.hasProblem ? Accessible.AlertMessage : Accessible.StaticText
            Accessible.name: text
        }
        Connections {
            target: section.editor

            // Another clip, or an undo: what was left to be mended belonged to what was shown before.
            function onChanged() {
                if (field.activeFocus)
                    return;
                field.hasProblem = false;
                field.text = Qt.binding(() => own.value);
            }
        }
    }

    RowLayout {
        spacing: 8

        Title {
            text: qsTr("Model")
        }
        ChoiceBox {
            objectName: "modelChoice"
            Layout.fillWidth: true
            label: qsTr("Model of this clip")
            options: section.editor.usableModels
            current: options.indexOf(section.editor.modelName)
            onChosen: index => section.editor.chooseModel(options[index])
        }
    }
    RowLayout {
        spacing: 8

        Title {
            text: qsTr("Size")
        }
        ChoiceBox {
            objectName: "sizeChoice"
            Layout.fillWidth: true
            label: qsTr("Processing size")
            options: Qt.uiLanguage ? section.editor.sizes : []
            current: section.editor.currentSize
            onChosen: index => section.editor.chooseSize(index)
        }
    }
    RowLayout {
        Layout.leftMargin: 92
        visible: section.editor.width > 0
        spacing: 6

        SideField {
            objectName: "widthField"
            label: qsTr("Processing width, pixels")
            value: section.editor.width
            onEdited: number => section.editor.setSize(number, section.editor.height)
        }
        Text {
            text: "×"
            color: section.palette.placeholderText
            font.pixelSize: 12
        }
        SideField {
            objectName: "heightField"
            label: qsTr("Processing height, pixels")
            value: section.editor.height
            onEdited: number => section.editor.setSize(section.editor.width, number)
        }
    }
    Note {
        text: section.editor.width > 0 ? qsTr("Multiples of %1 pixels. A larger size is slower and shows more detail.").arg(section.editor.sizeGrid)
                                       : qsTr("Chosen so that this computer plays the clip at about its own speed.")
    }
    OwnValue {
        objectName: "steps"
        Layout.fillWidth: true
        enabled: section.isStepsFree || section.editor.steps !== ""
        title: qsTr("Steps")
        label: qsTr("Denoising steps, of 1000")
        example: section.editor.defaultSteps === "" ? qsTr("The model’s own")
                                                    : qsTr("%1 (default)").arg(section.editor.defaultSteps)
        value: section.editor.steps
        note: section.isStepsFree ? qsTr("Whole numbers up to 1000 that fall, with commas; %1 at most. More steps are slower.").arg(section.editor.mostSteps)
                                  : qsTr("%1 makes its pictures in one step.").arg(section.editor.modelName)
        onEntered: text => hasProblem = !section.editor.setSteps(text)
    }
    OwnValue {
        objectName: "shift"
        Layout.fillWidth: true
        enabled: section.isShiftFree || section.editor.shift > 0
        title: qsTr("Shift")
        label: qsTr("Shift of the noise schedule")
        example: qsTr("%1 (default)").arg(section.numberText(section.editor.defaultShift))
        value: section.editor.shift > 0 ? section.numberText(section.editor.shift) : ""
        note: section.isShiftFree ? qsTr("%1 to %2. More of it puts more noise into every step: the edit goes further from the clip.").arg(section.numberText(section.editor.lowestShift)).arg(section.numberText(section.editor.highestShift))
                                  : qsTr("%1 was trained with this shift alone.").arg(section.editor.modelName)
        onEntered: text => hasProblem = !section.editor.setShift(text)
    }
    PushButton {
        objectName: "resetProcessing"
        Layout.leftMargin: 92
        implicitHeight: 28
        visible: section.editor.hasOwnProcessing
        iconName: "restart"
        text: qsTr("Back to the defaults")
        hint: qsTr("Size, steps and shift as the model has them")
        onClicked: section.editor.resetProcessing()
    }

    component SideField: NumberField {
        id: side

        Layout.fillWidth: true
        Layout.preferredWidth: 1
        from: section.editor.sizeGrid
        to: section.editor.largestSide
        stepSize: section.editor.sizeGrid
        onActiveFocusChanged: {
            if (!activeFocus)
                section.editor.endMerge();
        }
    }
}
