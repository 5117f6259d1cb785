// One choice out of many, from a list that opens. `options`: a list of texts, or of { text }.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Lipar.Controls

T.ComboBox {
    id: control

    required property string label
    required property var options
    property int current: 0

    signal chosen(int index)

    model: options.map(option => typeof option === "string" ? option : option.text)
    implicitWidth: 160
    implicitHeight: 32
    leftPadding: 10
    rightPadding: 28
    opacity: enabled ? 1 : 0.45
    activeFocusOnTab: true
    focusPolicy: Qt.StrongFocus
    Accessible.name: label + ": " + displayText
    onActivated: index => {
        currentIndex = Qt.binding(() => control.current);
        control.chosen(index);
    }
    currentIndex: current

    contentItem: Text {
        text: control.displayText
        color: control.palette.text
        font.pixelSize: 13
        elide: Text.ElideRight
        verticalAlignment: Text.AlignVCenter
    }
    indicator: Icon {
        x: control.width - width - 8
        anchors.verticalCenter: parent ? parent.verticalCenter : undefined
        width: 14
        height: 14
        name: "chevron-down"
        color: control.palette.placeholderText
    }
    background: Rectangle {
        radius: 4
        color: control.palette.base
        border.width: control.visualFocus || control.popup.visible ? 2 : 1
        border.color: control.visualFocus || control.popup.visible ? control.palette.link
                                                                   : control.hovered ? control.palette.light
                                                                                     : control.palette.mid
    }
    delegate: T.ItemDelegate {
        id: entry

        required property int index
        required property string modelData

        width: ListView.view ? ListView.view.width : implicitWidth
        implicitHeight: 30
        text: modelData
        highlighted: control.highlightedIndex === index
        Accessible.name: text

        contentItem: Text {
            leftPadding: 10
            rightPadding: 10
            text: entry.text
            color: entry.index === control.currentIndex ? entry.palette.link : entry.palette.windowText
            font.pixelSize: 13
            elide: Text.ElideRight
            verticalAlignment: Text.AlignVCenter
        }
        background: Rectangle {
            radius: 4
            color: entry.highlighted ? entry.palette.midlight : "transparent"
        }
    }
    popup: T.Popup {
        y: control.height + 2
        width: control.width
        height: Math.min(contentItem.implicitHeight + 8, 320)
        padding: 4
        margins: 4

        contentItem: ListView {
            clip: true
            implicitHeight: contentHeight
            model: control.popup.visible ? control.delegateModel : null
            currentIndex: control.highlightedIndex
            T.ScrollBar.vertical: ThinScrollBar {}
        }
        background: Rectangle {
            radius: 6
            color: control.palette.alternateBase
            border.color: control.palette.light
        }
    }
}
