// The colours of the window, given to every item through its palette. Roles as Qt names them; what they are for here:
// window: behind panels; alternateBase: panels; base: wells and fields; button, midlight: controls, hovered ones;
// mid, light: lines, stronger ones; placeholderText: secondary text; highlight: the accent, highlightedText on it;
// link: the accent as text and focus; brightText: errors; dark: around the picture.
import QtQuick

QtObject {
    required property bool isLight

    readonly property color window: isLight ? "#dcdee1" : "#131416"
    readonly property color alternateBase: isLight ? "#f4f5f6" : "#212327"
    readonly property color base: isLight ? "#ffffff" : "#17181b"
    readonly property color button: isLight ? "#dfe1e5" : "#34373d"
    readonly property color midlight: isLight ? "#d0d3d8" : "#41454c"
    readonly property color mid: isLight ? "#c5c8ce" : "#3a3d44"
    readonly property color light: isLight ? "#989da6" : "#5d626c"
    readonly property color dark: isLight ? "#c9ccd0" : "#0d0e10"
    readonly property color text: isLight ? "#1a1c20" : "#e9eaed"
    readonly property color secondaryText: isLight ? "#555b65" : "#a0a6b0"
    readonly property color accent: isLight ? "#ee9b2f" : "#f2a33c"
    readonly property color inkOnAccent: "#1f1405"
    readonly property color accentText: isLight ? "#8a4f00" : "#f7b968"
    readonly property color error: isLight ? "#b3261e" : "#ff8d7a"
    readonly property color toolTip: isLight ? "#26282c" : "#33363c"
    readonly property color toolTipText: "#f2f3f5"
}
