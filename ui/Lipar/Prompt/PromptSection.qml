// What the clip is to become: in words, or as a look; how strongly, and with which seed.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: section

    required property ClipEditor editor
    readonly property bool isTruncated: editor.promptTokens > editor.promptLimit

    // A model with a list of words reads words, and after them the mark of the prompt's end; the others read parts of words.
    function lengthText(): string {
        const hasWords = editor.knownWords !== "";
        const length = hasWords ? editor.promptTokens - 1 : editor.promptTokens;
        const most = hasWords ? editor.promptLimit - 1 : editor.promptLimit;
        if (isTruncated)
            return hasWords ? qsTr("Too long: of %1 words the model reads the first %2").arg(length).arg(most)
                            : qsTr("Too long: of %1 parts of words the model reads the first %2").arg(length).arg(most);
        return hasWords ? qsTr("Words the model reads: %1 of at most %2").arg(length).arg(most)
                        : qsTr("Length: %1 of at most %2 parts of words").arg(length).arg(most);
    }
    function focusPrompt() {
        field.forceActiveFocus(Qt.ShortcutFocusReason);
        field.selectAll();
    }

    spacing: 8

    Toggle {
        objectName: "editedToggle"
        Layout.fillWidth: true
        text: qsTr("Edit this clip")
        hint: qsTr("Off: the clip is shown and exported as it is")
        checked: section.editor.edited
        onToggled: section.editor.edited = checked
    }
    InputField {
        id: field

        objectName: "promptField"
        Layout.fillWidth: true
        label: qsTr("Prompt: what the clip is to become")
        example: qsTr("oil painting, pencil sketch, …")
        hasProblem: section.editor.unknownWords !== "" || section.isTruncated
        text: section.editor.prompt
        onTextEdited: section.editor.prompt = text
        onEditingFinished: section.editor.endMerge()
    }
    Body {
        objectName: "unknownWords"
        Layout.fillWidth: true
        visible: section.editor.unknownWords !== ""
        text: qsTr("The model does not know: %1").arg(section.editor.unknownWords)
        color: palette.brightText
        font.pixelSize: 12
        Accessible.role: Accessible.AlertMessage
        Accessible.name: text
    }
    Body {
        Layout.fillWidth: true
        visible: section.editor.unknownWords !== "" && section.editor.knownWords !== ""
        text: qsTr("Words it knows: %1").arg(section.editor.knownWords)
        color: palette.placeholderText
        font.pixelSize: 11
    }
    Body {
        objectName: "promptTokens"
        Layout.fillWidth: true
        visible: section.editor.promptTokens > 0
        text: section.lengthText()
        color: section.isTruncated ? palette.brightText : palette.placeholderText
        font.pixelSize: section.isTruncated ? 12 : 11
        Accessible.role: section.isTruncated ? Accessible.AlertMessage : Accessible.StaticText
        Accessible.name: text
    }
    LookGallery {
        Layout.fillWidth: true
        Layout.topMargin: 4
        visible: section.editor.looks.count > 0
        editor: section.editor
    }
    StrengthSection {
        Layout.fillWidth: true
        Layout.topMargin: 4
        editor: section.editor
    }
    SeedSection {
        Layout.fillWidth: true
        editor: section.editor
    }
}
