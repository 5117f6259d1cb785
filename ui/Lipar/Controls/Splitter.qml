// The bar between two panels, to drag.
import QtQuick
import QtQuick.Templates as T

Rectangle {
    implicitWidth: 5
    implicitHeight: 5
    color: T.SplitHandle.pressed ? palette.highlight : T.SplitHandle.hovered ? palette.light : palette.window
}
