// The seed: the same number gives the same picture again.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

RowLayout {
    id: section

    required property ClipEditor editor

    spacing: 8

    Heading {
        Layout.fillWidth: true
        text: qsTr("Seed")
    }
    InputField {
        Layout.preferredWidth: 120
        label: qsTr("Seed: the same number gives the same picture again")
        text: section.editor.seed
        inputMethodHints: Qt.ImhDigitsOnly
        horizontalAlignment: TextInput.AlignRight
        validator: IntValidator {
            bottom: 0
            top: 2147483647
        }
        onEditingFinished: {
            section.editor.seed = parseInt(text);
            section.editor.endMerge();
        }
    }
    IconButton {
        iconName: "dice"
        label: qsTr("Another seed")
        onClicked: section.editor.rollSeed()
    }
}
