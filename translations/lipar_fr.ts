<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr">
<context>
    <name>Action</name>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Nouveau projet</translation>
    </message>
    <message>
        <source>Open project…</source>
        <translation>Ouvrir un projet…</translation>
    </message>
    <message>
        <source>Save project</source>
        <translation>Enregistrer le projet</translation>
    </message>
    <message>
        <source>Save project as…</source>
        <translation>Enregistrer le projet sous…</translation>
    </message>
    <message>
        <source>Import media…</source>
        <translation>Importer des médias…</translation>
    </message>
    <message>
        <source>Import OpenTimelineIO…</source>
        <translation>Importer OpenTimelineIO…</translation>
    </message>
    <message>
        <source>Write OpenTimelineIO…</source>
        <translation>Écrire en OpenTimelineIO…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exporter…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Réglages…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Édition</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Couper</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Coller</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Dupliquer</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Delete and close the gap</source>
        <translation>Supprimer et refermer le vide</translation>
    </message>
    <message>
        <source>Select all clips</source>
        <translation>Sélectionner tous les clips</translation>
    </message>
    <message>
        <source>Select nothing</source>
        <translation>Ne rien sélectionner</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>Clip</translation>
    </message>
    <message>
        <source>Split at the playhead</source>
        <translation>Diviser à la tête de lecture</translation>
    </message>
    <message>
        <source>Trim start to the playhead</source>
        <translation>Rogner le début à la tête de lecture</translation>
    </message>
    <message>
        <source>Trim end to the playhead</source>
        <translation>Rogner la fin à la tête de lecture</translation>
    </message>
    <message>
        <source>Cross-fade with the clip before</source>
        <translation>Fondu enchaîné avec le clip d’avant</translation>
    </message>
    <message>
        <source>Write a prompt</source>
        <translation>Écrire une consigne</translation>
    </message>
    <message>
        <source>Add a video track</source>
        <translation>Ajouter une piste vidéo</translation>
    </message>
    <message>
        <source>Add an audio track</source>
        <translation>Ajouter une piste audio</translation>
    </message>
    <message>
        <source>Set a marker</source>
        <translation>Poser un repère</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation>Lecture</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>Lecture ou pause</translation>
    </message>
    <message>
        <source>Play backward, faster each time</source>
        <translation>Lecture arrière, plus vite à chaque fois</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Play forward, faster each time</source>
        <translation>Lecture avant, plus vite à chaque fois</translation>
    </message>
    <message>
        <source>One frame back</source>
        <translation>Une image en arrière</translation>
    </message>
    <message>
        <source>One frame forward</source>
        <translation>Une image en avant</translation>
    </message>
    <message>
        <source>One second back</source>
        <translation>Une seconde en arrière</translation>
    </message>
    <message>
        <source>One second forward</source>
        <translation>Une seconde en avant</translation>
    </message>
    <message>
        <source>Previous cut</source>
        <translation>Coupe précédente</translation>
    </message>
    <message>
        <source>Next cut</source>
        <translation>Coupe suivante</translation>
    </message>
    <message>
        <source>Go to the start</source>
        <translation>Aller au début</translation>
    </message>
    <message>
        <source>Go to the end</source>
        <translation>Aller à la fin</translation>
    </message>
    <message>
        <source>Mark in</source>
        <translation>Marquer l’entrée</translation>
    </message>
    <message>
        <source>Mark out</source>
        <translation>Marquer la sortie</translation>
    </message>
    <message>
        <source>Clear in and out</source>
        <translation>Effacer entrée et sortie</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Boucle</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Affichage</translation>
    </message>
    <message>
        <source>Editing page</source>
        <translation>Page de montage</translation>
    </message>
    <message>
        <source>Export page</source>
        <translation>Page d’exportation</translation>
    </message>
    <message>
        <source>Settings page</source>
        <translation>Page des réglages</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Messages</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>Edited</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>Volet</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Côte à côte</translation>
    </message>
    <message>
        <source>Heatmap</source>
        <translation>Carte</translation>
    </message>
    <message>
        <source>Heatmap of the token age</source>
        <translation>Carte de l’âge des jetons</translation>
    </message>
    <message>
        <source>Zoom the timeline in</source>
        <translation>Agrandir le montage</translation>
    </message>
    <message>
        <source>Zoom the timeline out</source>
        <translation>Réduire le montage</translation>
    </message>
    <message>
        <source>Fit the timeline</source>
        <translation>Tout le montage</translation>
    </message>
    <message>
        <source>Snapping</source>
        <translation>Aimantation</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Plein écran</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Tâches</translation>
    </message>
    <message>
        <source>Cancel the job</source>
        <translation>Annuler la tâche</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <source>Try the sample clip</source>
        <translation>Essayer le clip d’exemple</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Raccourcis clavier</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Copier le rapport</translation>
    </message>
    <message>
        <source>Models page</source>
        <translation>Page des modèles</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Copy details</source>
        <translation>Copier les détails</translation>
    </message>
    <message>
        <source>Copies what a bug report needs</source>
        <translation>Copie ce qu’il faut pour signaler le problème</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Fermer</translation>
    </message>
</context>
<context>
    <name>BinRow</name>
    <message>
        <source>variable rate</source>
        <translation>cadence variable</translation>
    </message>
    <message>
        <source>%1 FPS</source>
        <translation>%1 i/s</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>sound only</source>
        <translation>son seul</translation>
    </message>
    <message>
        <source>%1 % still, about %2×</source>
        <translation>%1&#xa0;% fixe, env. %2×</translation>
    </message>
    <message>
        <source>moving all over: little to gain</source>
        <translation>tout bouge&#xa0;: peu à gagner</translation>
    </message>
    <message>
        <source>measuring…</source>
        <translation>mesure…</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>introuvable</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Lecture…</translation>
    </message>
    <message>
        <source>The file is missing</source>
        <translation>Fichier introuvable</translation>
    </message>
    <message>
        <source>Find…</source>
        <translation>Chercher…</translation>
    </message>
    <message>
        <source>Choose where %1 is now</source>
        <translation>Indiquer où se trouve %1</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Copier les détails</translation>
    </message>
    <message>
        <source>Take out of the list</source>
        <translation>Retirer de la liste</translation>
    </message>
</context>
<context>
    <name>BinTab</name>
    <message>
        <source>Import…</source>
        <translation>Importer…</translation>
    </message>
    <message>
        <source>Video and sound files, several at once</source>
        <translation>Fichiers vidéo et audio, plusieurs à la fois</translation>
    </message>
    <message>
        <source>Add to the timeline at the playhead</source>
        <translation>Ajouter au montage à la tête de lecture</translation>
    </message>
    <message>
        <source>Remove from the project</source>
        <translation>Retirer du projet</translation>
    </message>
    <message>
        <source>Looking for missing files…</source>
        <translation>Recherche des fichiers…</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) missing</source>
        <translation>
            <numerusform>%n fichier introuvable</numerusform>
            <numerusform>%n fichiers introuvables</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Find…</source>
        <translation>Chercher…</translation>
    </message>
    <message>
        <source>Looks through a folder for files of the same content</source>
        <translation>Cherche dans un dossier les fichiers de même contenu</translation>
    </message>
    <message>
        <source>Media of the project</source>
        <translation>Médias du projet</translation>
    </message>
    <message>
        <source>Drop videos here, or import them</source>
        <translation>Déposez des vidéos ici, ou importez-les</translation>
    </message>
</context>
<context>
    <name>ClipEditor</name>
    <message>
        <source>No model was found that can edit.</source>
        <translation>Aucun modèle capable de transformer une vidéo n’a été trouvé.</translation>
    </message>
    <message>
        <source>Install LIPAR Studio again: the built-in model comes with it.</source>
        <translation>Réinstallez LIPAR Studio&#xa0;: le modèle intégré est fourni avec lui.</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>%1 FPS, varying</source>
        <translation>%1 i/s, variable</translation>
    </message>
    <message>
        <source>%1 FPS</source>
        <translation>%1 i/s</translation>
    </message>
    <message>
        <source>with sound</source>
        <translation>avec son</translation>
    </message>
    <message>
        <source>no sound</source>
        <translation>sans son</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatique</translation>
    </message>
    <message>
        <source>Automatic: %1 × %2</source>
        <translation>Automatique&#xa0;: %1 × %2</translation>
    </message>
</context>
<context>
    <name>ClipSection</name>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Name of the clip</source>
        <translation>Nom du clip</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Vitesse</translation>
    </message>
    <message>
        <source>Speed of the clip</source>
        <translation>Vitesse du clip</translation>
    </message>
    <message>
        <source>100 %</source>
        <translation>100&#xa0;%</translation>
    </message>
    <message>
        <source>Back to the speed it was recorded at</source>
        <translation>Revenir à la vitesse d’origine</translation>
    </message>
    <message>
        <source>Starts at</source>
        <translation>Début</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Introuvable</translation>
    </message>
</context>
<context>
    <name>DropOverlay</name>
    <message>
        <source>Drop to import</source>
        <translation>Déposez pour importer</translation>
    </message>
</context>
<context>
    <name>ErrorReport</name>
    <message>
        <source>This cannot be done as it was asked for.</source>
        <translation>Cela ne peut pas être fait tel que demandé.</translation>
    </message>
    <message>
        <source>A file is missing or may not be read.</source>
        <translation>Un fichier est introuvable ou ne peut pas être lu.</translation>
    </message>
    <message>
        <source>Check where it is, and that you may read it.</source>
        <translation>Vérifiez son emplacement et vos droits de lecture.</translation>
    </message>
    <message>
        <source>A file is damaged or not what its name says.</source>
        <translation>Un fichier est endommagé ou n’est pas ce que dit son nom.</translation>
    </message>
    <message>
        <source>Try another copy of it.</source>
        <translation>Essayez une autre copie.</translation>
    </message>
    <message>
        <source>A file of this kind is not supported.</source>
        <translation>Un fichier de ce type n’est pas pris en charge.</translation>
    </message>
    <message>
        <source>Convert it, or choose another one.</source>
        <translation>Convertissez-le ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>A model or a part of it is missing.</source>
        <translation>Un modèle ou une partie de celui-ci manque.</translation>
    </message>
    <message>
        <source>Install the model, or choose another one.</source>
        <translation>Installez le modèle ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>A file of the model is damaged.</source>
        <translation>Un fichier du modèle est endommagé.</translation>
    </message>
    <message>
        <source>Install the model again.</source>
        <translation>Réinstallez le modèle.</translation>
    </message>
    <message>
        <source>The chosen device is missing or cannot do this.</source>
        <translation>Le périphérique choisi est absent ou ne sait pas faire cela.</translation>
    </message>
    <message>
        <source>Choose another device in the settings.</source>
        <translation>Choisissez un autre périphérique dans les réglages.</translation>
    </message>
    <message>
        <source>There is not enough memory.</source>
        <translation>La mémoire ne suffit pas.</translation>
    </message>
    <message>
        <source>Choose a smaller processing size, or close other programs.</source>
        <translation>Choisissez une taille de traitement plus petite ou fermez d’autres programmes.</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>Le disque est plein.</translation>
    </message>
    <message>
        <source>Free some space, or choose another folder.</source>
        <translation>Libérez de la place ou choisissez un autre dossier.</translation>
    </message>
    <message>
        <source>A file could not be written.</source>
        <translation>Un fichier n’a pas pu être écrit.</translation>
    </message>
    <message>
        <source>Check the folder, and that you may write there.</source>
        <translation>Vérifiez le dossier et vos droits d’écriture.</translation>
    </message>
    <message>
        <source>The clip cannot be read to its end.</source>
        <translation>Le clip ne peut pas être lu jusqu’à la fin.</translation>
    </message>
    <message>
        <source>The program has made a mistake.</source>
        <translation>Le programme a commis une erreur.</translation>
    </message>
    <message>
        <source>Try it again; if it stays so, copy the details for a bug report.</source>
        <translation>Réessayez&#xa0;; si cela persiste, copiez les détails pour un rapport d’erreur.</translation>
    </message>
    <message>
        <source>In the engine’s words: %1</source>
        <translation>Selon le moteur&#xa0;: %1</translation>
    </message>
    <message>
        <source>There is no connection, or it broke and did not come back.</source>
        <translation>Il n’y a pas de connexion, ou elle s’est rompue et n’est pas revenue.</translation>
    </message>
    <message>
        <source>What was received is kept: go on when you are online again. Behind a proxy, name it in the settings.</source>
        <translation>Ce qui a été reçu est conservé&#xa0;: reprenez quand vous serez de nouveau en ligne. Derrière un proxy, indiquez-le dans les réglages.</translation>
    </message>
    <message>
        <source>The server gives this file only to people with an account.</source>
        <translation>Le serveur ne donne ce fichier qu’aux personnes qui ont un compte.</translation>
    </message>
    <message>
        <source>Accept the licence on the publisher’s page, then enter an access token of your account.</source>
        <translation>Acceptez la licence sur la page de l’éditeur, puis saisissez un jeton d’accès de votre compte.</translation>
    </message>
    <message>
        <source>Another program works with this model.</source>
        <translation>Un autre programme travaille avec ce modèle.</translation>
    </message>
    <message>
        <source>Wait until it is done, or close it.</source>
        <translation>Attendez qu’il ait fini, ou fermez-le.</translation>
    </message>
</context>
<context>
    <name>EstimateBox</name>
    <message>
        <source>%1 MB</source>
        <translation>%1 Mo</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 Go</translation>
    </message>
    <message numerus="yes">
        <source>about %n second(s)</source>
        <translation>
            <numerusform>environ %n seconde</numerusform>
            <numerusform>environ %n secondes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about %n minute(s)</source>
        <translation>
            <numerusform>environ %n minute</numerusform>
            <numerusform>environ %n minutes</numerusform>
        </translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>environ %1</translation>
    </message>
    <message>
        <source>Free on the disk</source>
        <translation>Libre sur le disque</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Mémoire</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>suffisante</translation>
    </message>
    <message>
        <source>does not fit</source>
        <translation>insuffisante</translation>
    </message>
    <message>
        <source>Estimating time and size…</source>
        <translation>Estimation de la durée et de la taille…</translation>
    </message>
    <message>
        <source>Estimating</source>
        <translation>Estimation</translation>
    </message>
    <message>
        <source>Time and size appear here</source>
        <translation>La durée et la taille s’affichent ici</translation>
    </message>
    <message>
        <source>Choose a smaller processing size for the edited clips, or another device in the settings</source>
        <translation>Choisissez une taille de traitement plus petite pour les clips transformés, ou un autre périphérique dans les réglages</translation>
    </message>
    <message>
        <source>Choose another folder, or make room</source>
        <translation>Choisissez un autre dossier, ou libérez de la place</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Copier les détails</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Folder of the export</source>
        <translation>Dossier d’exportation</translation>
    </message>
</context>
<context>
    <name>ExportPreset</name>
    <message>
        <source>H.264, to share</source>
        <translation>H.264, à partager</translation>
    </message>
    <message>
        <source>Plays everywhere</source>
        <translation>Se lit partout</translation>
    </message>
    <message>
        <source>HEVC, smaller</source>
        <translation>HEVC, plus petit</translation>
    </message>
    <message>
        <source>Plays on most devices since 2017</source>
        <translation>Se lit sur la plupart des appareils</translation>
    </message>
    <message>
        <source>AV1, smallest</source>
        <translation>AV1, le plus petit</translation>
    </message>
    <message>
        <source>Slow to write, plays on recent devices</source>
        <translation>Lent à écrire, appareils récents</translation>
    </message>
    <message>
        <source>VP9, for the web</source>
        <translation>VP9, pour le Web</translation>
    </message>
    <message>
        <source>WebM, plays in every browser</source>
        <translation>WebM, dans tout navigateur</translation>
    </message>
    <message>
        <source>ProRes, for other editors</source>
        <translation>ProRes, pour le montage</translation>
    </message>
    <message>
        <source>Large, nearly without loss</source>
        <translation>Volumineux, presque sans perte</translation>
    </message>
    <message>
        <source>FFV1 master</source>
        <translation>Master FFV1</translation>
    </message>
    <message>
        <source>Very large, without any loss</source>
        <translation>Très volumineux, sans perte</translation>
    </message>
</context>
<context>
    <name>ExportRow</name>
    <message numerus="yes">
        <source>%n second(s) left</source>
        <translation>
            <numerusform>encore %n seconde</numerusform>
            <numerusform>encore %n secondes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) left</source>
        <translation>
            <numerusform>encore %n minute</numerusform>
            <numerusform>encore %n minutes</numerusform>
        </translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>Préparation…</translation>
    </message>
    <message>
        <source>%1 of %2 frames</source>
        <translation>%1 images sur %2</translation>
    </message>
    <message>
        <source>%1 FPS</source>
        <translation>%1 i/s</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En attente</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>En pause</translation>
    </message>
    <message numerus="yes">
        <source>Done in %n second(s)</source>
        <translation>
            <numerusform>Terminé en %n seconde</numerusform>
            <numerusform>Terminé en %n secondes</numerusform>
        </translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échec</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Annulé</translation>
    </message>
    <message>
        <source>Sooner: %1</source>
        <translation>Plus tôt&#xa0;: %1</translation>
    </message>
    <message>
        <source>Later: %1</source>
        <translation>Plus tard&#xa0;: %1</translation>
    </message>
    <message>
        <source>Cancel %1</source>
        <translation>Annuler %1</translation>
    </message>
    <message>
        <source>Show %1 in its folder</source>
        <translation>Montrer %1 dans son dossier</translation>
    </message>
    <message>
        <source>Copy details of %1</source>
        <translation>Copier les détails de %1</translation>
    </message>
    <message>
        <source>Try %1 again</source>
        <translation>Réessayer %1</translation>
    </message>
    <message>
        <source>Take %1 out of the list</source>
        <translation>Retirer %1 de la liste</translation>
    </message>
    <message>
        <source>Progress of %1</source>
        <translation>Avancement de %1</translation>
    </message>
</context>
<context>
    <name>ExportSettingsForm</name>
    <message>
        <source>Nothing to export: put a clip on the timeline first</source>
        <translation>Rien à exporter&#xa0;: placez d’abord un clip dans le montage</translation>
    </message>
    <message>
        <source>Give the file a name without slashes</source>
        <translation>Donnez au fichier un nom sans barre oblique</translation>
    </message>
    <message>
        <source>This folder does not exist</source>
        <translation>Ce dossier n’existe pas</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exporter</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Vidéo</translation>
    </message>
    <message>
        <source>Codec</source>
        <translation>Codec</translation>
    </message>
    <message>
        <source>Container</source>
        <translation>Conteneur</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualité</translation>
    </message>
    <message>
        <source>The size follows from the picture</source>
        <translation>La taille dépend de l’image</translation>
    </message>
    <message>
        <source>Bit rate</source>
        <translation>Débit</translation>
    </message>
    <message>
        <source>The size follows from the length</source>
        <translation>La taille dépend de la durée</translation>
    </message>
    <message>
        <source>Quality, as CRF: smaller is better</source>
        <translation>Qualité (CRF)&#xa0;: plus petit, c’est mieux</translation>
    </message>
    <message>
        <source>CRF %1</source>
        <translation>CRF %1</translation>
    </message>
    <message>
        <source>Megabits a second</source>
        <translation>Mégabits par seconde</translation>
    </message>
    <message>
        <source>Mbit/s</source>
        <translation>Mbit/s</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>%1 (project)</source>
        <translation>%1 (projet)</translation>
    </message>
    <message>
        <source>Frame rate</source>
        <translation>Cadence</translation>
    </message>
    <message>
        <source>%1 FPS (project)</source>
        <translation>%1 i/s (projet)</translation>
    </message>
    <message>
        <source>%1 FPS</source>
        <translation>%1 i/s</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Son</translation>
    </message>
    <message>
        <source>Write the sound</source>
        <translation>Écrire le son</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>Keep the source&apos;s frames, timestamps and sound</source>
        <translation>Garder les images, horodatages et son d’origine</translation>
    </message>
    <message>
        <source>The timeline is one whole clip: nothing is resampled</source>
        <translation>Le montage est un seul clip entier&#xa0;: rien n’est rééchantillonné</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>Plage</translation>
    </message>
    <message>
        <source>All of it</source>
        <translation>Tout</translation>
    </message>
    <message>
        <source>In to out</source>
        <translation>De l’entrée à la sortie</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>File name</source>
        <translation>Nom du fichier</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>Choisir le dossier</translation>
    </message>
    <message>
        <source>Add to the queue</source>
        <translation>Ajouter à la file</translation>
    </message>
    <message>
        <source>Replaces a file of this name</source>
        <translation>Remplace un fichier du même nom</translation>
    </message>
</context>
<context>
    <name>GeneralSettings</name>
    <message>
        <source>Clearing…</source>
        <translation>Nettoyage…</translation>
    </message>
    <message>
        <source>%1 MB freed</source>
        <translation>%1 Mo libérés</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenêtre</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Thème</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Sombre</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Clair</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Changes at once</source>
        <translation>Change aussitôt</translation>
    </message>
    <message>
        <source>System</source>
        <translation>Système</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Moteur</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Périphérique</translation>
    </message>
    <message>
        <source>Where clips are edited: from the next preview or export on</source>
        <translation>Où les clips sont transformés, dès le prochain aperçu ou export</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatique</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Processeur</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>Carte graphique</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Précision</translation>
    </message>
    <message>
        <source>Automatic takes the fastest that the device computes well</source>
        <translation>Automatique choisit la plus rapide que le périphérique calcule bien</translation>
    </message>
    <message>
        <source>Cache of edited pictures</source>
        <translation>Cache des images transformées</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>What was edited once is played from here</source>
        <translation>Ce qui a été transformé une fois est relu d’ici</translation>
    </message>
    <message>
        <source>Folder of the cache</source>
        <translation>Dossier du cache</translation>
    </message>
    <message>
        <source>Choose the folder of the cache</source>
        <translation>Choisir le dossier du cache</translation>
    </message>
    <message>
        <source>Largest size</source>
        <translation>Taille maximale</translation>
    </message>
    <message>
        <source>What was used longest ago leaves first</source>
        <translation>Ce qui a servi il y a le plus longtemps part d’abord</translation>
    </message>
    <message>
        <source>Largest size of the cache</source>
        <translation>Taille maximale du cache</translation>
    </message>
    <message>
        <source>GiB</source>
        <translation>Gio</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Vider</translation>
    </message>
    <message>
        <source>Edits are made again when they are needed</source>
        <translation>Les transformations sont refaites au besoin</translation>
    </message>
    <message>
        <source>Clear the cache</source>
        <translation>Vider le cache</translation>
    </message>
    <message>
        <source>Projects</source>
        <translation>Projets</translation>
    </message>
    <message>
        <source>Autosave</source>
        <translation>Sauvegarde automatique</translation>
    </message>
    <message>
        <source>After a crash the project comes back as it was then</source>
        <translation>Après un plantage, le projet revient tel qu’il était alors</translation>
    </message>
    <message>
        <source>Seconds between autosaves</source>
        <translation>Secondes entre les sauvegardes</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>secondes</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Vie privée</translation>
    </message>
    <message>
        <source>Everything runs on this computer. Nothing is uploaded, nothing is counted: telemetry does not exist.</source>
        <translation>Tout se passe sur cet ordinateur. Rien n’est envoyé, rien n’est compté&#xa0;: la télémétrie n’existe pas.</translation>
    </message>
    <message>
        <source>Downloads of models</source>
        <translation>Téléchargement des modèles</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Proxy</translation>
    </message>
    <message>
        <source>Empty: as the system says</source>
        <translation>Vide&#xa0;: celui du système</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Miroir</translation>
    </message>
    <message>
        <source>A server to download from instead of the publishers’. Empty: none</source>
        <translation>Un serveur qui remplace ceux des éditeurs. Vide&#xa0;: aucun</translation>
    </message>
    <message>
        <source>Scrubbing</source>
        <translation>Parcours rapide</translation>
    </message>
    <message>
        <source>Small copies</source>
        <translation>Petites copies</translation>
    </message>
    <message>
        <source>Of clips whose frames take long to reach, made in the background; 4 GB at most. Exports never use them</source>
        <translation>Des clips dont les images sont longues à atteindre, faites en arrière-plan ; 4 Go au plus. Les exports ne s’en servent jamais</translation>
    </message>
    <message>
        <source>Make small copies</source>
        <translation>Faire de petites copies</translation>
    </message>
    <message>
        <source>For scrubbing</source>
        <translation>Pour parcourir les clips</translation>
    </message>
</context>
<context>
    <name>HeatmapLegend</name>
    <message>
        <source>Heatmap colours: from just computed to reused for long</source>
        <translation>Couleurs de la carte&#xa0;: de tout juste calculé à réutilisé depuis longtemps</translation>
    </message>
    <message>
        <source>Heatmap colours: computed anew, and reused</source>
        <translation>Couleurs de la carte&#xa0;: recalculé et réutilisé</translation>
    </message>
    <message>
        <source>Kept: computed anew</source>
        <translation>Conservé&#xa0;: recalculé</translation>
    </message>
    <message>
        <source>Pruned: reused</source>
        <translation>Élagué&#xa0;: réutilisé</translation>
    </message>
    <message>
        <source>Just computed</source>
        <translation>Tout juste calculé</translation>
    </message>
    <message>
        <source>Reused for %1 frames or more</source>
        <translation>Réutilisé depuis %1 images ou plus</translation>
    </message>
</context>
<context>
    <name>Hud</name>
    <message>
        <source>Editing</source>
        <translation>Transformation</translation>
    </message>
    <message>
        <source>FPS</source>
        <translation>i/s</translation>
    </message>
    <message>
        <source>Frames a second that come out of the engine, from file to picture</source>
        <translation>Images par seconde produites par le moteur, du fichier à l’image</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>Affichage</translation>
    </message>
    <message numerus="yes">
        <source>Frames a second that the viewer shows; %n left out because they came late</source>
        <translation>
            <numerusform>Images par seconde affichées&#xa0;; %n omise car en retard</numerusform>
            <numerusform>Images par seconde affichées&#xa0;; %n omises car en retard</numerusform>
        </translation>
    </message>
    <message>
        <source>Frames a second that the viewer shows while it plays</source>
        <translation>Images par seconde affichées pendant la lecture</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Bloc</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>Time for the last block of frames, all passes</source>
        <translation>Durée du dernier bloc d’images, toutes passes comprises</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Conservé</translation>
    </message>
    <message>
        <source>Share of the picture that was computed anew; the rest was reused</source>
        <translation>Part de l’image qui a été recalculée&#xa0;; le reste est réutilisé</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Mémoire</translation>
    </message>
    <message>
        <source>MiB</source>
        <translation>Mio</translation>
    </message>
    <message>
        <source>GiB</source>
        <translation>Gio</translation>
    </message>
    <message>
        <source>Memory of the graphics card in use</source>
        <translation>Mémoire utilisée sur la carte graphique</translation>
    </message>
    <message>
        <source>Memory that the program uses</source>
        <translation>Mémoire utilisée par le programme</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Périphérique</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>Processeur</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>Carte graphique</translation>
    </message>
</context>
<context>
    <name>InspectorPanel</name>
    <message numerus="yes">
        <source>%n clip(s) selected</source>
        <translation>
            <numerusform>%n clip sélectionné</numerusform>
            <numerusform>%n clips sélectionnés</numerusform>
        </translation>
    </message>
    <message>
        <source>The track is locked</source>
        <translation>La piste est verrouillée</translation>
    </message>
    <message>
        <source>There is no model to edit with</source>
        <translation>Aucun modèle n’est disponible</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Consigne</translation>
    </message>
    <message>
        <source>Pruning</source>
        <translation>Élagage</translation>
    </message>
    <message>
        <source>Processing</source>
        <translation>Traitement</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Son</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>Clip</translation>
    </message>
</context>
<context>
    <name>InspectorSection</name>
    <message>
        <source>Fold %1</source>
        <translation>Replier %1</translation>
    </message>
    <message>
        <source>Unfold %1</source>
        <translation>Déplier %1</translation>
    </message>
</context>
<context>
    <name>KeyField</name>
    <message>
        <source>Press a key…</source>
        <translation>Appuyez sur une touche…</translation>
    </message>
    <message>
        <source>Key of %1: %2</source>
        <translation>Touche de %1&#xa0;: %2</translation>
    </message>
</context>
<context>
    <name>KeyQuestion</name>
    <message>
        <source>%1 is the key of “%2”.</source>
        <translation>%1 est la touche de «&#xa0;%2&#xa0;».</translation>
    </message>
    <message>
        <source>Use it here</source>
        <translation>L’utiliser ici</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>La laisser</translation>
    </message>
</context>
<context>
    <name>KeyframeList</name>
    <message>
        <source>Prompt changes</source>
        <translation>Changements</translation>
    </message>
    <message>
        <source>At the playhead</source>
        <translation>Ajouter ici</translation>
    </message>
    <message>
        <source>From here on another prompt</source>
        <translation>Une autre consigne à partir d’ici</translation>
    </message>
    <message>
        <source>Move the playhead into the clip first</source>
        <translation>Placez d’abord la tête de lecture dans le clip</translation>
    </message>
    <message>
        <source>None: one prompt from start to end</source>
        <translation>Aucun&#xa0;: une seule consigne du début à la fin</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>Y aller</translation>
    </message>
    <message>
        <source>Prompt from %1 on</source>
        <translation>Consigne à partir de %1</translation>
    </message>
    <message>
        <source>Remove this change</source>
        <translation>Retirer ce changement</translation>
    </message>
</context>
<context>
    <name>Look</name>
    <message>
        <source>Watercolor</source>
        <translation>Aquarelle</translation>
    </message>
    <message>
        <source>Oil</source>
        <translation>Huile</translation>
    </message>
    <message>
        <source>Pencil</source>
        <translation>Crayon</translation>
    </message>
    <message>
        <source>Cartoon</source>
        <translation>Cartoon</translation>
    </message>
    <message>
        <source>Ink</source>
        <translation>Encre</translation>
    </message>
    <message>
        <source>Comic</source>
        <translation>BD</translation>
    </message>
    <message>
        <source>Pixel</source>
        <translation>Pixels</translation>
    </message>
    <message>
        <source>Neon</source>
        <translation>Néon</translation>
    </message>
    <message>
        <source>Noir</source>
        <translation>Film noir</translation>
    </message>
    <message>
        <source>Snow</source>
        <translation>Neige</translation>
    </message>
    <message>
        <source>Autumn</source>
        <translation>Automne</translation>
    </message>
    <message>
        <source>Thermal</source>
        <translation>Thermique</translation>
    </message>
    <message>
        <source>Sepia</source>
        <translation>Sépia</translation>
    </message>
    <message>
        <source>Sunset</source>
        <translation>Couchant</translation>
    </message>
    <message>
        <source>Underwater</source>
        <translation>Sous l’eau</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
</context>
<context>
    <name>LookTile</name>
    <message>
        <source>Look: %1</source>
        <translation>Style&#xa0;: %1</translation>
    </message>
</context>
<context>
    <name>LooksTab</name>
    <message>
        <source>Give the selected clip a look</source>
        <translation>Donnez un style au clip sélectionné</translation>
    </message>
    <message>
        <source>Select a clip on the timeline to give it a look</source>
        <translation>Sélectionnez un clip du montage pour lui donner un style</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>%1 – LIPAR Studio</source>
        <translation>%1 – LIPAR Studio</translation>
    </message>
    <message>
        <source>LIPAR Studio</source>
        <translation>LIPAR Studio</translation>
    </message>
    <message>
        <source>That could not be done</source>
        <translation>Cela n’a pas pu être fait</translation>
    </message>
</context>
<context>
    <name>MarkerEditor</name>
    <message>
        <source>Name of the marker</source>
        <translation>Nom du repère</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Remove the marker</source>
        <translation>Retirer le repère</translation>
    </message>
</context>
<context>
    <name>MaskFields</name>
    <message>
        <source>Choose…</source>
        <translation>Choisir…</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>Without this mask</source>
        <translation>Sans ce masque</translation>
    </message>
    <message>
        <source>Choose a mask</source>
        <translation>Choisir un masque</translation>
    </message>
    <message>
        <source>PNG pictures (%1)</source>
        <translation>Images PNG (%1)</translation>
    </message>
    <message>
        <source>Protect</source>
        <translation>Protéger</translation>
    </message>
    <message>
        <source>A PNG picture: where it is white, the clip stays as it is</source>
        <translation>Une image PNG&#xa0;: là où elle est blanche, le clip reste tel quel</translation>
    </message>
    <message>
        <source>Always edit</source>
        <translation>Toujours recalculer</translation>
    </message>
    <message>
        <source>A PNG picture: where it is white, nothing is reused</source>
        <translation>Une image PNG&#xa0;: là où elle est blanche, rien n’est réutilisé</translation>
    </message>
</context>
<context>
    <name>MediaPanel</name>
    <message>
        <source>Panel</source>
        <translation>Panneau</translation>
    </message>
    <message>
        <source>Media</source>
        <translation>Médias</translation>
    </message>
    <message>
        <source>Looks</source>
        <translation>Styles</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
</context>
<context>
    <name>Message</name>
    <message>
        <source>Recovery</source>
        <translation>Récupération</translation>
    </message>
    <message>
        <source>OpenTimelineIO</source>
        <translation>OpenTimelineIO</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projet</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Aperçu</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation>Lecture</translation>
    </message>
    <message>
        <source>Autosave</source>
        <translation>Sauvegarde automatique</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importation</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportation</translation>
    </message>
    <message>
        <source>Sample clip</source>
        <translation>Clip d’exemple</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>Cache</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
</context>
<context>
    <name>MessagePanel</name>
    <message>
        <source>Messages</source>
        <translation>Messages</translation>
    </message>
    <message>
        <source>Collecting…</source>
        <translation>Collecte…</translation>
    </message>
    <message>
        <source>Report copied</source>
        <translation>Rapport copié</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Copier le rapport</translation>
    </message>
    <message>
        <source>Versions, devices, codecs and these messages, for a bug report</source>
        <translation>Versions, périphériques, codecs et ces messages, pour signaler un problème</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Effacer</translation>
    </message>
    <message>
        <source>Nothing to report</source>
        <translation>Rien à signaler</translation>
    </message>
</context>
<context>
    <name>MessageRow</name>
    <message>
        <source>Copy details</source>
        <translation>Copier les détails</translation>
    </message>
</context>
<context>
    <name>ModelActions</name>
    <message>
        <source>Install</source>
        <translation>Installer</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Install the rest</source>
        <translation>Installer le reste</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>What was received stays</source>
        <translation>Ce qui a été reçu est conservé</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>Réparer</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Vérifier</translation>
    </message>
    <message>
        <source>Reads every byte of the model; large ones take minutes</source>
        <translation>Lit chaque octet du modèle&#xa0;; pour les grands, cela prend quelques minutes</translation>
    </message>
    <message>
        <source>Stop checking</source>
        <translation>Arrêter la vérification</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Being used by an edit: it can be removed or repaired afterwards</source>
        <translation>Utilisé par une transformation&#xa0;: il pourra être supprimé ou réparé ensuite</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Fichiers</translation>
    </message>
    <message>
        <source>The files that the model is made of</source>
        <translation>Les fichiers qui composent le modèle</translation>
    </message>
    <message>
        <source>Stop, and throw away what was received?</source>
        <translation>Arrêter, et jeter ce qui a été reçu&#xa0;?</translation>
    </message>
    <message>
        <source>Remove %1 from this computer? %2 become free.</source>
        <translation>Supprimer %1 de cet ordinateur&#xa0;? Cela libère %2.</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>Jeter</translation>
    </message>
    <message>
        <source>Remove for good</source>
        <translation>Supprimer définitivement</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Garder</translation>
    </message>
    <message>
        <source>Use for the selected clip</source>
        <translation>Utiliser pour le clip choisi</translation>
    </message>
    <message>
        <source>Used for the selected clip</source>
        <translation>Utilisé pour le clip choisi</translation>
    </message>
    <message>
        <source>Use for new edits</source>
        <translation>Pour les nouvelles transformations</translation>
    </message>
    <message>
        <source>Used for new edits</source>
        <translation>Sert aux nouvelles transformations</translation>
    </message>
    <message>
        <source>Clips that are not edited yet will be edited with this model</source>
        <translation>Les clips qui ne sont pas encore transformés le seront avec ce modèle</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>Not installed</source>
        <translation>Non installé</translation>
    </message>
    <message>
        <source>Partly installed</source>
        <translation>Installé en partie</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>Endommagé</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>En pause</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En attente</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>Téléchargement</translation>
    </message>
    <message>
        <source>Trying again</source>
        <translation>Nouvel essai</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Vérification</translation>
    </message>
    <message>
        <source>Repairing</source>
        <translation>Réparation</translation>
    </message>
    <message>
        <source>Removing</source>
        <translation>Suppression</translation>
    </message>
    <message>
        <source>Another program is working on it</source>
        <translation>Un autre programme y travaille</translation>
    </message>
    <message>
        <source>Installed, in use</source>
        <translation>Installé, utilisé</translation>
    </message>
    <message>
        <source>Built in</source>
        <translation>Intégré</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>Installé</translation>
    </message>
    <message>
        <source>Not enough room on the disk: %1 to download, %2 free</source>
        <translation>Pas assez de place sur le disque&#xa0;: %1 à télécharger, %2 libres</translation>
    </message>
    <message>
        <source>Too big for this computer: an edit takes about %1, %2 has %3 free</source>
        <translation>Trop gros pour cet ordinateur&#xa0;: une transformation prend environ %1, %2 a %3 libres</translation>
    </message>
    <message>
        <source>Too big for this computer: it takes about %1 of main memory, %2 is free</source>
        <translation>Trop gros pour cet ordinateur&#xa0;: il prend environ %1 de mémoire vive, %2 sont libres</translation>
    </message>
    <message>
        <source>Fits this computer: an edit takes about %1 of %2 free on %3</source>
        <translation>Convient à cet ordinateur&#xa0;: une transformation prend environ %1 sur %2 libres (%3)</translation>
    </message>
    <message>
        <source>Fits this computer</source>
        <translation>Convient à cet ordinateur</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 Go</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 Mo</translation>
    </message>
    <message>
        <source>Licence: %1</source>
        <translation>Licence&#xa0;: %1</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>non indiquée</translation>
    </message>
    <message>
        <source>%1, of which %2 are here</source>
        <translation>%1, dont %2 déjà présents</translation>
    </message>
    <message>
        <source>A file is not what was installed. Repair fetches only what is damaged or missing.</source>
        <translation>Un fichier n’est plus celui qui a été installé. La réparation ne télécharge que ce qui est endommagé ou manquant.</translation>
    </message>
    <message>
        <source>%1. Repair fetches only what is damaged or missing.</source>
        <translation>La réparation ne télécharge que ce qui est endommagé ou manquant. (%1)</translation>
    </message>
    <message>
        <source>%1 of %2 are here and stay. Resume goes on from there.</source>
        <translation>%1 sur %2 sont là et y restent. La reprise continue à partir de là.</translation>
    </message>
    <message>
        <source>Every byte was read: the model is sound.</source>
        <translation>Chaque octet a été lu&#xa0;: le modèle est intact.</translation>
    </message>
    <message>
        <source>That did not work</source>
        <translation>Cela n’a pas marché</translation>
    </message>
</context>
<context>
    <name>ModelFiles</name>
    <message>
        <source>here</source>
        <translation>présent</translation>
    </message>
    <message>
        <source>%1 here</source>
        <translation>%1 présents</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>endommagé</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>facultatif</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>manquant</translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>environ %1</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Ajouter</translation>
    </message>
    <message>
        <source>Downloads this file too</source>
        <translation>Télécharge aussi ce fichier</translation>
    </message>
    <message>
        <source>Add %1</source>
        <translation>Ajouter %1</translation>
    </message>
</context>
<context>
    <name>ModelProgress</name>
    <message>
        <source>less than a minute left</source>
        <translation>encore moins d’une minute</translation>
    </message>
    <message numerus="yes">
        <source>about %n minute(s) left</source>
        <translation>
            <numerusform>encore environ %n minute</numerusform>
            <numerusform>encore environ %n minutes</numerusform>
        </translation>
    </message>
    <message>
        <source>about %1 h %2 min left</source>
        <translation>encore environ %1 h %2 min</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 sur %2</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Démarrage…</translation>
    </message>
    <message>
        <source>%1 a second</source>
        <translation>%1 par seconde</translation>
    </message>
    <message>
        <source>Progress of %1</source>
        <translation>Progression de %1</translation>
    </message>
    <message>
        <source>Begins when the job before it is done</source>
        <translation>Commence quand la tâche précédente est finie</translation>
    </message>
    <message>
        <source>The connection broke; it is tried again by itself. What was received is kept.</source>
        <translation>La connexion s’est rompue&#xa0;; un nouvel essai se fait tout seul. Ce qui a été reçu est conservé.</translation>
    </message>
</context>
<context>
    <name>ModelText</name>
    <message>
        <source>The small model that comes with the program. It knows a fixed list of looks and runs on any processor.</source>
        <translation>Le petit modèle livré avec le programme. Il connaît une liste fixe de styles et tourne sur n’importe quel processeur.</translation>
    </message>
    <message>
        <source>A video model of 1.3 billion parameters, distilled to few steps. It takes any English or Chinese prompt and wants a GPU.</source>
        <translation>Un modèle vidéo de 1,3 milliard de paramètres, distillé en peu d’étapes. Il accepte toute consigne en anglais ou en chinois et demande une carte graphique.</translation>
    </message>
    <message>
        <source>Denoises the video: the causal transformer.</source>
        <translation>Débruite la vidéo&#xa0;: le transformeur causal.</translation>
    </message>
    <message>
        <source>Reads the prompt.</source>
        <translation>Lit la consigne.</translation>
    </message>
    <message>
        <source>Cuts the prompt into the words that the text encoder knows.</source>
        <translation>Découpe la consigne en mots que l’encodeur de texte connaît.</translation>
    </message>
    <message>
        <source>Turns pictures into latents and back, quickly: the one that edits use.</source>
        <translation>Transforme les images en latents et inversement, rapidement&#xa0;: celui que les transformations emploient.</translation>
    </message>
    <message>
        <source>Turns pictures into latents and back, with more detail and slowly.</source>
        <translation>Transforme les images en latents et inversement, avec plus de détail et lentement.</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Looking through the files…</source>
        <translation>Examen des fichiers…</translation>
    </message>
    <message>
        <source>Importing: %1 %</source>
        <translation>Importation&#xa0;: %1&#xa0;%</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) imported</source>
        <translation>
            <numerusform>%n fichier importé</numerusform>
            <numerusform>%n fichiers importés</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing had to be imported: these files are here already</source>
        <translation>Rien à importer&#xa0;: ces fichiers sont déjà là</translation>
    </message>
    <message>
        <source>Folder with files of models</source>
        <translation>Dossier contenant des fichiers de modèles</translation>
    </message>
    <message>
        <source>A file of a model</source>
        <translation>Un fichier de modèle</translation>
    </message>
    <message>
        <source>Files of models (%1)</source>
        <translation>Fichiers de modèles (%1)</translation>
    </message>
    <message>
        <source>All files (%1)</source>
        <translation>Tous les fichiers (%1)</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>Installed in %1</source>
        <translation>Installés dans %1</translation>
    </message>
    <message>
        <source>Import a folder…</source>
        <translation>Importer un dossier…</translation>
    </message>
    <message>
        <source>Takes files of models that are on this computer already, so that they need not be downloaded</source>
        <translation>Reprend des fichiers de modèles déjà présents sur cet ordinateur, pour ne pas les télécharger</translation>
    </message>
    <message>
        <source>Import a file…</source>
        <translation>Importer un fichier…</translation>
    </message>
    <message>
        <source>Import of a model</source>
        <translation>Importation d’un modèle</translation>
    </message>
    <message>
        <source>Stop the import</source>
        <translation>Arrêter l’importation</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>The files could not be imported</source>
        <translation>Les fichiers n’ont pas pu être importés</translation>
    </message>
    <message>
        <source>The models could not be listed</source>
        <translation>Les modèles n’ont pas pu être listés</translation>
    </message>
    <message>
        <source>Looking for models…</source>
        <translation>Recherche de modèles…</translation>
    </message>
    <message>
        <source>No model was found</source>
        <translation>Aucun modèle trouvé</translation>
    </message>
</context>
<context>
    <name>ModelsTab</name>
    <message>
        <source>%1 MB</source>
        <translation>%1 Mo</translation>
    </message>
    <message>
        <source>built in</source>
        <translation>intégré</translation>
    </message>
    <message>
        <source>Version %1 · %2</source>
        <translation>Version %1 · %2</translation>
    </message>
    <message>
        <source>%1 million parameters</source>
        <translation>%1 millions de paramètres</translation>
    </message>
    <message>
        <source>Licence: %1</source>
        <translation>Licence&#xa0;: %1</translation>
    </message>
    <message>
        <source>Cannot edit: parts are missing</source>
        <translation>Ne peut pas transformer&#xa0;: il en manque des parties</translation>
    </message>
    <message>
        <source>No model is installed</source>
        <translation>Aucun modèle n’est installé</translation>
    </message>
    <message>
        <source>Get and manage models…</source>
        <translation>Obtenir et gérer les modèles…</translation>
    </message>
    <message>
        <source>Download, import, check and remove models</source>
        <translation>Télécharger, importer, vérifier et supprimer des modèles</translation>
    </message>
</context>
<context>
    <name>NothingSelected</name>
    <message>
        <source>Select a clip in the timeline to say what it is to become.</source>
        <translation>Sélectionnez un clip du montage pour dire ce qu’il doit devenir.</translation>
    </message>
    <message>
        <source>Its prompt, how much is reused from frame to frame, its sound and its speed are set here.</source>
        <translation>Sa consigne, ce qui est réutilisé d’une image à l’autre, son son et sa vitesse se règlent ici.</translation>
    </message>
</context>
<context>
    <name>PictureNote</name>
    <message>
        <source>Previews wait until the export is done</source>
        <translation>Les aperçus attendent la fin de l’export</translation>
    </message>
    <message>
        <source>Not edited here yet</source>
        <translation>Pas encore transformé ici</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>Chargement du modèle…</translation>
    </message>
    <message>
        <source>Measuring the clip…</source>
        <translation>Analyse du clip…</translation>
    </message>
    <message>
        <source>The edit is being made</source>
        <translation>La transformation est en cours</translation>
    </message>
    <message>
        <source>Progress of the preview</source>
        <translation>Avancement de l’aperçu</translation>
    </message>
    <message>
        <source>Preview from here</source>
        <translation>Aperçu à partir d’ici</translation>
    </message>
</context>
<context>
    <name>Player</name>
    <message>
        <source>No sound device: the picture plays by the clock</source>
        <translation>Pas de sortie audio&#xa0;: l’image suit l’horloge</translation>
    </message>
</context>
<context>
    <name>PresetList</name>
    <message>
        <source>Presets</source>
        <translation>Préréglages</translation>
    </message>
    <message>
        <source>Your own</source>
        <translation>Le vôtre</translation>
    </message>
    <message>
        <source>Preset: %1</source>
        <translation>Préréglage&#xa0;: %1</translation>
    </message>
    <message>
        <source>Remove the preset %1</source>
        <translation>Retirer le préréglage %1</translation>
    </message>
    <message>
        <source>Name of your own preset</source>
        <translation>Nom de votre préréglage</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Garder</translation>
    </message>
    <message>
        <source>Keeps these settings as a preset of your own</source>
        <translation>Garde ces réglages comme préréglage à vous</translation>
    </message>
</context>
<context>
    <name>ProcessingSection</name>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Processing size</source>
        <translation>Taille de traitement</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Étapes</translation>
    </message>
    <message>
        <source>Denoising steps, of 1000</source>
        <translation>Étapes de débruitage, sur 1000</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Model of this clip</source>
        <translation>Modèle de ce clip</translation>
    </message>
    <message>
        <source>Processing width, pixels</source>
        <translation>Largeur de traitement, en pixels</translation>
    </message>
    <message>
        <source>Processing height, pixels</source>
        <translation>Hauteur de traitement, en pixels</translation>
    </message>
    <message>
        <source>Multiples of %1 pixels. A larger size is slower and shows more detail.</source>
        <translation>Multiples de %1 pixels. Plus grand, c’est plus lent et plus détaillé.</translation>
    </message>
    <message>
        <source>Chosen so that this computer plays the clip at about its own speed.</source>
        <translation>Choisie pour que cet ordinateur lise le clip à peu près à sa vitesse.</translation>
    </message>
    <message>
        <source>The model’s own</source>
        <translation>Celles du modèle</translation>
    </message>
    <message>
        <source>%1 (default)</source>
        <translation>%1 (par défaut)</translation>
    </message>
    <message>
        <source>Whole numbers up to 1000 that fall, with commas; %1 at most. More steps are slower.</source>
        <translation>Nombres entiers jusqu’à 1000, décroissants, séparés par des virgules&#xa0;; %1 au plus. Plus d’étapes, c’est plus lent.</translation>
    </message>
    <message>
        <source>%1 makes its pictures in one step.</source>
        <translation>%1 fait ses images en une étape.</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Décalage</translation>
    </message>
    <message>
        <source>Shift of the noise schedule</source>
        <translation>Décalage de l’échelle de bruit</translation>
    </message>
    <message>
        <source>%1 to %2. More of it puts more noise into every step: the edit goes further from the clip.</source>
        <translation>De %1 à %2. Plus il est grand, plus chaque étape met de bruit&#xa0;: la transformation s’éloigne davantage du clip.</translation>
    </message>
    <message>
        <source>%1 was trained with this shift alone.</source>
        <translation>%1 n’a été entraîné qu’avec ce décalage.</translation>
    </message>
    <message>
        <source>Back to the defaults</source>
        <translation>Valeurs par défaut</translation>
    </message>
    <message>
        <source>Size, steps and shift as the model has them</source>
        <translation>Taille, étapes et décalage comme le modèle les donne</translation>
    </message>
</context>
<context>
    <name>ProjectDocument</name>
    <message>
        <source>Import media</source>
        <translation>Importer des médias</translation>
    </message>
    <message>
        <source>Remove media</source>
        <translation>Retirer le média</translation>
    </message>
    <message>
        <source>Relink media</source>
        <translation>Relier le média</translation>
    </message>
    <message>
        <source>Add clip</source>
        <translation>Ajouter le clip</translation>
    </message>
    <message>
        <source>Move clips</source>
        <translation>Déplacer les clips</translation>
    </message>
    <message>
        <source>Trim clip</source>
        <translation>Rogner le clip</translation>
    </message>
    <message>
        <source>Split clip</source>
        <translation>Diviser le clip</translation>
    </message>
    <message>
        <source>Delete clips</source>
        <translation>Supprimer les clips</translation>
    </message>
    <message>
        <source>Roll cut</source>
        <translation>Déplacer la coupe</translation>
    </message>
    <message>
        <source>Slip clip</source>
        <translation>Faire glisser le contenu</translation>
    </message>
    <message>
        <source>Change speed</source>
        <translation>Changer la vitesse</translation>
    </message>
    <message>
        <source>Change cross-fade</source>
        <translation>Changer le fondu</translation>
    </message>
    <message>
        <source>Rename clip</source>
        <translation>Renommer le clip</translation>
    </message>
    <message>
        <source>Change edit</source>
        <translation>Changer la transformation</translation>
    </message>
    <message>
        <source>Change sound</source>
        <translation>Changer le son</translation>
    </message>
    <message>
        <source>Add track</source>
        <translation>Ajouter une piste</translation>
    </message>
    <message>
        <source>Remove track</source>
        <translation>Retirer la piste</translation>
    </message>
    <message>
        <source>Change track</source>
        <translation>Changer la piste</translation>
    </message>
    <message>
        <source>Add marker</source>
        <translation>Ajouter un repère</translation>
    </message>
    <message>
        <source>Change marker</source>
        <translation>Changer le repère</translation>
    </message>
    <message>
        <source>Remove marker</source>
        <translation>Retirer le repère</translation>
    </message>
    <message>
        <source>Change format</source>
        <translation>Changer le format</translation>
    </message>
    <message>
        <source>Rename project</source>
        <translation>Renommer le projet</translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation>Sans titre</translation>
    </message>
</context>
<context>
    <name>ProjectJournal</name>
    <message>
        <source>Untitled</source>
        <translation>Sans titre</translation>
    </message>
</context>
<context>
    <name>PromptSection</name>
    <message>
        <source>Prompt: what the clip is to become</source>
        <translation>Consigne&#xa0;: ce que le clip doit devenir</translation>
    </message>
    <message>
        <source>oil painting, pencil sketch, …</source>
        <translation>oil painting, pencil sketch, …</translation>
    </message>
    <message>
        <source>The model does not know: %1</source>
        <translation>Le modèle ne connaît pas&#xa0;: %1</translation>
    </message>
    <message>
        <source>Words it knows: %1</source>
        <translation>Mots qu’il connaît&#xa0;: %1</translation>
    </message>
    <message>
        <source>Edit this clip</source>
        <translation>Transformer ce clip</translation>
    </message>
    <message>
        <source>Off: the clip is shown and exported as it is</source>
        <translation>Désactivé&#xa0;: le clip est montré et exporté tel quel</translation>
    </message>
    <message>
        <source>Too long: of %1 words the model reads the first %2</source>
        <translation>Trop long&#xa0;: sur %1 mots, le modèle ne lit que les %2 premiers</translation>
    </message>
    <message>
        <source>Too long: of %1 parts of words the model reads the first %2</source>
        <translation>Trop long&#xa0;: sur %1 morceaux de mots, le modèle ne lit que les %2 premiers</translation>
    </message>
    <message>
        <source>Words the model reads: %1 of at most %2</source>
        <translation>Mots lus par le modèle&#xa0;: %1 sur %2 au plus</translation>
    </message>
    <message>
        <source>Length: %1 of at most %2 parts of words</source>
        <translation>Longueur&#xa0;: %1 morceaux de mots sur %2 au plus</translation>
    </message>
</context>
<context>
    <name>PruningSection</name>
    <message>
        <source>Reuse what does not change</source>
        <translation>Réutiliser ce qui ne change pas</translation>
    </message>
    <message>
        <source>Parts of the picture that stay the same are not computed again</source>
        <translation>Les parties de l’image qui ne changent pas ne sont pas recalculées</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Seuil</translation>
    </message>
    <message>
        <source>%1 (default)</source>
        <translation>%1 (par défaut)</translation>
    </message>
    <message>
        <source>Pruning threshold</source>
        <translation>Seuil d’élagage</translation>
    </message>
    <message>
        <source>More faithful</source>
        <translation>Plus fidèle</translation>
    </message>
    <message>
        <source>Faster</source>
        <translation>Plus rapide</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message numerus="yes">
        <source>Queue: %n to do</source>
        <translation>
            <numerusform>File d’attente&#xa0;: %n à faire</numerusform>
            <numerusform>File d’attente&#xa0;: %n à faire</numerusform>
        </translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>File d’attente</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Goes on with the exports</source>
        <translation>Reprend les exports</translation>
    </message>
    <message>
        <source>Stops the running export; it goes on from where it was</source>
        <translation>Arrête l’export en cours&#xa0;; il reprendra où il en était</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>Retirer les terminés</translation>
    </message>
    <message>
        <source>Export queue</source>
        <translation>File d’exportation</translation>
    </message>
    <message>
        <source>What you export is listed here. You can go on editing meanwhile, and close the program: the queue is kept.</source>
        <translation>Vos exports sont listés ici. Vous pouvez continuer à monter pendant ce temps, et fermer le programme&#xa0;: la file est gardée.</translation>
    </message>
</context>
<context>
    <name>SaveQuestion</name>
    <message>
        <source>Save the changes to “%1”?</source>
        <translation>Enregistrer les changements de «&#xa0;%1&#xa0;»&#xa0;?</translation>
    </message>
    <message>
        <source>What has been changed since the last save would be lost.</source>
        <translation>Ce qui a changé depuis le dernier enregistrement serait perdu.</translation>
    </message>
    <message>
        <source>Don’t save</source>
        <translation>Ne pas enregistrer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
</context>
<context>
    <name>ScrubBar</name>
    <message>
        <source>Position in the timeline</source>
        <translation>Position dans le montage</translation>
    </message>
</context>
<context>
    <name>SeedSection</name>
    <message>
        <source>Seed</source>
        <translation>Graine</translation>
    </message>
    <message>
        <source>Seed: the same number gives the same picture again</source>
        <translation>Graine&#xa0;: le même nombre redonne la même image</translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation>Une autre graine</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Folder of the cache</source>
        <translation>Dossier du cache</translation>
    </message>
</context>
<context>
    <name>ShortcutTable</name>
    <message>
        <source>Keys</source>
        <translation>Raccourcis</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>Tout rétablir</translation>
    </message>
    <message>
        <source>Pick a key, then press the new one. Escape leaves it as it is, Backspace takes it away.</source>
        <translation>Choisissez un raccourci, puis appuyez sur le nouveau. Échap le laisse tel quel, Retour arrière l’enlève.</translation>
    </message>
    <message>
        <source>Reset the key of %1</source>
        <translation>Rétablir le raccourci de %1</translation>
    </message>
</context>
<context>
    <name>SoundSection</name>
    <message>
        <source>Sound</source>
        <translation>Son</translation>
    </message>
    <message>
        <source>Whether this clip is heard</source>
        <translation>Si ce clip s’entend</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Niveau</translation>
    </message>
    <message>
        <source>%1 dB</source>
        <translation>%1 dB</translation>
    </message>
    <message>
        <source>Fade in</source>
        <translation>Fondu d’entrée</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>Fade out</source>
        <translation>Fondu de sortie</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Saving…</source>
        <translation>Enregistrement…</translation>
    </message>
    <message>
        <source>Opening %1…</source>
        <translation>Ouverture de %1…</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Prêt</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>Chargement du modèle…</translation>
    </message>
    <message>
        <source>Measuring the clip…</source>
        <translation>Analyse du clip…</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Annulé</translation>
    </message>
    <message numerus="yes">
        <source>%n second(s) left</source>
        <translation>
            <numerusform>encore %n seconde</numerusform>
            <numerusform>encore %n secondes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) left</source>
        <translation>
            <numerusform>encore %n minute</numerusform>
            <numerusform>encore %n minutes</numerusform>
        </translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation>Modèle&#xa0;: %1</translation>
    </message>
    <message>
        <source>Editing: %1</source>
        <translation>Transformation&#xa0;: %1</translation>
    </message>
    <message>
        <source>The preview stopped</source>
        <translation>L’aperçu s’est arrêté</translation>
    </message>
    <message>
        <source>Exporting %1</source>
        <translation>Exportation de %1</translation>
    </message>
    <message>
        <source>Making the sample clip…</source>
        <translation>Création du clip d’exemple…</translation>
    </message>
    <message>
        <source>Reading media…</source>
        <translation>Lecture des médias…</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Avancement</translation>
    </message>
    <message>
        <source>Cancel the export</source>
        <translation>Annuler l’export</translation>
    </message>
    <message>
        <source>Cancel the preview</source>
        <translation>Annuler l’aperçu</translation>
    </message>
    <message>
        <source>The export queue is paused</source>
        <translation>La file d’exportation est en pause</translation>
    </message>
    <message>
        <source>Model: %1 on %2</source>
        <translation>Modèle&#xa0;: %1 sur %2</translation>
    </message>
    <message>
        <source>the processor</source>
        <translation>le processeur</translation>
    </message>
    <message numerus="yes">
        <source>%n message(s)</source>
        <translation>
            <numerusform>%n message</numerusform>
            <numerusform>%n messages</numerusform>
        </translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Messages</translation>
    </message>
    <message>
        <source>Preparing %1 for scrubbing</source>
        <translation>Préparation de %1 pour le parcours rapide</translation>
    </message>
    <message>
        <source>Scrub without a small copy</source>
        <translation>Parcourir sans petite copie</translation>
    </message>
</context>
<context>
    <name>StrengthSection</name>
    <message>
        <source>Strength</source>
        <translation>Intensité</translation>
    </message>
    <message>
        <source>Subtle</source>
        <translation>Légère</translation>
    </message>
    <message>
        <source>The clip shows through</source>
        <translation>Le clip transparaît</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>Normale</translation>
    </message>
    <message>
        <source>As the look was made</source>
        <translation>Le style tel quel</translation>
    </message>
    <message>
        <source>Strong</source>
        <translation>Forte</translation>
    </message>
    <message>
        <source>The look comes first</source>
        <translation>Le style avant tout</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1&#xa0;%</translation>
    </message>
    <message>
        <source>%1 (default)</source>
        <translation>%1 (par défaut)</translation>
    </message>
</context>
<context>
    <name>TimecodeField</name>
    <message>
        <source>Timecode of the playhead</source>
        <translation>Timecode de la tête de lecture</translation>
    </message>
    <message>
        <source>Hours, minutes, seconds, frames; +12 or -12 moves by frames</source>
        <translation>Heures, minutes, secondes, images&#xa0;; +12 ou -12 déplace d’autant d’images</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Edited</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>Muet</translation>
    </message>
</context>
<context>
    <name>TimelineEditor</name>
    <message>
        <source>Cross-fade %1 s</source>
        <translation>Fondu enchaîné %1 s</translation>
    </message>
    <message>
        <source>%1 dB</source>
        <translation>%1 dB</translation>
    </message>
    <message>
        <source>Fade in %1 s</source>
        <translation>Fondu d’entrée %1 s</translation>
    </message>
    <message>
        <source>Fade out %1 s</source>
        <translation>Fondu de sortie %1 s</translation>
    </message>
    <message>
        <source>No clips</source>
        <translation>Aucun clip</translation>
    </message>
    <message>
        <source>No clip selected. Press an arrow key to select one.</source>
        <translation>Aucun clip sélectionné. Une touche fléchée en sélectionne un.</translation>
    </message>
    <message>
        <source>%1, clip %2 of %3 on %4, from %5 to %6</source>
        <translation>%1, clip %2 sur %3 de %4, de %5 à %6</translation>
    </message>
    <message>
        <source>edited: %1</source>
        <translation>transformé&#xa0;: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n clip(s) selected</source>
        <translation>
            <numerusform>%n clip sélectionné</numerusform>
            <numerusform>%n clips sélectionnés</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TimelineMenu</name>
    <message>
        <source>Split at the playhead</source>
        <translation>Diviser à la tête de lecture</translation>
    </message>
    <message>
        <source>Cross-fade with the clip before</source>
        <translation>Fondu enchaîné avec le clip d’avant</translation>
    </message>
    <message>
        <source>Trim start to the playhead</source>
        <translation>Rogner le début à la tête de lecture</translation>
    </message>
    <message>
        <source>Trim end to the playhead</source>
        <translation>Rogner la fin à la tête de lecture</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Couper</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Paste at the playhead</source>
        <translation>Coller à la tête de lecture</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Dupliquer</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Delete and close the gap</source>
        <translation>Supprimer et refermer le vide</translation>
    </message>
</context>
<context>
    <name>TimelinePanel</name>
    <message>
        <source>Ruler</source>
        <translation>Règle</translation>
    </message>
    <message>
        <source>Clips</source>
        <translation>Clips</translation>
    </message>
    <message>
        <source>Drag a clip here from the media bin, or drop a file</source>
        <translation>Faites glisser un clip ici depuis les médias, ou déposez un fichier</translation>
    </message>
</context>
<context>
    <name>TimelineToolbar</name>
    <message>
        <source>Timeline tools</source>
        <translation>Outils de montage</translation>
    </message>
    <message>
        <source>Playhead: %1</source>
        <translation>Tête de lecture&#xa0;: %1</translation>
    </message>
    <message>
        <source>Select, move and trim</source>
        <translation>Sélectionner, déplacer et rogner</translation>
    </message>
    <message>
        <source>Blade: a click splits a clip</source>
        <translation>Lame&#xa0;: un clic coupe un clip</translation>
    </message>
    <message>
        <source>Split at the playhead</source>
        <translation>Diviser à la tête de lecture</translation>
    </message>
    <message>
        <source>Delete what is selected; with Shift, close the gap</source>
        <translation>Supprimer la sélection&#xa0;; avec Maj, refermer le vide</translation>
    </message>
    <message>
        <source>Add a marker at the playhead</source>
        <translation>Ajouter un repère à la tête de lecture</translation>
    </message>
    <message>
        <source>Snap to cuts, markers and the playhead</source>
        <translation>Aimanter aux coupes, repères et à la tête de lecture</translation>
    </message>
    <message>
        <source>Kept tokens below edited clips</source>
        <translation>Jetons conservés sous les clips transformés</translation>
    </message>
    <message>
        <source>Add a video track</source>
        <translation>Ajouter une piste vidéo</translation>
    </message>
    <message>
        <source>Add an audio track</source>
        <translation>Ajouter une piste audio</translation>
    </message>
    <message>
        <source>Show the whole timeline</source>
        <translation>Montrer tout le montage</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Zoom arrière</translation>
    </message>
    <message>
        <source>Zoom of the timeline</source>
        <translation>Zoom du montage</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Zoom avant</translation>
    </message>
</context>
<context>
    <name>TokenForm</name>
    <message>
        <source>Accept the licence on the publisher’s page, make an access token there, and enter it here. It is sent to that server alone.</source>
        <translation>Acceptez la licence sur la page de l’éditeur, créez-y un jeton d’accès et saisissez-le ici. Il n’est envoyé qu’à ce serveur.</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>Jeton d’accès</translation>
    </message>
    <message>
        <source>Remember it</source>
        <translation>Le mémoriser</translation>
    </message>
    <message>
        <source>In the system’s keyring, or where there is none in a file that only you can read</source>
        <translation>Dans le trousseau du système ou, à défaut, dans un fichier que vous seul pouvez lire</translation>
    </message>
    <message>
        <source>Try again with it</source>
        <translation>Réessayer avec</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>%1 (changed)</source>
        <translation>%1 (modifié)</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Page</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Édition</translation>
    </message>
    <message>
        <source>Timeline and viewer</source>
        <translation>Montage et visionneuse</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exporter</translation>
    </message>
    <message>
        <source>Write the timeline to a file</source>
        <translation>Écrire le montage dans un fichier</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Engine, cache, language, keys</source>
        <translation>Moteur, cache, langue, raccourcis</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>Install, check and remove models</source>
        <translation>Installer, vérifier et supprimer des modèles</translation>
    </message>
</context>
<context>
    <name>TrackHeader</name>
    <message>
        <source>Track %1</source>
        <translation>Piste %1</translation>
    </message>
    <message>
        <source>Name of the track</source>
        <translation>Nom de la piste</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>Montrer %1</translation>
    </message>
    <message>
        <source>Hide %1</source>
        <translation>Cacher %1</translation>
    </message>
    <message>
        <source>Unmute %1</source>
        <translation>Rétablir le son de %1</translation>
    </message>
    <message>
        <source>Mute %1</source>
        <translation>Couper le son de %1</translation>
    </message>
    <message>
        <source>Only %1</source>
        <translation>%1 seule</translation>
    </message>
    <message>
        <source>Unlock %1</source>
        <translation>Déverrouiller %1</translation>
    </message>
    <message>
        <source>Lock %1</source>
        <translation>Verrouiller %1</translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>Renommer %1</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>Retirer %1</translation>
    </message>
    <message>
        <source>Kept tokens</source>
        <translation>Jetons conservés</translation>
    </message>
</context>
<context>
    <name>TransportBar</name>
    <message>
        <source>First frame</source>
        <translation>Première image</translation>
    </message>
    <message>
        <source>Back one frame</source>
        <translation>Image précédente</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Lecture</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Espace</translation>
    </message>
    <message>
        <source>Forward one frame</source>
        <translation>Image suivante</translation>
    </message>
    <message>
        <source>Last frame</source>
        <translation>Dernière image</translation>
    </message>
    <message>
        <source>Length: %1</source>
        <translation>Durée&#xa0;: %1</translation>
    </message>
    <message>
        <source>%1×</source>
        <translation>%1×</translation>
    </message>
    <message>
        <source>Previous cut</source>
        <translation>Coupe précédente</translation>
    </message>
    <message>
        <source>Next cut</source>
        <translation>Coupe suivante</translation>
    </message>
    <message>
        <source>In point here</source>
        <translation>Point d’entrée ici</translation>
    </message>
    <message>
        <source>Out point here</source>
        <translation>Point de sortie ici</translation>
    </message>
    <message>
        <source>Stop looping</source>
        <translation>Ne plus boucler</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Boucle</translation>
    </message>
    <message>
        <source>Playing waits for the edit</source>
        <translation>La lecture attend la transformation</translation>
    </message>
    <message>
        <source>Playing shows the source where the edit is not made yet</source>
        <translation>La lecture montre la source là où la transformation n’est pas faite</translation>
    </message>
    <message>
        <source>Sound on</source>
        <translation>Activer le son</translation>
    </message>
    <message>
        <source>Sound off</source>
        <translation>Couper le son</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volume</translation>
    </message>
</context>
<context>
    <name>ViewerPanel</name>
    <message>
        <source>Edited picture</source>
        <translation>Image transformée</translation>
    </message>
    <message>
        <source>Source picture</source>
        <translation>Image source</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>Edited</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>The timeline is empty: drag a clip onto it</source>
        <translation>Le montage est vide&#xa0;: faites-y glisser un clip</translation>
    </message>
    <message>
        <source>Progress of the preview</source>
        <translation>Avancement de l’aperçu</translation>
    </message>
    <message>
        <source>The preview stopped</source>
        <translation>L’aperçu s’est arrêté</translation>
    </message>
    <message>
        <source>The picture cannot be shown</source>
        <translation>L’image ne peut pas être montrée</translation>
    </message>
</context>
<context>
    <name>ViewerToolbar</name>
    <message>
        <source>View</source>
        <translation>Vue</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>The clip as it is</source>
        <translation>Le clip tel quel</translation>
    </message>
    <message>
        <source>Edited</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>The clip as it becomes</source>
        <translation>Le clip transformé</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>Volet</translation>
    </message>
    <message>
        <source>Both, with an edge to drag</source>
        <translation>Les deux, avec un bord à déplacer</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Côte à côte</translation>
    </message>
    <message>
        <source>Both, side by side</source>
        <translation>Les deux, l’un à côté de l’autre</translation>
    </message>
    <message>
        <source>Heatmap</source>
        <translation>Carte</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aucune</translation>
    </message>
    <message>
        <source>No heatmap</source>
        <translation>Sans carte</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Conservé</translation>
    </message>
    <message>
        <source>What was computed anew and what was reused</source>
        <translation>Ce qui a été recalculé et ce qui est réutilisé</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Âge</translation>
    </message>
    <message>
        <source>For how long each part has been reused</source>
        <translation>Depuis quand chaque partie est réutilisée</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Give your clips another look</source>
        <translation>Donnez un autre style à vos clips</translation>
    </message>
    <message>
        <source>Everything runs on this computer; nothing is uploaded.</source>
        <translation>Tout se passe sur cet ordinateur&#xa0;; rien n’est envoyé.</translation>
    </message>
    <message>
        <source>The program ended unexpectedly while “%1” was open</source>
        <translation>Le programme s’est arrêté brutalement pendant que «&#xa0;%1&#xa0;» était ouvert</translation>
    </message>
    <message>
        <source>Its state of %1 can be brought back.</source>
        <translation>Son état du %1 peut être retrouvé.</translation>
    </message>
    <message>
        <source>Bring it back</source>
        <translation>Le retrouver</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Abandonner</translation>
    </message>
    <message>
        <source>Making the sample clip…</source>
        <translation>Création du clip d’exemple…</translation>
    </message>
    <message>
        <source>Opening %1…</source>
        <translation>Ouverture de %1…</translation>
    </message>
    <message>
        <source>Drop videos or a project here</source>
        <translation>Déposez des vidéos ou un projet ici</translation>
    </message>
    <message>
        <source>Getting ready</source>
        <translation>Préparation</translation>
    </message>
    <message>
        <source>Try the sample clip</source>
        <translation>Essayer le clip d’exemple</translation>
    </message>
    <message>
        <source>Makes a short clip and edits it at once</source>
        <translation>Crée un court clip et le transforme aussitôt</translation>
    </message>
    <message>
        <source>Import media…</source>
        <translation>Importer des médias…</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Nouveau projet</translation>
    </message>
    <message>
        <source>Open project…</source>
        <translation>Ouvrir un projet…</translation>
    </message>
    <message>
        <source>The file could not be opened</source>
        <translation>Le fichier n’a pas pu être ouvert</translation>
    </message>
    <message>
        <source>There is no model to edit with</source>
        <translation>Aucun modèle n’est disponible</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Projets récents</translation>
    </message>
    <message>
        <source>%1, missing</source>
        <translation>%1, introuvable</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>Ouvrir %1</translation>
    </message>
    <message>
        <source>Missing: %1</source>
        <translation>Introuvable&#xa0;: %1</translation>
    </message>
    <message>
        <source>Take %1 out of the list</source>
        <translation>Retirer %1 de la liste</translation>
    </message>
</context>
<context>
    <name>WindowDialogs</name>
    <message>
        <source>Media (%1)</source>
        <translation>Médias (%1)</translation>
    </message>
    <message>
        <source>All files (%1)</source>
        <translation>Tous les fichiers (%1)</translation>
    </message>
    <message>
        <source>Import media</source>
        <translation>Importer des médias</translation>
    </message>
    <message>
        <source>Open a project</source>
        <translation>Ouvrir un projet</translation>
    </message>
    <message>
        <source>LIPAR Studio projects (%1)</source>
        <translation>Projets LIPAR Studio (%1)</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>Enregistrer le projet</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
    <message>
        <source>Import a timeline</source>
        <translation>Importer un montage</translation>
    </message>
    <message>
        <source>OpenTimelineIO (%1)</source>
        <translation>OpenTimelineIO (%1)</translation>
    </message>
    <message>
        <source>Write the timeline</source>
        <translation>Écrire le montage</translation>
    </message>
    <message>
        <source>Where is this file now?</source>
        <translation>Où est ce fichier maintenant&#xa0;?</translation>
    </message>
    <message>
        <source>Folder with the missing files</source>
        <translation>Dossier contenant les fichiers manquants</translation>
    </message>
</context>
<context>
    <name>WindowMenus</name>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Édition</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>Clip</translation>
    </message>
    <message>
        <source>Playback</source>
        <translation>Lecture</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Affichage</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
</context>
<context>
    <name>WipeHandle</name>
    <message>
        <source>Edge between source and edited</source>
        <translation>Bord entre la source et le résultat</translation>
    </message>
</context>
</TS>
