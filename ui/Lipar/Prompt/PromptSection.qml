// What the clip is to become: in words, or as a look.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: section

    required property EditParameters parameters

    signal accepted

    function focusPrompt() {
        field.forceActiveFocus(Qt.ShortcutFocusReason);
        field.selectAll();
    }

    spacing: 8

    Heading {
        text: qsTr("Prompt")
    }
    InputField {
        id: field

        objectName: "promptField"
        Layout.fillWidth: true
        label: qsTr("Prompt: what the clip is to become")
        example: qsTr("oil painting, pencil sketch, …")
        hasProblem: section.parameters.unknownWords !== ""
        text: section.parameters.prompt
        onTextEdited: section.parameters.prompt = text
        onAccepted: section.accepted()
    }
    Body {
        objectName: "unknownWords"
        Layout.fillWidth: true
        visible: section.parameters.unknownWords !== ""
        text: qsTr("The model does not know: %1").arg(section.parameters.unknownWords)
        color: palette.brightText
        font.pixelSize: 12
        Accessible.role: Accessible.AlertMessage
        Accessible.name: text
    }
    Body {
        Layout.fillWidth: true
        visible: section.parameters.unknownWords !== "" && section.parameters.knownWords !== ""
        text: qsTr("Words it knows: %1").arg(section.parameters.knownWords)
        color: palette.placeholderText
        font.pixelSize: 11
    }
    Heading {
        Layout.topMargin: 8
        visible: section.parameters.looks.count > 0
        text: qsTr("Looks")
    }
    LookGallery {
        Layout.fillWidth: true
        visible: section.parameters.looks.count > 0
        parameters: section.parameters
    }
}
