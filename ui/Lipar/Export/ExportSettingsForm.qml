// How the timeline is written, and what that costs.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Lipar.Controls
import Lipar.Session

Rectangle {
    id: panel

    required property ExportForm form

    signal folderRequested
    signal copyRequested(string text)

    readonly property var codecs: form.codecs
    readonly property var containers: form.containers
    readonly property var sizes: form.sizes
    readonly property var rates: form.rates
    readonly property var codecTitles: ({
            h264: "H.264",
            hevc: "HEVC (H.265)",
            av1: "AV1",
            vp9: "VP9",
            prores: "ProRes",
            ffv1: "FFV1"
        })
    readonly property string problemText: [
        "",
        qsTr("Nothing to export: put a clip on the timeline first"),
        qsTr("Give the file a name without slashes"),
        qsTr("This folder does not exist")
    ][form.problem]

    color: palette.window

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
            spacing: 10

            Text {
                text: qsTr("Export")
                color: panel.palette.windowText
                font.pixelSize: 20
                font.weight: Font.DemiBold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            FormRow {
                title: qsTr("Video")

                ChoiceBox {
                    objectName: "codecChoice"
                    Layout.preferredWidth: 160
                    label: qsTr("Codec")
                    options: panel.codecs.map(codec => panel.codecTitles[codec])
                    current: panel.codecs.indexOf(panel.form.codec)
                    onChosen: index => panel.form.codec = panel.codecs[index]
                }
                ChoiceBox {
                    Layout.preferredWidth: 110
                    label: qsTr("Container")
                    options: panel.containers.map(container => container.toUpperCase())
                    current: panel.containers.indexOf(panel.form.container)
                    onChosen: index => panel.form.container = panel.containers[index]
                }
            }
            FormRow {
                visible: panel.form.hasQuality
                title: qsTr("Quality")

                SegmentedControl {
                    label: qsTr("Quality")
                    current: panel.form.usesBitRate ? 1 : 0
                    options: [
                        { text: qsTr("Quality"), hint: qsTr("The size follows from the picture") },
                        { text: qsTr("Bit rate"), hint: qsTr("The size follows from the length") }
                    ]
                    onChosen: index => panel.form.usesBitRate = index === 1
                }
                ValueSlider {
                    Layout.fillWidth: true
                    Layout.topMargin: 4
                    visible: !panel.form.usesBitRate
                    label: qsTr("Quality, as CRF: smaller is better")
                    from: panel.form.largestCrf
                    to: 0
                    stepSize: 1
                    value: panel.form.crf
                    onMoved: panel.form.crf = value
                }
                Caption {
                    Layout.preferredWidth: 52
                    visible: !panel.form.usesBitRate
                    text: qsTr("CRF %1").arg(panel.form.crf)
                }
                NumberField {
                    visible: panel.form.usesBitRate
                    label: qsTr("Megabits a second")
                    unit: qsTr("Mbit/s")
                    from: 1
                    to: 400
                    value: Math.round(panel.form.megabits)
                    onEdited: number => panel.form.megabits = number
                }
                Item {
                    Layout.fillWidth: true
                    visible: panel.form.usesBitRate
                }
            }
            FormRow {
                title: qsTr("Size")

                ChoiceBox {
                    Layout.preferredWidth: 220
                    label: qsTr("Size")
                    options: panel.sizes.map((size, index) => index === 0 ? qsTr("%1 (project)").arg(size.text)
                                                                               : size.text)
                    current: panel.form.currentSize
                    onChosen: index => panel.form.chooseSize(index)
                }
            }
            FormRow {
                title: qsTr("Frame rate")

                ChoiceBox {
                    Layout.preferredWidth: 220
                    label: qsTr("Frame rate")
                    options: panel.rates.map((rate, index) => index === 0 ? qsTr("%1 FPS (project)").arg(rate.text)
                                                                               : qsTr("%1 FPS").arg(rate.text))
                    current: panel.form.currentRate
                    onChosen: index => panel.form.chooseRate(index)
                }
            }
            FormRow {
                title: qsTr("Sound")

                Toggle {
                    Layout.fillWidth: true
                    text: qsTr("Write the sound")
                    checked: panel.form.sound
                    onToggled: panel.form.sound = checked
                }
            }
            FormRow {
                visible: panel.form.canKeepSource
                title: qsTr("Frames")

                Toggle {
                    objectName: "keepSource"
                    Layout.fillWidth: true
                    text: qsTr("Keep the source's frames, timestamps and sound")
                    hint: qsTr("The timeline is one whole clip: nothing is resampled")
                    checked: panel.form.keepSource
                    onToggled: panel.form.keepSource = checked
                }
            }
            FormRow {
                title: qsTr("Range")

                SegmentedControl {
                    label: qsTr("Range")
                    enabled: panel.form.hasRange
                    current: panel.form.onlyRange ? 1 : 0
                    options: [{ text: qsTr("All of it") }, { text: qsTr("In to out") }]
                    onChosen: index => panel.form.onlyRange = index === 1
                }
            }
            FormRow {
                title: qsTr("File")

                InputField {
                    objectName: "exportName"
                    Layout.fillWidth: true
                    label: qsTr("File name")
                    text: panel.form.fileName
                    onTextEdited: panel.form.fileName = text
                }
                Body {
                    text: panel.form.extension
                    color: panel.palette.placeholderText
                }
            }
            FormRow {
                title: qsTr("Folder")

                InputField {
                    Layout.fillWidth: true
                    label: qsTr("Folder")
                    text: panel.form.folder
                    hasProblem: panel.form.problem === ExportForm.NoFolder
                    onTextEdited: panel.form.folder = text
                }
                IconButton {
                    iconName: "folder"
                    label: qsTr("Choose the folder")
                    onClicked: panel.folderRequested()
                }
            }
            EstimateBox {
                objectName: "estimate"
                Layout.fillWidth: true
                Layout.topMargin: 6
                form: panel.form
                onCopyRequested: text => panel.copyRequested(text)
            }
            RowLayout {
                Layout.topMargin: 4
                spacing: 12

                PushButton {
                    objectName: "addExportButton"
                    implicitHeight: 36
                    primary: true
                    iconName: "export"
                    text: qsTr("Add to the queue")
                    enabled: panel.form.problem === ExportForm.NoProblem
                    onClicked: panel.form.add()
                }
                Body {
                    Layout.fillWidth: true
                    text: panel.problemText !== "" ? panel.problemText
                                                   : panel.form.replacesFile ? qsTr("Replaces a file of this name") : ""
                    color: panel.problemText !== "" ? panel.palette.brightText : panel.palette.placeholderText
                    font.pixelSize: 12
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
            }
        }
    }
}
