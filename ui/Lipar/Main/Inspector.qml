// What to do to the clip, and the button that does it.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Prompt
import Lipar.Session

Rectangle {
    id: inspector

    required property StudioSession session

    signal saveRequested

    function focusPrompt() {
        prompt.focusPrompt();
    }

    color: palette.alternateBase

    // The control that has the keyboard is always in sight.
    function scrollTo(item) {
        const top = item.mapToItem(sections, 0, 0).y;
        const bottom = top + item.height + 48;
        if (top < scroller.contentY)
            scroller.contentY = Math.max(0, top - 16);
        else if (bottom > scroller.contentY + scroller.height)
            scroller.contentY = Math.min(scroller.contentHeight, bottom) - scroller.height;
    }

    component Line: Rectangle {
        Layout.fillWidth: true
        implicitHeight: 1
        color: palette.mid
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        Flickable {
            id: scroller

            readonly property Item focused: Window.activeFocusItem

            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            contentWidth: width
            contentHeight: sections.implicitHeight + 32
            boundsBehavior: Flickable.StopAtBounds
            T.ScrollBar.vertical: ThinScrollBar {}
            onFocusedChanged: {
                if (focused && scope.activeFocus)
                    inspector.scrollTo(focused);
            }

            FocusScope {
                id: scope

                x: 16
                y: 16
                width: scroller.width - 32
                height: sections.implicitHeight

                ColumnLayout {
                    id: sections

                    width: parent.width
                    spacing: 16

                    Banner {
                        Layout.fillWidth: true
                        visible: inspector.session.clip.error.isSet
                        title: qsTr("The other clip could not be opened")
                        message: inspector.session.clip.error.message
                        hint: inspector.session.clip.error.hint
                        onCopyRequested: inspector.session.copyToClipboard(inspector.session.clip.error.details)
                        onDismissed: inspector.session.clip.dismissError()
                    }
                    Banner {
                        Layout.fillWidth: true
                        visible: inspector.session.modelError.isSet
                        dismissible: false
                        title: qsTr("There is no model to edit with")
                        message: inspector.session.modelError.message
                        hint: inspector.session.modelError.hint
                        onCopyRequested: inspector.session.copyToClipboard(inspector.session.modelError.details)
                    }
                    PromptSection {
                        id: prompt

                        Layout.fillWidth: true
                        parameters: inspector.session.parameters
                        onAccepted: inspector.session.edit()
                    }
                    StrengthSection {
                        Layout.fillWidth: true
                        parameters: inspector.session.parameters
                    }
                    Line {}
                    PruningSection {
                        Layout.fillWidth: true
                        parameters: inspector.session.parameters
                    }
                    Line {}
                    SeedSection {
                        Layout.fillWidth: true
                        parameters: inspector.session.parameters
                    }
                }
            }
        }
        Line {}
        EditFooter {
            Layout.fillWidth: true
            session: inspector.session
            onSaveRequested: inspector.saveRequested()
        }
    }
}
