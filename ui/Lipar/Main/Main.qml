// The window: pages, menus, keys, dialogs and dropped files.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session
import Lipar.Settings

T.ApplicationWindow {
    id: window

    required property StudioSession session
    required property AppSettings settings

    readonly property ActionModel actions: session.actions
    property int page: 0  // 0: edit, 1: export, 2: settings, 3: models
    property bool mayClose: false

    Theme {
        id: theme

        isLight: window.settings.theme === AppSettings.Light
    }

    width: settings.windowSize.width
    height: settings.windowSize.height
    minimumWidth: 1280
    minimumHeight: 720
    visible: true
    title: session.showsWelcome ? qsTr("LIPAR Studio")
                                : qsTr("%1 – LIPAR Studio").arg((session.document.isModified ? "*" : "") + session.document.name)
    color: palette.window
    font.pixelSize: 13
    onClosing: close => {
        if (!mayClose) {
            close.accepted = false;
            window.session.files.requestQuit();
            return;
        }
        settings.windowSize = Qt.size(width, height);
        editPage.keepSizes();
    }

    palette {
        window: theme.window
        windowText: theme.text
        base: theme.base
        alternateBase: theme.alternateBase
        text: theme.text
        button: theme.button
        buttonText: theme.text
        midlight: theme.midlight
        mid: theme.mid
        light: theme.light
        dark: theme.dark
        placeholderText: theme.secondaryText
        highlight: theme.accent
        highlightedText: theme.inkOnAccent
        link: theme.accentText
        brightText: theme.error
        toolTipBase: theme.toolTip
        toolTipText: theme.toolTipText
    }

    // Keys with Ctrl, Alt or of a function work wherever the focus is; the others are handled below.
    Instantiator {
        model: window.actions

        delegate: Shortcut {
            required property StudioAction studioAction

            sequences: studioAction.windowKeys
            enabled: studioAction.enabled && studioAction.windowKeys.length > 0
            onActivated: studioAction.trigger()
        }
    }
    component Handler: Connections {
        required property string action

        target: window.actions.find(action)
    }
    Handler {
        action: "file.open"
        function onTriggered() {
            dialogs.askForProject();
        }
    }
    Handler {
        action: "file.saveAs"
        function onTriggered() {
            dialogs.askForName();
        }
    }
    Handler {
        action: "file.import"
        function onTriggered() {
            dialogs.askForMedia();
        }
    }
    Handler {
        action: "file.importTimeline"
        function onTriggered() {
            dialogs.askForTimeline();
        }
    }
    Handler {
        action: "file.exportTimeline"
        function onTriggered() {
            dialogs.askForTimelineName();
        }
    }
    Handler {
        action: "file.export"
        function onTriggered() {
            window.page = 1;
        }
    }
    Handler {
        action: "file.settings"
        function onTriggered() {
            window.page = 2;
        }
    }
    Handler {
        action: "view.edit"
        function onTriggered() {
            window.page = 0;
        }
    }
    Handler {
        action: "view.export"
        function onTriggered() {
            window.page = 1;
        }
    }
    Handler {
        action: "view.settings"
        function onTriggered() {
            window.page = 2;
        }
    }
    Handler {
        action: "view.models"
        function onTriggered() {
            window.page = 3;
        }
    }
    Handler {
        action: "help.keys"
        function onTriggered() {
            window.page = 2;
        }
    }
    Handler {
        action: "view.messages"
        function onTriggered() {
            messages.open();
        }
    }
    Handler {
        action: "help.report"
        function onTriggered() {
            messages.open();
        }
    }
    Handler {
        action: "view.fullScreen"
        function onTriggered() {
            window.visibility = window.visibility === Window.FullScreen ? Window.Windowed : Window.FullScreen;
        }
    }
    Handler {
        action: "clip.prompt"
        function onTriggered() {
            window.page = 0;
            editPage.focusPrompt();
        }
    }
    Connections {
        target: window.session.files
        function onSaveAsRequested() {
            dialogs.askForName();
        }
        function onQuitAccepted() {
            window.mayClose = true;
            window.close();
        }
    }
    WindowDialogs {
        id: dialogs

        window: window
        session: window.session
        settings: window.settings
    }
    SaveQuestion {
        objectName: "saveQuestion"
        files: window.session.files
        projectName: Qt.uiLanguage ? window.session.document.name : ""
    }

    // Keys that a focused control has not used: typing in a field and moving a slider come first.
    FocusScope {
        anchors.fill: parent
        focus: true
        Keys.onPressed: event => event.accepted = window.actions.handleKey(event.key, event.modifiers)

        ColumnLayout {
            anchors.fill: parent
            spacing: 1

            TopBar {
                Layout.fillWidth: true
                session: window.session
                page: window.page
                onPageChosen: page => window.page = page
            }
            Banner {
                objectName: "projectError"
                Layout.fillWidth: true
                Layout.margins: 8
                visible: window.session.document.error.isSet
                title: qsTr("That could not be done")
                message: Qt.uiLanguage ? window.session.document.error.message : ""
                hint: Qt.uiLanguage ? window.session.document.error.hint : ""
                onCopyRequested: window.session.copyToClipboard(window.session.document.error.details)
                onDismissed: window.session.document.dismissError()
            }
            Item {
                Layout.fillWidth: true
                Layout.fillHeight: true

                EditPage {
                    id: editPage

                    objectName: "editPage"
                    anchors.fill: parent
                    visible: window.page === 0 && !window.session.showsWelcome
                    session: window.session
                    settings: window.settings
                    onImportRequested: dialogs.askForMedia()
                    onRelinkRequested: row => dialogs.askForMissing(row)
                    onSearchRequested: dialogs.askForSearchFolder()
                    onModelsRequested: window.page = 3
                }
                WelcomePage {
                    objectName: "welcomePage"
                    anchors.fill: parent
                    visible: window.page === 0 && window.session.showsWelcome
                    session: window.session
                    onOpenRequested: dialogs.askForProject()
                    onImportRequested: dialogs.askForMedia()
                }
                PageLoader {
                    anchors.fill: parent
                    shown: window.page === 1
                    page: Qt.resolvedUrl("../Export/ExportPage.qml")
                    session: window.session
                    settings: window.settings
                }
                PageLoader {
                    anchors.fill: parent
                    shown: window.page === 2
                    page: Qt.resolvedUrl("../SettingsPage/SettingsPage.qml")
                    session: window.session
                    settings: window.settings
                }
                PageLoader {
                    anchors.fill: parent
                    shown: window.page === 3
                    page: Qt.resolvedUrl("../Models/ModelsPage.qml")
                    session: window.session
                    settings: window.settings
                }
            }
            StatusBar {
                id: statusBar

                Layout.fillWidth: true
                session: window.session
                onMessagesRequested: messages.opened ? messages.close() : messages.open()

                MessagePanel {
                    id: messages

                    objectName: "messages"
                    x: statusBar.width - width - 8
                    y: -height - 8
                    session: window.session
                }
            }
        }
        DropArea {
            id: dropArea

            anchors.fill: parent
            z: -1
            keys: ["text/uri-list"]
            onDropped: drop => {
                if (drop.hasUrls)
                    window.session.takeFiles(drop.urls);
            }
        }
        DropOverlay {
            anchors.fill: parent
            visible: dropArea.containsDrag
        }
    }
}
