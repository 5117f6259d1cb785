// The media bin: what the project is made from.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Media
import Lipar.Session

ColumnLayout {
    id: tab

    required property StudioSession session

    signal importRequested
    signal relinkRequested(int row)
    signal searchRequested

    readonly property MediaBin bin: session.bin
    readonly property BinRow currentRow: list.currentItem as BinRow

    spacing: 8

    RowLayout {
        Layout.fillWidth: true
        spacing: 4

        PushButton {
            objectName: "importButton"
            Layout.fillWidth: true
            implicitHeight: 28
            iconName: "add"
            text: qsTr("Import…")
            keys: tab.session.actions.find("file.import").keysText
            hint: qsTr("Video and sound files, several at once")
            onClicked: tab.importRequested()
        }
        IconButton {
            implicitWidth: 28
            implicitHeight: 28
            iconSize: 18
            iconName: "down"
            label: qsTr("Add to the timeline at the playhead")
            enabled: tab.currentRow !== null && tab.currentRow.isUsable
            onClicked: tab.session.addToTimeline(tab.currentRow.sourceId)
        }
        IconButton {
            implicitWidth: 28
            implicitHeight: 28
            iconSize: 18
            iconName: "remove"
            label: qsTr("Remove from the project")
            enabled: tab.currentRow !== null
            onClicked: tab.bin.remove(list.currentIndex)
        }
    }
    RowLayout {
        Layout.fillWidth: true
        visible: tab.bin.missingCount > 0
        spacing: 8

        Icon {
            Layout.preferredWidth: 16
            Layout.preferredHeight: 16
            name: "warning"
            color: tab.palette.brightText
        }
        Body {
            objectName: "missingText"
            Layout.fillWidth: true
            text: tab.bin.isSearching ? qsTr("Looking for missing files…")
                                      : qsTr("%n file(s) missing", "", tab.bin.missingCount)
            font.pixelSize: 12
        }
        PushButton {
            implicitHeight: 26
            text: tab.bin.isSearching ? qsTr("Cancel") : qsTr("Find…")
            hint: qsTr("Looks through a folder for files of the same content")
            onClicked: tab.bin.isSearching ? tab.bin.cancelSearch() : tab.searchRequested()
        }
    }
    Rectangle {
        Layout.fillWidth: true
        Layout.fillHeight: true
        radius: 4
        color: tab.palette.base
        border.color: list.activeFocus ? tab.palette.link : tab.palette.mid

        ListView {
            id: list

            objectName: "binList"
            anchors.fill: parent
            anchors.margins: 4
            clip: true
            spacing: 2
            model: tab.bin
            currentIndex: -1
            activeFocusOnTab: true
            boundsBehavior: Flickable.StopAtBounds
            keyNavigationEnabled: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Media of the project")
            T.ScrollBar.vertical: ThinScrollBar {}
            Keys.onReturnPressed: tab.session.addToTimeline(tab.currentRow?.sourceId ?? 0)
            Keys.onEnterPressed: tab.session.addToTimeline(tab.currentRow?.sourceId ?? 0)
            Keys.onDeletePressed: tab.bin.remove(currentIndex)
            onActiveFocusChanged: {
                if (activeFocus && currentIndex < 0 && count > 0)
                    currentIndex = 0;
            }

            delegate: BinRow {
                width: list.width
                isCurrent: ListView.isCurrentItem
                hasKeyboard: list.activeFocus
                onPicked: {
                    list.currentIndex = index;
                    list.forceActiveFocus(Qt.MouseFocusReason);
                }
                onAddRequested: tab.session.addToTimeline(sourceId)
                onRelinkRequested: tab.relinkRequested(index)
                onRemoveRequested: tab.bin.remove(index)
                onCopyRequested: tab.session.copyToClipboard(error.details)
            }
        }
        ColumnLayout {
            anchors.centerIn: parent
            width: parent.width - 32
            visible: list.count === 0
            spacing: 8

            Icon {
                Layout.alignment: Qt.AlignHCenter
                Layout.preferredWidth: 40
                Layout.preferredHeight: 40
                name: "clip"
                color: tab.palette.light
            }
            Body {
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignHCenter
                text: qsTr("Drop videos here, or import them")
                color: tab.palette.placeholderText
            }
        }
    }
}
