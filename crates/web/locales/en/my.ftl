notice-title = Before you are rated
notice-lead = Dear { $name }, you have no grade yet. This is how it works.
notice-1 = A grade only opens benefits, such as handing in papers later. It never restricts any of your rights.
notice-2 = It looks only at documented records: social insurance and housing fund, qualifications, honours, kept contracts and penalties. Never at ethnicity, sex, age, health, kin, address, social life or movements.
notice-3 = Whether it is used for a service is your choice each time, and you can revoke it.
notice-4 = You can object to any record; it stops counting at once.
notice-go = I understand; rate me
notice-no = You do not have to: you can still read your records, and every service follows the ordinary procedure.
notice-done = Noted. You can see your grade now.
grade-title = Your grade is { $letter }
grade-opens = { $n ->
    [0] It opens no benefits at present.
    [one] It opens { $shown } benefit.
   *[other] It opens { $shown } benefits.
  }
grade-only-adds = A grade only opens benefits and restricts no right of yours.
grade-rules = rules { $edition }
grade-known = from the first { $shown } records held
grade-why = Why { $letter }
grade-better = How to improve it
grade-sum = in all; { $letter } begins at { $from }
grade-sum-least = in all
better-on = from { $day }
better-letter = to { $letter }
not-rated-what = Having no grade closes nothing: the ordinary procedure asks and takes the same for everyone.
incentives-title = { $n ->
    [one] { $shown } benefit open to you
   *[other] { $shown } benefits open to you
  }
object-go = Object
looks-title = Who looked at my file
looks-recent = { $n ->
    [one] { $shown } look in 30 days
   *[other] { $shown } looks in 30 days
  }
looks-empty = Nobody else has looked at your file
looks-empty-help = Every look appears here with its time, office, purpose and case.
looks-what = Each look is noted before anything is shown: who, when, why and for which case.
looks-show-own = Show my own visits too
looks-hide-own = Hide my own visits
look-unknown = I do not recognise this
look-self = You
look-operator = System operator
records-title = All my records
records-empty = No records yet
records-empty-help = Having none has no adverse effect.
timeline-title = What happened
timeline-received = Taken in
timeline-received-by = { $source }, batch { $submission }
timeline-waits = Waiting for confirmation
timeline-waits-says = It takes effect once another officer of the department has confirmed it
timeline-objection-waits = Waiting for an answer
timeline-answer-by = To be answered by { $day }; until then this record does not count against you.
timeline-ends = Ends
timeline-ended = Ended
timeline-upheld = Objection upheld
timeline-not-upheld = Objection not upheld
timeline-repair-waits = Application for repair waiting
timeline-repair-refused = Repair refused
timeline-person = The person
timeline-person-at = The person, entered at { $place }
object-title = Object to this record
object-what = From that moment it stops counting in your grade and is shown as contested on every page, until it is answered.
object-ground = Ground
object-ground-hint = What is wrong and what shows it. The department will read this.
object-ground-missing = Please give a ground of 5 to 500 characters
object-send = Send the objection
object-done = Objection filed, no. { $number }. The record no longer counts.
object-refused = Not filed: { $why }
repair-title = Credit repair
repair-go = Repair
repair-what = Once the duty is performed and the shortest display is over, you can ask for repair. Display, sharing and use then stop.
repair-see = See the conditions and apply
repair-nothing = Nothing to repair
repair-nothing-good = This is no adverse record and needs no repair.
repair-other-way = This kind of record is not repaired here
repair-other-way-says = Ask the authority that decided it, e.g. the court takes an entry out once the duty is performed.
repair-not-yet = You can apply from { $day }
repair-not-yet-says = The shortest display is not over yet. From that day the form is on this page.
repair-open = You can apply now
repair-open-says = Read the conditions, then apply at the end of this page.
repair-waits = Applied for, waiting for the answer
repair-due-decision = The department that made the record decides by { $day }.
repair-due-answer = You have the answer by { $day }.
repair-refused = Refused on { $day }, for this reason. You can apply again once things have changed.
repair-tasks = Conditions
repair-open-from = The shortest display is over and repair is open from { $day }
repair-met = Met
repair-below = Fill in below
repair-stated = Stated, to be checked
repair-missing = Not met
repair-then = Once it is granted
repair-tells = Told of it are:
repair-within = How long it takes
repair-within-decision = { $n ->
    [one] The department that made the record decides within { $shown } working day
   *[other] The department that made the record decides within { $shown } working days
  }
repair-within-answer = { $n ->
    [one] The applicant is answered within { $shown } working day
   *[other] The applicant is answered within { $shown } working days
  }
repair-apply = Apply
repair-performed = Performed on
repair-performed-hint = The day on which the fine was paid and the matter put right. The department checks it.
repair-commitment = I solemnly commit myself: what I state is true, I have put the matter right and performed my duty, and I will keep to the law and to my word. If I break this commitment I answer for it.
repair-commitment-hint = This is a public commitment and is kept with the application.
repair-send = Send the application
repair-asked-done = Application for repair sent, no. { $number }.
consents-what = For which services you agreed to the use of your grade. Once revoked it is no longer used; what is done stays done, and the ordinary procedure stays open.
consents-empty = No consents
consents-empty-help = If a service at the counter needs one, the clerk will ask you there.
consent-revoke = Revoke
consent-active = In force
consent-revoked = Revoked
consent-ended = Ended
consent-given = given on { $day }
consent-until = until { $day }
consent-open = until revoked
consent-revoke-done = Revoked: it is no longer used from now on.
door-department = department desk
door-counter = counter
door-my = own page
door-cli = operator
door-api = connected system
what-file = the whole file
what-record = record no. { $of }
what-shared = asked for by sharing: { $of }
what-records = evidence of batch { $of }
what-own-records = what the department itself had handed in, fetched by its system (records { $of })
what-merge = whether this file and another are of one
what-naming = who represents the organisation
what-link = whether record no. { $of } is yours
what-repair = repair of record no. { $of }
what-objection = the record that the person named
what-plea = your objection or application about record no. { $of }
what-looks = who looked
what-consents = consents
what-consent = consent no. { $of }

procedure-history = What has happened
procedure-next = What may follow
procedure-overdue = past its day
procedure-on = by itself on { $day }
procedure-from = from { $from }
procedure-between = from { $from } to { $until }
better-more = More ways
records-order = Order of the records
records-by-source = By source
records-by-time = By time
records-year = { $year }
records-alike = { $n ->
    [one] { $shown } more of the same kind, in effect
   *[other] { $shown } more of the same kind, in effect
  }
look-purpose = Purpose
question-title = I do not recognise this look
question-ask = Ask the auditor
question-what = Your question goes to the district's audit office, to somebody apart from the department that looked; the answer appears where you see who looked.
question-ground = Your question
question-ground-hint = For example: I was at no counter on that day. 5 to 500 characters.
question-send = Send the question
question-mine = My question
question-due-on = You are answered by { $day }.
question-withdraw = Take this question back
question-see = Question and answer
question-waiting = Asked, waits for its answer
question-answered = Answered
question-withdrawn = Taken back
look-asked-done = Your question was sent, number { $number }.
look-withdrawn-done = Your question was taken back.
door-audit = audit
what-audit = who looked at you
what-question = your question { $of }
what-identifier = The whole identifier: { $why } (record no. { $of })

files-label = Files that show it (optional)
files-hint = PDF, JPEG or PNG, at most 5, each at most 5 MB. They are kept encrypted; only you and the department that answers can open them, and each opening is recorded.
files-title = Files handed in with it
files-one = { $place }. { $kind }, { $size } KB
files-none = None
files-digest = Check code (SHA-256)
files-kept = Files already chosen; choosing again replaces all of them:
files-drop = Hand none of these in
files-look = Each opening is recorded as a look, which the person sees.
repair-next = Next: check your answers
repair-check = Check your application
repair-check-what = Nothing has been sent yet. If something is wrong, choose “Change” to go back to it.
repair-check-then = Once sent, the department that decided checks it and answers; until then the record stays as it is.
repair-of = Record to be repaired
what-attachment = Opened files handed in with objection or application { $of }
repair-expired-done = Nothing was sent: what you filled in is no longer there. Begin again from the record.
