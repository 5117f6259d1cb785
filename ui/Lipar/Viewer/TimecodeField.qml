// The playhead's timecode; type another one to go there.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

T.TextField {
    id: control

    required property Player player
    property bool hasProblem: false

    function showPlayhead() {
        hasProblem = false;
        text = Qt.binding(() => control.player.timecode);
    }

    implicitWidth: 112
    implicitHeight: 28
    leftPadding: 6
    rightPadding: 6
    color: palette.text
    selectionColor: palette.highlight
    selectedTextColor: palette.highlightedText
    font.pixelSize: 14
    font.weight: Font.DemiBold
    selectByMouse: true
    horizontalAlignment: TextInput.AlignHCenter
    verticalAlignment: TextInput.AlignVCenter
    inputMethodHints: Qt.ImhPreferNumbers
    activeFocusOnTab: true
    text: player.timecode
    Accessible.name: qsTr("Timecode of the playhead")
    onActiveFocusChanged: activeFocus ? selectAll() : showPlayhead()
    onAccepted: {
        hasProblem = !player.goToTimecode(text);
        if (!hasProblem) {
            showPlayhead();
            selectAll();
        }
    }
    Keys.onEscapePressed: {
        showPlayhead();
        focus = false;
    }

    background: Rectangle {
        radius: 4
        color: control.activeFocus || control.hovered ? control.palette.base : "transparent"
        border.width: control.activeFocus ? 2 : control.hovered ? 1 : 0
        border.color: control.hasProblem ? control.palette.brightText
                                         : control.activeFocus ? control.palette.link : control.palette.mid
    }

    Hint {
        text: qsTr("Hours, minutes, seconds, frames; +12 or -12 moves by frames")
        shown: control.hovered && !control.activeFocus
    }
}
