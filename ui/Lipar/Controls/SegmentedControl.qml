// One choice out of a few, side by side. `options`: a list of { text, icon, hint, keys }, icon, hint and keys optional.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

Item {
    id: control

    required property string label  // what is being chosen, for screen readers
    required property var options
    property int current: 0
    property bool stretch: false  // share the width among the segments

    signal chosen(int index)

    implicitWidth: row.implicitWidth + 4
    implicitHeight: 32
    opacity: enabled ? 1 : 0.45
    Accessible.role: Accessible.Grouping
    Accessible.name: label

    Rectangle {
        anchors.fill: parent
        radius: 5
        color: palette.base
        border.color: palette.mid
    }

    Row {
        id: row

        anchors.fill: parent
        anchors.margins: 2
        spacing: 2

        Repeater {
            // Only their number: other words, as of another language, are no other segments.
            model: control.options.length

            T.RadioButton {
                id: segment

                required property int index
                readonly property var option: control.options[index]

                width: control.stretch ? (row.width + row.spacing) / control.options.length - row.spacing : implicitWidth
                height: row.height
                implicitWidth: implicitContentWidth + leftPadding + rightPadding
                leftPadding: 10
                rightPadding: 10
                text: option?.text ?? ""
                checked: control.current === index
                autoExclusive: false
                activeFocusOnTab: true
                focusPolicy: Qt.StrongFocus
                Accessible.name: control.label + ": " + text
                onReleased: {
                    if (!visualFocus)
                        focus = false;  // as a PushButton
                }
                onClicked: {
                    checked = Qt.binding(() => control.current === index);
                    control.chosen(index);
                }
                Keys.onReturnPressed: segment.clicked()

                contentItem: ButtonFace {
                    iconName: segment.option?.icon ?? ""
                    iconSize: 16
                    iconColor: segment.checked ? segment.palette.link : segment.palette.placeholderText
                    text: segment.text
                    ink: segment.checked ? segment.palette.windowText : segment.palette.placeholderText
                    textSize: 12
                }
                background: Rectangle {
                    radius: 4
                    color: segment.checked ? segment.palette.button
                                           : segment.hovered ? segment.palette.alternateBase : "transparent"

                    FocusRing {
                        shown: segment.visualFocus
                        anchors.margins: 0
                        radius: 4
                    }
                }

                Hint {
                    text: segment.option?.hint ?? ""
                    keys: segment.option?.keys ?? ""
                    shown: segment.hovered && text !== ""
                }
            }
        }
    }
}
