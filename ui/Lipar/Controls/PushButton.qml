// A button with a text and, if wanted, an icon. `primary`: the one thing to do next, in the accent colour.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

T.Button {
    id: control

    property string iconName: ""
    property bool primary: false
    property string hint: ""
    property string keys: ""

    readonly property bool isAccented: primary && enabled

    implicitWidth: Math.max(implicitContentWidth + leftPadding + rightPadding, implicitHeight)
    implicitHeight: 32
    leftPadding: iconName === "" ? 14 : 10
    rightPadding: 14
    opacity: enabled ? 1 : 0.45
    activeFocusOnTab: true
    focusPolicy: Qt.StrongFocus
    // Who has clicked goes on with the keys of the window: Space plays, it does not press the button again.
    onReleased: {
        if (!visualFocus)
            focus = false;
    }
    Accessible.name: text
    Accessible.description: hint

    contentItem: ButtonFace {
        iconName: control.iconName
        text: control.text
        ink: control.isAccented ? control.palette.highlightedText : control.palette.buttonText
        isStrong: control.primary
    }
    background: Rectangle {
        radius: 4
        border.width: control.isAccented ? 0 : 1
        border.color: control.palette.mid  // its face alone is hard to see on the light theme's pages
        color: control.isAccented ? (control.down ? Qt.darker(control.palette.highlight, 1.15)
                                                  : control.hovered ? Qt.lighter(control.palette.highlight, 1.1)
                                                                    : control.palette.highlight)
                                  : (control.down || control.hovered ? control.palette.midlight
                                                                     : control.palette.button)

        FocusRing {
            shown: control.visualFocus
        }
    }

    Hint {
        text: control.hint
        keys: control.keys
        shown: control.hovered && control.hint !== ""
    }
}
