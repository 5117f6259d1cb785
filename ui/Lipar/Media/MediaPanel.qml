// The panel on the left: media, looks, models.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: panel

    required property StudioSession session
    property alias currentTab: tabs.current

    signal importRequested
    signal relinkRequested(int row)
    signal searchRequested
    signal modelsRequested

    color: palette.alternateBase

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: 8
        spacing: 8

        SegmentedControl {
            id: tabs

            Layout.fillWidth: true
            label: qsTr("Panel")
            stretch: true
            options: [{ text: qsTr("Media") }, { text: qsTr("Looks") }, { text: qsTr("Models") }]
            onChosen: index => current = index
        }
        BinTab {
            objectName: "binTab"
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: tabs.current === 0
            session: panel.session
            onImportRequested: panel.importRequested()
            onRelinkRequested: row => panel.relinkRequested(row)
            onSearchRequested: panel.searchRequested()
        }
        LooksTab {
            objectName: "looksTab"
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: tabs.current === 1
            clipEditor: panel.session.clipEditor
        }
        ModelsTab {
            objectName: "modelsTab"
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: tabs.current === 2
            models: panel.session.models
            onPageRequested: panel.modelsRequested()
        }
    }
}
