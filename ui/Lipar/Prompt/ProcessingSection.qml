// At which size and in which steps the model works.
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
        Layout.fillWidth: true
        spacing: 8

        Body {
            Layout.preferredWidth: 84
            text: qsTr("Size")
            font.pixelSize: 12
            color: palette.placeholderText
        }
        ChoiceBox {
            Layout.fillWidth: true
            label: qsTr("Processing size")
            options: Qt.uiLanguage ? section.editor.sizes : []
            current: section.editor.currentSize
            onChosen: index => section.editor.chooseSize(index)
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: 8

        Body {
            Layout.preferredWidth: 84
            text: qsTr("Steps")
            font.pixelSize: 12
            color: palette.placeholderText
        }
        InputField {
            Layout.fillWidth: true
            label: qsTr("Denoising steps, of 1000")
            example: section.editor.defaultSteps === "" ? qsTr("The model's own") : section.editor.defaultSteps
            text: section.editor.steps
            onTextEdited: hasProblem = false
            onEditingFinished: hasProblem = !section.editor.setSteps(text)
        }
    }
    Body {
        Layout.fillWidth: true
        text: qsTr("Steps are whole numbers up to 1000 that fall, with commas. More steps are slower.")
        color: palette.placeholderText
        font.pixelSize: 11
    }
    Caption {
        Layout.fillWidth: true
        visible: section.editor.modelName !== ""
        text: qsTr("Model: %1").arg(section.editor.modelName)
    }
}
