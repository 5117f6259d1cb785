// A page that is made when it is first shown, and again after it was left: the window is up sooner.
import QtQuick
import Lipar.Session
import Lipar.Settings

Loader {
    required property bool shown
    required property url page
    required property StudioSession session
    required property AppSettings settings

    visible: shown
    onShownChanged: {
        if (shown)
            setSource(page, { session: session, settings: settings });
        else
            source = "";
    }
}
