"""What mail programs write around a quoted mail, in their languages. Lower case, one a line or bar.

From the programs' own translations: Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, GMX, Yandex, Zimbra, eM Client.
"""

from __future__ import annotations

from mailflow.parsing.words import phrases

# 'On Monday, Anna wrote:' ends like this, or has this before the name.
WROTE = tuple(
    phrases(
        """
        wrote|writes|schrieb|geschrieben|écrit|escribió|ha escrito|scritto|scrisse|escreveu|geschreven|schreef
        skrev|skreiv|skrev följande|napisał(a)|napisał|napisała|pisze|napsal|napsala|napsal(a)|napísal|napísala
        napísal(a)|napisao|napisala|napisao je|napisala je|napisal|napisao/la|kirjoitti|kirjutas|írta|ezt írta
        a scris|yazdı|написал|написала|написал(а)|пишет|написав|написала|написав(-ла)|пише|написа|напісаў
        έγραψε|rašė|parašė|rakstīja|skrifaði|shkroi|ha escrit|escrigué|escribiu|menulis|đã viết|เขียนว่า
        写道|寫道|写于|작성|쓴 글|님이 작성|כתב|כתבה|كتب|كتبت|نوشت
        """
    )
)
# It starts like this, a date, or the name.
STARTS = phrases(
    """
    on|at|am|le|el|il|op|em|den|dnia|pe|w|la|às|på|dne|dňa|o|u|v|þann|kuupäev|pada|vào|στις|на|в|у|在|于|於|בתאריך|في
    على|در|ในวันที่|il giorno|in data|in a message dated|in article|in message
    """
)

ORIGINAL_MESSAGE = phrases(
    """
    original message|original appointment|reply message|original email|original e-mail|original mail
    ursprüngliche nachricht|ursprünglicher termin|originalnachricht|original-nachricht|antwort nachricht
    ursprüngliche mail|ursprüngliche e-mail|originalmail|message d'origine|message d’origine|message original
    mail original|message initial|mensaje original|correo original|messaggio originale|messaggio originario
    mail originale|oorspronkelijk bericht|oorspronkelijke bericht|origineel bericht|mensagem original
    mensagem originial|oprindelig meddelelse|oprindelig besked|opprinnelig melding|opphavleg melding
    ursprungligt meddelande|originalmeddelande|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna
    treść oryginalnej wiadomości|původní zpráva|původní e-mail|pôvodná správa|pôvodný e-mail|eredeti üzenet
    mesaj original|mesajul original|izvorna poruka|originalna poruka|izvirno sporočilo|оригинальное сообщение
    исходное сообщение|початкове повідомлення|оригінальне повідомлення|оригинално писмо|оригинална порака
    αρχικό μήνυμα|orijinal mesaj|özgün ileti|הודעה מקורית|הודעה המקורית|الرسالة الأصلية|الرسالة الأصليَّة
    元のメッセージ|원본 메시지|원본 메일
    原始邮件|原始郵件|原始消息|原邮件|回复的原邮件|转发的原邮件|原文|thư gốc|pesan asli
    originalus laiškas|algne kiri|missatge original|mensaxe orixinal|jatorrizko mezua|upprunalegur póstur
    forwarded message|forwarded by|begin forwarded message|forwarded email|weitergeleitete nachricht
    weitergeleitete e-mail|weitergeleitet von|anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail
    message transféré|message transmis|message réexpédié|début du message réexpédié|début du message transféré
    transféré par|mensaje reenviado|inicio del mensaje reenviado|reenviado por|messaggio inoltrato
    inizio messaggio inoltrato|inoltrato da|doorgestuurd bericht|begin doorgestuurd bericht|doorgestuurd door
    mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|início da mensagem reencaminhada
    vidarebefordrat meddelande|vidarebefordrat mejl|videresendt meddelelse|videresendt besked
    start på videresendt besked|videresendt melding|vidaresend melding|välitetty viesti|edelleenlähetetty viesti
    välitetty viesti alkaa|przekazana wiadomość|wiadomość przekazana dalej|wiadomość przesłana dalej
    treść przekazanej wiadomości|początek przekazywanej wiadomości|přeposlaná zpráva|začátek přeposílané zprávy
    preposlaná správa|začiatok preposlanej správy|továbbított üzenet|továbbított levél kezdete|mesaj redirecționat
    începe mesajul redirecționat|proslijeđena poruka|započni proslijeđenu poruku|posredovano sporočilo
    пересылаемое сообщение|перенаправленное сообщение|пересланное сообщение|начало переадресованного сообщения
    перенаправлене повідомлення|переслане повідомлення|початок листа, що пересилається|препратено съобщение
    προωθημένο μήνυμα|iletilmiş mesaj|iletilen ileti|iletilmiş ileti|ileti başlangıcı|הודעה שהועברה
    رسالة محولة|رسالة ممرّرة|転送メール|転送メッセージ|メッセージを転送|전달된 메시지|전달된 메일|转发的消息
    转发邮件|转发邮件信息|轉寄郵件|轉寄的郵件|missatge reenviat|edastatud kiri|persiųstas laiškas
    original message processed by
    """
)
# Help desks ask for the answer above such a line, of which this is a part.
ABOVE_THIS_LINE = (
    "above this line",
    "oberhalb dieser zeile",
    "über dieser zeile",
    "über diese zeile",
    "au-dessus de cette ligne",
    "encima de esta línea",
    "sopra questa riga",
    "boven deze regel",
    "boven deze lijn",
    "acima desta linha",
)

# What each line of the header is called that Outlook and others put above a quoted mail.
HEADER_WORDS = {
    "from": phrases(
        """
        from|von|de|da|van|från|fra|od|от|от кого|від|від кого|expéditeur|mittente|remitente|remetente|desde|absender
        afzender|avsender|afsender|lähettäjä|nadawca|odesílatel|odosielateľ|feladó|de la|expeditorul|expeditor|šalje
        pošiljatelj|pošilja|отправитель|відправник|подател|από|αποστολέας|kimden|gönderen|מאת|من|المرسل|از
        差出人|送信者|送信元|보낸 사람|보낸사람|발신|发件人|寄件者|寄件人|จาก|từ|người gửi|dari|pengirim|saatja|nuo|no
        nork
        """
    ),
    "sent": phrases(
        """
        sent|date|received|gesendet|datum|am|empfangen|envoyé|envoyé le|fecha|fecha de envío|enviado|enviado el
        enviada|enviada em|enviado em|inviato|data|verzonden|skickat|sendt|dato|lähetetty|päivämäärä|päiväys
        wysłano|wysłane|odesláno|odoslané|poslano|poslato|poslané|dátum|elküldve|küldve|trimis|dată|отправлено|дата
        надіслано|відправлено|изпратено|στάλθηκε|ημερομηνία|gönderildi|gönderilen|gönderme tarihi|gönderilme tarihi
        tarih|נשלח|תאריך|تم الإرسال|الإرسال|التاريخ|تاريخ|送信日時|日付|日時|보낸 날짜|보낸날짜|날짜
        发送时间|发送日期|日期|时间|時間|寄件日期|傳送時間|ส่ง|วันที่|đã gửi|ngày|dikirim|tanggal|saadetud|kuupäev
        išsiųsta|nosūtīts|enviat el|bidalia
        """
    ),
    "to": phrases(
        """
        to|an|à|a|pour|para|aan|till|til|do|adresat|komu|pre|prima|za|кому|до|към|destinataire|destinatario
        destinatário|empfänger|ontvanger|mottagare|modtager|mottaker|vastaanottaja|címzett|către|per|per a|προς
        παραλήπτης|kime|alıcı|אל|إلى|宛先|送信先|받는 사람|받는사람|수신|收件人|收件者|ถึง|đến|tới|kepada
        adressaat|kam|nori
        """
    ),
    "cc": phrases(
        """
        cc|bcc|kopie|kopie (cc)|copie à|kopi|kopia|kopio|kópia|másolat|másolatot kap|dw|kp|копия|копія|копие|κοιν.
        bilgi|עותק|نسخة|참조|抄送|副本|สำเนา|koopia|kopija|a/c
        """
    ),
    "subject": phrases(
        """
        subject|betreff|objet|sujet|asunto|oggetto|onderwerp|assunto|ämne|emne|aihe|temat|předmět|predmet|tárgy
        subiect|subiectul|naslov|zadeva|тема|относно|θέμα|konu|נושא|الموضوع|موضوع|件名|제목|主题|主旨|標題|เรื่อง
        chủ đề|tiêu đề|subjek|perihal|teema|tema|tēma|gaia
        """
    ),
    "reply-to": phrases(
        """
        reply-to|antwort an|antwort|répondre à|répondre|risposta|rispondi a|responder a|responder|antwoord aan
        svar til|svara till|vastaus|válaszcím|odpověď na|odpowiedź-do
        """
    ),
}
