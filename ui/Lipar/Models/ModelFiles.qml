// The files of a model: what each is for, its size, whether it is there.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

ColumnLayout {
    id: list

    required property var card  // the ModelCard it is in: naming the type would be a cycle

    signal partRequested(string part)

    function stateText(file: var): string {
        switch (file.state) {
        case ModelManager.FilePresent:
            return qsTr("here");
        case ModelManager.FilePartial:
            return qsTr("%1 here").arg(card.sizeText(file.present));
        case ModelManager.FileDamaged:
            return qsTr("damaged");
        }
        return file.optional ? qsTr("optional") : qsTr("missing");
    }

    spacing: 6

    Repeater {
        model: list.card.files

        delegate: RowLayout {
            id: row

            required property var modelData

            readonly property bool canBeAdded: modelData.optional && modelData.state === ModelManager.FileMissing
                                               && list.card.modelState === ModelManager.Installed

            Layout.fillWidth: true
            spacing: 12

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 1

                Body {
                    Layout.fillWidth: true
                    text: qsTranslate("ModelText", row.modelData.purpose)
                    font.pixelSize: 12
                }
                Text {
                    Layout.fillWidth: true
                    text: [row.modelData.name, row.modelData.license].filter(part => part !== "").join(" · ")
                    color: row.palette.placeholderText
                    font.pixelSize: 11
                    elide: Text.ElideMiddle
                }
            }
            Text {
                text: (row.modelData.exact || row.modelData.state === ModelManager.FilePresent ? "%1" : qsTr("about %1")).arg(list.card.sizeText(row.modelData.bytes))
                color: row.palette.windowText
                font.pixelSize: 12
            }
            Text {
                Layout.preferredWidth: 120
                horizontalAlignment: Text.AlignRight
                text: list.stateText(row.modelData)
                color: row.modelData.state === ModelManager.FileDamaged ? row.palette.brightText : row.palette.placeholderText
                font.pixelSize: 12
            }
            PushButton {
                implicitHeight: 28
                visible: row.canBeAdded
                text: qsTr("Add")
                hint: qsTr("Downloads this file too")
                Accessible.name: qsTr("Add %1").arg(row.modelData.name)
                onClicked: list.partRequested(row.modelData.part)
            }
        }
    }
}
