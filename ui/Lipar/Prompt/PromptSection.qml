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
        text: section.isTruncated
              ? qsTr("%1 of %2 tokens: the model does not read the end of this prompt").arg(section.editor.promptTokens).arg(section.editor.promptLimit)
              : qsTr("%1 of %2 tokens").arg(section.editor.promptTokens).arg(section.editor.promptLimit)
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
