// A line of the media bin: picture, name, facts, how much pruning gains; or what is the matter with the file.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Lipar.Controls
import Lipar.Media
import Lipar.Session

Item {
    id: row

    required property int index
    required property var sourceId
    required property string name
    required property string path
    required property int mediaState  // MediaBin.State
    required property var thumbnail
    required property int pictureWidth
    required property int pictureHeight
    required property real fps
    required property bool variableRate
    required property string duration
    required property bool hasSound
    required property string note
    required property int badge  // MediaBin.Badge
    required property int staticPercent
    required property real speedup
    required property errorReport error

    property bool isCurrent: false
    property bool hasKeyboard: false

    signal picked
    signal addRequested
    signal relinkRequested
    signal removeRequested
    signal copyRequested

    readonly property bool isUsable: mediaState === MediaBin.Ready
    readonly property string rateText: variableRate ? qsTr("variable rate")
                                                    : qsTr("%1 FPS").arg(Number(fps.toFixed(2))
                                                                         .toLocaleString(Qt.locale(Qt.uiLanguage), "g", 5))
    readonly property string facts: pictureWidth > 0
                                    ? qsTr("%1 × %2").arg(pictureWidth).arg(pictureHeight) + " · " + rateText
                                    : qsTr("sound only")
    readonly property string badgeText: badge === MediaBin.Still
                                        ? qsTr("%1 % still, about %2×").arg(staticPercent)
                                          .arg(speedup.toLocaleString(Qt.locale(Qt.uiLanguage), "f", 1))
                                        : badge === MediaBin.Handheld ? qsTr("moving all over: little to gain")
                                                                      : badge === MediaBin.Measuring ? qsTr("measuring…") : ""

    implicitHeight: mediaState === MediaBin.Failed ? failure.implicitHeight + 16 : 64
    Accessible.role: Accessible.ListItem
    Accessible.name: name + ", " + (mediaState === MediaBin.Failed ? error.message
                                                                   : mediaState === MediaBin.Missing ? qsTr("missing")
                                                                                                     : facts + ", " + badgeText)

    Rectangle {
        anchors.fill: parent
        radius: 4
        color: row.isCurrent ? row.palette.button : hover.hovered ? row.palette.alternateBase : "transparent"
        border.width: row.isCurrent && row.hasKeyboard ? 2 : 0
        border.color: row.palette.link
    }
    HoverHandler {
        id: hover
    }
    TapHandler {
        onTapped: row.picked()
        onDoubleTapped: row.addRequested()
    }
    DragHandler {
        id: drag

        target: null
        enabled: row.isUsable
    }
    Item {
        Drag.active: drag.active
        Drag.dragType: Drag.Automatic
        Drag.supportedActions: Qt.CopyAction
        Drag.mimeData: ({ "application/x-lipar-source": String(row.sourceId) })
    }

    RowLayout {
        anchors.fill: parent
        anchors.margins: 6
        visible: row.mediaState !== MediaBin.Failed
        spacing: 8

        Rectangle {
            Layout.preferredWidth: 86
            Layout.preferredHeight: 50
            radius: 3
            color: row.palette.dark

            ThumbnailView {
                id: picture

                anchors.fill: parent
                image: row.thumbnail
                opacity: row.mediaState === MediaBin.Missing ? 0.4 : 1
            }
            Icon {
                anchors.centerIn: parent
                width: 22
                height: 22
                visible: !picture.hasImage
                name: row.mediaState === MediaBin.Missing ? "warning" : row.pictureWidth > 0 ? "clip"
                                                          : row.mediaState === MediaBin.Reading ? "clip" : "sound"
                color: row.palette.light
            }
            Rectangle {
                anchors.right: parent.right
                anchors.bottom: parent.bottom
                anchors.margins: 3
                width: time.implicitWidth + 6
                height: 14
                radius: 2
                visible: row.duration !== ""
                color: "#c0101114"

                Text {
                    id: time

                    anchors.centerIn: parent
                    text: row.duration
                    color: "#f0f0f2"
                    font.pixelSize: 10
                }
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: 2

            Text {
                Layout.fillWidth: true
                text: row.name
                color: row.palette.windowText
                font.pixelSize: 12
                elide: Text.ElideMiddle
            }
            Caption {
                Layout.fillWidth: true
                text: row.mediaState === MediaBin.Reading ? qsTr("Reading…")
                                                          : row.mediaState === MediaBin.Missing ? qsTr("The file is missing")
                                                                                                : row.facts
                color: row.mediaState === MediaBin.Missing ? row.palette.brightText : row.palette.placeholderText
            }
            Caption {
                objectName: "badge"
                Layout.fillWidth: true
                visible: row.isUsable && text !== ""
                text: row.badgeText
                wrapMode: Text.WordWrap
                maximumLineCount: 2
                color: row.badge === MediaBin.Still ? row.palette.link : row.palette.placeholderText
            }
        }
        PushButton {
            implicitHeight: 26
            visible: row.mediaState === MediaBin.Missing
            text: qsTr("Find…")
            hint: qsTr("Choose where %1 is now").arg(row.name)
            onClicked: row.relinkRequested()
        }
    }
    ColumnLayout {
        id: failure

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: 8
        visible: row.mediaState === MediaBin.Failed
        spacing: 4

        RowLayout {
            spacing: 6

            Icon {
                Layout.preferredWidth: 16
                Layout.preferredHeight: 16
                name: "warning"
                color: row.palette.brightText
            }
            Text {
                Layout.fillWidth: true
                text: row.name
                color: row.palette.windowText
                font.pixelSize: 12
                font.weight: Font.DemiBold
                elide: Text.ElideMiddle
            }
            IconButton {
                implicitWidth: 24
                implicitHeight: 24
                iconSize: 14
                iconName: "copy"
                label: qsTr("Copy details")
                onClicked: row.copyRequested()
            }
            IconButton {
                implicitWidth: 24
                implicitHeight: 24
                iconSize: 14
                iconName: "close"
                label: qsTr("Take out of the list")
                onClicked: row.removeRequested()
            }
        }
        Body {
            Layout.fillWidth: true
            text: Qt.uiLanguage ? row.error.message : ""
            font.pixelSize: 11
        }
        Body {
            Layout.fillWidth: true
            visible: text !== ""
            text: Qt.uiLanguage ? row.error.hint : ""
            color: row.palette.placeholderText
            font.pixelSize: 11
        }
    }
}
