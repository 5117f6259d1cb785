// The editor: bin, viewer and inspector over the timeline, with bars between them to drag.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Inspector
import Lipar.Media
import Lipar.Session
import Lipar.Settings
import Lipar.Timeline
import Lipar.Viewer

T.SplitView {
    id: page

    required property StudioSession session
    required property AppSettings settings

    signal importRequested
    signal relinkRequested(int row)
    signal searchRequested
    signal modelsRequested

    readonly property var sizes: settings.layout

    function focusPrompt() {
        inspector.focusPrompt();
    }
    function keepSizes() {
        settings.layout = { bin: media.width, inspector: inspector.width, timeline: timeline.height };
    }

    orientation: Qt.Vertical
    handle: Splitter {}

    T.SplitView {
        T.SplitView.fillHeight: true
        T.SplitView.minimumHeight: 300
        orientation: Qt.Horizontal
        handle: Splitter {}

        MediaPanel {
            id: media

            objectName: "mediaPanel"
            T.SplitView.preferredWidth: page.sizes.bin ?? 272
            T.SplitView.minimumWidth: 220
            T.SplitView.maximumWidth: 480
            session: page.session
            onImportRequested: page.importRequested()
            onRelinkRequested: row => page.relinkRequested(row)
            onSearchRequested: page.searchRequested()
            onModelsRequested: page.modelsRequested()
        }
        ViewerPanel {
            objectName: "viewer"
            T.SplitView.fillWidth: true
            T.SplitView.minimumWidth: 480
            player: page.session.player
            preview: page.session.preview
            view: page.session.view
            onCopyRequested: details => page.session.copyToClipboard(details)
        }
        InspectorPanel {
            id: inspector

            objectName: "inspector"
            T.SplitView.preferredWidth: page.sizes.inspector ?? 320
            T.SplitView.minimumWidth: 280
            T.SplitView.maximumWidth: 520
            editor: page.session.clipEditor
            onCopyRequested: details => page.session.copyToClipboard(details)
        }
    }
    TimelinePanel {
        id: timeline

        objectName: "timelinePanel"
        T.SplitView.preferredHeight: page.sizes.timeline ?? 250
        T.SplitView.minimumHeight: 160
        timeline: page.session.timeline
        actions: page.session.actions
    }
}
