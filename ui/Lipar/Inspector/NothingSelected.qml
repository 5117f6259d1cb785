// The inspector while no clip is selected: what to do.
import QtQuick
import QtQuick.Layouts
import Lipar.Controls

ColumnLayout {
    id: page

    spacing: 12

    Icon {
        Layout.alignment: Qt.AlignHCenter
        Layout.preferredWidth: 40
        Layout.preferredHeight: 40
        name: "edit"
        color: page.palette.light
    }
    Body {
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignHCenter
        text: qsTr("Select a clip in the timeline to say what it is to become.")
    }
    Body {
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignHCenter
        text: qsTr("Its prompt, how much is reused from frame to frame, its sound and its speed are set here.")
        color: palette.placeholderText
        font.pixelSize: 12
    }
}
