// The selected clips, section by section.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Prompt
import Lipar.Session

Rectangle {
    id: inspector

    required property ClipEditor editor

    // Details of an error, for the clipboard.
    signal copyRequested(string details)

    function focusPrompt() {
        promptSection.isOpen = true;
        prompt.focusPrompt();
    }

    // The control that has the keyboard is always in sight.
    function scrollTo(item) {
        const top = item.mapToItem(sections, 0, 0).y;
        const bottom = top + item.height + 48;
        if (top < scroller.contentY)
            scroller.contentY = Math.max(0, top - 16);
        else if (bottom > scroller.contentY + scroller.height)
            scroller.contentY = Math.max(0, Math.min(scroller.contentHeight, bottom) - scroller.height);
    }

    implicitWidth: 320
    color: palette.alternateBase

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        RowLayout {
            Layout.fillWidth: true
            Layout.leftMargin: 16
            Layout.rightMargin: 16
            Layout.preferredHeight: 36
            visible: inspector.editor.count > 0
            spacing: 8

            Icon {
                Layout.preferredWidth: 16
                Layout.preferredHeight: 16
                name: inspector.editor.hasPicture ? "clip" : "sound"
                color: inspector.palette.placeholderText
            }
            Text {
                objectName: "inspectorTitle"
                Layout.fillWidth: true
                text: inspector.editor.count > 1 ? qsTr("%n clip(s) selected", "", inspector.editor.count)
                                                 : inspector.editor.name
                color: inspector.palette.windowText
                font.pixelSize: 13
                font.weight: Font.DemiBold
                elide: Text.ElideMiddle
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Caption {
                visible: inspector.editor.isLocked
                text: qsTr("The track is locked")
            }
        }
        Rectangle {
            Layout.fillWidth: true
            implicitHeight: 1
            visible: inspector.editor.count > 0
            color: inspector.palette.mid
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: inspector.editor.count === 0

            NothingSelected {
                objectName: "nothingSelected"
                anchors.centerIn: parent
                width: parent.width - 64
            }
        }
        Flickable {
            id: scroller

            readonly property Item focused: Window.activeFocusItem

            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: inspector.editor.count > 0
            clip: true
            contentWidth: width
            contentHeight: sections.implicitHeight + 24
            boundsBehavior: Flickable.StopAtBounds
            T.ScrollBar.vertical: ThinScrollBar {}
            onFocusedChanged: {
                if (focused && scope.activeFocus)
                    inspector.scrollTo(focused);
            }

            FocusScope {
                id: scope

                x: 16
                y: 8
                width: Math.max(240, scroller.width - 32)
                height: sections.implicitHeight

                ColumnLayout {
                    id: sections

                    width: parent.width
                    enabled: !inspector.editor.isLocked
                    spacing: 0

                    Banner {
                        Layout.fillWidth: true
                        Layout.bottomMargin: 8
                        visible: inspector.editor.modelError.isSet
                        dismissible: false
                        title: qsTr("There is no model to edit with")
                        message: Qt.uiLanguage ? inspector.editor.modelError.message : ""
                        hint: Qt.uiLanguage ? inspector.editor.modelError.hint : ""
                        onCopyRequested: inspector.copyRequested(inspector.editor.modelError.details)
                    }
                    InspectorSection {
                        id: promptSection

                        Layout.fillWidth: true
                        visible: inspector.editor.hasPicture
                        title: qsTr("Prompt")

                        PromptSection {
                            id: prompt

                            Layout.fillWidth: true
                            editor: inspector.editor
                        }
                        KeyframeList {
                            Layout.fillWidth: true
                            editor: inspector.editor
                        }
                    }
                    InspectorSection {
                        Layout.fillWidth: true
                        visible: inspector.editor.hasPicture
                        title: qsTr("Pruning")

                        PruningSection {
                            Layout.fillWidth: true
                            editor: inspector.editor
                        }
                        MaskFields {
                            Layout.fillWidth: true
                            editor: inspector.editor
                        }
                    }
                    InspectorSection {
                        objectName: "processingSection"
                        Layout.fillWidth: true
                        visible: inspector.editor.hasPicture
                        isOpen: false
                        title: qsTr("Processing")

                        ProcessingSection {
                            Layout.fillWidth: true
                            editor: inspector.editor
                        }
                    }
                    InspectorSection {
                        Layout.fillWidth: true
                        visible: inspector.editor.hasSound
                        title: qsTr("Sound")

                        SoundSection {
                            Layout.fillWidth: true
                            editor: inspector.editor
                        }
                    }
                    InspectorSection {
                        Layout.fillWidth: true
                        title: qsTr("Clip")

                        ClipSection {
                            Layout.fillWidth: true
                            editor: inspector.editor
                        }
                    }
                }
            }
        }
    }
}
