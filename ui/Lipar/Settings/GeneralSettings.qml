// Theme, language, engine, cache, autosave.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session
import Lipar.Settings

Rectangle {
    id: panel

    required property StudioSession session
    required property AppSettings settings

    signal cacheFolderRequested

    readonly property var languages: ["", "en", "fr"]
    readonly property var devices: ["auto", "cpu", "cuda"]
    readonly property var precisions: ["auto", "fp32", "bf16", "fp8"]
    readonly property string freedText: session.isClearingCache
                                        ? qsTr("Clearing…")
                                        : session.freedBytes < 0 ? ""
                                                                 : qsTr("%1 MB freed").arg(Math.round(session.freedBytes / 1e6)
                                                                                           .toLocaleString(Qt.locale(Qt.uiLanguage), "f", 0))

    color: palette.window

    component Title: Text {
        Layout.topMargin: 14
        color: palette.windowText
        font.pixelSize: 15
        font.weight: Font.DemiBold
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }

    Flickable {
        id: scroller

        anchors.fill: parent
        clip: true
        contentWidth: width
        contentHeight: content.implicitHeight + 40
        boundsBehavior: Flickable.StopAtBounds
        T.ScrollBar.vertical: ThinScrollBar {}

        ColumnLayout {
            id: content

            x: Math.max(20, (scroller.width - width) / 2)
            y: 20
            width: Math.min(scroller.width - 40, 640)
            spacing: 14

            Text {
                text: qsTr("Settings")
                color: panel.palette.windowText
                font.pixelSize: 20
                font.weight: Font.DemiBold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Title {
                text: qsTr("Window")
            }
            SettingRow {
                title: qsTr("Theme")

                SegmentedControl {
                    objectName: "themeChoice"
                    label: qsTr("Theme")
                    current: panel.settings.theme
                    options: [{ text: qsTr("Dark") }, { text: qsTr("Light") }]
                    onChosen: index => panel.settings.theme = index
                }
            }
            SettingRow {
                title: qsTr("Language")
                note: qsTr("Changes at once")

                SegmentedControl {
                    objectName: "languageChoice"
                    label: qsTr("Language")
                    current: panel.languages.indexOf(panel.settings.language)
                    options: [{ text: qsTr("System") }, { text: "English" }, { text: "Français" }]
                    onChosen: index => panel.settings.language = panel.languages[index]
                }
            }
            Title {
                text: qsTr("Engine")
            }
            SettingRow {
                title: qsTr("Device")
                note: qsTr("Where clips are edited: from the next preview or export on")

                SegmentedControl {
                    label: qsTr("Device")
                    current: Math.max(0, panel.devices.indexOf(panel.settings.device))
                    options: [{ text: qsTr("Automatic") }, { text: qsTr("Processor") }, { text: qsTr("Graphics card") }]
                    onChosen: index => panel.settings.device = panel.devices[index]
                }
            }
            SettingRow {
                title: qsTr("Precision")
                note: qsTr("Automatic takes the fastest that the device computes well")

                SegmentedControl {
                    label: qsTr("Precision")
                    current: Math.max(0, panel.precisions.indexOf(panel.settings.precision))
                    options: [{ text: qsTr("Automatic") }, { text: "FP32" }, { text: "BF16" }, { text: "FP8" }]
                    onChosen: index => panel.settings.precision = panel.precisions[index]
                }
            }
            Title {
                text: qsTr("Cache of edited pictures")
            }
            SettingRow {
                title: qsTr("Folder")
                note: qsTr("What was edited once is played from here")

                InputField {
                    Layout.fillWidth: true
                    label: qsTr("Folder of the cache")
                    text: panel.settings.cacheFolder
                    onEditingFinished: panel.settings.cacheFolder = text
                }
                IconButton {
                    iconName: "folder"
                    label: qsTr("Choose the folder of the cache")
                    onClicked: panel.cacheFolderRequested()
                }
            }
            SettingRow {
                title: qsTr("Largest size")
                note: qsTr("What was used longest ago leaves first")

                NumberField {
                    label: qsTr("Largest size of the cache")
                    unit: qsTr("GiB")
                    from: 1
                    to: 4096
                    value: panel.settings.cacheLimitGiB
                    onEdited: number => panel.settings.cacheLimitGiB = number
                }
            }
            SettingRow {
                title: qsTr("Clear")
                note: qsTr("Edits are made again when they are needed")

                PushButton {
                    objectName: "clearCacheButton"
                    iconName: "remove"
                    text: qsTr("Clear the cache")
                    enabled: !panel.session.isClearingCache
                    onClicked: panel.session.clearCache()
                }
                Caption {
                    objectName: "freedText"
                    Layout.fillWidth: true
                    text: panel.freedText
                }
            }
            Title {
                text: qsTr("Scrubbing")
            }
            SettingRow {
                title: qsTr("Small copies")
                note: qsTr("Of clips whose frames take long to reach, made in the background; 4 GB at most. Exports never use them")

                Toggle {
                    objectName: "proxiesSwitch"
                    text: qsTr("Make small copies")
                    hint: qsTr("For scrubbing")
                    checked: panel.settings.makesProxies
                    onToggled: panel.settings.makesProxies = checked
                }
            }
            Title {
                text: qsTr("Downloads of models")
            }
            SettingRow {
                title: qsTr("Proxy")
                note: qsTr("Empty: as the system says")

                InputField {
                    objectName: "proxyField"
                    Layout.fillWidth: true
                    label: qsTr("Proxy")
                    example: "http://host:port"
                    text: panel.settings.proxy
                    onEditingFinished: panel.settings.proxy = text
                }
            }
            SettingRow {
                title: qsTr("Mirror")
                note: qsTr("A server to download from instead of the publishers’. Empty: none")

                InputField {
                    objectName: "mirrorField"
                    Layout.fillWidth: true
                    label: qsTr("Mirror")
                    example: "https://"
                    text: panel.settings.modelMirror
                    onEditingFinished: panel.settings.modelMirror = text
                }
            }
            Title {
                text: qsTr("Projects")
            }
            SettingRow {
                title: qsTr("Autosave")
                note: qsTr("After a crash the project comes back as it was then")

                NumberField {
                    label: qsTr("Seconds between autosaves")
                    unit: qsTr("seconds")
                    from: 1
                    to: 60
                    value: panel.settings.autosaveSeconds
                    onEdited: number => panel.settings.autosaveSeconds = number
                }
            }
            Title {
                text: qsTr("Privacy")
            }
            Body {
                Layout.fillWidth: true
                text: qsTr("Everything runs on this computer. Nothing is uploaded, nothing is counted: telemetry does not exist.")
                color: panel.palette.placeholderText
            }
        }
    }
}
