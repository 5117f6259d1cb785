// A line of a menu that does an action of the table.
import QtQuick
import Lipar.Controls
import Lipar.Session

AppMenuItem {
    required property StudioAction studioAction

    text: qsTranslate("Action", studioAction.text)
    keys: studioAction.keysText
    enabled: studioAction.enabled
    checkable: studioAction.checkable
    checked: studioAction.checked
    onTriggered: studioAction.trigger()
}
