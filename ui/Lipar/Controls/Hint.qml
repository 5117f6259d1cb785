// A tooltip: what a control does, and its key. It is made when it is first shown: most are never seen, and there are as many
// as controls.
import QtQuick

Loader {
    id: hint

    property string text: ""
    property string keys: ""
    property bool shown: false

    visible: false  // takes no place beside others; what it makes is a child of what it is written in
    onShownChanged: {
        if (shown && status === Loader.Null)
            setSource(Qt.resolvedUrl("HintBubble.qml"), { hint: hint });
    }
}
