// Asks for the access token of an account, hidden as it is typed.
import QtQuick
import QtQuick.Layouts
import Lipar.Controls

ColumnLayout {
    id: form

    signal submitted(string token, bool keep)

    function submit() {
        if (token.text === "")
            return;
        const text = token.text;
        token.clear();
        form.submitted(text, keep.checked);
    }

    spacing: 8

    Body {
        Layout.fillWidth: true
        text: qsTr("Accept the licence on the publisher’s page, make an access token there, and enter it here. It is sent to that server alone.")
        font.pixelSize: 12
    }
    RowLayout {
        spacing: 12

        InputField {
            id: token

            objectName: "tokenField"
            Layout.fillWidth: true
            label: qsTr("Access token")
            example: qsTr("Access token")
            echoMode: TextInput.Password
            inputMethodHints: Qt.ImhSensitiveData | Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
            onAccepted: form.submit()
        }
        Toggle {
            id: keep

            text: qsTr("Remember it")
            hint: qsTr("In the system’s keyring, or where there is none in a file that only you can read")
        }
        PushButton {
            objectName: "submitToken"
            primary: true
            text: qsTr("Try again with it")
            enabled: token.text !== ""
            onClicked: form.submit()
        }
    }
}
