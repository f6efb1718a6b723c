"""Due phrases as people write them, and text that names no day, in seven languages. test_due.py reads them.

Today is Wednesday, 25 November 2026; a coach writes the day before the month. A row is 'what it means: phrase |
phrase'; what it means is a day (of 2026 unless the year is said), 'next_session' or 'recurring', with '?' where the day
may be meant otherwise. Phrases stand in `action`, sentences alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    action: str
    phrases: str
    sentences: str
    no_date: str
    verb_last: str = ""
    """An action whose verb stands behind the phrase."""

    @property
    def plain_action(self) -> str:
        return self.action.removesuffix(" {}")


def rows(table: str) -> Iterator[tuple[str, str]]:
    """(what it means, the phrase)"""
    for line in table.strip().splitlines():
        meaning, _, phrases = line.partition(": ")
        for phrase in phrases.split(" | "):
            yield meaning, phrase


def texts(table: str) -> list[str]:
    return [text for line in table.strip().splitlines() for text in line.split(" | ")]


ENGLISH = Language(
    action="Call Sam {}",
    phrases="""
11-25: tonight | today | this evening | this afternoon | later today | by tonight | by end of day | by EOD | EOD
11-20?: by 20/11/2026 | by 20 November 2026 | by 2026-11-20
11-25: by COB | by close of business | by the end of today | by the end of the day | by today
11-26: tomorrow | tomorrow morning | by tomorrow | by tomorrow night | tomorrow at 10am | by noon tomorrow
11-26: tomorrow by noon | first thing tomorrow | by EOD tomorrow | within 24 hours | on Thursday | by Thurs | by Thu
11-26: by Thur. | before Thursday | until Thursday
11-27: by Friday | by Fri | by Fri. | on Friday | before Friday | until Friday | till Friday | this Friday
11-27: by this Friday | this coming Friday | due Friday | due by Friday | due on Friday | due: Friday
11-27: deadline Friday | deadline: Friday | EOD Friday | by EOD Friday | by end of day Friday
11-27: by end of day on Friday | by COB Friday | by Friday EOD | by the end of Friday
11-27: by close of business on Friday | by Friday 5pm | by Friday at 5 pm | by 5pm on Friday | by Friday 17:00
11-27: by Friday, 5pm | by noon on Friday | by Friday noon | on Friday morning | by Friday night
11-27: before noon on Friday | by Friday lunchtime | by Friday latest | by Friday at the latest
11-27: no later than Friday | by Friday, please | by Friday if possible | at the latest by Friday
11-27: by Friday the latest | on or before Friday | between now and Friday | not later than Friday
11-27: by Friday the 27th | by Friday 27th | on Friday 27 November | by Fri 27 Nov | by Friday, November 27
11-27: by Friday 27/11 | by the 27th | the day after tomorrow | by the day after tomorrow | within 48 hours
11-27: within two days | by Friday evening | by Friday at 5pm | by 5pm Friday
11-28: by Saturday | on Sat | within 3 days | in three days | in the next three days | over the next 3 days
11-28?: by the weekend | before the weekend
11-29: on Sunday | by Sunday evening | by Sun
11-29?: over the weekend | this weekend | at the weekend | on the weekend | by the end of the weekend
11-29?: during the weekend | this week | by the end of the week | by end of week | by EOW | EOW | later this week
11-29?: sometime this week | by the end of this week | within this week | at the end of the week
11-30: by Monday | before Monday | first thing Monday | first thing on Monday | by Monday morning
11-30: by the end of the month | by month end | by end of month | by EOM | this month | by the end of November
11-30: by end of Nov | by the end of this month | by month's end
11-30: by the 30th
11-30?: before next week | this Monday
12-01: by Tuesday | on Tues | by Tue
12-01?: next Tuesday | by next Tuesday | on next Tuesday
12-02: in a week | within a week | a week from today | in one week | in a week's time | one week from now
12-02: in 7 days | in 1 week | a week from now
12-02?: by Wednesday | on Wed | by Weds
12-03: by 3 December | by 3rd December | by Dec 3rd | by Dec 3 | by December 3rd | by December the 3rd
12-03: by the 3rd of December | on 3 Dec. | by 3 Dec 2026 | by December 3, 2026 | due 3 Dec | due: 3 December
12-03: by the 3rd | by 3/12 | by 3.12. | by 3.12.2026 | by 03/12/26 | by 3-12-2026 | by 2026-12-03 | by 2026/12/03
12-03: by 3. December | by Thursday 3 December | by Thursday, 3rd Dec | until 3 December | before 3 December
12-03: by the 3rd of next month | by Dec. 3 | on Thursday, 3 December
12-03?: by Monday, 3 December
12-04: a week on Friday | a week from Friday | Friday week | by Friday next week | by Friday of next week
12-04?: next Friday | by next Friday
12-06?: next week | by next week | by the end of next week | sometime next week | during next week
12-09: in two weeks | in 2 weeks | within a fortnight | in a fortnight | two weeks from now | two weeks from today
12-09: in 2 weeks' time | within the next two weeks | in 14 days | within two weeks | in the next two weeks
12-09: over the next two weeks | within 2 wks
12-09?: in a couple of weeks
12-15: by the 15th | before the 15th | on the 15th | by 15 December | by 15th
12-15?: by mid-December | by mid December | by the middle of December
12-25: in a month | within a month | in one month
12-25?: by Christmas | before Christmas | by 12/25
2027-11-20?: by 20 November
12-31: by the end of the year | by year end | by the end of December | by end of year | this year
12-31: by the end of next month
2027-02-25: in three months | within 3 months
next_session: before our next session | before the next session | before next session | by our next call
next_session: by the next session | for next time | for our next session | until we meet again | until next time
next_session: before we next meet | before we meet again | before we meet | before we speak again
next_session: by the next time we meet | by the time we meet again | at our next session | in our next session
next_session: to our next session | for next session | ahead of our next session | before our next meeting
next_session: before our next coaching session | by next session | before our next appointment
next_session: before our next conversation | till next time | between now and our next session | before our session
next_session: before the session | in time for our next session | by our next catch-up | before next time
next_session: next time | next session | by next time | for our next meeting | before our next call on Friday
next_session: by our session next week | before I see you next | before we talk again | until our next session
next_session: until we next speak | due: next session | before our next one
recurring: daily | every day | each day | every morning | each morning | every evening | every night
recurring: three times a week | 3 times a week | 3x a week | 3x this week | three times this week | twice a day
recurring: once a day | once a week | weekly | every weekday | each weekday until Friday | every Monday
recurring: each Sunday evening | every other day | every second day | every two days | on Mondays
recurring: on Monday mornings | on weekdays | 10 minutes a day | 10 min daily | 10 minutes each day
recurring: every day this week | every day until our next session | every day for two weeks | at least once a week
recurring: 3x per week | 3x/week | 3 x week | four times per week | every day until Friday | twice weekly | nightly
recurring: every week | once each morning | every morning before work | every evening before bed
recurring: two evenings a week | every Friday at noon | Monday to Friday | on two days this week
recurring: every other Friday | 5x a day | at weekends | in the mornings | monthly | every month
""",
    sentences="""
11-25: Text Mum tonight! | Talk it through with Ben today
11-26: Talk to HR tomorrow afternoon at 3 | Sleep on it and decide tomorrow | Say no to the extra shift tomorrow
11-27: Finish the CV and send it to me by this Friday
11-27: Please get the form back to the school no later than Fri 27th Nov | Call Sam twice before Friday
11-27: Ring the landlord about the deposit – by Friday at the latest | By Friday: ring the landlord
11-27: [by Fri] ring the landlord | Have a draft ready Friday at the latest
11-29?: Write the first page some time this week
11-30: Clear the garage by Monday, 30 November 2026 | Start the course on Monday | Send invoices by end of November
11-30?: Set up a meeting with Sam early next week
12-01: Draft an outline by Tuesday 9am | Get feedback from Priya by Tue 1 Dec
12-02: Check your savings account in one week
12-03: Book flights before Dec. 3 | Book the MOT before 3rd Dec | Renew the passport (deadline 3 December)
12-03: Renew the passport, due 3/12
12-06?: Choose a gym within the next week | Meet the new manager next week
12-10: Return the keys by Thursday the 10th
12-15: File the tax return by 15/12/2026 | File the tax return by 15 Dec 26
12-20: Finish the module by the 20th
next_session: Bring three examples to our next session | Email me the draft two days before our next session
next_session: Finish the worksheet ahead of our session next Tuesday | Have it ready for our next call
next_session: Think about what you want to work on next time | Two pages of reflection for our next meeting
next_session: Read it before we speak next | Before our next session write down three wins
next_session: Note what comes up until our next call
recurring: Meditate for ten minutes every morning before checking your phone | Stretch 2x per day
recurring: Do one brave thing each day this week | Keep the food diary every day until we meet
recurring: Run on Tuesdays and Thursdays | Walk every Tuesday and Thursday
recurring: Practise the breathing exercise at least five times a week | Reduce screen time by 30 minutes a night
recurring: Every evening, write down one thing you enjoyed | Once a week, call your father
recurring: Phone away at 9pm every night | Take a walk at lunch every weekday | Twice a week go for a swim
recurring: Each Sunday evening plan the week
""",
    no_date="""
Call Sam | Read page 3 | Log in | Turn the lamp on | Speak to Sam in person | Email the March report | Take a day off
Talk to the boss about May | This may help | Write about how you sat down | Remember that in march we walked
Sit by the sea | Notice when you are in two minds | Read before bed | Read ten pages before bed
Have lunch with April | Write to August | Call April | Read 3/4 of the book | Read 3/4 | Try version 3.12
Update to 2.3.1 | Arrive on time | Say no for once | Do it by yourself | Say yes within reason | Sit in the sun
Dry it in the sun | Turn it on | Talk about Monday | Think about last week | Write about last Friday
Write down what happened on Monday | Start from Monday | Notice what changed since Monday | Read chapter 3
Read chapters 1 to 3 | Read pages 3-12 | Meditate for 10 minutes | Rest for two weeks | Plan next week
Prepare for the interview | By the way, call Sam | Meet Sam in person | Write in the first person | Read by 10 authors
Go to bed by 10pm | Be at your desk by 9 | Look up the 12 steps | Call 3 people | Walk on the second floor
Notice the second thought | Think of the mon ami story | Take it one day at a time | Write the plan for the year
Look at the week ahead | Talk about the day before yesterday | Read 'Man Friday' | Watch Black Friday
Prepare the March report | Write about a month in Spain | Describe the week in three words | Say it in a week voice
Buy 2 tickets for the 3rd row | Read the Friday email | Call Sam about the 3rd proposal | Read the book by May Sarton
Meet Jan | Write to Jan by hand | Do it on the spot | Put it in a minute book | Ask Mark to set the date
Look at it in the end | Speak up in meetings | Invite Sam to the meeting | Read the letter of 3 December
List what went well this past week | Use it as of today's rules say | Live in the now | Hand in the form
Keep it till the end | Wait until the rain stops
Have the hard conversation with your sister on or before Friday, ideally in person
Draft an outline by Tuesday at 9am sharp | Submit the expenses before Monday's standup
Pick a date for the party before the week is out | Journal most evenings | Think about what April would say
Do the exercise on page 12 | Call three friends in the order you listed them | Ask for feedback in your next 1:1
Write a letter to yourself in ten years | Describe your ideal week | Note what you did before noon
Decide on one thing | Learn to say no at work | Talk to Sunday school teacher | Run 5k in under 30 minutes
List everything you do in a day | Say thank you to Jan and Mark | Cut meetings by half | Increase your fee by 10%
Increase your fee by 10 | Put the phone away at 9 | Look at your calendar for the past month
Prepare a budget for next year | Call Sam 3 December | Before the next meeting with Tom take three breaths
Before the call, breathe | Ask what the team needs by way of support
Sun, sea and sand: write about your ideal holiday | Read chapter 2 and 3 | Save 20 percent
List the pros and cons of the March offer | Take the second step | Stand by the window
Put your phone in another room at night | Write to the person you were on that day | Look in the mirror
Sort the papers in the office | Consider how you felt on your last day | Work on one thing at a time
Choose between May and June | Find out who decides on Fridays off | Think over the offer
Speak in the first ten minutes of the meeting | Start the day with water | Describe what next year looks like
Do nothing for a day | Daily walk with Sam | Ask about Tom's next appointment
""",
)

GERMAN = Language(
    action="Sam anrufen {}",
    verb_last="Sam {} anrufen",
    phrases="""
11-25: heute | heute Abend | bis heute Abend | noch heute | bis heute | heute noch | bis Tagesende
11-25: bis Ende des Tages | heute Nachmittag
11-26: morgen | bis morgen | morgen früh | morgen Abend | bis morgen Mittag | bis morgen früh | gleich morgen
11-26: morgen um 10 Uhr | am Donnerstag | bis Do | bis Do. | vor Donnerstag | bis Donnerstag
11-27: bis Freitag | bis Fr | bis Fr. | bis zum Freitag | am Freitag | vor Freitag | diesen Freitag
11-27: bis diesen Freitag | bis kommenden Freitag | am kommenden Freitag | kommenden Freitag
11-27: bis spätestens Freitag | spätestens Freitag | spätestens bis Freitag | spätestens am Freitag
11-27: bis Freitag spätestens | noch vor Freitag | bis einschließlich Freitag | bis Freitagabend | bis Freitag Abend
11-27: bis Freitagmittag | am Freitagmorgen | bis Freitag 17 Uhr | bis Freitag um 17 Uhr | bis Freitag, 17:00 Uhr
11-27: am Freitag um 17.00 Uhr | am Freitag vormittag | bis Freitag früh | bis Freitag, 27. November
11-27: bis Freitag, den 27.11. | bis Freitag, dem 27. November | bis Fr 27.11. | am Freitag, den 27. November
11-27: bis zum 27.11. | übermorgen | bis übermorgen | in zwei Tagen | binnen 48 Stunden | innerhalb von zwei Tagen
11-28: bis Samstag | bis Sonnabend | am Sa | in drei Tagen | innerhalb von 3 Tagen | in den nächsten drei Tagen
11-28: binnen drei Tagen
11-28?: bis zum Wochenende | vor dem Wochenende | bis Wochenende
11-29?: am Wochenende | übers Wochenende | über das Wochenende | dieses Wochenende | diese Woche
11-29?: bis Ende der Woche | bis Ende dieser Woche | in dieser Woche | noch diese Woche | Ende der Woche
11-29?: bis zum Ende der Woche | im Laufe der Woche
11-30: bis Montag | am Montag | vor Montag | am Montagmorgen | bis Montag früh | bis Ende des Monats
11-30: bis Monatsende | bis zum Monatsende | bis Ende November | Ende des Monats | diesen Monat
11-30: bis zum Ende des Monats | bis Ende Nov. | bis Ende dieses Monats
12-01: bis Dienstag | am Di
12-01?: nächsten Dienstag | bis nächsten Dienstag | am nächsten Dienstag
12-02: in einer Woche | binnen einer Woche | innerhalb einer Woche | in 7 Tagen | heute in einer Woche
12-02: innerhalb von einer Woche
12-02?: bis Mittwoch | am Mi
12-03: bis zum 3. Dezember | bis 3. Dezember | bis 3. Dez. | bis 3. Dez | bis 3.12. | bis 3.12 | bis zum 3.12.2026
12-03: bis 03.12. | bis 03.12.26 | am 3. Dezember | am 3.12. | vor dem 3. Dezember | bis zum 3.
12-03: fällig am 3. Dezember | fällig: 3.12. | Frist: 3. Dezember | bis Donnerstag, den 3. Dezember
12-03: spätestens am 3.12. | bis 3 Dezember | bis 2026-12-03 | bis zum 3. 12. | bis zum 3. Dezember 2026
12-04: Freitag in einer Woche | bis Freitag nächster Woche | bis Freitag nächste Woche
12-04?: nächsten Freitag | bis nächsten Freitag
12-06?: nächste Woche | bis nächste Woche | bis Ende nächster Woche | in der nächsten Woche | in KW 49 | bis KW 49
12-06?: bis Ende KW 49 | in der KW 49 | kommende Woche | im Laufe der nächsten Woche
12-09: in zwei Wochen | in 14 Tagen | binnen zwei Wochen | innerhalb von zwei Wochen
12-09: innerhalb der nächsten zwei Wochen | in den nächsten zwei Wochen | in 2 Wochen | heute in zwei Wochen
12-09: in vierzehn Tagen
12-15: bis zum 15. | vor dem 15. | am 15. Dezember | bis zum 15.12.
12-15?: bis Mitte Dezember
12-25: in einem Monat | innerhalb eines Monats | binnen eines Monats
12-25?: bis Weihnachten | vor Weihnachten
12-31: bis Ende des Jahres | bis Jahresende | bis zum Jahresende | bis Ende Dezember | bis Ende des nächsten Monats
2027-02-25: in drei Monaten
next_session: vor unserer nächsten Sitzung | bis zur nächsten Sitzung | vor der nächsten Sitzung
next_session: bis zum nächsten Termin | vor dem nächsten Termin | für unsere nächste Sitzung
next_session: für die nächste Sitzung | für das nächste Mal | fürs nächste Mal | bis zum nächsten Mal
next_session: bis nächstes Mal | bis zu unserem nächsten Treffen | bis zum nächsten Gespräch
next_session: vor unserem nächsten Gespräch | bis wir uns wiedersehen | bevor wir uns wiedersehen
next_session: bis zur nächsten Coaching-Sitzung | zur nächsten Sitzung | in unserer nächsten Sitzung
next_session: beim nächsten Mal | vor dem nächsten Call | bis zur nächsten Session | bis zur nächsten Stunde
next_session: nächstes Mal | das nächste Mal | bis zu unserer nächsten Sitzung | bis zum nächsten Treffen
next_session: bis wir uns das nächste Mal sehen | bis zum nächsten Coaching | bis zur nächsten Einheit
next_session: vor unserem nächsten Termin | rechtzeitig vor der nächsten Sitzung
recurring: täglich | jeden Tag | jeden Morgen | jeden Abend | dreimal pro Woche | dreimal die Woche | 3x pro Woche
recurring: 3 x pro Woche | 3x die Woche | drei Mal pro Woche | 3 Mal pro Woche | zweimal am Tag | einmal am Tag
recurring: einmal pro Woche | wöchentlich | einmal in der Woche | jeden Montag | montags | immer montags
recurring: jeden Werktag | werktags | an Werktagen | jeden Werktag bis Freitag | jeden zweiten Tag | alle zwei Tage
recurring: 10 Minuten am Tag | täglich 10 Minuten | 10 Minuten täglich | jede Woche | morgens | abends
recurring: jeden Tag bis zur nächsten Sitzung | jeden Tag bis Freitag | mindestens einmal pro Woche
recurring: jeden Morgen vor der Arbeit | zweimal täglich | monatlich | jeden Monat | jede Nacht | Montag bis Freitag
recurring: von Montag bis Freitag | zweimal diese Woche | jeden Abend vor dem Schlafen
""",
    sentences="""
11-25: Heute Abend drei Dinge aufschreiben, die gut waren | Heute noch den Termin absagen
11-26: Morgen mit dem Chef reden | Bis morgen Abend entscheiden
11-27: Den Lebenslauf bis Freitag an Sam schicken | Bis Freitag den Lebenslauf fertig machen
11-27: Schreib Sam bis spätestens Freitag | Ruf deine Schwester bis Freitag an | Bitte bis Freitag erledigen
11-27: Bitte erledige das bis Freitag! | Antrag abgeben – spätestens Freitag | Freitag: Sam anrufen
11-28: Am Samstag eine Stunde für dich nehmen
11-29?: Diese Woche zwei Bewerbungen schreiben | Am Wochenende den Keller aufräumen
11-30: Bis Ende November kündigen | Am Montag mit Sam sprechen | Gleich am Montag mit Sam sprechen
11-30: Die Sitzung am Montag vorbereiten
12-03: Bis zum 3.12. die Unterlagen einreichen | Unterlagen einreichen (bis 3.12.)
12-03: Steuererklärung bis zum 03.12.2026 abgeben | Termin beim Arzt bis 3. Dezember vereinbaren
12-03: Am 3.12. mit dem Chef sprechen | Mit dem Chef am Donnerstag, 3. Dezember, sprechen
12-06?: Nächste Woche den Zahnarzt anrufen
12-09: In zwei Wochen beim Amt nachfragen
12-15: Bis zum 15.12. die Bewerbung abschicken | Bis 15.12. Sam anrufen
next_session: Bis zur nächsten Sitzung das Kapitel 3 lesen | Das Arbeitsblatt zur nächsten Sitzung mitbringen
next_session: Vor unserem nächsten Termin ein Ziel aufschreiben | Überlege dir bis zum nächsten Mal ein Thema
next_session: Bis zu unserem nächsten Termin das Tagebuch führen | Aufschreiben, was bis zur nächsten Sitzung auffällt
recurring: Jeden Morgen zehn Minuten spazieren gehen | Abends drei gute Dinge aufschreiben
recurring: Täglich 10 Minuten meditieren | Dreimal pro Woche laufen gehen
recurring: Jeden Abend vor dem Einschlafen drei Dinge notieren | Mindestens zweimal die Woche Sport machen
recurring: Drei Mal pro Woche 20 Minuten laufen | Jeden Sonntag die Woche planen | Einmal am Tag innehalten
""",
    no_date="""
Das kann helfen | Setz dich in den Mai | Sam guten Morgen sagen | Am Morgen lesen | Lies das Kapitel 3
Lies Kapitel 3. | Seite 3.12 lesen | Version 3.12 testen | Am Meer sitzen | In der Sonne sitzen
Vor dem Schlafen lesen | Sam am Telefon sprechen | Über den Montag sprechen | Über Montag nachdenken
Drei Viertel des Buches lesen | 3/4 des Buches lesen | Zwei Wochen ausruhen | 10 Minuten lang meditieren
Seit Montag beobachten | Ab Montag anfangen | Nächste Woche planen | Den Mai genießen | August anrufen
Mit August sprechen | Frau Mai anrufen | Herrn Sommer schreiben | Bis ins Detail planen | In aller Ruhe lesen
Im Ernst | Bis drei zählen | Bis 10 zählen | Von 1 bis 10 bewerten | Vor Ort sein | Am besten beides
In zwei Sätzen beschreiben | Auf sich achten | In Ruhe darüber schlafen | Den Bericht vom 3. Dezember lesen
Über letzte Woche schreiben | Letzten Freitag beschreiben | Am Ende nachfragen | Bis zum Ende lesen
Die Woche beschreiben | Mo anrufen | Di Lorenzo lesen | Für die Sitzung mit dem Chef üben | Auf die Uhr sehen
Einen Tag nach dem anderen nehmen | In drei Worten beschreiben | Bis an die Grenze gehen | Sa und So sagen
Mit Frau August sprechen | Den Montag planen | Eine Liste mit Zielen für nächstes Jahr schreiben
Über die letzten zwei Wochen nachdenken | In einem Satz aufschreiben, was zählt | Um 10 Uhr ins Bett gehen
Bis 10 Uhr im Büro sein | Am Telefon Nein sagen | Zwei Minuten vor dem Spiegel stehen | An einem Tag nichts tun
In der Woche auf Alkohol verzichten | Die ersten 15 Seiten lesen | Das Gespräch mit Mai vorbereiten
Sam anrufen bis Wochenschluss | Sam anrufen KW 49 | Sam anrufen bis 15. | Lies die Seiten 3 bis 15
Bis zum 3. Kapitel lesen | Auf einer Skala von 1 bis 10 einschätzen | Mit dem ersten Satz beginnen | Im Mai anfangen
Die Liste von gestern abarbeiten | Vor dem Termin tief durchatmen
""",
)

FRENCH = Language(
    action="Appeler Sam {}",
    phrases="""
11-25: aujourd'hui | aujourd’hui | ce soir | cet après-midi | d'ici ce soir | avant ce soir
11-25: d'ici la fin de la journée | avant la fin de la journée
11-26: demain | demain matin | avant demain | d'ici demain | pour demain | demain soir | demain à 10h | dès demain
11-26: avant demain soir | avant jeudi | d'ici jeudi | pour jeudi | jusqu'à jeudi
11-27: d'ici vendredi | d’ici vendredi | avant vendredi | pour vendredi | ce vendredi | d'ici à vendredi
11-27: jusqu'à vendredi | au plus tard vendredi | vendredi au plus tard | d'ici vendredi soir | avant vendredi midi
11-27: avant vendredi 17h | avant vendredi à 17h00 | avant ven. | d'ici vendredi 27 novembre
11-27: avant le vendredi 27 novembre | le vendredi 27 novembre | avant vendredi, s'il te plaît | après-demain
11-27: d'ici après-demain | dans deux jours | sous 48 heures | sous 48h | d'ici deux jours
11-27: avant la fin de vendredi | pour vendredi matin | échéance : vendredi | échéance vendredi
11-28: avant samedi | d'ici samedi | dans trois jours | sous 3 jours | d'ici trois jours | dans les trois jours
11-28?: d'ici le week-end | avant le week-end | avant le weekend
11-29?: ce week-end | pendant le week-end | ce weekend | durant le week-end | cette semaine
11-29?: d'ici la fin de la semaine | avant la fin de la semaine | d'ici la fin de semaine | en fin de semaine
11-29?: avant la fin de cette semaine | d'ici à la fin de la semaine | dans la semaine
11-30: avant lundi | d'ici lundi | lundi matin au plus tard | d'ici la fin du mois | avant la fin du mois
11-30: à la fin du mois | d'ici fin novembre | d'ici la fin novembre | ce mois-ci | avant fin novembre
11-30: en fin de mois
12-01: avant mardi | d'ici mardi | avant le 1er décembre | d'ici au 1er décembre | le 1er décembre
12-01?: mardi prochain | d'ici mardi prochain | avant mardi prochain
12-02: dans une semaine | d'ici une semaine | sous une semaine | dans 7 jours
12-02?: avant mercredi
12-03: avant le 3 décembre | d'ici le 3 décembre | le 3 décembre | d'ici au 3 décembre | pour le 3 décembre
12-03: avant le 3 déc. | avant le 3 déc | avant le 3/12 | avant le 3/12/2026 | avant le 03.12.2026 | d'ici le 3
12-03: avant le 3 | jusqu'au 3 décembre | au plus tard le 3 décembre | avant le jeudi 3 décembre
12-03: avant jeudi 3 décembre | échéance : 3 décembre | avant le 2026-12-03
12-03?: sous huit jours | dans huit jours | sous 8 jours
12-04: vendredi en huit | vendredi de la semaine prochaine
12-04?: vendredi prochain | avant vendredi prochain
12-06?: la semaine prochaine | d'ici la semaine prochaine | d'ici la fin de la semaine prochaine
12-06?: avant la fin de la semaine prochaine | semaine prochaine
12-09: dans deux semaines | d'ici deux semaines | sous deux semaines | dans les deux semaines
12-09: dans les deux prochaines semaines | dans 14 jours
12-10?: dans quinze jours | d'ici 15 jours
12-15: avant le 15 | d'ici le 15 | pour le 15 décembre | avant le 15/12 | d'ici au 15
12-15?: d'ici la mi-décembre | avant mi-décembre | d'ici mi-décembre
12-25: dans un mois | d'ici un mois | sous un mois
12-25?: avant Noël | d'ici Noël
12-31: d'ici la fin de l'année | avant la fin de l'année | d'ici fin décembre | avant la fin du mois prochain
2027-02-25: dans trois mois
next_session: avant notre prochaine séance | avant la prochaine séance | pour la prochaine séance
next_session: d'ici la prochaine séance | d'ici notre prochaine séance | pour la prochaine fois
next_session: d'ici la prochaine fois | la prochaine fois | avant notre prochain rendez-vous
next_session: avant le prochain rendez-vous | pour notre prochain rendez-vous | d'ici notre prochain appel
next_session: à la prochaine séance | lors de notre prochaine séance | avant notre prochaine rencontre
next_session: avant de nous revoir | d'ici à notre prochaine séance | jusqu'à la prochaine séance
next_session: jusqu'à la prochaine fois | avant notre prochaine session | avant le prochain coaching
next_session: avant notre prochain entretien | d'ici notre prochain rdv | avant la séance suivante
next_session: d'ici à ce qu'on se revoie | avant qu'on se revoie | avant la séance
next_session: jusqu'à notre prochain rendez-vous
recurring: chaque jour | tous les jours | tous les matins | chaque matin | tous les soirs | chaque soir
recurring: trois fois par semaine | 3 fois par semaine | 3x par semaine | une fois par jour | deux fois par jour
recurring: une fois par semaine | chaque semaine | toutes les semaines | tous les lundis | chaque lundi
recurring: quotidiennement | un jour sur deux | tous les deux jours | 10 minutes par jour | trois fois cette semaine
recurring: chaque jour jusqu'à vendredi | tous les jours jusqu'à vendredi | tous les jours de la semaine
recurring: du lundi au vendredi | au moins une fois par semaine | chaque jour ouvré
recurring: tous les matins avant le travail | tous les soirs avant de dormir | chaque mois | tous les mois
recurring: hebdomadairement | deux soirs par semaine
""",
    sentences="""
11-26: Parler au chef demain matin à 9h
11-27: Envoyer le CV à Sam d'ici vendredi soir | D'ici vendredi, envoyer le CV à Sam
11-27: Rendre le dossier pour vendredi au plus tard | Appeler Sam trois fois d'ici vendredi
11-27: Merci d'envoyer le document d'ici vendredi | Vendredi : appeler Sam
11-29?: Écrire la première page cette semaine
11-30: Choisir une salle de sport d'ici la fin du mois
12-03: Prendre rendez-vous chez le médecin avant le 3 décembre | Déposer la demande avant le 3 décembre 2026
12-03: Pour le 3 décembre, préparer une liste
12-06?: Appeler le dentiste la semaine prochaine
12-09: Relancer la banque dans deux semaines
next_session: Lire le chapitre 3 avant notre prochaine séance | Apporter trois exemples à notre prochaine séance
next_session: Préparer la liste pour la prochaine fois | Avant notre prochain rendez-vous, écrire une lettre
next_session: Noter ce qui vient jusqu'à la prochaine séance
recurring: Marcher dix minutes tous les matins | Chaque soir, noter trois choses positives
recurring: Courir au moins deux fois par semaine | Méditer 10 minutes chaque matin avant de partir
recurring: Tous les jours, écrire une page | Une fois par jour, respirer trois minutes
recurring: Deux soirs par semaine, éteindre le téléphone
""",
    no_date="""
Écrire sur le mois de mai | Parler de mai | Marcher au bord de la mer | Lire avant de dormir | Lire le chapitre 3
Lire les 3/4 du livre | Installer la version 3.12 | Arriver à l'heure | Écrire le mot dans le carnet
Le faire pour une fois | Y aller en deux temps | Méditer pendant 10 minutes | Se reposer pendant deux semaines
Parler de lundi | Observer depuis lundi | Commencer à partir de lundi | Appeler Avril | Inviter Juin | Écrire à Mars
Préparer la semaine prochaine | Lire pour le plaisir | Parler avec Sam au bureau | Le dire avant tout
Compter jusqu'à 10 | Noter de 1 à 10 | Écrire en trois mots | Aller dans le sud | Lire le rapport du 3 décembre
Décrire vendredi dernier | Penser à la semaine dernière | Prendre un jour à la fois | Demander pour de bon
Aller jusqu'au bout | Parler pour soi | Appeler le 3 | Préparer la réunion | Écrire sur la fin de l'année
Mettre le mar de café | Le faire sous peu | Lire la page 12 | Sortir le soir | En parler avant
Rester dans le présent | Écrire la lettre de lundi | Ranger le garage samedi | Écrire à ta sœur le mois de mai
Dire non au travail | Lire les 15 premières pages | Penser à ce que dirait Avril | Se coucher avant 22h
Arriver au bureau avant 9h | Faire la liste de tes journées | Écrire une lettre à toi dans dix ans
Parler de la semaine prochaine | Réduire le temps d'écran de 30 minutes | Faire le point sur la semaine
Se reposer le dimanche | Prendre une pause dans la journée | En parler à Sam dès que possible | Appeler Sam jeudi
Appeler Sam samedi | Appeler Sam fin novembre | Appeler Sam sous quinzaine | Appeler Sam le lundi matin
Lire les pages 3 à 15 | Noter sur une échelle de 1 à 10 | Faire une chose à la fois
Commencer le jour par un verre d'eau | Penser à la fin de journée
""",
)

SPANISH = Language(
    action="Llamar a Sam {}",
    phrases="""
11-25: hoy | esta noche | esta tarde | hoy mismo | antes de esta noche | para hoy | antes de que acabe el día
11-26: mañana | mañana por la mañana | para mañana | antes de mañana | mañana por la tarde | mañana mismo
11-26: mañana a las 10 | el jueves | para el jueves | antes del jueves | hasta el jueves
11-27: el viernes | para el viernes | antes del viernes | este viernes | hasta el viernes | a más tardar el viernes
11-27: el viernes a más tardar | antes de este viernes | antes del viernes a las 17:00
11-27: para el viernes por la tarde | el viernes por la mañana | como muy tarde el viernes | antes del vie.
11-27: antes del viernes 27 | antes del viernes 27 de noviembre | el viernes, 27 de noviembre | para este viernes
11-27: pasado mañana | antes de pasado mañana | en dos días | dentro de dos días | en 48 horas
11-27: fecha límite: viernes | antes del viernes, por favor
11-28: el sábado | antes del sábado | para el sábado | en tres días | dentro de 3 días | en los próximos tres días
11-28?: antes del fin de semana | para el fin de semana
11-29?: este fin de semana | durante el fin de semana | el fin de semana | esta semana | a finales de semana
11-29?: al final de la semana | antes de que termine la semana | para el final de la semana
11-29?: antes del final de la semana | esta misma semana | durante esta semana
11-30: el lunes | antes del lunes | para el lunes por la mañana | a fin de mes | antes de fin de mes
11-30: antes del fin de mes | a finales de mes | para fin de mes | a finales de noviembre | este mes
11-30: antes de que termine el mes | al final del mes | antes de finales de noviembre
11-30?: antes de la semana que viene
12-01: el martes | antes del martes | antes del 1 de diciembre | el 1º de diciembre | antes del primero de diciembre
12-01?: el próximo martes | el martes próximo | el martes que viene | antes del próximo martes
12-02: en una semana | dentro de una semana | en 7 días | en el plazo de una semana
12-02?: antes del miércoles | el miércoles
12-03: antes del 3 de diciembre | el 3 de diciembre | para el 3 de diciembre | hasta el 3 de diciembre
12-03: antes del 3 de dic. | antes del 3/12 | antes del 3/12/2026 | para el 3 de dic | antes del 3 | antes del día 3
12-03: para el día 3 de diciembre | el jueves 3 de diciembre | antes del jueves, 3 de diciembre
12-03: a más tardar el 3 de diciembre | antes del 03-12-2026 | antes del 3 diciembre | vence el 3 de diciembre
12-03: antes del 3 de diciembre de 2026 | antes del 2026-12-03
12-04: el viernes de la semana que viene
12-04?: el próximo viernes | el viernes que viene | antes del viernes próximo
12-06?: la próxima semana | la semana que viene | la semana próxima | a finales de la semana que viene
12-06?: para la semana que viene
12-09: en dos semanas | dentro de dos semanas | en 2 semanas | en las próximas dos semanas | en 14 días
12-10?: en quince días | dentro de 15 días
12-15: antes del 15 | para el 15 | el 15 de diciembre | antes del día 15
12-15?: a mediados de diciembre | antes de mediados de diciembre
12-25: en un mes | dentro de un mes
12-25?: antes de Navidad | para Navidad
12-31: antes de fin de año | a finales de año | antes del final del año | a finales de diciembre
2027-02-25: en tres meses
next_session: antes de nuestra próxima sesión | antes de la próxima sesión | para la próxima sesión
next_session: para nuestra próxima sesión | hasta la próxima sesión | para la próxima vez | la próxima vez
next_session: hasta la próxima | antes de la próxima cita | antes de nuestra próxima reunión
next_session: para nuestro próximo encuentro | antes de la próxima llamada | en la próxima sesión
next_session: antes de volver a vernos | antes de vernos de nuevo | hasta que nos veamos
next_session: antes de la siguiente sesión | para la siguiente sesión | en nuestra próxima sesión
next_session: antes de nuestra próxima conversación | antes de la sesión | hasta nuestra próxima sesión
next_session: antes de la sesión que viene | para la sesión de la semana que viene | antes de nuestra cita
recurring: cada día | todos los días | cada mañana | todas las mañanas | todas las noches | cada noche
recurring: tres veces por semana | tres veces a la semana | 3 veces por semana | 3x semana | 3 veces a la semana
recurring: una vez al día | dos veces al día | una vez por semana | cada semana | todas las semanas
recurring: todos los lunes | cada lunes | los lunes | diariamente | a diario | cada dos días | un día sí y otro no
recurring: 10 minutos al día | 10 minutos cada día | tres veces esta semana | cada día hasta el viernes
recurring: todos los días hasta el viernes | de lunes a viernes | entre semana | al menos una vez por semana
recurring: semanalmente | cada mañana antes del trabajo | todas las noches antes de dormir | cada mes
recurring: por las mañanas | los fines de semana | dos tardes por semana
""",
    sentences="""
11-26: Hablar con el jefe mañana por la mañana
11-27: Enviar el currículum a Sam antes del viernes por la tarde | Antes del viernes, enviar el currículum
11-27: Hablar con tu hermana este viernes | Para el viernes, preparar una lista | Viernes: llamar a Sam
11-28: Ordenar el garaje el sábado
11-29?: Escribir la primera página esta semana
11-30: Elegir un gimnasio antes de fin de mes
12-03: Presentar la solicitud antes del 3 de diciembre | Pedir cita con el médico para el 3 de diciembre
12-06?: Llamar al dentista la semana que viene
12-09: Llamar al banco dentro de dos semanas
next_session: Leer el capítulo 3 antes de nuestra próxima sesión | Traer tres ejemplos a nuestra próxima sesión
next_session: Preparar la lista para la próxima vez | Antes de la próxima sesión, escribir una carta
next_session: Anotar lo que surja hasta la próxima sesión
recurring: Caminar diez minutos todas las mañanas | Cada noche, anotar tres cosas buenas
recurring: Correr al menos dos veces por semana | Meditar 10 minutos cada mañana antes de salir
recurring: Una vez al día, respirar tres minutos
""",
    no_date="""
Escribir sobre mayo | Hablar de mayo | Pasear por el mar | Leer antes de dormir | Leer el capítulo 3
Leer 3/4 del libro | Instalar la versión 3.12 | Llegar a tiempo | Hacerlo por una vez | Meditar durante 10 minutos
Descansar dos semanas | Hablar del lunes | Observar desde el lunes | Empezar a partir del lunes | Llamar a Abril
Escribir a Julio | Planear la próxima semana | Leer para disfrutar | Hablar con Sam en persona | Contar hasta diez
Contar hasta 10 | Valorar del 1 al 10 | Describirlo en tres palabras | Ir al sur | Leer el informe del 3 de diciembre
Describir el viernes pasado | Pensar en la semana pasada | Ir paso a paso | Un día a la vez | Hablar para mí
Preparar la reunión | Sentarse al sol | Ver el mar | Leer la página 12 | Vivir en el presente | Decirlo antes que nada
Escribir sobre el fin del año | Ir hasta el final | Pedirlo en serio | Llamar al 3 | Leer hasta la página 3
Trabajar por la mañana | Hablar con Domingo | Invitar a Domingo | Salir en dos grupos | Decir que no en el trabajo
Leer las primeras 15 páginas | Acostarse antes de las 22 | Acostarse antes de las 10
Llegar a la oficina antes de las 9 | Escribir una carta a tu yo en diez años | Hablar de la semana que viene
Describir tu semana ideal | Descansar por la noche | Hacer una pausa al día | Comer sin el móvil en la mesa
Leer hasta el capítulo 3 | Caminar hasta el mar | Pensar en el fin de semana pasado | Hablar con Abril
Llamar a Sam al final del día | Leer las páginas 3 a 15 | Empezar el día con agua | Puntuar de 1 a 10
Decidir de una vez
""",
)

ITALIAN = Language(
    action="Chiamare Sam {}",
    phrases="""
11-25: oggi | stasera | questa sera | entro oggi | entro stasera | oggi pomeriggio | entro la fine della giornata
11-25: entro fine giornata | questo pomeriggio
11-26: domani | domani mattina | entro domani | domani sera | per domani | domani alle 10 | entro domani sera
11-26: entro giovedì | prima di giovedì | per giovedì | entro gio
11-27: entro venerdì | prima di venerdì | per venerdì | questo venerdì | entro venerdi | entro venerdì sera
11-27: entro venerdì alle 17 | fino a venerdì | entro e non oltre venerdì | al più tardi venerdì
11-27: entro venerdì al più tardi | venerdì al più tardi | entro ven. | entro venerdì 27 novembre | entro venerdì 27
11-27: entro questo venerdì | dopodomani | entro dopodomani | tra due giorni | fra due giorni | entro due giorni
11-27: entro 48 ore | scadenza: venerdì | entro venerdì, per favore | entro venerdì mattina
11-28: entro sabato | prima di sabato | tra tre giorni | fra 3 giorni | entro tre giorni | nei prossimi tre giorni
11-28?: entro il fine settimana | prima del fine settimana | prima del weekend | entro il weekend
11-29?: questo fine settimana | nel fine settimana | durante il fine settimana | nel weekend | questo weekend
11-29?: questa settimana | entro la fine della settimana | entro questa settimana | in settimana | a fine settimana
11-29?: entro la settimana | prima della fine della settimana
11-30: entro lunedì | prima di lunedì | entro lunedì mattina | entro la fine del mese | entro fine mese
11-30: a fine mese | entro fine novembre | entro la fine di novembre | questo mese | alla fine del mese
11-30: prima della fine del mese
12-01: entro martedì | prima di martedì | entro il 1° dicembre | il 1º dicembre | entro il primo dicembre
12-01: entro l'1 dicembre
12-01?: martedì prossimo | entro martedì prossimo | il prossimo martedì | entro il prossimo martedì
12-02: tra una settimana | fra una settimana | entro una settimana | tra 7 giorni
12-02?: entro mercoledì
12-03: entro il 3 dicembre | il 3 dicembre | prima del 3 dicembre | per il 3 dicembre | entro il 3 dic.
12-03: entro il 3 dic | entro il 3/12 | entro il 3/12/2026 | entro il 03.12.2026 | entro il 3 | prima del 3
12-03: fino al 3 dicembre | entro giovedì 3 dicembre | non oltre il 3 dicembre | entro e non oltre il 3 dicembre
12-03: al più tardi il 3 dicembre | scadenza 3 dicembre | scadenza: 3/12 | entro il 2026-12-03
12-03?: tra otto giorni | entro 8 giorni
12-04: venerdì della prossima settimana
12-04?: venerdì prossimo | entro venerdì prossimo | il prossimo venerdì
12-06?: la prossima settimana | la settimana prossima | entro la prossima settimana
12-06?: entro la fine della prossima settimana | settimana prossima
12-09: tra due settimane | fra due settimane | entro due settimane | nelle prossime due settimane | fra 2 settimane
12-09: entro 14 giorni
12-10?: tra quindici giorni | entro 15 giorni
12-15: entro il 15 | prima del 15 | per il 15 dicembre | entro il 15/12
12-15?: entro metà dicembre | a metà dicembre
12-25: tra un mese | fra un mese | entro un mese
12-25?: entro Natale | prima di Natale
12-31: entro la fine dell'anno | entro fine anno | entro fine dicembre | entro la fine dell’anno
2027-02-25: tra tre mesi
next_session: prima della nostra prossima sessione | prima della prossima sessione | per la prossima sessione
next_session: entro la prossima sessione | per la prossima volta | la prossima volta | entro la prossima volta
next_session: alla prossima sessione | prima del nostro prossimo incontro | prima del prossimo appuntamento
next_session: per il prossimo incontro | entro il nostro prossimo incontro | prima della prossima seduta
next_session: entro la prossima seduta | fino alla prossima sessione | nella prossima sessione
next_session: prima della prossima chiamata | prima di rivederci | fino a quando ci rivediamo
next_session: prima della nostra prossima chiamata | entro il prossimo colloquio | nel prossimo incontro
next_session: prima della sessione | fino al prossimo incontro | prima di vederci
next_session: per il nostro prossimo appuntamento
recurring: ogni giorno | tutti i giorni | ogni mattina | tutte le mattine | ogni sera | tutte le sere
recurring: tre volte a settimana | tre volte alla settimana | 3 volte a settimana | 3x settimana
recurring: una volta al giorno | due volte al giorno | una volta a settimana | ogni settimana | tutte le settimane
recurring: ogni lunedì | tutti i lunedì | quotidianamente | giornalmente | ogni due giorni | a giorni alterni
recurring: 10 minuti al giorno | tre volte questa settimana | ogni giorno fino a venerdì
recurring: tutti i giorni fino a venerdì | dal lunedì al venerdì | da lunedì a venerdì
recurring: almeno una volta a settimana | settimanalmente | ogni mattina prima del lavoro
recurring: ogni sera prima di dormire | ogni mese | tutti i mesi | due sere a settimana | nei giorni feriali
recurring: un giorno sì e uno no | ogni notte
""",
    sentences="""
11-26: Parlare con il capo domani mattina
11-27: Mandare il curriculum a Sam entro venerdì sera | Entro venerdì mandare il curriculum a Sam
11-27: Per venerdì preparare una lista
11-29?: Scrivere la prima pagina questa settimana
11-30: Scegliere una palestra entro fine mese
12-03: Consegnare la domanda entro il 3 dicembre | Prenotare il medico per il 3 dicembre
12-06?: Chiamare il dentista la settimana prossima
12-09: Richiamare la banca tra due settimane
next_session: Leggere il capitolo 3 prima della nostra prossima sessione | Portare tre esempi alla prossima sessione
next_session: Preparare la lista per la prossima volta | Annotare quello che emerge fino alla prossima sessione
recurring: Camminare dieci minuti ogni mattina | Ogni sera scrivere tre cose belle
recurring: Correre almeno due volte a settimana | Meditare 10 minuti ogni mattina prima di uscire
recurring: Una volta al giorno, respirare tre minuti
""",
    no_date="""
Scrivere su maggio | Parlare di maggio | Camminare lungo il mare | Leggere prima di dormire | Leggere il capitolo 3
Leggere 3/4 del libro | Provare la versione 3.12 | Arrivare in tempo | Farlo per una volta | Meditare per 10 minuti
Riposare per due settimane | Parlare di lunedì | Osservare da lunedì | Cominciare da lunedì | Chiamare Aprile
Scrivere ad Agosto | Pianificare la prossima settimana | Leggere per piacere | Parlare con Sam di persona
Contare fino a dieci | Contare fino a 10 | Valutare da 1 a 10 | Descriverlo in tre parole | Andare al mare
Leggere il rapporto del 3 dicembre | Descrivere venerdì scorso | Pensare alla settimana scorsa | Un giorno alla volta
Parlare per me | Preparare la riunione | Sedersi al sole | Leggere la pagina 12 | Vivere nel presente
Dirlo prima di tutto | Andare fino in fondo | Chiedere sul serio | Leggere fino a pagina 3 | Lavorare la mattina
Parlare tra amici | Scegliere tra due offerte | Chiamare Domenica | Parlare con Domenica | Dormire fra le mar e dom
Scrivere il 3 sul foglio | Leggere entro certi limiti | Stare nel qui e ora | Dire di no al lavoro
Leggere le prime 15 pagine | Andare a letto prima delle 22 | Scrivere una lettera a te tra dieci anni
Parlare della prossima settimana | Descrivere la settimana ideale | Riposare la domenica
Fare una pausa durante il giorno | Leggere fino al capitolo 3 | Camminare fino al mare | Parlare con Giugno
Dividere per due | Lavorare per tre ore | Scegliere uno dei due | Scrivere per mezz'ora | Chiamare Sam giovedì
Chiamare Sam venerdì 27 novembre | Chiamare Sam entro venerdì in mattinata | Chiamare Sam il lunedì
Leggere le pagine da 3 a 15 | Cominciare il giorno con un bicchiere d'acqua
""",
)

DUTCH = Language(
    action="Sam bellen {}",
    verb_last="Sam {} bellen",
    phrases="""
11-25: vandaag | vanavond | vanmiddag | nog vandaag | voor vanavond | uiterlijk vandaag | voor het einde van de dag
11-26: morgen | morgenochtend | morgen ochtend | voor morgen | morgenavond | uiterlijk morgen | morgen om 10 uur
11-26: morgenmiddag | op donderdag | voor donderdag | uiterlijk donderdag | tot donderdag
11-27: voor vrijdag | vóór vrijdag | op vrijdag | uiterlijk vrijdag | tot vrijdag | deze vrijdag | komende vrijdag
11-27: aanstaande vrijdag | a.s. vrijdag | voor vrijdag 17:00 | voor vrijdag 17 uur | voor vrijdag om 17.00 uur
11-27: uiterlijk op vrijdag | voor vrijdagavond | op vrijdagochtend | voor vrijdag 27 november
11-27: op vrijdag 27 november | voor vr | uiterlijk vr. | vrijdag uiterlijk | overmorgen | voor overmorgen
11-27: over twee dagen | binnen twee dagen | binnen 48 uur | deadline: vrijdag | deadline vrijdag
11-27: voor komende vrijdag | uiterlijk aanstaande vrijdag | tegen vrijdag | ten laatste vrijdag
11-27: voor vrijdag, graag
11-28: voor zaterdag | op zaterdag | over drie dagen | binnen 3 dagen | in de komende drie dagen
11-28?: voor het weekend | vóór het weekend | voor het weekeinde
11-29?: dit weekend | in het weekend | tijdens het weekend | deze week | voor het einde van de week
11-29?: aan het eind van de week | eind van de week | eind deze week | nog deze week | voor eind van de week
11-29?: later deze week | in de loop van de week
11-30: voor maandag | op maandag | voor maandagochtend | voor het einde van de maand | voor eind november
11-30: eind van de maand | deze maand | voor het eind van de maand | aan het einde van de maand
11-30: uiterlijk eind november
12-01: voor dinsdag | op dinsdag
12-01?: volgende dinsdag | voor volgende dinsdag
12-02: over een week | binnen een week | over 7 dagen | binnen één week
12-02?: voor woensdag | op woensdag
12-03: voor 3 december | op 3 december | voor 3 dec | voor 3 dec. | uiterlijk 3 december | tot 3 december
12-03: voor 3/12 | voor 3-12 | voor 3-12-2026 | voor 03-12-2026 | voor de 3e | vóór 3 december
12-03: voor donderdag 3 december | op donderdag 3 december | voor de 3e december | deadline 3 december
12-03: uiterlijk op 3 december | voor 3 december 2026 | uiterlijk 3-12-26 | voor 2026-12-03 | tegen 3 december
12-04: vrijdag over een week | vrijdag volgende week | voor vrijdag volgende week | op vrijdag volgende week
12-04?: volgende vrijdag | voor volgende vrijdag
12-06?: volgende week | voor eind volgende week | eind volgende week | voor het einde van volgende week
12-06?: komende week | in de loop van volgende week
12-09: over twee weken | binnen twee weken | over 14 dagen | in de komende twee weken | binnen 2 weken
12-09: over veertien dagen
12-15: voor de 15e | op de 15e | voor 15 december | uiterlijk de 15e | voor de 15de
12-15?: voor half december | voor midden december
12-25: over een maand | binnen een maand
12-25?: voor kerst | voor Kerstmis
12-31: voor het einde van het jaar | voor eind december | voor het eind van het jaar | voor eind volgende maand
2027-02-25: over drie maanden
next_session: voor onze volgende sessie | voor de volgende sessie | vóór onze volgende sessie
next_session: tot de volgende sessie | tot onze volgende sessie | voor de volgende keer | de volgende keer
next_session: tot de volgende keer | volgende keer | voor onze volgende afspraak | voor het volgende gesprek
next_session: voor ons volgende gesprek | tegen de volgende sessie | bij de volgende sessie
next_session: in onze volgende sessie | voor onze volgende call | voor de sessie | voordat we elkaar weer zien
next_session: tot we elkaar weer zien | voor we elkaar weer spreken | naar de volgende sessie
next_session: voor onze volgende bijeenkomst | voor onze volgende coachsessie | uiterlijk bij de volgende sessie
next_session: voor ons volgende gesprek op vrijdag | tijdens onze volgende sessie
recurring: dagelijks | elke dag | iedere dag | elke ochtend | iedere ochtend | elke avond | drie keer per week
recurring: 3 keer per week | 3x per week | drie maal per week | eenmaal per dag | één keer per dag
recurring: twee keer per dag | een keer per week | wekelijks | elke week | iedere week | elke maandag | om de dag
recurring: om de twee dagen | elke werkdag | op werkdagen | elke werkdag tot vrijdag | elke dag tot vrijdag
recurring: 10 minuten per dag | dagelijks 10 minuten | drie keer deze week | elke dag tot de volgende sessie
recurring: maandag tot en met vrijdag | van maandag tot vrijdag | minstens één keer per week | maandelijks
recurring: elke maand | 's ochtends | 's avonds | elke ochtend voor het werk | elke avond voor het slapen
recurring: tweemaal per week | twee avonden per week | doordeweeks | elke nacht
""",
    sentences="""
11-26: Morgen met je baas praten
11-27: Het cv voor vrijdag naar Sam sturen | Voor vrijdag het cv naar Sam sturen | Bel je zus uiterlijk vrijdag terug
11-27: Vrijdag: Sam bellen
11-28: De garage op zaterdag opruimen
11-29?: Deze week de eerste bladzijde schrijven
11-30: Kies een sportschool voor het einde van de maand
12-03: De aanvraag voor 3 december indienen | Dien de aanvraag in vóór 3 december
12-06?: Bel de tandarts volgende week
12-09: Over twee weken de bank bellen
next_session: Lees hoofdstuk 3 voor onze volgende sessie | Neem drie voorbeelden mee naar de volgende sessie
next_session: Bereid de lijst voor voor de volgende keer | Noteer wat er opkomt tot de volgende sessie
recurring: Elke ochtend tien minuten wandelen | Schrijf elke avond drie goede dingen op
recurring: Minstens twee keer per week hardlopen | Mediteer 10 minuten per dag
recurring: Eén keer per dag drie minuten ademhalen
""",
    no_date="""
Schrijven over mei | Praten over mei | Wandelen aan zee | Lezen voor het slapen | Hoofdstuk 3 lezen
3/4 van het boek lezen | Versie 3.12 testen | Op tijd komen | Het voor één keer doen | 10 minuten mediteren
Twee weken rusten | Praten over maandag | Schrijven over vrijdag | Kijken sinds maandag | Beginnen vanaf maandag
Augustus bellen | Mei bellen | Volgende week plannen | Lezen voor je plezier | Sam op kantoor spreken
Tot tien tellen | Tot 10 tellen | Van 1 tot 10 scoren | In drie woorden beschrijven | Naar zee gaan
Het verslag van 3 december lezen | Vorige vrijdag beschrijven | Denken aan vorige week | Een dag tegelijk
Zorgen voor jezelf | De vergadering voorbereiden | In de zon zitten | Voor de zon zitten | Op zo letten
Bladzijde 12 lezen | Leven in het nu | Nadenken over twee opties | Schrijven over twee weken vakantie
Tot het einde lezen | Op het einde vragen | Voor de deur staan | In de ochtend lezen | Goed voor de dag komen
Voor vier mensen koken | Over drie vragen nadenken | Di bellen | Op za en zo letten | Goede morgen zeggen
Nee zeggen op het werk | De eerste 15 bladzijden lezen | Voor 10 uur naar bed gaan
Schrijf een brief aan jezelf over tien jaar | Praat over volgende week | Beschrijf je ideale week
Neem pauze op de dag zelf | Zorg goed voor jezelf | Maak een lijst voor de week | Praat met Mei | Tel tot 10
Vertel over je dag | Eet zonder telefoon aan tafel | Sam bellen aan het eind van de dag | Sam bellen vrijdag a.s.
Sam bellen eind november | Sam bellen in week 49 | Sam bellen voor eind week 49 | Sam bellen medio december
Sam bellen op maandagen | Lees bladzijde 3 tot 15 | Begin de dag met water | Neem het mee
""",
)

PORTUGUESE = Language(
    action="Ligar ao Sam {}",
    phrases="""
11-25: hoje | hoje à noite | esta noite | esta tarde | ainda hoje | até hoje | até o fim do dia | até ao fim do dia
11-25: até hoje à noite
11-26: amanhã | amanhã de manhã | até amanhã | para amanhã | amanhã à noite | amanhã às 10h | amanhã cedo
11-26: antes de amanhã | na quinta-feira | até quinta | antes de quinta-feira | até quinta-feira
11-27: até sexta-feira | até sexta | na sexta | na sexta-feira | antes de sexta | antes de sexta-feira
11-27: para sexta-feira | esta sexta-feira | nesta sexta | até esta sexta | no máximo até sexta
11-27: até sexta no máximo | até sexta às 17h | até sexta-feira às 17:00 | até sexta à noite | até à sexta-feira
11-27: o mais tardar na sexta | até 6ª feira | até sexta, por favor | até sexta-feira, 27 de novembro
11-27: na sexta-feira, 27 de novembro | depois de amanhã | até depois de amanhã | em dois dias | dentro de dois dias
11-27: daqui a dois dias | em 48 horas | prazo: sexta-feira | até a sexta | o mais tardar até sexta
11-27: até sexta feira
11-28: no sábado | até sábado | até ao sábado | em três dias | dentro de 3 dias | nos próximos três dias
11-28: daqui a três dias
11-28?: até ao fim de semana | antes do fim de semana | até o fim de semana
11-29?: este fim de semana | no fim de semana | neste fim de semana | durante o fim de semana | no final de semana
11-29?: esta semana | até ao fim da semana | até o final da semana | nesta semana | no fim da semana
11-29?: ainda esta semana | antes do fim da semana | ao longo da semana
11-30: até segunda-feira | na segunda | antes de segunda-feira | até segunda de manhã | até ao fim do mês
11-30: até o final do mês | até fim de novembro | este mês | no fim do mês | antes do fim do mês
11-30: até ao final de novembro | até o fim do mês
12-01: até terça-feira | na terça | até terça | até 1 de dezembro | até 1º de dezembro | até o dia 1º de dezembro
12-01?: na próxima terça-feira | próxima terça | até à próxima terça | terça-feira que vem | na terça que vem
12-02: em uma semana | dentro de uma semana | daqui a uma semana | numa semana | em 7 dias
12-02?: até quarta-feira | na quarta
12-03: até 3 de dezembro | até o dia 3 de dezembro | até ao dia 3 de dezembro | em 3 de dezembro
12-03: no dia 3 de dezembro | a 3 de dezembro | antes de 3 de dezembro | antes do dia 3 | até 3 de dez. | até 3/12
12-03: até 03/12/2026 | até 3/12/2026 | até dia 3 | até o dia 3 | para 3 de dezembro
12-03: até quinta-feira, 3 de dezembro | até quinta, 3/12 | prazo: 3 de dezembro | até 3 de dezembro de 2026
12-03: até 2026-12-03 | até o dia 3/12 | o mais tardar a 3 de dezembro | até 3-12-2026
12-04: na sexta-feira da próxima semana
12-04?: na próxima sexta-feira | até a próxima sexta | sexta-feira que vem | na sexta que vem | próxima sexta
12-04?: até à próxima sexta
12-06?: na próxima semana | semana que vem | na semana que vem | até ao fim da próxima semana
12-06?: até o final da próxima semana | próxima semana | até a próxima semana
12-09: em duas semanas | dentro de duas semanas | daqui a duas semanas | nas próximas duas semanas | em 2 semanas
12-09: em 14 dias
12-10?: em quinze dias | daqui a 15 dias | dentro de 15 dias
12-15: até dia 15 | até o dia 15 | antes do dia 15 | até 15 de dezembro
12-15?: até meados de dezembro | em meados de dezembro
12-25: em um mês | dentro de um mês | daqui a um mês | num mês
12-25?: até ao Natal | até o Natal | antes do Natal
12-31: até ao fim do ano | até o final do ano | até fim de dezembro | antes do fim do ano
2027-02-25: em três meses | daqui a três meses
next_session: antes da nossa próxima sessão | antes da próxima sessão | para a próxima sessão
next_session: para a nossa próxima sessão | até à próxima sessão | até a próxima sessão | até à nossa próxima sessão
next_session: para a próxima vez | até à próxima vez | da próxima vez | na próxima sessão | na nossa próxima sessão
next_session: antes do próximo encontro | antes do nosso próximo encontro | até ao próximo encontro
next_session: antes da próxima consulta | antes da próxima reunião | antes da próxima chamada
next_session: antes da próxima conversa | até nos vermos de novo | antes de nos vermos de novo | antes da sessão
next_session: até ao nosso próximo encontro | na próxima vez | antes da sessão seguinte | para o próximo encontro
recurring: diariamente | todos os dias | cada dia | todas as manhãs | cada manhã | toda manhã | todas as noites
recurring: toda noite | três vezes por semana | 3 vezes por semana | 3x por semana | 3x semana | uma vez por dia
recurring: duas vezes por dia | uma vez ao dia | uma vez por semana | todas as semanas | toda semana
recurring: todas as segundas-feiras | toda segunda-feira | às segundas | às segundas-feiras | semanalmente
recurring: dia sim, dia não | a cada dois dias | 10 minutos por dia | três vezes esta semana
recurring: todos os dias até sexta | todos os dias até sexta-feira | de segunda a sexta
recurring: pelo menos uma vez por semana | todo dia | nos dias úteis | todas as manhãs antes do trabalho
recurring: todas as noites antes de dormir | todos os meses | mensalmente | cada semana | duas noites por semana
recurring: aos fins de semana | em dias alternados
""",
    sentences="""
11-26: Falar com o chefe amanhã de manhã
11-27: Enviar o currículo ao Sam até sexta à noite | Até sexta-feira, enviar o currículo
11-27: Para sexta-feira, preparar uma lista
11-28: Arrumar a garagem no sábado
11-29: Descansar no domingo à tarde
11-29?: Escrever a primeira página esta semana
11-30: Escolher um ginásio até ao fim do mês
12-03: Entregar o pedido até 3 de dezembro | Marcar consulta até o dia 3/12
12-06?: Ligar ao dentista na próxima semana
12-09: Ligar ao banco daqui a duas semanas
next_session: Ler o capítulo 3 antes da nossa próxima sessão | Trazer três exemplos para a próxima sessão
next_session: Preparar a lista para a próxima vez | Anotar o que surgir até a próxima sessão
recurring: Caminhar dez minutos todas as manhãs | Toda noite, anotar três coisas boas
recurring: Correr pelo menos duas vezes por semana | Meditar 10 minutos todos os dias antes de sair
recurring: Uma vez por dia, respirar três minutos
""",
    no_date="""
Escrever sobre maio | Falar de maio | Passear à beira do mar | Ler antes de dormir | Ler o capítulo 3
Ler 3/4 do livro | Instalar a versão 3.12 | Chegar a tempo | Fazê-lo por uma vez | Meditar durante 10 minutos
Descansar duas semanas | Falar de segunda-feira | Observar desde segunda | Começar a partir de segunda | Ligar à Abril
Escrever a Julho | Planejar a próxima semana | Ler por prazer | Falar com Sam em pessoa | Contar até dez
Contar até 10 | Avaliar de 1 a 10 | Descrever em três palavras | Ir ao mar | Ler o relatório de 3 de dezembro
Descrever a sexta passada | Pensar na semana passada | Um dia de cada vez | Falar para mim | Preparar a reunião
Sentar ao sol | Ler a página 12 | Viver no presente | Dizer antes de tudo | Ir até o fim | Pedir a sério
Ler até a página 3 | Trabalhar na parte da manhã | Ficar em segunda | Ir em segunda | Pensar na segunda opção
Dar uma segunda chance | Ler pela segunda vez | Chegar em segundo | Ficar na quarta posição | Escolher em dois grupos
Comprar uma quarta cadeira | Falar com Domingos | Ficar na sexta página | Dizer não no trabalho
Ler as primeiras 15 páginas | Deitar antes das 22h | Falar da próxima semana | Descrever a semana ideal
Fazer uma pausa ao dia | Ler até o capítulo 3 | Caminhar até ao mar | Falar com Abril | Escolher um dos dois
Trabalhar por três horas | Ler até à página 15 | Ficar em casa no fim do dia | Ligar ao Sam sexta-feira de manhã
Ligar ao Sam de manhã | Ler as páginas 3 a 15 | Começar o dia com água
""",
)

LANGUAGES = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "it": ITALIAN,
    "nl": DUTCH,
    "pt": PORTUGUESE,
}
