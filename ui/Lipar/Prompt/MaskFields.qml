// Pictures that say where the source stays and where nothing is reused.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: section

    required property ClipEditor editor

    component MaskField: RowLayout {
        id: mask

        required property string label
        required property string hint
        required property string fileName

        signal picked(url file)
        signal cleared

        Layout.fillWidth: true
        spacing: 4

        Body {
            Layout.preferredWidth: 100
            text: mask.label
            font.pixelSize: 12
        }
        PushButton {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            implicitHeight: 28
            iconName: mask.fileName === "" ? "folder" : ""
            text: mask.fileName === "" ? qsTr("Choose…") : name.elidedText
            hint: mask.hint
            Accessible.name: mask.label + ": " + (mask.fileName === "" ? qsTr("none") : mask.fileName)
            onClicked: dialog.open()

            TextMetrics {
                id: name

                font.pixelSize: 13
                text: mask.fileName
                elide: Text.ElideMiddle
                elideWidth: 110
            }
        }
        IconButton {
            implicitWidth: 28
            implicitHeight: 28
            iconSize: 16
            visible: mask.fileName !== ""
            iconName: "remove"
            label: qsTr("Without this mask")
            onClicked: mask.cleared()
        }

        FileDialog {
            id: dialog

            title: qsTr("Choose a mask")
            nameFilters: [qsTr("PNG pictures (%1)").arg("*.png")]
            onAccepted: mask.picked(selectedFile)
        }
    }

    spacing: 6

    MaskField {
        label: qsTr("Protect")
        hint: qsTr("A PNG picture: where it is white, the clip stays as it is")
        fileName: section.editor.protectMaskName
        onPicked: file => section.editor.protectMask = file
        onCleared: section.editor.protectMask = ""
    }
    MaskField {
        label: qsTr("Always edit")
        hint: qsTr("A PNG picture: where it is white, nothing is reused")
        fileName: section.editor.alwaysEditMaskName
        onPicked: file => section.editor.alwaysEditMask = file
        onCleared: section.editor.alwaysEditMask = ""
    }
}
