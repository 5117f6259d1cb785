// The bar at the top: menus, pages, what is open.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: bar

    required property StudioSession session
    required property int page  // 0: edit, 1: export, 2: settings, 3: models

    signal pageChosen(int page)

    implicitHeight: 44
    color: palette.alternateBase

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 12
        anchors.rightMargin: 12
        spacing: 8

        Icon {
            Layout.preferredWidth: 20
            Layout.preferredHeight: 20
            name: "lipar"
            color: bar.palette.highlight
        }
        WindowMenus {
            objectName: "menus"
            actions: bar.session.actions
        }
        Item {
            Layout.fillWidth: true
        }
        Text {
            objectName: "projectName"
            Layout.maximumWidth: 320
            text: bar.session.document.isModified ? qsTr("%1 (changed)").arg(bar.session.document.name)
                                                  : Qt.uiLanguage ? bar.session.document.name : ""
            visible: !bar.session.showsWelcome
            color: bar.palette.placeholderText
            font.pixelSize: 12
            elide: Text.ElideMiddle
        }
        Item {
            Layout.fillWidth: true
        }
        SegmentedControl {
            objectName: "pages"
            label: qsTr("Page")
            current: bar.page
            options: [
                { text: qsTr("Edit"), icon: "edit", keys: bar.session.actions.find("view.edit").keysText, hint: qsTr("Timeline and viewer") },
                { text: qsTr("Export"), icon: "export", keys: bar.session.actions.find("view.export").keysText, hint: qsTr("Write the timeline to a file") },
                { text: qsTr("Settings"), icon: "preferences", keys: bar.session.actions.find("view.settings").keysText, hint: qsTr("Engine, cache, language, keys") },
                { text: qsTr("Models"), icon: "save", keys: bar.session.actions.find("view.models").keysText, hint: qsTr("Install, check and remove models") }
            ]
            onChosen: index => bar.pageChosen(index)
        }
    }
}
