// The window: start page, or viewer and inspector; keys, dialogs and dropped files.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Dialogs
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Session
import Lipar.Settings
import Lipar.Viewer

T.ApplicationWindow {
    id: window

    required property StudioSession session
    required property AppSettings settings

    Theme {
        id: theme

        isLight: window.settings.theme === AppSettings.Light
    }

    width: settings.windowSize.width
    height: settings.windowSize.height
    minimumWidth: 1280
    minimumHeight: 720
    visible: true
    title: session.clip.isOpen ? qsTr("%1 – LIPAR Studio").arg(session.clip.name) : qsTr("LIPAR Studio")
    color: palette.window
    font.pixelSize: 13
    onClosing: settings.windowSize = Qt.size(width, height)

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

    Shortcut {
        sequence: "Ctrl+O"
        onActivated: openDialog.open()
    }
    Shortcut {
        sequence: "Ctrl+L"
        enabled: window.session.clip.isOpen
        onActivated: inspector.focusPrompt()
    }
    Shortcut {
        sequences: ["Ctrl+Return", "Ctrl+Enter"]
        enabled: window.session.canEdit
        onActivated: window.session.edit()
    }
    Shortcut {
        sequence: "Esc"
        enabled: window.session.run.isRunning
        onActivated: window.session.cancel()
    }
    Shortcut {
        sequences: ["Ctrl+S", "Ctrl+Shift+S"]
        enabled: window.session.canSave
        onActivated: saveDialog.open()
    }
    Shortcut {
        sequence: "Ctrl+,"
        onActivated: topBar.showPreferences()
    }
    Shortcut {
        sequence: "Ctrl+Q"
        onActivated: window.close()
    }

    FileDialog {
        id: openDialog

        objectName: "openDialog"
        title: qsTr("Open a clip")
        currentFolder: window.settings.lastFolder
        nameFilters: [
            qsTr("Videos (%1)").arg("*.mp4 *.m4v *.mov *.mkv *.webm *.avi *.mpg *.mpeg *.ts *.mts *.wmv *.3gp *.ogv"),
            qsTr("All files (%1)").arg("*")
        ]
        onAccepted: {
            window.settings.lastFolder = currentFolder;
            window.session.open(selectedFile);
        }
    }
    FileDialog {
        id: saveDialog

        objectName: "saveDialog"
        title: qsTr("Save the edited clip")
        acceptLabel: qsTr("Save")
        fileMode: FileDialog.SaveFile
        selectedFile: window.session.suggestedFile
        onAccepted: window.session.saveAs(selectedFile)
    }

    // Keys that a focused control has not used: typing in a field and moving a slider come first.
    FocusScope {
        anchors.fill: parent
        focus: true
        Keys.onPressed: event => {
            const transport = window.session.transport;
            const view = window.session.view;
            const actions = {
                [Qt.Key_Space]: () => transport.toggle(),
                [Qt.Key_Left]: () => transport.step(-1),
                [Qt.Key_Right]: () => transport.step(1),
                [Qt.Key_Home]: () => transport.toStart(),
                [Qt.Key_End]: () => transport.toEnd(),
                [Qt.Key_1]: () => view.mode = ViewState.Source,
                [Qt.Key_2]: () => view.mode = ViewState.Edited,
                [Qt.Key_W]: () => view.mode = ViewState.Wipe,
                [Qt.Key_S]: () => view.mode = ViewState.Split,
                [Qt.Key_H]: () => event.modifiers & Qt.ShiftModifier ? view.heatmap = ViewState.TokenAge
                                                                     : view.toggleHeatmap()
            };
            const action = actions[event.key];
            if (action && window.session.clip.isOpen && !(event.modifiers & (Qt.ControlModifier | Qt.AltModifier))) {
                action();
                event.accepted = true;
            }
        }

        ColumnLayout {
            anchors.fill: parent
            spacing: 1

            TopBar {
                id: topBar

                Layout.fillWidth: true
                session: window.session
                settings: window.settings
                onOpenRequested: openDialog.open()
            }
            StartPage {
                objectName: "startPage"
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: !window.session.clip.isOpen
                session: window.session
                onOpenRequested: openDialog.open()
            }
            RowLayout {
                Layout.fillWidth: true
                Layout.fillHeight: true
                visible: window.session.clip.isOpen
                spacing: 1

                ViewerPanel {
                    objectName: "viewer"
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    session: window.session
                }
                Inspector {
                    id: inspector

                    Layout.preferredWidth: 360
                    Layout.fillHeight: true
                    session: window.session
                    onSaveRequested: saveDialog.open()
                }
            }
            StatusBar {
                Layout.fillWidth: true
                visible: window.session.clip.isOpen
                session: window.session
            }
        }
        DropArea {
            id: dropArea

            anchors.fill: parent
            keys: ["text/uri-list"]
            onDropped: drop => {
                if (drop.hasUrls)
                    window.session.open(drop.urls[0]);
            }
        }
        DropOverlay {
            anchors.fill: parent
            visible: dropArea.containsDrag
        }
    }
}
