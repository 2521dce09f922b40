// Written by scripts/emoji-data from Unicode's emoji-test.txt and CLDR (© Unicode, Inc., Unicode licence). Not edited by hand.
// One file although it is long: it is data, a line an emoji, and each new version of Unicode is written over it whole.
// deno-fmt-ignore-file

/** Groups in the order of Unicode; a line an emoji: `*` where it takes a skin tone, the emoji, its names, more words. */
export const emojiData = {
  smileys: `😀|grinning face|visage rieur|sourire
😃|grinning face with big eyes|visage souriant avec de grands yeux|mouth,open,smile,sourire
😄|grinning face with smiling eyes|visage très souriant aux yeux rieurs|mouth,open,smile,sourire
😁|beaming face with smiling eyes|visage souriant aux yeux rieurs|grin,smile,dents,sourire
😆|grinning squinting face|visage souriant avec yeux plissés|laugh,mouth,satisfied,smile
😅|grinning face with sweat|visage souriant avec une goutte de sueur|cold,open,smile,sourire
🤣|rolling on the floor laughing|se rouler par terre de rire|face,rofl,rotfl,visage
😂|face with tears of joy|visage riant aux larmes|laugh,sourire
🙂|slightly smiling face|visage avec un léger sourire|smile
🙃|upside-down face|tête à l’envers|renversée
🫠|melting face|visage qui fond|disappear,dissolve,liquid,disparaître
😉|winking face|visage faisant un clin d’œil
😊|smiling face with smiling eyes|visage souriant avec yeux rieurs|blush,smile,œil,rougir
😇|smiling face with halo|visage souriant avec auréole|angel,fantasy,innocent,ange
🥰|smiling face with hearts|visage souriant avec cœurs|adore,crush,in love,adorer
😍|smiling face with heart-eyes|visage souriant avec yeux en forme de cœur|love,smile,amour,œil
🤩|star-struck|visage avec des étoiles à la place des yeux|eyes,face,grinning,grand sourire
😘|face blowing a kiss|visage envoyant un bisou|cœur
😗|kissing face|visage faisant un bisou
☺️|smiling face|visage souriant|outlined,relaxed,smile,sourire
😚|kissing face with closed eyes|visage faisant un bisou avec les yeux fermés
😙|kissing face with smiling eyes|visage aux yeux rieurs faisant un bisou|smile
🥲|smiling face with tear|visage souriant avec une larme|grateful,proud,relieved,touched
😋|face savoring food|miam|delicious,savouring,smile,yum
😛|face with tongue|visage qui tire la langue
😜|winking face with tongue|visage qui tire la langue et fait un clin d’œil|eye,joke
🤪|zany face|tête de fou|eye,goofy,large,small
😝|squinting face with tongue|visage qui tire la langue les yeux plissés|eye,horrible,taste,goût
🤑|money-mouth face|argent dans les yeux et la bouche
🤗|smiling face with open hands|visage qui fait un câlin|hug,hugging,gentil
🤭|face with hand over mouth|visage avec une main sur la bouche|whoops,oups
🫢|face with open eyes and hand over mouth|visage avec yeux ouverts et main sur la bouche|amazement,awe,disbelief,embarrass
🫣|face with peeking eye|visage qui regarde entre ses doigts|captivated,peep,stare,captivé
🤫|shushing face|visage avec un doigt sur la bouche|quiet,chut,silence
🤔|thinking face|visage en pleine réflexion
🫡|saluting face|visage qui fait un salut militaire|OK,salute,sunny,troops
🤐|zipper-mouth face|visage avec bouche fermeture éclair
🤨|face with raised eyebrow|visage avec les sourcils relevés|distrust,skeptic,méfiant,sceptique
😐|neutral face|visage neutre|deadpan,meh
😑|expressionless face|visage sans expression|inexpressive,meh,unexpressive,inexpressif
😶|face without mouth|visage sans bouche|quiet,silent,muet
🫥|dotted line face|visage en pointillés|depressed,disappear,hide,introvert
😶‍🌫️|face in clouds|visage dans les nuages|absentminded,face in the fog,head in clouds,brouillard
😏|smirking face|visage avec un sourire malin
😒|unamused face|visage blasé|unhappy,pas content
🙄|face with rolling eyes|visage roulant des yeux|eyeroll,roulement
😬|grimacing face|visage grimaçant|grimace,grimace
😮‍💨|face exhaling|visage expirant|exhale,gasp,groan,relief
🤥|lying face|visage de menteur|lie,pinocchio,mensonge,pinocchio
🫨|shaking face|shaking face
😌|relieved face|visage soulagé|soulagement
😔|pensive face|visage pensif|dejected,déçu
😪|sleepy face|visage endormi|good night,sommeil
🤤|drooling face|visage qui bave|baver
😴|sleeping face|visage somnolent|good night,ZZZ,sommeil,zzz
😷|face with medical mask|visage avec masque|cold,doctor,sick
🤒|face with thermometer|visage avec thermomètre|ill,sick,indisposé,malade
🤕|face with head-bandage|visage avec bandage autour de la tête|hurt,injury
🤢|nauseated face|visage nauséeux|vomit,écœuré
🤮|face vomiting|visage qui vomit|puke,sick,malade,vomissure
🤧|sneezing face|visage qui éternue|gesundheit,sneeze,atchoum,éternuement
🥵|hot face|visage rouge et chaud|feverish,heat stroke,red-faced,sweating
🥶|cold face|visage bleu et froid|blue-faced,freezing,frostbite,icicles
🥴|woozy face|visage éméché|dizzy,intoxicated,tipsy,uneven eyes
😵|face with crossed-out eyes|visage étourdi|dead,knocked out,tournis
😵‍💫|face with spiral eyes|visage aux yeux en spirales|dizzy,hypnotized,trouble,whoa
🤯|exploding head|tête qui explose|mind blown,shocked,choqué
🤠|cowboy hat face|visage avec chapeau de cowboy|cowgirl
🥳|partying face|visage festif|celebration,hat,horn,célébration
🥸|disguised face|visage déguisé|glasses,incognito,nose,déguisement
😎|smiling face with sunglasses|visage avec lunettes de soleil|bright,cool
🤓|nerd face|visage de geek|lunettes
🧐|face with monocle|visage avec un monocle|stuffy,collet monté,vieux jeu
😕|confused face|visage confus|meh
🫤|face with diagonal mouth|visage avec bouche en diagonale|disappointed,meh,skeptical,unsure
😟|worried face|visage inquiet
🙁|slightly frowning face|visage légèrement mécontent
☹️|frowning face|visage mécontent
😮|face with open mouth|visage avec bouche ouverte|sympathy,surpris
😯|hushed face|visage ébahi|stunned,surprised,sans voix,stupéfait
😲|astonished face|visage stupéfait|shocked,totally,choc
😳|flushed face|visage qui rougit|dazed,rouge,rougissant
🥺|pleading face|visage implorant|begging,mercy,puppy eyes,pitié
🥹|face holding back tears|visage retenant ses larmes|angry,cry,proud,resist
😦|frowning face with open mouth|visage mécontent avec bouche ouverte|déçu
😧|anguished face|visage angoissé
😨|fearful face|visage effrayé|scared,apeuré,peur
😰|anxious face with sweat|visage anxieux avec goutte de sueur|blue,cold,rushed,bouche
😥|sad but relieved face|visage triste mais soulagé|disappointed,whew,pfiou
😢|crying face|visage qui pleure|sad,tear,larmes
😭|loudly crying face|visage qui pleure à chaudes larmes|sad,sob,tear,pleurs
😱|face screaming in fear|visage qui hurle de peur|munch,scared,cri,effrayé
😖|confounded face|visage déconcerté
😣|persevering face|visage persévérant|persevere
😞|disappointed face|visage déçu
😓|downcast face with sweat|visage démoralisé avec goutte de sueur|cold,froide
😩|weary face|visage épuisé|tired,fatigué
😫|tired face|visage fatigué
🥱|yawning face|visage bâillant|bored,tired,bâiller,ennui
😤|face with steam from nose|visage avec fumée sortant des narines|triumph,won,triomphe,victoire
😡|enraged face|visage boudeur|angry,mad,pouting,red
😠|angry face|visage en colère|anger,mad
🤬|face with symbols on mouth|visage avec des symboles dans la bouche|swearing,juron
😈|smiling face with horns|visage souriant avec des cornes|fairy tale,fantasy,smile,fantastique
👿|angry face with horns|visage en colère avec des cornes|demon,devil,fantasy,imp
💀|skull|crâne|death,face,fairy tale,monster
☠️|skull and crossbones|tête de mort|death,face,monster,crâne
💩|pile of poo|tas de crotte|dung,face,monster,poop
🤡|clown face|visage de clown
👹|ogre|ogre|creature,face,fairy tale,fantasy
👺|goblin|monstre japonais|creature,face,fairy tale,fantasy
👻|ghost|fantôme|creature,face,fairy tale,fantasy
👽|alien|alien|creature,extraterrestrial,face,fantasy
👾|alien monster|monstre de l’espace|creature,extraterrestrial,face,ufo
🤖|robot|robot|face,monster,androïde,automate
😺|grinning cat|chat qui sourit|face,mouth,open,smile
😸|grinning cat with smiling eyes|chat qui sourit avec des yeux rieurs|face,smile,sourire,visage
😹|cat with tears of joy|chat qui pleure de joie|face,pleurer de rire,sourire,visage
😻|smiling cat with heart-eyes|chat souriant aux yeux en cœurs|face,love,smile,amoureux
😼|cat with wry smile|chat avec sourire en coin|face,ironic,ironique,narquois
😽|kissing cat|chat qui fait un bisou|eye,face,embrasser,visage
🙀|weary cat|chat fatigué|face,oh,surprised,inquiet
😿|crying cat|chat qui pleure|face,sad,tear,larme
😾|pouting cat|chat qui boude|face,bouder,colère,désaccord
🙈|see-no-evil monkey|singe ne rien voir|face,forbidden,aveugle
🙉|hear-no-evil monkey|singe ne rien entendre|face,forbidden,sourd
🙊|speak-no-evil monkey|singe ne rien dire|face,forbidden,muet
💌|love letter|lettre d’amour|heart,mail
💘|heart with arrow|cœur et flèche|cupid,Cupidon
💝|heart with ribbon|cœur avec ruban|valentine,Saint-Valentin
💖|sparkling heart|cœur étincelant|excited,sparkle
💗|growing heart|cœur grandissant|excited,nervous,pulse
💓|beating heart|cœur battant|heartbeat,pulsating
💞|revolving hearts|cœurs qui tournent
💕|two hearts|deux cœurs|love,amour
💟|heart decoration|décoration avec cœur
❣️|heart exclamation|cœur point d’exclamation|mark,punctuation,ponctuation
💔|broken heart|cœur brisé|break
❤️‍🔥|heart on fire|cœur enflammé|burn,love,lust,sacred heart
❤️‍🩹|mending heart|cœur avec bandages|healthier,improving,recovering,recuperating
❤️|red heart|cœur rouge
🩷|pink heart|pink heart
🧡|orange heart|cœur orange
💛|yellow heart|cœur jaune
💚|green heart|cœur vert
💙|blue heart|cœur bleu
🩵|light blue heart|light blue heart
💜|purple heart|cœur violet
🤎|brown heart|cœur marron|brun
🖤|black heart|cœur noir|evil,wicked
🩶|grey heart|grey heart
🤍|white heart|cœur blanc
💋|kiss mark|trace de rouge à lèvres|lips,baiser
💯|hundred points|cent points|100,full,score
💢|anger symbol|symbole de colère|angry,comic,mad,dessin
💥|collision|explosion|boom,comic
💫|dizzy|étourdissement|comic,star,tournis
💦|sweat droplets|gouttes de sueur|comic,splashing,éclaboussures
💨|dashing away|décamper|comic,running,filer
🕳️|hole|trou
💬|speech balloon|bulle de parole|bubble,comic,dialog,dialogue
👁️‍🗨️|eye in speech bubble|œil dans une bulle de BD|balloon,witness,témoin
🗨️|left speech bubble|bulle de parole gauche|balloon,dialog,dialogue
🗯️|right anger bubble|bulle colère droite|angry,balloon,mad
💭|thought balloon|bulle de pensée|bubble,comic
💤|ZZZ|endormi|comic,good night,sleep,dormir`,
  people: `*👋|waving hand|signe de la main|wave,coucou
*🤚|raised back of hand|dos de main levée|backhand
*🖐️|hand with fingers splayed|main levée doigts écartés
*✋|raised hand|main levée|high 5,high five,feuille
*🖖|vulcan salute|salut vulcain|finger,hand,spock,main
*🫱|rightwards hand|main vers la droite
*🫲|leftwards hand|main vers la gauche
*🫳|palm down hand|main paume vers le bas|dismiss,drop,shoo,chasser
*🫴|palm up hand|main paume vers le haut|beckon,catch,come,offer
*🫷|leftwards pushing hand|leftwards pushing hand
*🫸|rightwards pushing hand|rightwards pushing hand
*👌|OK hand|ok|geste,main
*🤌|pinched fingers|bout des doigts joints|hand gesture,interrogation,sarcastic,argumentation
*🤏|pinching hand|pouce et index rapprochés|small amount,petite quantité,petite somme,peu
*✌️|victory hand|V de la victoire|ciseaux,main
*🤞|crossed fingers|doigts croisés|hand,luck,main
*🫰|hand with index finger and thumb crossed|main avec index et pouce croisés|expensive,heart,love,money
*🤟|love-you gesture|signe je t’aime|hand,ILY,amour,main
*🤘|sign of the horns|cornes avec les doigts|finger,hand,rock-on,main
*🤙|call me hand|signe appel téléphonique avec les doigts|hang loose,Shaka,main,téléphone
*👈|backhand index pointing left|main avec index pointant à gauche|finger,doigt
*👉|backhand index pointing right|main avec index pointant à droite|finger,doigt
*👆|backhand index pointing up|main avec index pointant vers le haut|finger,doigt
*🖕|middle finger|doigt d’honneur|hand,main,majeur
*👇|backhand index pointing down|main avec index pointant vers le bas|finger,doigt
*☝️|index pointing up|index pointant vers le haut|finger,hand,doigt,main
*🫵|index pointing at the viewer|index pointant vers l’utilisateur|you,pointer,toi
*👍|thumbs up|pouce vers le haut|+1,hand,main,super
*👎|thumbs down|pouce vers le bas|-1,hand,main,nul
*✊|raised fist|poing levé|clenched,hand,punch,main
*👊|oncoming fist|poing de face|clenched,hand,punch,coup de poing
*🤛|left-facing fist|poing à gauche|leftwards,main
*🤜|right-facing fist|poing à droite|rightwards,main
*👏|clapping hands|applaudissements|bravo,mains
*🙌|raising hands|mains levées|celebration,gesture,hooray,raised
*🫶|heart hands|mains qui forment un cœur|love,amour
*👐|open hands|mains ouvertes
*🤲|palms up together|paume contre paume doigts vers le haut|prayer,mains,prière
*🤝|handshake|poignée de main|agreement,meeting,mains,présentation
*🙏|folded hands|mains en prière|ask,high 5,high five,please
*✍️|writing hand|main qui écrit|write,écrire
*💅|nail polish|vernis à ongles|care,cosmetics,manicure,maquillage
*🤳|selfie|selfie|camera,phone,appareil photo,téléphone
*💪|flexed biceps|biceps contracté|comic,muscle,corps,muscle
🦾|mechanical arm|bras mécanique|accessibility,prosthetic,accessibilité,bras robot
🦿|mechanical leg|jambe mécanique|accessibility,prosthetic,accessibilité,jambe robot
*🦵|leg|jambe|kick,limb,coup de pied,membre
*🦶|foot|pied|kick,stomp,coup de pied,pas lourd
*👂|ear|oreille|body,corps
*🦻|ear with hearing aid|oreille appareillée|accessibility,hard of hearing,accessibilité,malentendant
*👃|nose|nez|body,corps
🧠|brain|cerveau|intelligent,intelligent
🫀|anatomical heart|cœur|cardiology,organ,pulse,battements
🫁|lungs|poumons|breath,exhalation,inhalation,organ
🦷|tooth|dent|dentist,dentiste
🦴|bone|os|skeleton,squelette
👀|eyes|yeux|face,corps,œil,visage
👁️|eye|œil|body,corps
👅|tongue|langue|body,corps
👄|mouth|bouche|lips,corps,lèvres
🫦|biting lip|lèvres qui se mordent|anxious,fear,flirting,nervous
*👶|baby|bébé|young
*🧒|child|enfant|gender-neutral,unspecified gender,young,genre neutre
*👦|boy|garçon|young,jeune
*👧|girl|fille|Virgo,young,zodiac,jeune
*🧑|person|adulte|gender-neutral,unspecified gender,genre neutre
*👱|person: blond hair|personne blonde|blond-haired person,cheveux
*👨|man|homme|adult
*🧔|person: beard|personne barbue|barbe
*🧔‍♂️|man: beard|homme barbu|barbe
*🧔‍♀️|woman: beard|femme barbue|barbe
*👨‍🦰|man: red hair|homme : cheveux roux|adult
*👨‍🦱|man: curly hair|homme : cheveux bouclés|adult
*👨‍🦳|man: white hair|homme : cheveux blancs|adult
*👨‍🦲|man: bald|homme : chauve|adult
*👩|woman|femme|adult
*👩‍🦰|woman: red hair|femme : cheveux roux|adult
*🧑‍🦰|person: red hair|adulte : cheveux roux|gender-neutral,unspecified gender,genre neutre
*👩‍🦱|woman: curly hair|femme : cheveux bouclés|adult
*🧑‍🦱|person: curly hair|adulte : cheveux bouclés|gender-neutral,unspecified gender,genre neutre
*👩‍🦳|woman: white hair|femme : cheveux blancs|adult
*🧑‍🦳|person: white hair|adulte : cheveux blancs|gender-neutral,unspecified gender,genre neutre
*👩‍🦲|woman: bald|femme : chauve|adult
*🧑‍🦲|person: bald|adulte : chauve|gender-neutral,unspecified gender,genre neutre
*👱‍♀️|woman: blond hair|femme blonde|blond-haired woman,cheveux
*👱‍♂️|man: blond hair|homme blond|blond-haired man,cheveux
*🧓|older person|personne âgée|adult,gender-neutral,unspecified gender,adulte
*👴|old man|homme âgé|adult
*👵|old woman|femme âgée|adult
*🙍|person frowning|personne fronçant les sourcils|gesture,froncer
*🙍‍♂️|man frowning|homme fronçant les sourcils|gesture,froncement,geste
*🙍‍♀️|woman frowning|femme fronçant les sourcils|gesture,froncement,geste
*🙎|person pouting|personne qui boude|gesture,bouder,geste,moue
*🙎‍♂️|man pouting|homme qui boude|gesture,geste
*🙎‍♀️|woman pouting|femme qui boude|gesture,geste
*🙅|person gesturing NO|personne faisant un geste d’interdiction|forbidden,gesture,hand,prohibited
*🙅‍♂️|man gesturing NO|homme faisant un geste d’interdiction|forbidden,gesture,hand,prohibited
*🙅‍♀️|woman gesturing NO|femme faisant un geste d’interdiction|forbidden,gesture,hand,prohibited
*🙆|person gesturing OK|personne faisant un geste d’acceptation|gesture,hand,main
*🙆‍♂️|man gesturing OK|homme faisant un geste d’acceptation|gesture,hand,geste d’accord,main
*🙆‍♀️|woman gesturing OK|femme faisant un geste d’acceptation|gesture,hand,geste d’accord,main
*💁|person tipping hand|personne paume vers le haut|help,information,sassy,aide
*💁‍♂️|man tipping hand|homme paume vers le haut|sassy
*💁‍♀️|woman tipping hand|femme paume vers le haut|sassy
*🙋|person raising hand|personne qui lève la main|gesture,happy,raised,content
*🙋‍♂️|man raising hand|homme qui lève la main|gesture,geste,main levée
*🙋‍♀️|woman raising hand|femme qui lève la main|gesture,geste,main levée
*🧏|deaf person|personne sourde|accessibility,ear,hear,accessibilité
*🧏‍♂️|deaf man|homme sourd|accessibilité,entendre,malentendant,oreille
*🧏‍♀️|deaf woman|femme sourde|accessibilité,entendre,malentendant,oreille
*🙇|person bowing|personne qui s’incline|apology,gesture,sorry,désolé
*🙇‍♂️|man bowing|homme qui s’incline|apology,favor,gesture,sorry
*🙇‍♀️|woman bowing|femme qui s’incline|apology,favor,gesture,sorry
*🤦|person facepalming|personne avec la paume sur le visage|disbelief,exasperation,exaspération,incrédulité
*🤦‍♂️|man facepalming|homme avec la paume sur le visage|disbelief,exasperation,exaspération,incrédulité
*🤦‍♀️|woman facepalming|femme avec la paume sur le visage|disbelief,exasperation,exaspération,incrédulité
*🤷|person shrugging|personne qui hausse les épaules|doubt,ignorance,indifference,doute
*🤷‍♂️|man shrugging|homme qui hausse les épaules|doubt,ignorance,indifference,haussement
*🤷‍♀️|woman shrugging|femme qui hausse les épaules|doubt,ignorance,indifference,haussement
*🧑‍⚕️|health worker|professionnel de la santé (tous genres)|doctor,healthcare,nurse,therapist
*👨‍⚕️|man health worker|professionnel de la santé|doctor,healthcare,nurse,therapist
*👩‍⚕️|woman health worker|professionnelle de la santé|doctor,healthcare,nurse,therapist
*🧑‍🎓|student|étudiant (tous genres)|graduate,diplôme,étudiante
*👨‍🎓|man student|étudiant|graduate,diplômé,homme
*👩‍🎓|woman student|étudiante|graduate,diplômée,femme
*🧑‍🏫|teacher|personnel enseignant|instructor,professor,enseignante,formateur
*👨‍🏫|man teacher|enseignant|instructor,professor,homme,instituteur
*👩‍🏫|woman teacher|enseignante|instructor,professor,femme,institutrice
*🧑‍⚖️|judge|juge|justice,scales,balance
*👨‍⚖️|man judge|juge homme|justice,scales,balance,justice
*👩‍⚖️|woman judge|juge femme|justice,scales,balance
*🧑‍🌾|farmer|fermier (tous genres)|gardener,rancher,fermière,jardinier
*👨‍🌾|man farmer|fermier|gardener,rancher,agriculteur,homme
*👩‍🌾|woman farmer|fermière|gardener,rancher,agricultrice,femme
*🧑‍🍳|cook|cuisinier (tous genres)|chef,chef,cuisinière
*👨‍🍳|man cook|cuisinier|chef,chef,homme
*👩‍🍳|woman cook|cuisinière|chef,chef,femme
*🧑‍🔧|mechanic|mécanicien (tous genres)|electrician,plumber,tradesperson,artisan
*👨‍🔧|man mechanic|mécanicien|electrician,plumber,tradesperson,électricien
*👩‍🔧|woman mechanic|mécanicienne|electrician,plumber,tradesperson,électricienne
*🧑‍🏭|factory worker|ouvrier (tous genres)|assembly,industrial,assemblage,industrie
*👨‍🏭|man factory worker|ouvrier|assembly,industrial,assemblage,industrie
*👩‍🏭|woman factory worker|ouvrière|assembly,industrial,assemblage,industrie
*🧑‍💼|office worker|employé de bureau (tous genres)|architect,business,manager,white-collar
*👨‍💼|man office worker|employé de bureau|architect,business,manager,white-collar
*👩‍💼|woman office worker|employée de bureau|architect,business,manager,white-collar
*🧑‍🔬|scientist|scientifique|biologist,chemist,engineer,physicist
*👨‍🔬|man scientist|scientifique homme|biologist,chemist,engineer,physicist
*👩‍🔬|woman scientist|scientifique femme|biologist,chemist,engineer,physicist
*🧑‍💻|technologist|informaticien (tous genres)|coder,developer,inventor,software
*👨‍💻|man technologist|informaticien|coder,developer,inventor,software
*👩‍💻|woman technologist|informaticienne|coder,developer,inventor,software
*🧑‍🎤|singer|chanteur (tous genres)|actor,entertainer,rock,star
*👨‍🎤|man singer|chanteur|actor,entertainer,rock,star
*👩‍🎤|woman singer|chanteuse|actor,entertainer,rock,star
*🧑‍🎨|artist|artiste|palette,palette
*👨‍🎨|man artist|artiste homme|palette,palette
*👩‍🎨|woman artist|artiste femme|palette,palette
*🧑‍✈️|pilot|pilote|plane,avion
*👨‍✈️|man pilot|pilote homme|plane,avion
*👩‍✈️|woman pilot|pilote femme|plane,avion
*🧑‍🚀|astronaut|astronaute|rocket,fusée
*👨‍🚀|man astronaut|astronaute homme|rocket,espace,fusée
*👩‍🚀|woman astronaut|astronaute femme|rocket,espace,fusée
*🧑‍🚒|firefighter|pompier|firetruck,camion de pompiers
*👨‍🚒|man firefighter|pompier homme|firetruck,camion de pompiers
*👩‍🚒|woman firefighter|pompier femme|firetruck,camion de pompiers
*👮|police officer|officier de police|cop,flic
*👮‍♂️|man police officer|policier|cop,flic,homme,officier
*👮‍♀️|woman police officer|policière|cop,femme,flic,officier
*🕵️|detective|détective|sleuth,spy,enquêteur,espion
*🕵️‍♂️|man detective|détective homme|sleuth,spy,enquêteur,espion
*🕵️‍♀️|woman detective|détective femme|sleuth,spy,enquêteuse,espionne
*💂|guard|garde
*💂‍♂️|man guard|garde homme
*💂‍♀️|woman guard|garde femme
*🥷|ninja|ninja|fighter,hidden,stealth,furtif
*👷|construction worker|personnel du bâtiment|hat,casque,ouvrier
*👷‍♂️|man construction worker|ouvrier du bâtiment|homme
*👷‍♀️|woman construction worker|ouvrière du bâtiment|femme
*🫅|person with crown|personne avec une couronne|monarch,noble,regal,royalty
*🤴|prince|prince
*👸|princess|princesse|fairy tale,fantasy,fantastique
*👳|person wearing turban|personne en turban
*👳‍♂️|man wearing turban|homme en turban
*👳‍♀️|woman wearing turban|femme en turban
*👲|person with skullcap|homme avec casquette chinoise|gua pi mao,hat,casquette mao,chapeau
*🧕|woman with headscarf|femme avec foulard|hijab,mantilla,tichel,hijab
*🤵|person in tuxedo|personne en smoking|groom,marié,personne mariée
*🤵‍♂️|man in tuxedo|homme en smoking
*🤵‍♀️|woman in tuxedo|femme en smoking
*👰|person with veil|personne mariée avec voile|bride,wedding,mariage
*👰‍♂️|man with veil|homme avec voile
*👰‍♀️|woman with veil|femme avec voile
*🤰|pregnant woman|femme enceinte
*🫃|pregnant man|homme enceinte|belly,bloated,full,grossesse
*🫄|pregnant person|personne enceinte|belly,bloated,full,grossesse
*🤱|breast-feeding|allaitement|baby,nursing,bébé,sein
*👩‍🍼|woman feeding baby|femme allaitant un bébé|nursing,allaitement,biberon
*👨‍🍼|man feeding baby|homme allaitant un bébé|nursing,allaitement,biberon
*🧑‍🍼|person feeding baby|personne allaitant un bébé|nursing,allaitement,biberon
*👼|baby angel|bébé ange|face,fairy tale,fantasy,fantastique
*🎅|Santa Claus|père Noël|celebration,Christmas,father
*🤶|Mrs. Claus|mère Noël|celebration,Christmas,mother
*🧑‍🎄|mx claus|santa|Claus, christmas,Santa, noël
*🦸|superhero|super-héros|good,heroine,superpower,bien
*🦸‍♂️|man superhero|super-héros homme|good,superpower,bien,super-pouvoir
*🦸‍♀️|woman superhero|super-héroïne|good,superpower,bien,femme
*🦹|supervillain|super-vilain|criminal,evil,superpower,criminel
*🦹‍♂️|man supervillain|super-vilain homme|criminal,evil,superpower,criminel
*🦹‍♀️|woman supervillain|super-vilain femme|criminal,evil,superpower,criminelle
*🧙|mage|mage|sorcerer,sorceress,witch,wizard
*🧙‍♂️|man mage|mage homme|sorcerer,wizard,magicien,sorcier
*🧙‍♀️|woman mage|mage femme|sorceress,witch,ensorceleuse,sorcière
*🧚|fairy|personnage féérique|Oberon,Puck,Titania,Obéron
*🧚‍♂️|man fairy|féetaud|Oberon,Puck,Obéron,Puck
*🧚‍♀️|woman fairy|fée|Titania,Titania
*🧛|vampire|vampire|Dracula,undead,Dracula,mort-vivant
*🧛‍♂️|man vampire|vampire homme|Dracula,undead,Dracula,mort-vivant
*🧛‍♀️|woman vampire|vampire femme|undead,morte-vivante
*🧜|merperson|créature aquatique|mermaid,merman,merwoman,sirène
*🧜‍♂️|merman|triton
*🧜‍♀️|mermaid|sirène|merwoman
*🧝|elf|elfe|magical,magique
*🧝‍♂️|man elf|elfe homme|magical,magique
*🧝‍♀️|woman elf|elfe femme|magical,magique
🧞|genie|génie|djinn,djinn
🧞‍♂️|man genie|génie homme|djinn,djinn
🧞‍♀️|woman genie|génie femme|djinn,djinn
🧟|zombie|zombie|undead,walking dead,mort-vivant
🧟‍♂️|man zombie|zombie homme|undead,walking dead,mort-vivant
🧟‍♀️|woman zombie|zombie femme|undead,walking dead,morte-vivante
🧌|troll|troll|fairy tale,fantasy,monster,conte de fées
*💆|person getting massage|personne qui se fait masser|face,salon,salon,visage
*💆‍♂️|man getting massage|homme qui se fait masser|face,visage
*💆‍♀️|woman getting massage|femme qui se fait masser|face,visage
*💇|person getting haircut|personne qui se fait couper les cheveux|barber,beauty,parlor,barbier
*💇‍♂️|man getting haircut|homme qui se fait couper les cheveux|coiffure
*💇‍♀️|woman getting haircut|femme qui se fait couper les cheveux|coiffure
*🚶|person walking|personne qui marche|hike,piéton
*🚶‍♂️|man walking|homme qui marche|hike,piéton
*🚶‍♀️|woman walking|femme qui marche|hike,piétonne
*🧍|person standing|personne debout
*🧍‍♂️|man standing|homme debout
*🧍‍♀️|woman standing|femme debout
*🧎|person kneeling|personne à genoux
*🧎‍♂️|man kneeling|homme à genoux
*🧎‍♀️|woman kneeling|femme à genoux
*🧑‍🦯|person with white cane|personne avec une canne blanche|accessibility,blind,accessibilité,aveugle
*👨‍🦯|man with white cane|homme avec canne blanche|accessibility,blind,accessibilité,aveugle
*👩‍🦯|woman with white cane|femme avec canne blanche|accessibility,blind,accessibilité,aveugle
*🧑‍🦼|person in motorized wheelchair|personne en fauteuil motorisé|accessibility,accessibilité,fauteuil roulant
*👨‍🦼|man in motorized wheelchair|homme en fauteuil motorisé|accessibility,accessibilité,fauteuil roulant
*👩‍🦼|woman in motorized wheelchair|femme en fauteuil motorisé|accessibility,accessibilité,fauteuil roulant
*🧑‍🦽|person in manual wheelchair|personne en fauteuil roulant manuel|accessibility,accessibilité
*👨‍🦽|man in manual wheelchair|homme en fauteuil roulant manuel|accessibility,accessibilité
*👩‍🦽|woman in manual wheelchair|femme en fauteuil roulant manuel|accessibility,accessibilité
*🏃|person running|personne qui court|marathon,coureur,course à pied,jogging
*🏃‍♂️|man running|homme qui court|marathon,racing,course à pied,jogging
*🏃‍♀️|woman running|femme qui court|marathon,racing,course à pied,jogging
*💃|woman dancing|danseuse|dance,femme
*🕺|man dancing|danseur|dance,homme
*🕴️|person in suit levitating|homme d’affaires en lévitation|business
👯|people with bunny ears|personnes avec des oreilles de lapin|dancer,partying,danseuse,femme
👯‍♂️|men with bunny ears|hommes avec des oreilles de lapin|dancer,partying,danseur,fête
👯‍♀️|women with bunny ears|femmes avec des oreilles de lapin|dancer,partying,danseuse,fête
*🧖|person in steamy room|personne au hammam|sauna,steam room,sauna
*🧖‍♂️|man in steamy room|homme au hammam|sauna,steam room,sauna
*🧖‍♀️|woman in steamy room|femme au hammam|sauna,steam room,sauna
*🧗|person climbing|personne qui grimpe|climber,alpiniste,grimpeur
*🧗‍♂️|man climbing|homme qui grimpe|climber,alpiniste,grimpeur
*🧗‍♀️|woman climbing|femme qui grimpe|climber,alpiniste,grimpeuse
🤺|person fencing|escrimeur|fencer,sword,épée,personne
*🏇|horse racing|course hippique|jockey,racehorse,cheval,jockey
⛷️|skier|skieur|snow,neige,sport
*🏂|snowboarder|snowboardeur|ski,neige,sport
*🏌️|person golfing|joueur de golf|ball,balle
*🏌️‍♂️|man golfing|golfeur|homme
*🏌️‍♀️|woman golfing|golfeuse|femme
*🏄|person surfing|personne faisant du surf|sport
*🏄‍♂️|man surfing|surfeur|homme
*🏄‍♀️|woman surfing|surfeuse|femme
*🚣|person rowing boat|personne ramant dans une barque|rowboat,bateau
*🚣‍♂️|man rowing boat|rameur dans une barque|rowboat,bateau,homme
*🚣‍♀️|woman rowing boat|rameuse dans une barque|rowboat,bateau,femme
*🏊|person swimming|personne nageant|sport
*🏊‍♂️|man swimming|nageur|homme
*🏊‍♀️|woman swimming|nageuse|femme
*⛹️|person bouncing ball|personne avec ballon|sport
*⛹️‍♂️|man bouncing ball|homme avec ballon
*⛹️‍♀️|woman bouncing ball|femme avec ballon
*🏋️|person lifting weights|haltérophile|lifter,sport
*🏋️‍♂️|man lifting weights|homme haltérophile|weight lifter
*🏋️‍♀️|woman lifting weights|femme haltérophile|weight lifter
*🚴|person biking|cycliste|bicycle,vélo
*🚴‍♂️|man biking|cycliste homme|bicycle,cyclisme,vélo
*🚴‍♀️|woman biking|cycliste femme|bicycle,cyclisme,vélo
*🚵|person mountain biking|personne en VTT|bicycle,bicyclist,bike,cyclist
*🚵‍♂️|man mountain biking|homme en VTT|bicycle,bike,cyclist,cycliste
*🚵‍♀️|woman mountain biking|femme en VTT|bicycle,bike,cyclist,cycliste
*🤸|person cartwheeling|personne faisant la roue|gymnastics,gymnastique,sport
*🤸‍♂️|man cartwheeling|homme faisant la roue|gymnastics,gymnastique
*🤸‍♀️|woman cartwheeling|femme faisant la roue|gymnastics,gymnastique
🤼|people wrestling|personnes faisant de la lutte|wrestle,wrestler,lutteur,sport
🤼‍♂️|men wrestling|lutteurs|wrestle,hommes,personne,sport
🤼‍♀️|women wrestling|lutteuses|wrestle,femmes,sport
*🤽|person playing water polo|personne jouant au water-polo|sport
*🤽‍♂️|man playing water polo|joueur de water-polo|homme,sport
*🤽‍♀️|woman playing water polo|joueuse de water-polo|femme,sport
*🤾|person playing handball|personne jouant au handball|sport
*🤾‍♂️|man playing handball|handballeur|homme,sport
*🤾‍♀️|woman playing handball|handballeuse|femme,sport
*🤹|person juggling|personne qui jongle|balance,juggle,multitask,skill
*🤹‍♂️|man juggling|jongleur|multitask,homme,jonglage,multitâche
*🤹‍♀️|woman juggling|jongleuse|multitask,femme,jonglage,multitâche
*🧘|person in lotus position|personne dans la posture du lotus|meditation,yoga,méditation,position du lotus
*🧘‍♂️|man in lotus position|homme dans la posture du lotus|meditation,yoga,méditation,position du lotus
*🧘‍♀️|woman in lotus position|femme dans la posture du lotus|meditation,yoga,méditation,position du lotus
*🛀|person taking bath|personne prenant un bain|bathtub,baignoire
*🛌|person in bed|personne au lit|good night,hotel,sleep
🧑‍🤝‍🧑|people holding hands|deux personnes se tenant la main|couple,couple,poignée de main,tenir la main
*👭|women holding hands|deux femmes se tenant la main|couple,couple,jumelles,main dans la main
*👫|woman and man holding hands|femme et homme se tenant la main|couple,couple,main dans la main
*👬|men holding hands|deux hommes se tenant la main|couple,Gemini,man,twins
*💏|kiss|bisou|couple,baiser,couple
👩‍❤️‍💋‍👨|kiss: woman, man|bisou : femme et homme|couple,baiser,couple
👨‍❤️‍💋‍👨|kiss: man, man|bisou : homme et homme|couple,baiser,couple
👩‍❤️‍💋‍👩|kiss: woman, woman|bisou : femme et femme|couple,baiser,couple
*💑|couple with heart|couple avec cœur|love,amour
👩‍❤️‍👨|couple with heart: woman, man|couple avec cœur : femme et homme|love,amour
👨‍❤️‍👨|couple with heart: man, man|couple avec cœur : homme et homme|love,amour
👩‍❤️‍👩|couple with heart: woman, woman|couple avec cœur : femme et femme|love,amour
👪|family|famille|enfant,mère,père
👨‍👩‍👦|family: man, woman, boy|famille : homme, femme et garçon|enfant,mère,père
👨‍👩‍👧|family: man, woman, girl|famille : homme, femme et fille|enfant,mère,père
👨‍👩‍👧‍👦|family: man, woman, girl, boy|famille : homme, femme, fille et garçon|enfant,mère,père
👨‍👩‍👦‍👦|family: man, woman, boy, boy|famille : homme, femme, garçon et garçon|enfant,mère,père
👨‍👩‍👧‍👧|family: man, woman, girl, girl|famille : homme, femme, fille et fille|enfant,mère,père
👨‍👨‍👦|family: man, man, boy|famille : homme, homme et garçon|enfant,mère,père
👨‍👨‍👧|family: man, man, girl|famille : homme, homme et fille|enfant,mère,père
👨‍👨‍👧‍👦|family: man, man, girl, boy|famille : homme, homme, fille et garçon|enfant,mère,père
👨‍👨‍👦‍👦|family: man, man, boy, boy|famille : homme, homme, garçon et garçon|enfant,mère,père
👨‍👨‍👧‍👧|family: man, man, girl, girl|famille : homme, homme, fille et fille|enfant,mère,père
👩‍👩‍👦|family: woman, woman, boy|famille : femme, femme et garçon|enfant,mère,père
👩‍👩‍👧|family: woman, woman, girl|famille : femme, femme et fille|enfant,mère,père
👩‍👩‍👧‍👦|family: woman, woman, girl, boy|famille : femme, femme, fille et garçon|enfant,mère,père
👩‍👩‍👦‍👦|family: woman, woman, boy, boy|famille : femme, femme, garçon et garçon|enfant,mère,père
👩‍👩‍👧‍👧|family: woman, woman, girl, girl|famille : femme, femme, fille et fille|enfant,mère,père
👨‍👦|family: man, boy|famille : homme et garçon|enfant,mère,père
👨‍👦‍👦|family: man, boy, boy|famille : homme, garçon et garçon|enfant,mère,père
👨‍👧|family: man, girl|famille : homme et fille|enfant,mère,père
👨‍👧‍👦|family: man, girl, boy|famille : homme, fille et garçon|enfant,mère,père
👨‍👧‍👧|family: man, girl, girl|famille : homme, fille et fille|enfant,mère,père
👩‍👦|family: woman, boy|famille : femme et garçon|enfant,mère,père
👩‍👦‍👦|family: woman, boy, boy|famille : femme, garçon et garçon|enfant,mère,père
👩‍👧|family: woman, girl|famille : femme et fille|enfant,mère,père
👩‍👧‍👦|family: woman, girl, boy|famille : femme, fille et garçon|enfant,mère,père
👩‍👧‍👧|family: woman, girl, girl|famille : femme, fille et fille|enfant,mère,père
🗣️|speaking head|tête qui parle|face,silhouette,parler,silhouette
👤|bust in silhouette|silhouette de buste
👥|busts in silhouette|silhouettes de bustes
🫂|people hugging|étreinte|goodbye,hello,thanks,au revoir
👣|footprints|traces de pas|clothing,pied`,
  nature: `🐵|monkey face|tête de singe|animal
🐒|monkey|singe|animal
🦍|gorilla|gorille|animal
🦧|orangutan|orang-outan|ape,animal,primate,singe
🐶|dog face|tête de chien|pet,animal
🐕|dog|chien|pet,animal
🦮|guide dog|chien guide|accessibility,blind,accessibilité,animal
🐕‍🦺|service dog|chien d’assistance|accessibility,accessibilité,aide,animal
🐩|poodle|caniche|dog,animal,chien
🐺|wolf|loup|face,animal,tête
🦊|fox|renard|face,animal,tête
🦝|raccoon|raton laveur|curious,sly,animal,curieux
🐱|cat face|tête de chat|pet,animal
🐈|cat|chat|pet,animal
🐈‍⬛|black cat|chat noir|unlucky,malchanceux
🦁|lion|tête de lion|face,Leo,zodiac,animal
🐯|tiger face|tête de tigre|animal
🐅|tiger|tigre|animal
🐆|leopard|léopard|animal
🐴|horse face|tête de cheval|animal
🫎|moose|moose
🫏|donkey|donkey
🐎|horse|cheval|equestrian,racehorse,racing,animal
🦄|unicorn|licorne|face,animal,tête
🦓|zebra|zèbre|stripe,animal,rayure,zébrure
🦌|deer|cerf|animal
🦬|bison|bison|buffalo,herd,wisent,buffle
🐮|cow face|tête de vache|animal
🐂|ox|bœuf|bull,Taurus,zodiac,animal
🐃|water buffalo|buffle|animal
🐄|cow|vache|animal
🐷|pig face|tête de cochon|animal
🐖|pig|cochon|sow,animal
🐗|boar|sanglier|pig,animal
🐽|pig nose|groin|face,animal,cochon
🐏|ram|bélier|Aries,male,sheep,zodiac
🐑|ewe|mouton|female,sheep,animal
🐐|goat|chèvre|Capricorn,zodiac,animal
🐪|camel|dromadaire|dromedary,hump,animal
🐫|two-hump camel|chameau|bactrian,animal
🦙|llama|lama|alpaca,guanaco,vicuña,wool
🦒|giraffe|girafe|spots,animal,taches
🐘|elephant|éléphant|animal
🦣|mammoth|mammouth|extinction,large,tusk,woolly
🦏|rhinoceros|rhinocéros|animal
🦛|hippopotamus|hippopotame|animal
🐭|mouse face|tête de souris|animal
🐁|mouse|souris|animal
🐀|rat|rat|animal
🐹|hamster|hamster|face,pet,animal,tête
🐰|rabbit face|tête de lapin|bunny,pet,animal
🐇|rabbit|lapin|bunny,pet,animal
🐿️|chipmunk|écureuil|squirrel,animal
🦫|beaver|castor|dam,barrage
🦔|hedgehog|hérisson|spiny,animal,épineux
🦇|bat|chauve-souris|vampire,animal,vampire
🐻|bear|ours|face,animal,tête
🐻‍❄️|polar bear|ours polaire|arctic,white,arctique,blanc
🐨|koala|koala|face,marsupial,animal
🐼|panda|panda|face,animal,tête
🦥|sloth|paresseux|lazy,slow,aï,animal
🦦|otter|loutre|fishing,playful,animal,joueur
🦨|skunk|mouffette|stink,animal,odeur,puer
🦘|kangaroo|kangourou|Australia,joey,jump,marsupial
🦡|badger|blaireau|honey badger,pester,animal,ratel
🐾|paw prints|empreintes d’animaux|feet,pattes
🦃|turkey|dindon|bird,animal,oiseau
🐔|chicken|poule|bird,animal,oiseau
🐓|rooster|coq|bird,animal,oiseau
🐣|hatching chick|poussin qui éclôt|baby,bird,animal,oiseau
🐤|baby chick|poussin|bird,animal,oiseau
🐥|front-facing baby chick|poussin de face|bird,animal,oiseau
🐦|bird|oiseau|animal
🐧|penguin|pingouin|bird,animal,oiseau
🕊️|dove|colombe|bird,fly,peace,animal
🦅|eagle|aigle|bird,animal,oiseau,rapace
🦆|duck|canard|bird,animal,oiseau
🦢|swan|cygne|bird,cygnet,ugly duckling,animal
🦉|owl|chouette|bird,wise,animal,oiseau
🦤|dodo|dodo|extinction,large,Mauritius,extinction
🪶|feather|plume|bird,flight,light,plumage
🦩|flamingo|flamant|flamboyant,tropical,animal,oiseau
🦚|peacock|paon|bird,ostentatious,peahen,proud
🦜|parrot|perroquet|bird,pirate,talk,animal
🪽|wing|wing
🐦‍⬛|black bird|black bird
🪿|goose|goose
🐸|frog|grenouille|face,animal,tête
🐊|crocodile|crocodile|animal,reptile
🐢|turtle|tortue|terrapin,tortoise,animal,reptile
🦎|lizard|lézard|reptile,animal,reptile
🐍|snake|serpent|bearer,Ophiuchus,zodiac,animal
🐲|dragon face|tête de dragon|fairy tale,animal
🐉|dragon|dragon|fairy tale,animal
🦕|sauropod|sauropode|brachiosaurus,brontosaurus,diplodocus,animal
🦖|T-Rex|T-Rex|Tyrannosaurus Rex,tyrannosaure,Tyrannosaurus Rex
🐳|spouting whale|baleine soufflant par son évent|face,animal
🐋|whale|baleine|animal
🐬|dolphin|dauphin|flipper,animal
🦭|seal|phoque|sea lion,lion de mer,otarie
🐟|fish|poisson|Pisces,zodiac,animal,poissons
🐠|tropical fish|poisson tropical|animal
🐡|blowfish|poisson-lune|animal
🦈|shark|requin|fish,animal,poisson
🐙|octopus|pieuvre|animal,mollusque
🐚|spiral shell|coquille en spirale
🪸|coral|corail|ocean,reef,océan,récif
🪼|jellyfish|jellyfish
🐌|snail|escargot|animal
🦋|butterfly|papillon|insect,pretty,insecte,mignon
🐛|bug|chenille|insect,animal,insecte
🐜|ant|fourmi|insect,animal,insecte
🐝|honeybee|abeille|insect,animal,insecte
🪲|beetle|scarabée|bug,insect,insecte
🐞|lady beetle|coccinelle|insect,ladybird,ladybug,animal
🦗|cricket|criquet|grasshopper,animal,insecte,sauterelle
🪳|cockroach|cafard|insect,pest,blatte,insecte
🕷️|spider|araignée|insect,animal,insecte
🕸️|spider web|toile d’araignée
🦂|scorpion|scorpion|zodiac,animal
🦟|mosquito|moustique|disease,fever,malaria,pest
🪰|fly|mouche|disease,maggot,pest,rotting
🪱|worm|lombric|annelid,earthworm,parasite,annélide
🦠|microbe|microbe|amoeba,bacteria,virus,amibe
💐|bouquet|bouquet|flower,fleur,plante
🌸|cherry blossom|fleur de cerisier|flower
💮|white flower|fleur blanche
🪷|lotus|lotus|Buddhism,flower,Hinduism,India
🏵️|rosette|rosette|plant,plante
🌹|rose|rose|flower,fleur
🥀|wilted flower|fleur fanée
🌺|hibiscus|hibiscus|flower,fleur
🌻|sunflower|tournesol|fleur
🌼|blossom|bourgeon|flower,fleur
🌷|tulip|tulipe|flower,fleur
🪻|hyacinth|hyacinth
🌱|seedling|jeune pousse|young,jeune plant,plantule
🪴|potted plant|plante en pot|boring,grow,house,nurturing
🌲|evergreen tree|conifère|arbre
🌳|deciduous tree|arbre à feuilles caduques|shedding,feuillu
🌴|palm tree|palmier|arbre
🌵|cactus|cactus|plant,plante
🌾|sheaf of rice|plant de riz|ear,grain
🌿|herb|feuille|leaf,plante
☘️|shamrock|trèfle|plant,plante
🍀|four leaf clover|trèfle à quatre feuilles|4,four-leaf clover,chance
🍁|maple leaf|feuille d’érable|falling
🍂|fallen leaf|feuille morte|falling
🍃|leaf fluttering in wind|feuille virevoltante|blow,souffle,vent
🪹|empty nest|nid vide|nesting,faire son nid
🪺|nest with eggs|nid avec œufs|nesting,faire son nid
🍄|mushroom|champignon|toadstool,plante`,
  food: `🍇|grapes|raisin|fruit,fruit
🍈|melon|melon|fruit,fruit
🍉|watermelon|pastèque|fruit,fruit
🍊|tangerine|mandarine|fruit,orange,fruit,orange
🍋|lemon|citron|citrus,fruit,fruit
🍌|banana|banane|fruit,fruit
🍍|pineapple|ananas|fruit,fruit
🥭|mango|mangue|fruit,tropical,fruit,tropical
🍎|red apple|pomme rouge|fruit,fruit
🍏|green apple|pomme verte|fruit,fruit
🍐|pear|poire|fruit,fruit
🍑|peach|pêche|fruit,fruit
🍒|cherries|cerises|berries,cherry,fruit,red
🍓|strawberry|fraise|fruit,fruit
🫐|blueberries|myrtilles|berry,bilberry,blueberry,baies
🥝|kiwi fruit|kiwi|food
🍅|tomato|tomate|fruit,vegetable,légume,plante
🫒|olive|olive|food,aliment,apéro,nourriture
🥥|coconut|noix de coco|palm,piña colada,fruit,palmier
🥑|avocado|avocat|food,fruit,fruit
🍆|eggplant|aubergine|vegetable,légume
🥔|potato|pomme de terre|food,vegetable,légume,patate
🥕|carrot|carotte|food,vegetable,légume
🌽|ear of corn|épi de maïs|maize,maze
🌶️|hot pepper|piment rouge
🫑|bell pepper|poivron|capsicum,vegetable,légume,piment
🥒|cucumber|concombre|food,pickle,vegetable,légume
🥬|leafy green|légume à feuilles vertes|bok choy,cabbage,kale,lettuce
🥦|broccoli|brocoli|wild cabbage,chou sauvage,légume
🧄|garlic|ail|flavoring,assaisonnement,condiment,légume
🧅|onion|oignon|flavoring,assaisonnement,condiment,légume
🥜|peanuts|cacahuètes|food,vegetable,arachide,noisette
🫘|beans|haricots|food,kidney,legume,légume
🌰|chestnut|châtaigne|plant,plante
🫚|ginger root|ginger root
🫛|pea pod|pea pod
🍞|bread|pain|loaf,miche
🥐|croissant|croissant|bread,breakfast,food,french
🥖|baguette bread|baguette|food,french,pain
🫓|flatbread|galette|arepa,lavash,naan,pita
🥨|pretzel|bretzel|twisted,torsade
🥯|bagel|bagel|bakery,breakfast,schmear,boulangerie
🥞|pancakes|pancakes|breakfast,crêpe,food,hotcake
🧇|waffle|gaufre|breakfast,indecisive,iron,gourmandise
🧀|cheese wedge|part de fromage
🍖|meat on bone|viande sur un os
🍗|poultry leg|cuisse de poulet|bone,chicken,drumstick
🥩|cut of meat|morceau de viande|chop,lambchop,porkchop,steak
🥓|bacon|lard|breakfast,food,meat,viande
🍔|hamburger|hamburger
🍟|french fries|frites|potatœs
🍕|pizza|pizza|cheese,slice,fromage,part
🌭|hot dog|hot dog|frankfurter,hotdog,sausage,saucisse
🥪|sandwich|sandwich|bread,pain
🌮|taco|taco|mexican,mexicain
🌯|burrito|burrito|mexican,wrap,mexicain
🫔|tamale|tamal|mexican,wrapped,mexicain,papillote
🥙|stuffed flatbread|kebab|falafel,food,gyro,falafel
🧆|falafel|falafels|chickpea,meatball,boulettes,pois chiches
🥚|egg|œuf|breakfast,food
🍳|cooking|œuf au plat|breakfast,egg,frying,pan
🥘|shallow pan of food|plat mitonné|casserole,paella,casserole,paella
🍲|pot of food|marmite|stew,ragoût
🫕|fondue|fondue|cheese,chocolate,melted,pot
🥣|bowl with spoon|bol avec cuillère|breakfast,cereal,congee,céréales
🥗|green salad|salade verte|food
🍿|popcorn|pop-corn
🧈|butter|beurre|dairy,gras,produit laitier
🧂|salt|sel|condiment,shaker,condiment,salière
🥫|canned food|aliments en conserve
🍱|bento box|boîte déjeuner
🍘|rice cracker|galette de riz
🍙|rice ball|boulette de riz|Japanese,japonais,onigiri,plat
🍚|cooked rice|bol de riz
🍛|curry rice|riz au curry
🍜|steaming bowl|bol fumant|noodle,ramen,nouilles,ramen
🍝|spaghetti|spaghetti|pasta,pâtes
🍠|roasted sweet potato|patate douce
🍢|oden|brochette de poisson|kebab,seafood,skewer,stick
🍣|sushi|sushi|japonais,poisson
🍤|fried shrimp|beignet de crevette|prawn,tempura
🍥|fish cake with swirl|croquette de poisson|pastry
🥮|moon cake|gâteau de lune|autumn,festival,yuèbǐng,automne
🍡|dango|brochette de bonbons|dessert,Japanese,skewer,stick
🥟|dumpling|boulette de pâte|empanada,gyōza,jiaozi,pierogi
🥠|fortune cookie|biscuit chinois|prophecy,prophétie
🥡|takeout box|boîte à emporter|oyster pail,carton,chinois,nourriture à emporter
🦀|crab|crabe|Cancer,zodiac,animal
🦞|lobster|homard|bisque,claws,seafood,bisque
🦐|shrimp|crevette|food,shellfish,small,crustacé
🦑|squid|calamar|food,molusc,mollusque
🦪|oyster|huître|diving,pearl,coquille,mollusque
🍦|soft ice cream|glace italienne|dessert,icecream,sweet
🍧|shaved ice|granité|dessert,sweet,glace
🍨|ice cream|glace|dessert,sweet,crème,dessert
🍩|doughnut|doughnut|breakfast,dessert,donut,sweet
🍪|cookie|cookie|dessert,sweet,dessert,sucré
🎂|birthday cake|gâteau d’anniversaire|celebration,dessert,pastry,sweet
🍰|shortcake|gâteau sablé|dessert,pastry,slice,sweet
🧁|cupcake|cupcake|bakery,sweet,pâtisserie,sucrerie
🥧|pie|tarte|filling,pastry,décoration,garniture
🍫|chocolate bar|barre chocolatée|dessert,sweet,dessert,sucré
🍬|candy|bonbon|dessert,sweet,dessert,sucré
🍭|lollipop|sucette|candy,dessert,sweet,dessert
🍮|custard|crème renversée|dessert,pudding,sweet,dessert
🍯|honey pot|pot de miel|honeypot,sweet,sucré
🍼|baby bottle|biberon|drink,milk,bébé,boisson
🥛|glass of milk|verre de lait|drink,boisson
☕|hot beverage|boisson chaude|coffee,drink,steaming,tea
🫖|teapot|théière|drink,boisson
🍵|teacup without handle|tasse|beverage,drink,thé
🍶|sake|saké|bar,beverage,bottle,cup
🍾|bottle with popping cork|bouteille de champagne|bar,drink,boisson,bouchon
🍷|wine glass|verre de vin|bar,beverage,drink
🍸|cocktail glass|cocktail|bar,drink,verre
🍹|tropical drink|cocktail tropical|bar,verre
🍺|beer mug|chope|bar,drink,bière
🍻|clinking beer mugs|chopes de bière|bar,drink,trinquer
🥂|clinking glasses|trinquer|celebrate,drink,célébrer,fêter
🥃|tumbler glass|verre tumbler|liquor,shot,whisky,liqueur
🫗|pouring liquid|verser un liquide|drink,empty,glass,spill
🥤|cup with straw|gobelet avec paille|juice,soda,jus de fruits,soda
🧋|bubble tea|thé aux perles|milk,pearl,bulle,lait
🧃|beverage box|briquette de jus|juice,straw,sweet,carton
🧉|mate|maté|drink,boisson
🧊|ice|glaçon|cold,ice cube,iceberg,froid
🥢|chopsticks|baguettes|hashi,hashi
🍽️|fork and knife with plate|fourchette et couteau avec assiette|cooking,assiette et couverts,cuisine
🍴|fork and knife|fourchette et couteau|cooking,cutlery,couteau et fourchette,restaurant
🥄|spoon|cuillère|tableware,couvert
🔪|kitchen knife|couteau de cuisine|cooking,hocho,tool,weapon
🫙|jar|bocal|condiment,container,empty,sauce
🏺|amphora|amphore|Aquarius,cooking,drink,jug`,
  travel: `🌍|globe showing Europe-Africa|globe tourné sur l’Afrique et l’Europe|earth,world
🌎|globe showing Americas|globe tourné sur les Amériques|earth,world
🌏|globe showing Asia-Australia|globe tourné sur l’Asie et l’Australie|earth,world
🌐|globe with meridians|globe avec méridiens|earth,world,globe terrestre
🗺️|world map|carte du monde
🗾|map of Japan|carte du Japon
🧭|compass|boussole|magnetic,navigation,orienteering,magnétique
🏔️|snow-capped mountain|montagne enneigée|cold
⛰️|mountain|montagne
🌋|volcano|volcan|eruption,mountain,éruption
🗻|mount fuji|mont Fuji|mountain,montagne
🏕️|camping|camping
🏖️|beach with umbrella|plage avec parasol
🏜️|desert|désert
🏝️|desert island|île déserte
🏞️|national park|parc national|nature
🏟️|stadium|stade
🏛️|classical building|monument classique
🏗️|building construction|construction d’un bâtiment
🧱|brick|brique|bricks,clay,mortar,wall
🪨|rock|rocher|boulder,heavy,solid,stone
🪵|wood|bois|log,lumber,timber,bûche
🛖|hut|hutte|house,roundhouse,yurt,case
🏘️|houses|maisons|bâtiments
🏚️|derelict house|maison abandonnée
🏠|house|maison|home,bâtiment,pavillon
🏡|house with garden|maison avec jardin|home
🏢|office building|immeuble de bureaux
🏣|Japanese post office|bureau de poste japonais|bâtiment
🏤|post office|bureau de poste|European
🏥|hospital|hôpital|doctor,medicine,bâtiment
🏦|bank|banque|building,bâtiment
🏨|hotel|hôtel|building,bâtiment
🏩|love hotel|love hotel|bâtiment
🏪|convenience store|supérette|épicerie,magasin
🏫|school|école|building,bâtiment
🏬|department store|grand magasin
🏭|factory|usine|building,bâtiment
🏯|Japanese castle|château japonais|bâtiment
🏰|castle|château|European,bâtiment,européen
💒|wedding|mariage|chapel,romance,amour,chapelle
🗼|Tokyo tower|tour de Tokyo
🗽|Statue of Liberty|statue de la Liberté
⛪|church|église|Christian,cross,religion,bâtiment
🕌|mosque|mosquée|islam,Muslim,religion,islam
🛕|hindu temple|temple hindou|religion,stūpa
🕍|synagogue|synagogue|Jew,Jewish,religion,temple
⛩️|shinto shrine|sanctuaire shinto|religion
🕋|kaaba|kaaba|islam,Muslim,religion,islam
⛲|fountain|fontaine
⛺|tent|tente|camping,camping
🌁|foggy|brume|brouillard
🌃|night with stars|nuit étoilée|étoiles
🏙️|cityscape|ville|bâtiment
🌄|sunrise over mountains|soleil levant derrière les montagnes|morning
🌅|sunrise|soleil levant|morning
🌆|cityscape at dusk|ville au crépuscule|evening,landscape,sunset,coucher de soleil
🌇|sunset|coucher de soleil|dusk
🌉|bridge at night|pont de nuit
♨️|hot springs|sources chaudes|hotsprings,steaming
🎠|carousel horse|cheval de manège
🛝|playground slide|toboggan|amusement park,aire de jeu,jouer
🎡|ferris wheel|grande roue|amusement park
🎢|roller coaster|montagnes russes|amusement park
💈|barber pole|enseigne de barbier|haircut,coiffure
🎪|circus tent|chapiteau|cirque
🚂|locomotive|locomotive|engine,railway,steam,train
🚃|railway car|wagon|electric,train,tram,trolleybus
🚄|high-speed train|TGV|railway,shinkansen
🚅|bullet train|train à grande vitesse|railway,shinkansen,speed
🚆|train|train|railway,chemin de fer
🚇|metro|métro|subway
🚈|light rail|métro léger|railway
🚉|station|gare|railway,train,train
🚊|tram|tramway|trolleybus,transport,trolley,trolleybus
🚝|monorail|monorail|vehicle,véhicule
🚞|mountain railway|train de montagne|car
🚋|tram car|wagon de tramway|trolleybus,trolleybus,voiture
🚌|bus|bus|vehicle,véhicule
🚍|oncoming bus|bus de face
🚎|trolleybus|trolleybus|tram
🚐|minibus|minibus
🚑|ambulance|ambulance|vehicle,véhicule
🚒|fire engine|camion de pompier|truck
🚓|police car|voiture de police|patrol
🚔|oncoming police car|voiture de police de face
🚕|taxi|taxi|vehicle,véhicule
🚖|oncoming taxi|taxi de face
🚗|automobile|voiture|car
🚘|oncoming automobile|voiture de face|car
🚙|sport utility vehicle|véhicule utilitaire sport|recreational,loisirs,voiture
🛻|pickup truck|pick-up|véhicule
🚚|delivery truck|camion de livraison
🚛|articulated lorry|semi-remorque|truck,camion,poids lourd
🚜|tractor|tracteur|vehicle,véhicule
🏎️|racing car|voiture de course
🏍️|motorcycle|moto|racing,course
🛵|motor scooter|scooter
🦽|manual wheelchair|fauteuil roulant manuel|accessibility,accessibilité
🦼|motorized wheelchair|fauteuil motorisé|accessibility,accessibilité,fauteuil roulant
🛺|auto rickshaw|tuk tuk|taxi,tricycle
🚲|bicycle|vélo|bike
🛴|kick scooter|trottinette
🛹|skateboard|planche à roulettes|glisse,longboard
🛼|roller skate|patin à roulettes|derby
🚏|bus stop|arrêt de bus
🛣️|motorway|autoroute|highway,road
🛤️|railway track|voie ferrée|train,train
🛢️|oil drum|baril de pétrole
⛽|fuel pump|pompe à essence|diesel,fuelpump,gas,station
🛞|wheel|roue|circle,tire,turn,cercle
🚨|police car light|gyrophare|beacon,revolving,lumière,voiture
🚥|horizontal traffic light|feu tricolore horizontal|signal
🚦|vertical traffic light|feu tricolore vertical|signal
🛑|stop sign|stop|octagonal,signe
🚧|construction|travaux|barrier,barrière
⚓|anchor|ancre|ship,tool,bateau,outil
🛟|ring buoy|bouée de sauvetage|float,life preserver,life saver,rescue
⛵|sailboat|voilier|resort,sea,yacht,bateau
🛶|canoe|canoë|boat,bateau
🚤|speedboat|hors-bord|bateau
🛳️|passenger ship|paquebot|bateau
⛴️|ferry|ferry|boat,passenger,bateau
🛥️|motor boat|bateau à moteur|motorboat
🚢|ship|navire|boat,passenger,bateau
✈️|airplane|avion|aeroplane,véhicule
🛩️|small airplane|petit avion|aeroplane
🛫|airplane departure|avion au décollage|aeroplane,check-in,departures
🛬|airplane arrival|avion à l’atterrissage|aeroplane,arrivals,arriving,landing
🪂|parachute|parachute|hang-glide,parasail,skydive,parachute ascensionnel
💺|seat|siège|chair,fauteuil
🚁|helicopter|hélicoptère|vehicle,véhicule
🚟|suspension railway|train suspendu
🚠|mountain cableway|téléphérique|gondola,montagne,télécabine
🚡|aerial tramway|tramway aérien|cable,car,gondola,télécabine
🛰️|satellite|satellite|space,espace
🚀|rocket|fusée|space,espace
🛸|flying saucer|soucoupe volante|UFO,OVNI
🛎️|bellhop bell|cloche de comptoir|hotel,hôtel
🧳|luggage|bagage|packing,travel,valise,voyage
⌛|hourglass done|sablier|sand,timer,minuteur,sable
⏳|hourglass not done|sablier avec sable qui coule|sand,timer
⌚|watch|montre|clock,heure
⏰|alarm clock|réveil|alarme,heure
⏱️|stopwatch|chronomètre|clock,heure
⏲️|timer clock|horloge|heure,minuteur
🕰️|mantelpiece clock|pendule|horloge
🕛|twelve o’clock|midi/minuit|00,12,12:00,0 h
🕧|twelve-thirty|midi/minuit et demie|12,12:30,clock,00 h 30
🕐|one o’clock|une heure|00,1,1:00,1 h
🕜|one-thirty|une heure et demie|1,1:30,clock,1 h 30
🕑|two o’clock|deux heures|00,2,2:00,14 h
🕝|two-thirty|deux heures et demie|2,2:30,clock,14 h 30
🕒|three o’clock|trois heures|00,3,3:00,15 h
🕞|three-thirty|trois heures et demie|3,3:30,clock,15 h 30
🕓|four o’clock|quatre heures|00,4,4:00,16 h
🕟|four-thirty|quatre heures et demie|4,4:30,clock,16 h 30
🕔|five o’clock|cinq heures|00,5,5:00,17 h
🕠|five-thirty|cinq heures et demie|5,5:30,clock,17 h 30
🕕|six o’clock|six heures|00,6,6:00,18 h
🕡|six-thirty|six heures et demie|6,6:30,clock,18 h 30
🕖|seven o’clock|sept heures|00,7,7:00,19 h
🕢|seven-thirty|sept heures et demie|7,7:30,clock,19 h 30
🕗|eight o’clock|huit heures|00,8,8:00,20 h
🕣|eight-thirty|huit heures et demie|8,8:30,clock,20 h 30
🕘|nine o’clock|neuf heures|00,9,9:00,21 h
🕤|nine-thirty|neuf heures et demie|9,9:30,clock,21 h 30
🕙|ten o’clock|dix heures|00,10,10:00,10 h
🕥|ten-thirty|dix heures et demie|10,10:30,clock,10 h 30
🕚|eleven o’clock|onze heures|00,11,11:00,11 h
🕦|eleven-thirty|onze heures et demie|11,11:30,clock,11 h 30
🌑|new moon|nouvelle lune|dark
🌒|waxing crescent moon|lune croissante
🌓|first quarter moon|premier quartier de lune
🌔|waxing gibbous moon|lune gibbeuse croissante
🌕|full moon|pleine lune
🌖|waning gibbous moon|lune gibbeuse décroissante
🌗|last quarter moon|dernier quartier de lune
🌘|waning crescent moon|lune décroissante
🌙|crescent moon|croissant de lune
🌚|new moon face|nouvelle lune avec visage
🌛|first quarter moon face|premier quartier de lune avec visage
🌜|last quarter moon face|dernier quartier de lune avec visage
🌡️|thermometer|thermomètre|weather,météo
☀️|sun|soleil|bright,rays,sunny,brillant
🌝|full moon face|pleine lune avec visage|bright
🌞|sun with face|soleil avec visage|bright
🪐|ringed planet|planète à anneaux|saturn,saturnine,saturne,saturnien
⭐|star|étoile
🌟|glowing star|étoile brillante|glittery,shining,sparkle
🌠|shooting star|étoile filante|falling
🌌|milky way|voie lactée|space,espace
☁️|cloud|nuage|weather,météo
⛅|sun behind cloud|soleil derrière les nuages|nuageux
⛈️|cloud with lightning and rain|nuage avec éclair et pluie|thunder,météo,orage
🌤️|sun behind small cloud|soleil derrière un petit nuage
🌥️|sun behind large cloud|soleil derrière un gros nuage
🌦️|sun behind rain cloud|soleil derrière un nuage de pluie
🌧️|cloud with rain|nuage avec pluie|averse,mauvais temps,météo
🌨️|cloud with snow|nuage avec neige|cold,flocons,hiver,météo
🌩️|cloud with lightning|nuage avec éclair
🌪️|tornado|tornade|cloud,whirlwind,météo,nuage
🌫️|fog|brouillard|cloud,météo,nuage
🌬️|wind face|vent avec visage|blow,cloud,météo,souffle
🌀|cyclone|cyclone|dizzy,hurricane,twister,typhoon
🌈|rainbow|arc-en-ciel|météo,pluie
🌂|closed umbrella|parapluie fermé|clothing,rain
☂️|umbrella|parapluie ouvert|clothing,rain
☔|umbrella with rain drops|parapluie avec gouttes de pluie|clothing,météo
⛱️|umbrella on ground|parasol sur le sol|rain,sun,plage,soleil
⚡|high voltage|haute tension|danger,electric,lightning,zap
❄️|snowflake|flocon|cold,neige
☃️|snowman|bonhomme de neige|cold
⛄|snowman without snow|bonhomme de neige sans neige|cold
☄️|comet|comète|space,espace
🔥|fire|feu|flame,tool,flamme
💧|droplet|goutte d’eau|cold,comic,sweat,sueur
🌊|water wave|vague|ocean,mer,océan`,
  activities: `🎃|jack-o-lantern|citrouille|celebration,halloween,citrouille lanterne,halloween
🎄|Christmas tree|sapin de Noël|celebration,arbre,fête
🎆|fireworks|feu d’artifice|celebration
🎇|sparkler|cierge magique|celebration,fireworks,étincelle,fête
🧨|firecracker|pétard|dynamite,explosive,fireworks,dynamite
✨|sparkles|étincelles|*,star,*,étoile
🎈|balloon|ballon gonflable|celebration,fête
🎉|party popper|cotillons|celebration,tada,fête
🎊|confetti ball|confettis|celebration,fête
🎋|tanabata tree|arbre à vœux|banner,celebration,Japanese
🎍|pine decoration|bambou décoratif|bamboo,celebration,Japanese,fête
🎎|Japanese dolls|poupées japonaises|celebration,festival
🎏|carp streamer|koinobori|celebration,carpe,fête
🎐|wind chime|carillon éolien|bell,celebration,clochette,fête
🎑|moon viewing ceremony|cérémonie de la lune|celebration
🧧|red envelope|enveloppe rouge|gift,good luck,hóngbāo,lai see
🎀|ribbon|ruban|celebration,fête
🎁|wrapped gift|cadeau|box,celebration,present,anniversaire
🎗️|reminder ribbon|ruban de mémoire|celebration
🎟️|admission tickets|billet d’entrée|spectacle
🎫|ticket|billet|admission,spectacle
🎖️|military medal|médaille militaire|celebration
🏆|trophy|trophée|prize,prix
🏅|sports medal|médaille sportive
🥇|1st place medal|médaille d’or|first,gold,1er
🥈|2nd place medal|médaille d’argent|second,silver,2e
🥉|3rd place medal|médaille de bronze|third,3e
⚽|soccer ball|ballon de football|balle,sport
⚾|baseball|baseball|balle,sport
🥎|softball|softball|glove,underarm,balle,gant
🏀|basketball|basket|hoop,ballon,panier,sport
🏐|volleyball|volley-ball|game,ballon,match,sport
🏈|american football|football américain|ballon,sport
🏉|rugby football|rugby|ballon,sport
🎾|tennis|tennis|ball,racquet,balle,sport
🥏|flying disc|disque volant|ultimate,discoplane,frisbee,sport
🎳|bowling|bowling|ball,game,boule,jeu
🏏|cricket game|cricket|ball,bat,balle,batte
🏑|field hockey|hockey sur gazon|ball,game,stick,balle
🏒|ice hockey|hockey sur glace|game,puck,stick,crosse
🥍|lacrosse|crosse|ball,goal,stick,balle
🏓|ping pong|ping-pong|ball,bat,game,paddle
🏸|badminton|badminton|birdie,game,racquet,shuttlecock
🥊|boxing glove|gant de boxe|sport
🥋|martial arts uniform|tenue d’arts martiaux|judo,karate,taekwondo,judo
🥅|goal net|cage|filet,sport
⛳|flag in hole|drapeau de golf|sport,trou
⛸️|ice skate|patin à glace|sport
🎣|fishing pole|pêche à la ligne
🤿|diving mask|masque de plongée|scuba,snorkeling,apnée,plonger
🎽|running shirt|maillot de course|athletics,sash,sport
🎿|skis|ski|snow,sport
🛷|sled|luge|sledge,sleigh,traîneau
🥌|curling stone|pierre de curling|game,rock,granit,match
🎯|bullseye|dans le mille|dart,direct hit,game,hit
🪀|yo-yo|yoyo|fluctuate,toy,descendre,jouet
🪁|kite|cerf-volant|fly,soar,planer,voler
🔫|water pistol|pistolet à eau|gun,handgun,revolver,tool
🎱|pool 8 ball|boule de billard|billiard,eight,game,jeu
🔮|crystal ball|boule de cristal|fairy tale,fantasy,fortune,tool
🪄|magic wand|baguette magique|witch,wizard,magicien,magie
🎮|video game|jeu vidéo|controller,manette
🕹️|joystick|manette de jeu|game,video game,jeu vidéo
🎰|slot machine|machine à sous|game,jeu
🎲|game die|dés|dice,jeu
🧩|puzzle piece|pièce de puzzle|clue,interlocking,jigsaw,assemblage
🧸|teddy bear|ours en peluche|plaything,plush,stuffed,toy
🪅|piñata|piñata|celebration,party,bonbons,confiseries
🪩|mirror ball|boule à facettes|dance,disco,glitter,party
🪆|nesting dolls|poupées russes|russia,emboîté,matriochka
♠️|spade suit|pique|card,game,carte,couleur
♥️|heart suit|cœur cartes|card,game,couleur,jeu
♦️|diamond suit|carreau|card,game,carreaux,carte
♣️|club suit|trèfle cartes|card,game,couleur,jeu
♟️|chess pawn|pion d’échec|dupe,expendable,duper,sacrifiable
🃏|joker|carte Joker|card,game,wildcard,jeu
🀄|mahjong red dragon|dragon rouge mahjong|game,jeu
🎴|flower playing cards|jeu des fleurs|game,Japanese,carte,japonais
🎭|performing arts|spectacle vivant|mask,theater,theatre,masque
🖼️|framed picture|cadre avec image|art,museum,painting,art
🎨|artist palette|palette de peinture|museum,painting,musée de peinture
🧵|thread|bobine de fil|needle,sewing,spool,string
🪡|sewing needle|aiguille à coudre|embroidery,stitches,sutures,tailoring
🧶|yarn|fil|ball,crochet,knit,boule
🪢|knot|nœud|rope,tangled,tie,twine`,
  objects: `👓|glasses|lunettes de vue|clothing,eye,eyeglasses,eyewear
🕶️|sunglasses|lunettes de soleil|dark,eye,eyewear
🥽|goggles|lunettes|eye protection,swimming,welding,natation
🥼|lab coat|blouse blanche|doctor,experiment,scientist,docteur
🦺|safety vest|gilet de sécurité|emergency,fluo,gilet jaune,sûreté
👔|necktie|cravate|clothing,vêtements
👕|t-shirt|T-shirt|clothing,tshirt,tee-shirt,vêtements
👖|jeans|jean|clothing,pants,trousers,pantalon
🧣|scarf|foulard|neck,cou,vêtements
🧤|gloves|gants|hand,main,vêtements
🧥|coat|manteau|jacket,veste,vêtements
🧦|socks|chaussettes|stocking,pieds,vêtements
👗|dress|robe|clothing,vêtements
👘|kimono|kimono|clothing,vêtements
🥻|sari|sari|clothing,dress,mode,robe
🩱|one-piece swimsuit|maillot de bain une pièce|bathing suit
🩲|briefs|slip|bathing suit,one-piece,swimsuit,underwear
🩳|shorts|short|bathing suit,pants,underwear,caleçon
👙|bikini|bikini|clothing,swim,maillot de bain
👚|woman’s clothes|vêtements de femme|clothing
🪭|folding hand fan|folding hand fan
👛|purse|porte-monnaie|clothing,coin,vêtements
👜|handbag|sac à main|clothing,purse,vêtements
👝|clutch bag|pochette|clothing,pouch,sac,vêtements
🛍️|shopping bags|sacs de shopping|hotel
🎒|backpack|cartable|bag,rucksack,satchel,school
🩴|thong sandal|tong|beach sandals,sandals,thong sandals,thongs
👞|man’s shoe|chaussure d’homme|clothing,vêtements
👟|running shoe|chaussure de sport|athletic,clothing,sneaker,vêtements
🥾|hiking boot|chaussure de randonnée|backpacking,camping,camping,chaussure de marche
🥿|flat shoe|chaussure plate|ballet flat,slip-on,slipper,ballerine
👠|high-heeled shoe|chaussure à talon haut|clothing,woman,vêtements
👡|woman’s sandal|sandale de femme|clothing,shoe,chaussure,vêtements
🩰|ballet shoes|chaussons de danse|dance,chaussures
👢|woman’s boot|botte de femme|clothing,shoe,chaussure,vêtements
🪮|hair pick|hair pick
👑|crown|couronne|clothing,king,queen,reine
👒|woman’s hat|chapeau de femme|clothing,vêtements
🎩|top hat|haut de forme|clothing,tophat,chapeau,vêtements
🎓|graduation cap|toque universitaire|celebration,clothing,hat,chapeau
🧢|billed cap|casquette américaine|baseball cap,casquette de baseball,vêtements
🪖|military helmet|casque militaire|army,soldier,warrior,armée
⛑️|rescue worker’s helmet|casque de secouriste|aid,cross,face,hat
📿|prayer beads|chapelet|clothing,necklace,religion,prière
💄|lipstick|rouge à lèvres|cosmetics,makeup,maquillage
💍|ring|bague|diamond,amour,diamant
💎|gem stone|pierre précieuse|diamond,jewel,bijou,diamant
🔇|muted speaker|muet|quiet,silent,silence,son
🔈|speaker low volume|volume des enceintes faible|soft,son
🔉|speaker medium volume|volume des enceintes moyen|son
🔊|speaker high volume|volume des enceintes élevé|loud,son
📢|loudspeaker|haut-parleur|public address,son
📣|megaphone|porte-voix|cheering,manifestation
📯|postal horn|cor postal|facteur
🔔|bell|cloche
🔕|bell with slash|alarme désactivée|forbidden,mute,quiet,silent
🎼|musical score|partition|musique
🎵|musical note|note de musique
🎶|musical notes|notes de musique
🎙️|studio microphone|micro de studio|music
🎚️|level slider|curseur de niveau|music,musique
🎛️|control knobs|boutons de réglage|music,boutons de commande
🎤|microphone|micro|karaoke,karaoke
🎧|headphone|casque|earbud,écouteurs
📻|radio|radio|video,vidéo
🎷|saxophone|saxophone|instrument,music,instrument,musique
🪗|accordion|accordéon|concertina,squeeze box,bandonéon,concertina
🎸|guitar|guitare|instrument,music,instrument,musique
🎹|musical keyboard|piano|instrument,clavier,instrument,musique
🎺|trumpet|trompette|instrument,music,instrument,musique
🎻|violin|violon|instrument,music,instrument,musique
🪕|banjo|banjo|music,stringed,cordes,instrument à cordes
🥁|drum|batterie|drumsticks,music,baguettes,musique
🪘|long drum|djembé|beat,conga,rhythm,battement
🪇|maracas|maracas
🪈|flute|flute
📱|mobile phone|téléphone portable|cell
📲|mobile phone with arrow|appel entrant|cell,receive
☎️|telephone|téléphone
📞|telephone receiver|combiné téléphonique
📟|pager|bipeur
📠|fax machine|fax|télécopieur
🔋|battery|pile
🪫|low battery|pile faible|electronic,low energy,batterie,déchargé
🔌|electric plug|câble avec fiche électrique|electricity,prise
💻|laptop|ordinateur portable|computer,pc,personal
🖥️|desktop computer|ordinateur de bureau
🖨️|printer|imprimante|computer,ordinateur
⌨️|keyboard|clavier|computer,ordinateur
🖱️|computer mouse|souris d’ordinateur
🖲️|trackball|boule de commande|computer,ordinateur,souris à boule
💽|computer disk|disque d’ordinateur|minidisk,optical
💾|floppy disk|disquette|computer,ordinateur
💿|optical disk|CD|computer,disque
📀|dvd|DVD|Blu-ray,computer,disk,optical
🧮|abacus|abaque|calculation,calcul
🎥|movie camera|caméra|cinema,cinéma,film
🎞️|film frames|pellicule|cinema,movie,bande,cinéma
📽️|film projector|projecteur cinématographique|movie,video
🎬|clapper board|clap|movie,film
📺|television|téléviseur|tv,video,TV
📷|camera|appareil photo|video,vidéo
📸|camera with flash|appareil photo avec flash|video
📹|video camera|caméscope
📼|videocassette|cassette vidéo|tape,vhs,vhs
🔍|magnifying glass tilted left|loupe orientée à gauche|search,tool,recherche
🔎|magnifying glass tilted right|loupe orientée à droite|search,tool,recherche
🕯️|candle|bougie|light,lumière
💡|light bulb|ampoule|comic,electric,idea,dessin
🔦|flashlight|torche|electric,tool,lumière
🏮|red paper lantern|lampion rouge|bar,light,japonais,lanterne
🪔|diya lamp|diya|oil,ārtī,Diwali,huile
📔|notebook with decorative cover|carnet avec couverture|decorated
📕|closed book|livre fermé
📖|open book|livre ouvert
📗|green book|livre vert
📘|blue book|livre bleu
📙|orange book|livre orange
📚|books|livres
📓|notebook|carnet
📒|ledger|carnet de compte|notebook,grand livre
📃|page with curl|page enroulée|document
📜|scroll|parchemin|paper,papier
📄|page facing up|page|document,document
📰|newspaper|journal|actualités
🗞️|rolled-up newspaper|journal roulé
📑|bookmark tabs|signets|marker,marque,marqueur,onglets
🔖|bookmark|marque-page|marqueur
🏷️|label|étiquette
💰|money bag|sac plein d’argent|dollar,moneybag,dollar,sac d’argent
🪙|coin|pièce|gold,metal,money,silver
💴|yen banknote|billet en yens|currency,money
💵|dollar banknote|billet en dollars|currency,money
💶|euro banknote|billet en euros|currency,money
💷|pound banknote|billet en livres|currency,money
💸|money with wings|billet avec des ailes|banknote,fly
💳|credit card|carte bancaire|money
🧾|receipt|reçu|accounting,bookkeeping,evidence,proof
💹|chart increasing with yen|courbe avec yen en hausse|graph,growth,money,banque
✉️|envelope|enveloppe|email,letter,courrier électronique,e-mail
📧|e-mail|e-mail|email,letter,courrier électronique,message
📨|incoming envelope|message reçu|e-mail,email,letter,receive
📩|envelope with arrow|enveloppe avec flèche|e-mail,email,outgoing,courrier électronique
📤|outbox tray|boîte d’envoi|letter,mail,sent,courrier électronique
📥|inbox tray|boîte de réception|letter,mail,receive,courrier électronique
📦|package|colis|box,parcel,paquet
📫|closed mailbox with raised flag|boîte aux lettres fermée drapeau levé|postbox,courrier
📪|closed mailbox with lowered flag|boîte aux lettres fermée drapeau baissé|postbox,courrier
📬|open mailbox with raised flag|boîte aux lettres ouverte drapeau levé|postbox,courrier
📭|open mailbox with lowered flag|boîte aux lettres ouverte drapeau baissé|postbox,courrier
📮|postbox|boîte aux lettres|mail,mailbox,courrier
🗳️|ballot box with ballot|urne électorale
✏️|pencil|crayon
✒️|black nib|stylo plume noir|pen
🖋️|fountain pen|stylo plume
🖊️|pen|stylo|ballpoint,stylo bille
🖌️|paintbrush|pinceau|painting,peinture
🖍️|crayon|crayon pastel
📝|memo|mémo|pencil,crayon
💼|briefcase|porte-documents
📁|file folder|dossier|fichier
📂|open file folder|dossier ouvert
🗂️|card index dividers|intercalaires|classement
📅|calendar|calendrier|date,date
📆|tear-off calendar|éphéméride|calendrier,date
🗒️|spiral notepad|bloc-notes à spirale
🗓️|spiral calendar|calendrier à spirale|pad
📇|card index|carnet d’adresses|rolodex,fiche,rolodex
📈|chart increasing|graphique en hausse|growth,trend,upward,tendance
📉|chart decreasing|graphique en baisse|down,trend,tendance
📊|bar chart|graphiques à barres
📋|clipboard|porte-bloc|fournitures
📌|pushpin|punaise|fournitures
📍|round pushpin|épingle|fournitures
📎|paperclip|trombone|fournitures
🖇️|linked paperclips|trombones|fournitures
📏|straight ruler|règle|straight edge,fournitures
📐|triangular ruler|équerre|set,triangle,fournitures
✂️|scissors|ciseaux|cutting,tool,fournitures
🗃️|card file box|boîte à dossiers
🗄️|file cabinet|meuble à dossiers|filing,classement,classer
🗑️|wastebasket|corbeille à papiers
🔒|locked|cadenas fermé|closed,verrouillé
🔓|unlocked|cadenas ouvert|open
🔏|locked with pen|cadenas fermé avec stylo|ink,nib,privacy,verrouillé
🔐|locked with key|cadenas fermé avec clé|closed,secure,sécurisé
🔑|key|clé|lock,password,mot de passe,serrure
🗝️|old key|clé ancienne|clue,lock,serrure
🔨|hammer|marteau|tool,outil
🪓|axe|hache|chop,hatchet,split,wood
⛏️|pick|pioche|mining,tool,mine,outil
⚒️|hammer and pick|marteau et pioche|tool,outil
🛠️|hammer and wrench|marteau et clé à molette|spanner,tool,outil
🗡️|dagger|dague|knife,weapon,arme,couteau
⚔️|crossed swords|épées croisées|weapon,arme
💣|bomb|bombe|comic,dessin
🪃|boomerang|boomerang|australia,rebound,repercussion,australie
🏹|bow and arrow|arc et flèche|archer,Sagittarius,zodiac,archer
🛡️|shield|bouclier|weapon,arme
🪚|carpentry saw|scie|carpenter,lumber,tool,bois
🔧|wrench|clé à molette|spanner,tool,outil
🪛|screwdriver|tournevis|tool,outil
🔩|nut and bolt|vis et écrou|tool,outil
⚙️|gear|roue dentée|cog,cogwheel,tool,engrenage
🗜️|clamp|serre-joint|compress,tool,vice,outil
⚖️|balance scale|balance à poids|justice,Libra,zodiac,justice
🦯|white cane|canne blanche|accessibility,blind,accessibilité,aveugle
🔗|link|chaînons|maillons
⛓️|chains|chaînes
🪝|hook|crochet|catch,crook,curve,ensnare
🧰|toolbox|boîte à outils|chest,mechanic,coffre,mécanique
🧲|magnet|aimant|attraction,horseshoe,magnetic,attraction
🪜|ladder|échelle|climb,rung,step,barreau
⚗️|alembic|alambic|chemistry,tool,chimie,outil
🧪|test tube|tube à essai|chemist,chemistry,experiment,lab
🧫|petri dish|boîte de pétri|bacteria,biologist,biology,culture
🧬|dna|adn|biologist,evolution,gene,genetics
🔬|microscope|microscope|science,tool,outil,science
🔭|telescope|télescope|science,tool,outil,science
📡|satellite antenna|antenne satellite|dish,antenne parabolique,parabole
💉|syringe|seringue|medicine,needle,shot,sick
🩸|drop of blood|goutte de sang|bleed,blood donation,injury,medicine
💊|pill|pilule|doctor,medicine,sick,docteur
🩹|adhesive bandage|sparadrap|médecine,pansement,premiers secours
🩼|crutch|béquille|cane,disability,hurt,mobility aid
🩺|stethoscope|stéthoscope|doctor,heart,medicine,cœur
🩻|x-ray|radiographie|bones,doctor,medical,skeleton
🚪|door|porte
🛗|elevator|ascenseur|accessibility,hoist,lift,accessibilité
🪞|mirror|miroir|reflection,reflector,speculum,glace
🪟|window|fenêtre|frame,fresh air,opening,transparent
🛏️|bed|lit|hotel,sleep,dormir,hôtel
🛋️|couch and lamp|canapé et lampe|hotel
🪑|chair|chaise|seat,sit,assis,siège
🚽|toilet|toilettes
🪠|plunger|ventouse|force cup,plumber,suction,toilet
🚿|shower|douche|water,eau
🛁|bathtub|baignoire|bain
🪤|mouse trap|tapette à souris|bait,mousetrap,snare,appât
🪒|razor|rasoir|sharp,shave,coupant,lame
🧴|lotion bottle|bouteille de lotion|moisturizer,shampoo,sunscreen,crème hydratante
🧷|safety pin|épingle de sûreté|diaper,punk rock,couche,lange
🧹|broom|balai|cleaning,sweeping,witch,balayage
🧺|basket|panier|farming,laundry,picnic,agriculture
🧻|roll of paper|rouleau de papier|paper towels,toilet paper,essuie-tout,papier hygiénique
🪣|bucket|seau|cask,pail,vat,conteneur
🧼|soap|savon|bar,bathing,cleaning,lather
🫧|bubbles|bulles|burp,clean,soap,underwater
🪥|toothbrush|brosse à dents|bathroom,clean,dental,hygiene
🧽|sponge|éponge|absorbing,cleaning,porous,absorbante
🧯|fire extinguisher|extincteur|quench,éteindre,feu,incendie
🛒|shopping cart|chariot|trolley,panier
🚬|cigarette|cigarette|smoking,fumeur
⚰️|coffin|cercueil|death,mort
🪦|headstone|pierre tombale|cemetery,grave,graveyard,tombstone
⚱️|funeral urn|urne funéraire|ashes,death
🧿|nazar amulet|mauvais œil|bead,charm,evil-eye,talisman
🪬|hamsa|main de Fatma|amulet,Fatima,hand,Mary
🗿|moai|moai|face,moyai,statue,statue
🪧|placard|pancarte|demonstration,picket,protest,sign
🪪|identification card|carte d’identité|credentials,license,security,justificatif`,
  symbols: `🏧|ATM sign|distributeur de billets|automated,bank,teller,argent
🚮|litter in bin sign|icône Poubelle|litter bin
🚰|potable water|eau potable|drinking
♿|wheelchair symbol|symbole Accès handicapés|access
🚹|men’s room|symbole Toilettes hommes|bathroom,lavatory,man,restroom
🚺|women’s room|symbole Toilettes femmes|bathroom,lavatory,restroom,WC
🚻|restroom|panneau Toilettes|bathroom,lavatory,WC,WC
🚼|baby symbol|symbole Bébé|changing,espace de change
🚾|water closet|WC|bathroom,lavatory,restroom,toilet
🛂|passport control|contrôle des passeports
🛃|customs|douane
🛄|baggage claim|retrait des bagages
🛅|left luggage|consigne|baggage,locker,bagages
⚠️|warning|symbole d’avertissement
🚸|children crossing|traversée d’enfants|pedestrian,traffic,école,piétons
⛔|no entry|sens interdit|forbidden,not,prohibited,traffic
🚫|prohibited|symbole d’interdiction|entry,forbidden,no,not
🚳|no bicycles|vélos interdits|bike,forbidden,prohibited,interdiction
🚭|no smoking|interdiction de fumer|forbidden,not,prohibited,interdit
🚯|no littering|dépôt d’ordures interdit|forbidden,not,prohibited,déchets
🚱|non-potable water|eau non potable|non-drinking
🚷|no pedestrians|interdit aux piétons|forbidden,not,prohibited,interdiction
📵|no mobile phones|téléphones portables interdits|cell,forbidden,interdiction
🔞|no one under eighteen|18 ans et plus|age restriction,prohibited,underage,dix-huit
☢️|radioactive|radioactif|sign,symbole
☣️|biohazard|danger biologique|sign,symbole
⬆️|up arrow|flèche haut|cardinal,direction,north,direction
↗️|up-right arrow|flèche haut droite|direction,intercardinal,northeast,direction
➡️|right arrow|flèche droite|cardinal,direction,east,direction
↘️|down-right arrow|flèche bas droite|direction,intercardinal,southeast,direction
⬇️|down arrow|flèche bas|cardinal,direction,south,direction
↙️|down-left arrow|flèche bas gauche|direction,intercardinal,southwest,direction
⬅️|left arrow|flèche gauche|cardinal,direction,west,direction
↖️|up-left arrow|flèche haut gauche|direction,intercardinal,northwest,direction
↕️|up-down arrow|flèche haut bas
↔️|left-right arrow|flèche gauche droite
↩️|right arrow curving left|flèche courbe gauche
↪️|left arrow curving right|flèche courbe droite
⤴️|right arrow curving up|flèche courbe haut
⤵️|right arrow curving down|flèche courbe bas
🔃|clockwise vertical arrows|flèches dans le sens horaire|reload,symbole Recharger
🔄|counterclockwise arrows button|flèches dans le sens antihoraire|anticlockwise,withershins
🔙|BACK arrow|flèche Retour
🔚|END arrow|flèche Fin
🔛|ON! arrow|flèche Activé|mark
🔜|SOON arrow|flèche Bientôt
🔝|TOP arrow|flèche En haut|up
🛐|place of worship|lieu de culte|religion,religion
⚛️|atom symbol|symbole de l’atome|atheist,athée
🕉️|om|om|Hindu,religion,hindou,religion
✡️|star of David|étoile de David|Jew,Jewish,religion,juif
☸️|wheel of dharma|roue du Dharma|Buddhist,religion,bouddhiste,religion
☯️|yin yang|yin yang|religion,tao,taoist,religion
✝️|latin cross|croix latine|Christian,religion,chrétien,religion
☦️|orthodox cross|croix orthodoxe|Christian,religion,chrétien,religion
☪️|star and crescent|lune et étoile|islam,Muslim,religion,musulman
☮️|peace symbol|symbole de paix
🕎|menorah|chandelier à sept branches|candelabrum,candlestick,religion,religion
🔯|dotted six-pointed star|étoile à 6 branches|fortune,chance
🪯|khanda|khanda
♈|Aries|bélier zodiaque|ram,zodiac
♉|Taurus|taureau|bull,ox,zodiac,zodiaque
♊|Gemini|gémeaux|twins,zodiac,zodiaque
♋|Cancer|cancer|crab,zodiac,zodiaque
♌|Leo|lion|zodiac,zodiaque
♍|Virgo|vierge|zodiac,zodiaque
♎|Libra|balance|justice,scales,zodiac,zodiaque
♏|Scorpio|scorpion zodiaque|scorpius,zodiac
♐|Sagittarius|sagittaire|archer,zodiac,zodiaque
♑|Capricorn|capricorne|goat,zodiac,zodiaque
♒|Aquarius|verseau|bearer,water,zodiac,zodiaque
♓|Pisces|poissons|fish,zodiac,zodiaque
⛎|Ophiuchus|serpentaire|bearer,snake,zodiac,zodiaque
🔀|shuffle tracks button|bouton lecture aléatoire|arrow,crossed,flèche,flèches croisées
🔁|repeat button|bouton répétition|arrow,clockwise,flèche,flèches en cercle
🔂|repeat single button|bouton répétition de la piste|arrow,clockwise,once,flèche
▶️|play button|bouton lecture|arrow,right,triangle,flèche
⏩|fast-forward button|bouton avance rapide|arrow,double,double flèche
⏭️|next track button|bouton piste suivante|arrow,next scene,triangle,scène suivante
⏯️|play or pause button|bouton lecture/pause|arrow,right,triangle,flèche
◀️|reverse button|bouton retour|arrow,left,triangle,flèche
⏪|fast reverse button|bouton retour rapide|arrow,double,rewind,flèche
⏮️|last track button|bouton piste précédente|arrow,previous scene,previous track,triangle
🔼|upwards button|petit triangle haut|arrow,red,flèche
⏫|fast up button|double flèche vers le haut|arrow
🔽|downwards button|petit triangle bas|arrow,red,flèche
⏬|fast down button|double flèche vers le bas|arrow
⏸️|pause button|bouton pause|bar,double,vertical
⏹️|stop button|bouton stop|square,carré
⏺️|record button|bouton enregistrer|circle,cercle
⏏️|eject button|bouton éjecter
🎦|cinema|cinéma|camera,film,movie,caméra
🔅|dim button|luminosité faible|brightness,low
🔆|bright button|luminosité élevée|brightness
📶|antenna bars|barres de réseau|cell,mobile,phone,portable
🛜|wireless|wireless
📳|vibration mode|mode vibreur|cell,mobile,phone,telephone
📴|mobile phone off|téléphone éteint|cell,portable
♀️|female sign|symbole de la femme|woman
♂️|male sign|symbole de l’homme|man
⚧️|transgender symbol|symbole de la communauté transgenre
✖️|multiply|signe multiplier|×,cancel,multiplication,x
➕|plus|plus|+,math,sign,+
➖|minus|moins|-,−,math,sign
➗|divide|signe diviser|÷,division,math,÷
🟰|heavy equals sign|signe égal gras|equality,math,égalité,mathématiques
♾️|infinity|infini|forever,unbounded,universal,éternité
‼️|double exclamation mark|double point d’exclamation|!,!!,bangbang,!
⁉️|exclamation question mark|points d’exclamation et d’interrogation|!,!?,?,interrobang
❓|red question mark|point d’interrogation rouge|?,punctuation,?,ponctuation
❔|white question mark|point d’interrogation blanc|?,outlined,punctuation,?
❕|white exclamation mark|point d’exclamation blanc|!,outlined,punctuation,!
❗|red exclamation mark|point d’exclamation rouge|!,punctuation,!,ponctuation
〰️|wavy dash|ligne ondulée|punctuation,ponctuation,trait d’union ondulé,vague
💱|currency exchange|conversion de devise|bank,money,argent,banque
💲|heavy dollar sign|symbole dollar|currency,money,argent
⚕️|medical symbol|caducée|aesculapius,medicine,staff,médecine
♻️|recycling symbol|symbole Recyclage|recycle
⚜️|fleur-de-lis|fleur de lys
🔱|trident emblem|trident|anchor,ship,tool,ancre
📛|name badge|badge nominatif
🔰|Japanese symbol for beginner|symbole japonais de débutant|chevron,leaf
⭕|hollow red circle|cercle rouge|large,0,anneau
✅|check mark button|bouton coché|✓,✓,carré,marque
☑️|check box with check|case cochée|✓,✓,bouton,carré
✔️|check mark|coche|✓,✓,oui,sélection
❌|cross mark|croix|×,cancel,multiplication,multiply
❎|cross mark button|bouton croix|×,square,×
➰|curly loop|boucle|bouclette
➿|double curly loop|double boucle
〽️|part alternation mark|alternance|symbole
✳️|eight-spoked asterisk|astérisque huit branches|*,*,étoile
✴️|eight-pointed star|étoile huit branches|*,*,astérisque
❇️|sparkle|éclat|*,*,briller,étinceler
©️|copyright|symbole copyright|©
®️|registered|marque déposée|®,marque commerciale
™️|trade mark|marque commerciale déposée|TM,trademark,marque déposée
#️⃣|keycap: #|touches : #
*️⃣|keycap: *|touches : *
0️⃣|keycap: 0|touches : 0
1️⃣|keycap: 1|touches : 1
2️⃣|keycap: 2|touches : 2
3️⃣|keycap: 3|touches : 3
4️⃣|keycap: 4|touches : 4
5️⃣|keycap: 5|touches : 5
6️⃣|keycap: 6|touches : 6
7️⃣|keycap: 7|touches : 7
8️⃣|keycap: 8|touches : 8
9️⃣|keycap: 9|touches : 9
🔟|keycap: 10|touches : 10
🔠|input latin uppercase|majuscules|ABCD,letters,lettres,lettres latines
🔡|input latin lowercase|minuscules|abcd,letters,lettres,lettres latines
🔢|input numbers|saisie de chiffres|1234,1234
🔣|input symbols|saisie de symboles|〒♪&%
🔤|input latin letters|alphabet latin|abc,lettres,saisie
🅰️|A button (blood type)|groupe sanguin A
🆎|AB button (blood type)|groupe sanguin AB
🅱️|B button (blood type)|groupe sanguin B
🆑|CL button|bouton Effacer
🆒|COOL button|bouton Cool
🆓|FREE button|bouton Gratuit
ℹ️|information|source d’informations
🆔|ID button|bouton Identifiant|identity
Ⓜ️|circled M|m encerclé
🆕|NEW button|bouton Nouveau
🆖|NG button|bouton Pas bien|interdit,mauvais
🅾️|O button (blood type)|groupe sanguin O
🆗|OK button|bouton OK
🅿️|P button|bouton P|parking,parking
🆘|SOS button|bouton SOS|help
🆙|UP! button|bouton Vers le haut|mark,nouveau,nouveauté
🆚|VS button|bouton VS|versus,contre,versus
🈁|Japanese “here” button|bouton ici en japonais|katakana,ココ
🈂️|Japanese “service charge” button|bouton frais de service en japonais|katakana,サ
🈷️|Japanese “monthly amount” button|bouton montant mensuel en japonais|ideograph,月
🈶|Japanese “not free of charge” button|bouton pas gratuit en japonais|ideograph,有,payant
🈯|Japanese “reserved” button|bouton réservé en japonais|ideograph,指
🉐|Japanese “bargain” button|bouton bonne affaire en japonais|ideograph,得
🈹|Japanese “discount” button|bouton réduction en japonais|ideograph,割,rabais
🈚|Japanese “free of charge” button|bouton gratuit en japonais|ideograph,無
🈲|Japanese “prohibited” button|bouton interdit en japonais|ideograph,禁
🉑|Japanese “acceptable” button|bouton accepter en japonais|ideograph,可
🈸|Japanese “application” button|bouton application en japonais|ideograph,申
🈴|Japanese “passing grade” button|bouton note pour réussir en japonais|ideograph,合
🈳|Japanese “vacancy” button|bouton chambres disponibles en japonais|ideograph,空
㊗️|Japanese “congratulations” button|bouton félicitations en japonais|ideograph,祝
㊙️|Japanese “secret” button|bouton secret en japonais|ideograph,秘
🈺|Japanese “open for business” button|bouton ouvert pour affaires en japonais|ideograph,営
🈵|Japanese “no vacancy” button|bouton complet en japonais|ideograph,満
🔴|red circle|disque rouge|geometric,cercle,forme géométrique,géométrie
🟠|orange circle|disque orange|cercle,forme géométrique,géométrie,rond
🟡|yellow circle|disque jaune|cercle,forme géométrique,géométrie,rond
🟢|green circle|disque vert|cercle,forme géométrique,géométrie,rond
🔵|blue circle|disque bleu|geometric,cercle,forme géométrique,géométrie
🟣|purple circle|disque violet|cercle,forme géométrique,géométrie,rond
🟤|brown circle|disque marron|cercle,forme géométrique,géométrie,rond
⚫|black circle|disque noir|geometric,cercle,forme géométrique,géométrie
⚪|white circle|disque blanc|geometric,cercle,forme géométrique,géométrie
🟥|red square|carré rouge|forme géométrique,géométrie
🟧|orange square|carré orange|forme géométrique,géométrie
🟨|yellow square|carré jaune|forme géométrique,géométrie
🟩|green square|carré vert|forme géométrique,géométrie
🟦|blue square|carré bleu|forme géométrique,géométrie
🟪|purple square|carré violet|forme géométrique,géométrie
🟫|brown square|carré marron|forme géométrique,géométrie
⬛|black large square|grand carré noir|geometric,forme géométrique
⬜|white large square|grand carré blanc|geometric,forme,géométrie
◼️|black medium square|carré moyen noir|geometric,forme géométrique
◻️|white medium square|carré moyen blanc|geometric,forme géométrique
◾|black medium-small square|carré petit moyen noir|geometric,forme,géométrie
◽|white medium-small square|carré petit moyen blanc|geometric,forme,géométrie
▪️|black small square|petit carré noir|geometric,forme géométrique
▫️|white small square|petit carré blanc|geometric,forme géométrique
🔶|large orange diamond|grand losange orange|geometric,forme géométrique
🔷|large blue diamond|grand losange bleu|geometric,forme géométrique,grand losange orange
🔸|small orange diamond|petit losange orange|geometric,forme géométrique
🔹|small blue diamond|petit losange bleu|geometric,forme géométrique
🔺|red triangle pointed up|triangle rouge pointant vers le haut|geometric,forme géométrique
🔻|red triangle pointed down|triangle rouge pointant vers le bas|geometric,flèche,forme,géométrie
💠|diamond with a dot|diamant avec un point|comic,geometric,inside,dessin
🔘|radio button|bouton radio|geometric,forme,géométrie
🔳|white square button|carré blanc|geometric,outlined,bouton,forme
🔲|black square button|carré noir|geometric,bouton,forme,géométrie`,
  flags: `🏁|chequered flag|drapeau à damier
🚩|triangular flag|drapeau triangulaire
🎌|crossed flags|drapeaux croisés
🏴|black flag|drapeau noir
🏳️|white flag|drapeau blanc
🏳️‍🌈|rainbow flag|drapeau arc-en-ciel
🏳️‍⚧️|transgender flag|drapeau transgenre
🏴‍☠️|pirate flag|drapeau de pirate
🇦🇨|Ascension Island|drapeau : Île de l’Ascension
🇦🇩|Andorra|drapeau : Andorre
🇦🇪|United Arab Emirates|drapeau : Émirats arabes unis
🇦🇫|Afghanistan|drapeau : Afghanistan
🇦🇬|Antigua & Barbuda|drapeau : Antigua-et-Barbuda
🇦🇮|Anguilla|drapeau : Anguilla
🇦🇱|Albania|drapeau : Albanie
🇦🇲|Armenia|drapeau : Arménie
🇦🇴|Angola|drapeau : Angola
🇦🇶|Antarctica|drapeau : Antarctique
🇦🇷|Argentina|drapeau : Argentine
🇦🇸|American Samoa|drapeau : Samoa américaines
🇦🇹|Austria|drapeau : Autriche
🇦🇺|Australia|drapeau : Australie
🇦🇼|Aruba|drapeau : Aruba
🇦🇽|Åland Islands|drapeau : Îles Åland
🇦🇿|Azerbaijan|drapeau : Azerbaïdjan
🇧🇦|Bosnia & Herzegovina|drapeau : Bosnie-Herzégovine
🇧🇧|Barbados|drapeau : Barbade
🇧🇩|Bangladesh|drapeau : Bangladesh
🇧🇪|Belgium|drapeau : Belgique
🇧🇫|Burkina Faso|drapeau : Burkina Faso
🇧🇬|Bulgaria|drapeau : Bulgarie
🇧🇭|Bahrain|drapeau : Bahreïn
🇧🇮|Burundi|drapeau : Burundi
🇧🇯|Benin|drapeau : Bénin
🇧🇱|St. Barthélemy|drapeau : Saint-Barthélemy
🇧🇲|Bermuda|drapeau : Bermudes
🇧🇳|Brunei|drapeau : Brunei
🇧🇴|Bolivia|drapeau : Bolivie
🇧🇶|Caribbean Netherlands|drapeau : Pays-Bas caribéens
🇧🇷|Brazil|drapeau : Brésil
🇧🇸|Bahamas|drapeau : Bahamas
🇧🇹|Bhutan|drapeau : Bhoutan
🇧🇻|Bouvet Island|drapeau : Île Bouvet
🇧🇼|Botswana|drapeau : Botswana
🇧🇾|Belarus|drapeau : Biélorussie
🇧🇿|Belize|drapeau : Belize
🇨🇦|Canada|drapeau : Canada
🇨🇨|Cocos (Keeling) Islands|drapeau : Îles Cocos
🇨🇩|Congo - Kinshasa|drapeau : Congo-Kinshasa
🇨🇫|Central African Republic|drapeau : République centrafricaine
🇨🇬|Congo - Brazzaville|drapeau : Congo-Brazzaville
🇨🇭|Switzerland|drapeau : Suisse
🇨🇮|Côte d’Ivoire|drapeau : Côte d’Ivoire
🇨🇰|Cook Islands|drapeau : Îles Cook
🇨🇱|Chile|drapeau : Chili
🇨🇲|Cameroon|drapeau : Cameroun
🇨🇳|China|drapeau : Chine
🇨🇴|Colombia|drapeau : Colombie
🇨🇵|Clipperton Island|drapeau : Île Clipperton
🇨🇷|Costa Rica|drapeau : Costa Rica
🇨🇺|Cuba|drapeau : Cuba
🇨🇻|Cape Verde|drapeau : Cap-Vert
🇨🇼|Curaçao|drapeau : Curaçao
🇨🇽|Christmas Island|drapeau : Île Christmas
🇨🇾|Cyprus|drapeau : Chypre
🇨🇿|Czechia|drapeau : Tchéquie
🇩🇪|Germany|drapeau : Allemagne
🇩🇬|Diego Garcia|drapeau : Diego Garcia
🇩🇯|Djibouti|drapeau : Djibouti
🇩🇰|Denmark|drapeau : Danemark
🇩🇲|Dominica|drapeau : Dominique
🇩🇴|Dominican Republic|drapeau : République dominicaine
🇩🇿|Algeria|drapeau : Algérie
🇪🇦|Ceuta & Melilla|drapeau : Ceuta et Melilla
🇪🇨|Ecuador|drapeau : Équateur
🇪🇪|Estonia|drapeau : Estonie
🇪🇬|Egypt|drapeau : Égypte
🇪🇭|Western Sahara|drapeau : Sahara occidental
🇪🇷|Eritrea|drapeau : Érythrée
🇪🇸|Spain|drapeau : Espagne
🇪🇹|Ethiopia|drapeau : Éthiopie
🇪🇺|European Union|drapeau : Union européenne
🇫🇮|Finland|drapeau : Finlande
🇫🇯|Fiji|drapeau : Fidji
🇫🇰|Falkland Islands|drapeau : Îles Malouines
🇫🇲|Micronesia|drapeau : Micronésie
🇫🇴|Faroe Islands|drapeau : Îles Féroé
🇫🇷|France|drapeau : France
🇬🇦|Gabon|drapeau : Gabon
🇬🇧|United Kingdom|drapeau : Royaume-Uni
🇬🇩|Grenada|drapeau : Grenade
🇬🇪|Georgia|drapeau : Géorgie
🇬🇫|French Guiana|drapeau : Guyane française
🇬🇬|Guernsey|drapeau : Guernesey
🇬🇭|Ghana|drapeau : Ghana
🇬🇮|Gibraltar|drapeau : Gibraltar
🇬🇱|Greenland|drapeau : Groenland
🇬🇲|Gambia|drapeau : Gambie
🇬🇳|Guinea|drapeau : Guinée
🇬🇵|Guadeloupe|drapeau : Guadeloupe
🇬🇶|Equatorial Guinea|drapeau : Guinée équatoriale
🇬🇷|Greece|drapeau : Grèce
🇬🇸|South Georgia & South Sandwich Islands|drapeau : Géorgie du Sud-et-les Îles Sandwich du Sud
🇬🇹|Guatemala|drapeau : Guatemala
🇬🇺|Guam|drapeau : Guam
🇬🇼|Guinea-Bissau|drapeau : Guinée-Bissau
🇬🇾|Guyana|drapeau : Guyana
🇭🇰|Hong Kong SAR China|drapeau : R.A.S. chinoise de Hong Kong
🇭🇲|Heard & McDonald Islands|drapeau : Îles Heard-et-MacDonald
🇭🇳|Honduras|drapeau : Honduras
🇭🇷|Croatia|drapeau : Croatie
🇭🇹|Haiti|drapeau : Haïti
🇭🇺|Hungary|drapeau : Hongrie
🇮🇨|Canary Islands|drapeau : Îles Canaries
🇮🇩|Indonesia|drapeau : Indonésie
🇮🇪|Ireland|drapeau : Irlande
🇮🇱|Israel|drapeau : Israël
🇮🇲|Isle of Man|drapeau : Île de Man
🇮🇳|India|drapeau : Inde
🇮🇴|British Indian Ocean Territory|drapeau : Territoire britannique de l’océan Indien
🇮🇶|Iraq|drapeau : Irak
🇮🇷|Iran|drapeau : Iran
🇮🇸|Iceland|drapeau : Islande
🇮🇹|Italy|drapeau : Italie
🇯🇪|Jersey|drapeau : Jersey
🇯🇲|Jamaica|drapeau : Jamaïque
🇯🇴|Jordan|drapeau : Jordanie
🇯🇵|Japan|drapeau : Japon
🇰🇪|Kenya|drapeau : Kenya
🇰🇬|Kyrgyzstan|drapeau : Kirghizstan
🇰🇭|Cambodia|drapeau : Cambodge
🇰🇮|Kiribati|drapeau : Kiribati
🇰🇲|Comoros|drapeau : Comores
🇰🇳|St. Kitts & Nevis|drapeau : Saint-Christophe-et-Niévès
🇰🇵|North Korea|drapeau : Corée du Nord
🇰🇷|South Korea|drapeau : Corée du Sud
🇰🇼|Kuwait|drapeau : Koweït
🇰🇾|Cayman Islands|drapeau : Îles Caïmans
🇰🇿|Kazakhstan|drapeau : Kazakhstan
🇱🇦|Laos|drapeau : Laos
🇱🇧|Lebanon|drapeau : Liban
🇱🇨|St. Lucia|drapeau : Sainte-Lucie
🇱🇮|Liechtenstein|drapeau : Liechtenstein
🇱🇰|Sri Lanka|drapeau : Sri Lanka
🇱🇷|Liberia|drapeau : Liberia
🇱🇸|Lesotho|drapeau : Lesotho
🇱🇹|Lithuania|drapeau : Lituanie
🇱🇺|Luxembourg|drapeau : Luxembourg
🇱🇻|Latvia|drapeau : Lettonie
🇱🇾|Libya|drapeau : Libye
🇲🇦|Morocco|drapeau : Maroc
🇲🇨|Monaco|drapeau : Monaco
🇲🇩|Moldova|drapeau : Moldavie
🇲🇪|Montenegro|drapeau : Monténégro
🇲🇫|St. Martin|drapeau : Saint-Martin
🇲🇬|Madagascar|drapeau : Madagascar
🇲🇭|Marshall Islands|drapeau : Îles Marshall
🇲🇰|North Macedonia|drapeau : Macédoine du Nord
🇲🇱|Mali|drapeau : Mali
🇲🇲|Myanmar (Burma)|drapeau : Myanmar (Birmanie)
🇲🇳|Mongolia|drapeau : Mongolie
🇲🇴|Macao SAR China|drapeau : R.A.S. chinoise de Macao
🇲🇵|Northern Mariana Islands|drapeau : Îles Mariannes du Nord
🇲🇶|Martinique|drapeau : Martinique
🇲🇷|Mauritania|drapeau : Mauritanie
🇲🇸|Montserrat|drapeau : Montserrat
🇲🇹|Malta|drapeau : Malte
🇲🇺|Mauritius|drapeau : Maurice
🇲🇻|Maldives|drapeau : Maldives
🇲🇼|Malawi|drapeau : Malawi
🇲🇽|Mexico|drapeau : Mexique
🇲🇾|Malaysia|drapeau : Malaisie
🇲🇿|Mozambique|drapeau : Mozambique
🇳🇦|Namibia|drapeau : Namibie
🇳🇨|New Caledonia|drapeau : Nouvelle-Calédonie
🇳🇪|Niger|drapeau : Niger
🇳🇫|Norfolk Island|drapeau : Île Norfolk
🇳🇬|Nigeria|drapeau : Nigeria
🇳🇮|Nicaragua|drapeau : Nicaragua
🇳🇱|Netherlands|drapeau : Pays-Bas
🇳🇴|Norway|drapeau : Norvège
🇳🇵|Nepal|drapeau : Népal
🇳🇷|Nauru|drapeau : Nauru
🇳🇺|Niue|drapeau : Niue
🇳🇿|New Zealand|drapeau : Nouvelle-Zélande
🇴🇲|Oman|drapeau : Oman
🇵🇦|Panama|drapeau : Panama
🇵🇪|Peru|drapeau : Pérou
🇵🇫|French Polynesia|drapeau : Polynésie française
🇵🇬|Papua New Guinea|drapeau : Papouasie-Nouvelle-Guinée
🇵🇭|Philippines|drapeau : Philippines
🇵🇰|Pakistan|drapeau : Pakistan
🇵🇱|Poland|drapeau : Pologne
🇵🇲|St. Pierre & Miquelon|drapeau : Saint-Pierre-et-Miquelon
🇵🇳|Pitcairn Islands|drapeau : Îles Pitcairn
🇵🇷|Puerto Rico|drapeau : Porto Rico
🇵🇸|Palestinian Territories|drapeau : Territoires palestiniens
🇵🇹|Portugal|drapeau : Portugal
🇵🇼|Palau|drapeau : Palaos
🇵🇾|Paraguay|drapeau : Paraguay
🇶🇦|Qatar|drapeau : Qatar
🇷🇪|Réunion|drapeau : La Réunion
🇷🇴|Romania|drapeau : Roumanie
🇷🇸|Serbia|drapeau : Serbie
🇷🇺|Russia|drapeau : Russie
🇷🇼|Rwanda|drapeau : Rwanda
🇸🇦|Saudi Arabia|drapeau : Arabie saoudite
🇸🇧|Solomon Islands|drapeau : Îles Salomon
🇸🇨|Seychelles|drapeau : Seychelles
🇸🇩|Sudan|drapeau : Soudan
🇸🇪|Sweden|drapeau : Suède
🇸🇬|Singapore|drapeau : Singapour
🇸🇭|St. Helena|drapeau : Sainte-Hélène
🇸🇮|Slovenia|drapeau : Slovénie
🇸🇯|Svalbard & Jan Mayen|drapeau : Svalbard et Jan Mayen
🇸🇰|Slovakia|drapeau : Slovaquie
🇸🇱|Sierra Leone|drapeau : Sierra Leone
🇸🇲|San Marino|drapeau : Saint-Marin
🇸🇳|Senegal|drapeau : Sénégal
🇸🇴|Somalia|drapeau : Somalie
🇸🇷|Suriname|drapeau : Suriname
🇸🇸|South Sudan|drapeau : Soudan du Sud
🇸🇹|São Tomé & Príncipe|drapeau : Sao Tomé-et-Principe
🇸🇻|El Salvador|drapeau : Salvador
🇸🇽|Sint Maarten|drapeau : Saint-Martin (partie néerlandaise)
🇸🇾|Syria|drapeau : Syrie
🇸🇿|Eswatini|drapeau : Eswatini
🇹🇦|Tristan da Cunha|drapeau : Tristan da Cunha
🇹🇨|Turks & Caicos Islands|drapeau : Îles Turques-et-Caïques
🇹🇩|Chad|drapeau : Tchad
🇹🇫|French Southern Territories|drapeau : Terres australes françaises
🇹🇬|Togo|drapeau : Togo
🇹🇭|Thailand|drapeau : Thaïlande
🇹🇯|Tajikistan|drapeau : Tadjikistan
🇹🇰|Tokelau|drapeau : Tokelau
🇹🇱|Timor-Leste|drapeau : Timor oriental
🇹🇲|Turkmenistan|drapeau : Turkménistan
🇹🇳|Tunisia|drapeau : Tunisie
🇹🇴|Tonga|drapeau : Tonga
🇹🇷|Turkey|drapeau : Turquie
🇹🇹|Trinidad & Tobago|drapeau : Trinité-et-Tobago
🇹🇻|Tuvalu|drapeau : Tuvalu
🇹🇼|Taiwan|drapeau : Taïwan
🇹🇿|Tanzania|drapeau : Tanzanie
🇺🇦|Ukraine|drapeau : Ukraine
🇺🇬|Uganda|drapeau : Ouganda
🇺🇲|U.S. Outlying Islands|drapeau : Îles mineures éloignées des États-Unis
🇺🇳|United Nations|drapeau : Nations Unies
🇺🇸|United States|drapeau : États-Unis
🇺🇾|Uruguay|drapeau : Uruguay
🇺🇿|Uzbekistan|drapeau : Ouzbékistan
🇻🇦|Vatican City|drapeau : État de la Cité du Vatican
🇻🇨|St. Vincent & Grenadines|drapeau : Saint-Vincent-et-les Grenadines
🇻🇪|Venezuela|drapeau : Venezuela
🇻🇬|British Virgin Islands|drapeau : Îles Vierges britanniques
🇻🇮|U.S. Virgin Islands|drapeau : Îles Vierges des États-Unis
🇻🇳|Vietnam|drapeau : Viêt Nam
🇻🇺|Vanuatu|drapeau : Vanuatu
🇼🇫|Wallis & Futuna|drapeau : Wallis-et-Futuna
🇼🇸|Samoa|drapeau : Samoa
🇽🇰|Kosovo|drapeau : Kosovo
🇾🇪|Yemen|drapeau : Yémen
🇾🇹|Mayotte|drapeau : Mayotte
🇿🇦|South Africa|drapeau : Afrique du Sud
🇿🇲|Zambia|drapeau : Zambie
🇿🇼|Zimbabwe|drapeau : Zimbabwe`,
} as const;
