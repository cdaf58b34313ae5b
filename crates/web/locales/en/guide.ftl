guides-title = Your rights, one at a time
guides-lead = Each page is about one thing: what you can do, how, how long it takes, and on which law it rests. You need not sign in.
guides-steps = How it is done
guides-notes = Good to know
guides-law = The rules, and the law
guides-others = Other guides
guides-edition = Times and laws are taken from the rules in force, edition { $edition }; when those change, this page does.
guides-api = For developers of other systems.
guide-within = Within { $n ->
    [one] one working day
   *[other] { $n } working days
  }.
guide-unverified = { $law } (text to be compared)

guide-see-title = See what is held about you
guide-see-lead = You can see each record about you, where it comes from and how long it stays. You need no reason and pay nothing.
guide-see-step-1 = Go to “My file”. If you cannot sign in yet, bring your ID to the counter of any service centre.
guide-see-step-2 = Read the records by source or by time. Open one to see its document, authority, date and last day.
guide-see-step-3 = To show it to somebody, make a report with a code by which it can be verified. You decide who gets it, and can take it back.
guide-see-note-1 = Reading your own file is a look too, and is listed as “One’s own file”.
guide-see-note-2 = Having no records is nothing bad. Without adverse records a grade is never below B.

guide-object-title = A record is wrong: object to it
guide-object-lead = If a record is not right you can object. From that moment on no grade counts it.
guide-object-step-1 = Open the record in “My file”. For a company, its legal representative or an agent brings an ID to the counter.
guide-object-step-2 = Say what is wrong: the amount, the day, the document, or that it is not you at all. Name the papers that you have.
guide-object-step-3 = Keep the number that you get. The record is marked as contested on each page and report that shows it.
guide-object-step-4 = The department checks and answers. If you are right, it corrects or withdraws the record and everyone who received it is told.
guide-object-note-1 = Objecting costs nothing and does not touch your grade.
guide-object-note-2 = Whether a restriction from a statutory list is suspended is for its authority or a court to say; the objection is shown with it.
guide-object-note-3 = To object again on the same ground you need new evidence.

guide-repair-title = After you have performed: ask for repair
guide-repair-lead = Once a penalty is performed and its shortest display is over you can ask for repair. Then display, sharing and use stop.
guide-repair-step-1 = Open the record and choose to see its repair. The page lists the conditions and ticks those that are met.
guide-repair-step-2 = Pay the fine, put the matter right, and note the day.
guide-repair-step-3 = State that day in the application, give a public commitment, check your answers and send it.
guide-repair-step-4 = Wait for the answer. If granted, it goes from every public page the same day, and whoever received it is told to stop using it.
guide-repair-note-1 = Repair costs nothing and needs no agent. Whoever sells it is cheating you.
guide-repair-note-2 = Minor matters are not published at all, and at the longest display everything goes by itself.
guide-repair-note-3 = The court’s list and its like are left by the law of the authority that made the entry.

guide-looks-title = See who looked at your file
guide-looks-lead = Each look is written down before the file opens: who, when, why, and in which case. You can see all of it.
guide-looks-step-1 = Go to “My file” and open “Who looked”. You can filter by purpose.
guide-looks-step-2 = If you do not recognise one, say so and ask.
guide-looks-step-3 = The auditor checks and answers you. The office that looked must say for which matter it did.
guide-looks-note-1 = A look without a cause is treated as a breach.
guide-looks-note-2 = To ask about a look costs nothing and does not touch your grade; question and answer stay with the look.
guide-looks-go = Open “Who looked”

guide-grade-title = What a grade can do, and what it cannot
guide-grade-lead = A grade can only open benefits and restricts nobody. The program has no way from a grade to a restriction.
guide-grade-step-1 = You are told first. Nobody is rated without notice.
guide-grade-step-2 = Whether it is used for a service you decide on the spot, and you can revoke it at any time.
guide-grade-step-3 = To improve it, see what would: how many points, and from which day.
guide-grade-note-1 = Without it the ordinary way asks no more and takes no longer.
guide-grade-note-2 = Employers, landlords and schools may never ask for it.
guide-grade-note-3 = The counter sees a verdict and neither grade nor points.
guide-grade-go = See how grades come about

guide-restriction-title = What a restriction needs
guide-restriction-lead = A restriction comes from a statutory list and nowhere else, and each entry needs its effective document. If one thing is missing, there is no restriction.
guide-restriction-step-1 = A list that law provides, which says who makes entries, on what ground, and how one gets off.
guide-restriction-step-2 = An authority, a document number, a date and a fact, and the person has been told.
guide-restriction-step-3 = Two different officers, who both had the evidence open.
guide-restriction-step-4 = An end: a day, or a condition. When it comes, the restriction is lifted with it.
guide-restriction-note-1 = Many small matters never add up to a list.
guide-restriction-note-2 = A low grade puts nobody on a list and restricts nobody.
guide-restriction-note-3 = Whoever is listed can object, ask for review or go to court, and the list says how one gets off.

guide-verify-title = Verify a report
guide-verify-lead = Somebody gave you a report: see whether it was made here and is unchanged. You learn nothing but what you hold.
guide-verify-step-1 = Scan the square code on it, or type its 16-character code on the page that verifies.
guide-verify-step-2 = Compare the first character of the name, the day and the last day with what you hold.
guide-verify-step-3 = If you have the PDF file, send it to be compared: one byte changed is noticed. The file is not kept.
guide-verify-note-1 = After its last day, or once its owner took it back, a report proves nothing.
guide-verify-note-2 = Do not take a picture of the screen for a report: it cannot be verified.

guide-mistaken-title = When you are mistaken for somebody else
guide-mistaken-lead = The same name is not the same person. By name alone nothing here is put to your account; if it happens all the same, this is how it is put right.
guide-mistaken-step-1 = Find the record in “My file”, object to it, and say that it is not you.
guide-mistaken-step-2 = Bring your ID to the counter to have it compared, and say what sets you apart: number, address, time.
guide-mistaken-step-3 = The department checks and takes the link away. From then on it touches no grade, list or verdict of yours.
guide-mistaken-step-4 = Everyone who received the error is told to stop using it.
guide-mistaken-note-1 = A link that nobody has checked has no effect: uncertain means not counted.
guide-mistaken-note-2 = From the moment you object the record stops counting.
guide-mistaken-note-3 = Where something was held up by it, show the answer and ask to have it done anew.
