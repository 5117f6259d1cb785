// What is shown before anything is open: where to drop files, the sample, what was open last, what a crash has left.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: page

    required property StudioSession session

    signal openRequested
    signal importRequested

    color: palette.dark

    ColumnLayout {
        anchors.centerIn: parent
        width: Math.min(parent.width - 96, 880)
        height: Math.min(implicitHeight, parent.height - 32)
        spacing: 20

        ColumnLayout {
            Layout.alignment: Qt.AlignHCenter
            spacing: 8

            Text {
                Layout.alignment: Qt.AlignHCenter
                text: qsTr("Give your clips another look")
                color: page.palette.windowText
                font.pixelSize: 28
                font.weight: Font.DemiBold
            }
            Body {
                Layout.alignment: Qt.AlignHCenter
                text: qsTr("Everything runs on this computer; nothing is uploaded.")
                color: page.palette.placeholderText
            }
        }
        Rectangle {
            objectName: "recoveryBox"
            Layout.fillWidth: true
            visible: page.session.recovery.isThere
            implicitHeight: recoveryRow.implicitHeight + 24
            radius: 8
            color: Qt.alpha(page.palette.highlight, 0.12)
            border.color: Qt.alpha(page.palette.highlight, 0.6)

            RowLayout {
                id: recoveryRow

                anchors.fill: parent
                anchors.margins: 12
                spacing: 12

                Icon {
                    Layout.preferredWidth: 24
                    Layout.preferredHeight: 24
                    name: "recover"
                    color: page.palette.link
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 2

                    Heading {
                        Layout.fillWidth: true
                        text: qsTr("The program ended unexpectedly while “%1” was open").arg(page.session.recovery.name)
                    }
                    Body {
                        Layout.fillWidth: true
                        text: qsTr("Its state of %1 can be brought back.").arg(page.session.recovery.time)
                        color: page.palette.placeholderText
                        font.pixelSize: 12
                    }
                }
                PushButton {
                    objectName: "recoverButton"
                    primary: true
                    text: qsTr("Bring it back")
                    onClicked: page.session.recovery.recover()
                }
                PushButton {
                    text: qsTr("Discard")
                    onClicked: page.session.recovery.discard()
                }
            }
        }
        Rectangle {
            Layout.fillWidth: true
            implicitHeight: 196
            radius: 8
            color: page.palette.alternateBase
            border.width: 1
            border.color: page.palette.mid

            ColumnLayout {
                anchors.centerIn: parent
                spacing: 12

                Icon {
                    Layout.alignment: Qt.AlignHCenter
                    Layout.preferredWidth: 52
                    Layout.preferredHeight: 52
                    name: "clip"
                    color: page.palette.highlight
                }
                Text {
                    Layout.alignment: Qt.AlignHCenter
                    text: page.session.isMakingSample ? qsTr("Making the sample clip…")
                                                      : page.session.files.isOpening
                                                        ? qsTr("Opening %1…").arg(page.session.files.openingName)
                                                        : qsTr("Drop videos or a project here")
                    color: page.palette.windowText
                    font.pixelSize: 17
                    font.weight: Font.DemiBold
                }
                ProgressLine {
                    Layout.alignment: Qt.AlignHCenter
                    Layout.preferredWidth: 240
                    visible: page.session.isMakingSample || page.session.files.isOpening
                    label: qsTr("Getting ready")
                }
                RowLayout {
                    Layout.alignment: Qt.AlignHCenter
                    Layout.topMargin: 4
                    visible: !page.session.isMakingSample && !page.session.files.isOpening
                    spacing: 12

                    PushButton {
                        objectName: "sampleButton"
                        implicitHeight: 36
                        primary: true
                        iconName: "play"
                        text: qsTr("Try the sample clip")
                        hint: qsTr("Makes a short clip and edits it at once")
                        onClicked: page.session.trySample()
                    }
                    PushButton {
                        objectName: "startImportButton"
                        implicitHeight: 36
                        iconName: "add"
                        text: qsTr("Import media…")
                        keys: page.session.actions.find("file.import").keysText
                        onClicked: page.importRequested()
                    }
                    PushButton {
                        objectName: "newProjectButton"
                        implicitHeight: 36
                        iconName: "new"
                        text: qsTr("New project")
                        onClicked: page.session.newProject()
                    }
                    PushButton {
                        objectName: "openProjectButton"
                        implicitHeight: 36
                        iconName: "open"
                        text: qsTr("Open project…")
                        keys: page.session.actions.find("file.open").keysText
                        onClicked: page.openRequested()
                    }
                }
            }
        }
        Banner {
            objectName: "openError"
            Layout.fillWidth: true
            visible: page.session.files.error.isSet
            title: qsTr("The file could not be opened")
            message: Qt.uiLanguage ? page.session.files.error.message : ""
            hint: Qt.uiLanguage ? page.session.files.error.hint : ""
            onCopyRequested: page.session.copyToClipboard(page.session.files.error.details)
            onDismissed: page.session.files.dismissError()
        }
        Banner {
            Layout.fillWidth: true
            visible: page.session.clipEditor.modelError.isSet
            dismissible: false
            title: qsTr("There is no model to edit with")
            message: Qt.uiLanguage ? page.session.clipEditor.modelError.message : ""
            hint: Qt.uiLanguage ? page.session.clipEditor.modelError.hint : ""
            onCopyRequested: page.session.copyToClipboard(page.session.clipEditor.modelError.details)
        }
        Heading {
            visible: recentList.count > 0
            text: qsTr("Recent projects")
        }
        ListView {
            id: recentList

            objectName: "recentList"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredHeight: Math.min(contentHeight, 232)
            Layout.minimumHeight: Math.min(contentHeight, 58)
            Layout.topMargin: -10
            visible: count > 0
            clip: true
            spacing: 2
            model: page.session.recent
            boundsBehavior: Flickable.StopAtBounds
            T.ScrollBar.vertical: ThinScrollBar {}

            delegate: T.AbstractButton {
                id: entry

                required property int index
                required property string name
                required property string folder
                required property url file
                required property bool missing
                required property string time

                width: recentList.width - (recentList.contentHeight > recentList.height ? 10 : 0)
                implicitHeight: 44
                activeFocusOnTab: true
                focusPolicy: Qt.StrongFocus
                text: name
                Accessible.name: missing ? qsTr("%1, missing").arg(name) : qsTr("Open %1").arg(name)
                Keys.onReturnPressed: entry.clicked()
                onClicked: {
                    if (!missing)
                        page.session.files.open(file);
                }

                contentItem: RowLayout {
                    spacing: 12

                    Icon {
                        Layout.leftMargin: 10
                        Layout.preferredWidth: 18
                        Layout.preferredHeight: 18
                        name: entry.missing ? "warning" : "clip"
                        color: entry.missing ? entry.palette.brightText : entry.palette.placeholderText
                    }
                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 1

                        Text {
                            Layout.fillWidth: true
                            text: entry.name
                            color: entry.palette.windowText
                            opacity: entry.missing ? 0.6 : 1
                            font.pixelSize: 13
                            elide: Text.ElideMiddle
                        }
                        Caption {
                            Layout.fillWidth: true
                            text: entry.missing ? qsTr("Missing: %1").arg(entry.folder) : entry.folder
                            elide: Text.ElideMiddle
                        }
                    }
                    Caption {
                        text: entry.time
                    }
                    IconButton {
                        Layout.rightMargin: 6
                        implicitWidth: 26
                        implicitHeight: 26
                        iconSize: 14
                        iconName: "close"
                        label: qsTr("Take %1 out of the list").arg(entry.name)
                        onClicked: page.session.recent.remove(entry.index)
                    }
                }
                background: Rectangle {
                    radius: 4
                    color: entry.hovered ? entry.palette.button : page.palette.alternateBase

                    FocusRing {
                        shown: entry.visualFocus
                        anchors.margins: 0
                    }
                }
            }
        }
    }
}
