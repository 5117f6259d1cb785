// The models that are installed.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

Item {
    id: tab

    required property ModelCatalog models

    signal pageRequested

    PushButton {
        id: pageButton

        objectName: "openModelsPage"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        text: qsTr("Get and manage models…")
        hint: qsTr("Download, import, check and remove models")
        onClicked: tab.pageRequested()
    }
    ListView {
        anchors.fill: parent
        anchors.bottomMargin: pageButton.height + 8
        clip: true
        spacing: 8
        model: tab.models
        boundsBehavior: Flickable.StopAtBounds
        T.ScrollBar.vertical: ThinScrollBar {}

        delegate: Rectangle {
            id: entry

            required property string name
            required property string version
            required property string license
            required property real bytes
            required property real parameters
            required property bool builtIn
            required property bool canEdit

            readonly property string sizeText: qsTr("%1 MB").arg(Math.round(bytes / 1e6)
                                                                 .toLocaleString(Qt.locale(Qt.uiLanguage), "f", 0))

            width: ListView.view.width
            height: content.implicitHeight + 20
            radius: 4
            color: tab.palette.base
            border.color: tab.palette.mid
            Accessible.role: Accessible.ListItem
            Accessible.name: name + ", " + sizeText + ", " + license

            ColumnLayout {
                id: content

                anchors.fill: parent
                anchors.margins: 10
                spacing: 3

                RowLayout {
                    Heading {
                        Layout.fillWidth: true
                        text: entry.name
                    }
                    Caption {
                        text: entry.builtIn ? qsTr("built in") : ""
                        color: entry.palette.link
                    }
                }
                Caption {
                    Layout.fillWidth: true
                    text: qsTr("Version %1 · %2").arg(entry.version).arg(entry.sizeText)
                }
                Caption {
                    Layout.fillWidth: true
                    text: qsTr("%1 million parameters").arg((entry.parameters / 1e6)
                                                            .toLocaleString(Qt.locale(Qt.uiLanguage), "f", 1))
                }
                Caption {
                    Layout.fillWidth: true
                    text: qsTr("Licence: %1").arg(entry.license)
                }
                Caption {
                    Layout.fillWidth: true
                    visible: !entry.canEdit
                    text: qsTr("Cannot edit: parts are missing")
                    color: entry.palette.brightText
                }
            }
        }
    }
    Body {
        anchors.centerIn: parent
        width: parent.width - 32
        visible: tab.models.count === 0
        horizontalAlignment: Text.AlignHCenter
        text: qsTr("No model is installed")
        color: tab.palette.placeholderText
    }
}
