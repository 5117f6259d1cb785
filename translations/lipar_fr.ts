<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr">
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
    <name>DropOverlay</name>
    <message>
        <source>Drop to open this clip</source>
        <translation>Déposez pour ouvrir ce clip</translation>
    </message>
</context>
<context>
    <name>EditFooter</name>
    <message>
        <source>The edit stopped</source>
        <translation>La transformation s’est arrêtée</translation>
    </message>
    <message>
        <source>The edit was not saved</source>
        <translation>La vidéo n’a pas été enregistrée</translation>
    </message>
    <message>
        <source>Saved as %1</source>
        <translation>Enregistré : %1</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>dans %1</translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation>Afficher dans son dossier</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>Relancer</translation>
    </message>
    <message>
        <source>Edit again</source>
        <translation>Refaire</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Transformer</translation>
    </message>
    <message>
        <source>Write a prompt or pick a look first</source>
        <translation>Écrivez une consigne ou choisissez un style</translation>
    </message>
    <message>
        <source>Ctrl+Return</source>
        <translation>Ctrl+Entrée</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Échap</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Enregistrement…</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Enregistrer…</translation>
    </message>
</context>
<context>
    <name>HeatmapLegend</name>
    <message>
        <source>Heatmap colours: from just computed to reused for long</source>
        <translation>Couleurs de la carte : de tout juste calculé à réutilisé depuis longtemps</translation>
    </message>
    <message>
        <source>Heatmap colours: computed anew, and reused</source>
        <translation>Couleurs de la carte : recalculé et réutilisé</translation>
    </message>
    <message>
        <source>Kept: computed anew</source>
        <translation>Conservé : recalculé</translation>
    </message>
    <message>
        <source>Pruned: reused</source>
        <translation>Élagué : réutilisé</translation>
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
    <name>Inspector</name>
    <message>
        <source>The other clip could not be opened</source>
        <translation>L’autre clip n’a pas pu être ouvert</translation>
    </message>
    <message>
        <source>There is no model to edit with</source>
        <translation>Aucun modèle n’est disponible</translation>
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
        <translation>Style : %1</translation>
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
        <source>Open a clip</source>
        <translation>Ouvrir un clip</translation>
    </message>
    <message>
        <source>Videos (%1)</source>
        <translation>Vidéos (%1)</translation>
    </message>
    <message>
        <source>All files (%1)</source>
        <translation>Tous les fichiers (%1)</translation>
    </message>
    <message>
        <source>Save the edited clip</source>
        <translation>Enregistrer le clip transformé</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
</context>
<context>
    <name>PreferencesPopover</name>
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
        <source>System</source>
        <translation>Système</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Raccourcis</translation>
    </message>
</context>
<context>
    <name>PromptSection</name>
    <message>
        <source>Prompt</source>
        <translation>Consigne</translation>
    </message>
    <message>
        <source>Prompt: what the clip is to become</source>
        <translation>Consigne : ce que le clip doit devenir</translation>
    </message>
    <message>
        <source>oil painting, pencil sketch, …</source>
        <translation>oil painting, pencil sketch, …</translation>
    </message>
    <message>
        <source>The model does not know: %1</source>
        <translation>Le modèle ne connaît pas : %1</translation>
    </message>
    <message>
        <source>Words it knows: %1</source>
        <translation>Mots qu’il connaît : %1</translation>
    </message>
    <message>
        <source>Looks</source>
        <translation>Styles</translation>
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
    <name>Readouts</name>
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
        <translation>Part de l’image qui a été recalculée ; le reste est réutilisé</translation>
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
        <translation>Calcul sur</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>Processeur</translation>
    </message>
</context>
<context>
    <name>ResultSaver</name>
    <message>
        <source>The edit was not saved: that name is the clip it was made from.</source>
        <translation>La vidéo n’a pas été enregistrée : ce nom est celui du clip d’origine.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Choisissez un autre nom.</translation>
    </message>
</context>
<context>
    <name>ScrubBar</name>
    <message>
        <source>Position in the clip</source>
        <translation>Position dans le clip</translation>
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
        <translation>Graine : le même nombre redonne la même image</translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation>Une autre graine</translation>
    </message>
</context>
<context>
    <name>ShortcutList</name>
    <message>
        <source>Open a clip</source>
        <translation>Ouvrir un clip</translation>
    </message>
    <message>
        <source>Write a prompt</source>
        <translation>Écrire une consigne</translation>
    </message>
    <message>
        <source>Ctrl+Return</source>
        <translation>Ctrl+Entrée</translation>
    </message>
    <message>
        <source>Edit, or restart with the new settings</source>
        <translation>Transformer, ou relancer avec les nouveaux réglages</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Échap</translation>
    </message>
    <message>
        <source>Cancel the edit</source>
        <translation>Annuler la transformation</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>Enregistrer sous</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Espace</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>Lecture ou pause</translation>
    </message>
    <message>
        <source>One frame back or forward</source>
        <translation>Une image en arrière ou en avant</translation>
    </message>
    <message>
        <source>First or last frame</source>
        <translation>Première ou dernière image</translation>
    </message>
    <message>
        <source>Source, edited, wipe, split</source>
        <translation>Source, résultat, volet, côte à côte</translation>
    </message>
    <message>
        <source>Heatmap on or off</source>
        <translation>Afficher ou masquer la carte</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Give your clip another look</source>
        <translation>Donnez un autre style à votre clip</translation>
    </message>
    <message>
        <source>Everything runs on this computer; nothing is uploaded.</source>
        <translation>Tout se passe sur cet ordinateur ; rien n’est envoyé.</translation>
    </message>
    <message>
        <source>Drop a video here</source>
        <translation>Déposez une vidéo ici</translation>
    </message>
    <message>
        <source>Open a clip…</source>
        <translation>Ouvrir un clip…</translation>
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
        <source>Opening %1…</source>
        <translation>Ouverture de %1…</translation>
    </message>
    <message>
        <source>Opening the clip</source>
        <translation>Ouverture du clip</translation>
    </message>
    <message>
        <source>The clip could not be opened</source>
        <translation>Le clip n’a pas pu être ouvert</translation>
    </message>
    <message>
        <source>There is no model to edit with</source>
        <translation>Aucun modèle n’est disponible</translation>
    </message>
    <message>
        <source>Looks that are built in</source>
        <translation>Styles intégrés</translation>
    </message>
    <message>
        <source>Pick one now, or later beside the picture</source>
        <translation>Choisissez-en un maintenant, ou plus tard à côté de l’image</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>%1 of %2 frames</source>
        <translation>%1 images sur %2</translation>
    </message>
    <message>
        <source>Opening %1…</source>
        <translation>Ouverture de %1…</translation>
    </message>
    <message>
        <source>Reading the first frames…</source>
        <translation>Lecture des premières images…</translation>
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
        <source>Editing</source>
        <translation>Transformation</translation>
    </message>
    <message>
        <source>Writing the file…</source>
        <translation>Écriture du fichier…</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>Annulation…</translation>
    </message>
    <message>
        <source>Done in %1</source>
        <translation>Terminé en %1</translation>
    </message>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n seconde</numerusform>
            <numerusform>%n secondes</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Annulé</translation>
    </message>
    <message>
        <source>The edit stopped</source>
        <translation>La transformation s’est arrêtée</translation>
    </message>
    <message>
        <source>Progress of the edit</source>
        <translation>Avancement de la transformation</translation>
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
    <message numerus="yes">
        <source>The first %n frame(s) are no longer held for playing; the file has them all</source>
        <translation>
            <numerusform>La première image n’est plus gardée pour la lecture ; le fichier les contient toutes</numerusform>
            <numerusform>Les %n premières images ne sont plus gardées pour la lecture ; le fichier les contient toutes</numerusform>
        </translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation>Modèle : %1</translation>
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
</context>
<context>
    <name>StudioSession</name>
    <message>
        <source>No model was found that can edit.</source>
        <translation>Aucun modèle capable de transformer une vidéo n’a été trouvé.</translation>
    </message>
    <message>
        <source>Install LIPAR Studio again: the built-in model comes with it.</source>
        <translation>Réinstallez LIPAR Studio : le modèle intégré est fourni avec lui.</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>LIPAR Studio</source>
        <translation>LIPAR Studio</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Ouvrir…</translation>
    </message>
    <message>
        <source>Open a clip</source>
        <translation>Ouvrir un clip</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>variable rate</source>
        <translation>cadence variable</translation>
    </message>
    <message>
        <source>%1 frames a second</source>
        <translation>%1 images par seconde</translation>
    </message>
    <message numerus="yes">
        <source>%n frame(s)</source>
        <translation>
            <numerusform>%n image</numerusform>
            <numerusform>%n images</numerusform>
        </translation>
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
        <source>Preferences and keys</source>
        <translation>Préférences et raccourcis</translation>
    </message>
</context>
<context>
    <name>TransportBar</name>
    <message>
        <source>Time: %1</source>
        <translation>Temps : %1</translation>
    </message>
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
        <source>Frame %1 of %2</source>
        <translation>Image %1 sur %2</translation>
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
        <source>The first edited block is on its way</source>
        <translation>Le premier bloc transformé arrive</translation>
    </message>
    <message>
        <source>The clip as it is: nothing has been edited yet</source>
        <translation>Le clip tel quel : rien n’a encore été transformé</translation>
    </message>
    <message>
        <source>Reading the first frames…</source>
        <translation>Lecture des premières images…</translation>
    </message>
    <message>
        <source>The picture appears here when you press Edit</source>
        <translation>L’image apparaîtra ici quand vous lancerez la transformation</translation>
    </message>
    <message>
        <source>Reading the first frames</source>
        <translation>Lecture des premières images</translation>
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
    <name>WipeHandle</name>
    <message>
        <source>Edge between source and edited</source>
        <translation>Bord entre la source et le résultat</translation>
    </message>
</context>
</TS>
