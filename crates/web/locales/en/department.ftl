department-upload-go = Hand in a file
due-to-confirm = For you to confirm
due-to-confirm-what = Adverse records of colleagues; they take effect once you have confirmed them
due-waiting = Yours, waiting for a colleague
due-waiting-what = Another officer must confirm them
due-unlinked = Not linked to a subject
due-unlinked-what = Held without any effect until someone checks them
department-recent = Handed in lately
submission-file = File
submission-when = Handed in
submission-state = State
submission-by = by { $officer }
submission-number = batch { $number }
submission-complete = Taken in
submission-pending = To confirm
submission-refused = Some refused
submission-running = Unfinished
submission-unlinked = { $n ->
    [one] { $shown } row could not be linked to a subject and has no effect.
   *[other] { $shown } rows could not be linked to a subject and have no effect.
  }
submissions-empty = Nothing handed in yet
submissions-empty-help = Choose a file, see what the check says, then decide.
submission-any-file = Single act
count-rows = rows
count-accepted = taken in
count-pending = to be confirmed, then in effect
count-pending-short = To confirm
count-duplicate = held already, not counted twice
count-unlinked = not linked to a subject
count-refused = Refused
count-refused-long = refused, to be corrected

upload-title = Hand in a file
upload-file = File
upload-file-hint = CSV (UTF-8 or GB18030), Excel (.xlsx, .xls), NDJSON or Parquet, at most 64 MB
upload-layout = Layout
upload-layout-hint = Usually recognised by its headings
upload-layout-detect = Recognise it
upload-preview = Check and preview
upload-preview-what = Checking takes nothing in. You confirm after seeing the result.
upload-busy = Uploading…
upload-too-big = The file is larger than 64 MB; please split it.
upload-templates = Templates
upload-rules-title = How it works
upload-rule-1 = Good rows are taken in, faulty ones come back; a file is never refused as a whole.
upload-rule-2 = Adverse records need a document number and take effect once a colleague has confirmed them.
upload-rule-3 = Handing in the same file twice counts nothing twice.
upload-no-file = Choose a file
upload-unknown-layout = There is no such layout
upload-not-recognised = The headings are of no known layout. Choose one, or download a template.
upload-busy-elsewhere = Too many files are being worked on. Please try again in a moment.

preview-title = Preview
preview-checking = Checking
preview-taking = Taking in
preview-done = { $n ->
    [one] { $shown } row done
   *[other] { $shown } rows done
  }
preview-failed = This file cannot be read
preview-other-file = Another file
preview-nothing-yet = The check’s result; no row has been taken in yet
preview-commit = { $n ->
    [one] Hand in { $shown } row
   *[other] Hand in { $shown } rows
  }
preview-commit-corrects = Hand in as corrections
preview-corrects = { $n ->
    [one] Hand in 1 row that is held with other content, as a correction
   *[other] Hand in { $shown } rows that are held with other content, as corrections
  }
preview-corrects-what = I have compared them with the originals. What is held stays, marked as corrected, and the new record takes its place; an adverse one once it is confirmed.
preview-commit-busy = Handing in…
preview-commit-partial = { $n ->
    [one] { $shown } more row is refused; it can be handed in once corrected.
   *[other] { $shown } more rows are refused; they can be handed in once corrected.
  }
preview-commit-pending = Adverse records have no effect until a colleague has confirmed them.
preview-nothing-to-take = There is no row to take in
preview-samples = The first rows
preview-samples-what = See whether they were read as they should be.

errors-title = { $n ->
    [one] { $shown } refused row
   *[other] { $shown } refused rows
  }
errors-none = Nothing refused
errors-none-what = Every row was taken in or was held already.
errors-workbook = Download refused rows (to correct and send again)
error-row = Row
error-column = Column
error-value = Content
error-value-empty = empty
error-what = What is wrong and what to do
error-code = Fault
workbook-too-old = The refused rows of this batch were not kept.

confirm-title = Confirm
confirm-why = Adverse records take effect once another officer has opened and checked the evidence.
confirm-empty = Nothing to confirm
confirm-empty-help = Adverse records that colleagues hand in appear here.
confirm-open = Open the evidence
confirm-own = A colleague must confirm
confirm-evidence = Compare each with its document. Every record you open is noted in that person’s “who looked”.
confirm-own-title = You handed this in yourself
confirm-own-what = Another officer of your department must confirm it. Please tell a colleague.
confirm-pages-left = { $n ->
    [one] { $shown } page not opened yet
   *[other] { $shown } pages not opened yet
  }
confirm-pages-left-what = You can confirm here once you have opened all the evidence.
confirm-count = { $n ->
    [one] { $shown } record opened
   *[other] All { $shown } records opened
  }
confirm-statement = I have compared each record with its effective document: subject, number, date and content are right.
confirm-go = { $n ->
    [one] Confirm { $shown } record
   *[other] Confirm { $shown } records
  }
confirm-not-now = Not now
confirm-not-now-what = If in doubt, do not confirm: without it the records have no effect. Check with the colleague who handed them in, who can withdraw or correct them.
confirm-read-first = Open all the evidence first and tick the statement
confirm-done = Confirmed: the adverse records of batch { $number } are now in force.
confirm-done-by = Confirmed by { $officer } (record no. { $number }); the adverse records are in force.
confirm-refused = Not confirmed: { $why }
waiting-own-title = Waiting for a colleague
waiting-own = { $n ->
    [one] { $shown } adverse record takes effect once another officer of your department has confirmed it. You cannot do it yourself.
   *[other] { $shown } adverse records take effect once another officer of your department has confirmed them. You cannot do it yourself.
  }
waiting-other-title = For you to confirm
waiting-other = { $n ->
    [one] { $shown } adverse record takes effect once confirmed. Please open and check the evidence.
   *[other] { $shown } adverse records take effect once confirmed. Please open and check the evidence.
  }

unlinked-why = These records have no identifier, one that is not in the register, or a name that differs. A name alone never links, so they have no effect. Open one, check the evidence, and link it.
unlinked-empty = Nothing unlinked
unlinked-empty-help = Every record has found its subject.
unlinked-reason = Why
unlinked-open = Open
unlinked-no_identifier = No identifier
unlinked-unknown_identifier = Identifier not in the register
unlinked-name_differs = Name differs from the register
unlinked-undone = The link was undone
proposal-title = Whom it may concern
proposal-hint = Worked out from the name and what else the record says, likeliest first. It decides nothing. Nobody is named here: what is shown is how far the register agrees with this record. Open one to compare; that is noted in that person’s “who looked”.
proposal-none = Nobody found
proposal-certain = Almost certain
proposal-likely = Likely
proposal-possible = Possible
proposal-open = Open beside the record
proposal-missing = Nothing to compare: { $fields }
proposal-how = How it counts
proposal-prior = Before anything is compared, somebody taken from the register at random: { $bits } bits
proposal-sum = All together: { $bits } bits. Ten more make the odds a thousand times better. The numbers were set by hand; take the order, not the odds.
proposal-rare = { $level }, and rare in the register
proposal-frequent = { $level }, and frequent in the register
proposal-field-name = Name
proposal-field-birth_date = Date of birth
proposal-field-address = Address
proposal-field-phone = Telephone
proposal-field-number = Identifier
proposal-field-representative = Legal representative
proposal-level-same = the same
proposal-level-otherwise_written = the same, otherwise written
proposal-level-trade_name = the same trade name
proposal-level-same_sound = sounds the same
proposal-level-as_far_as_shown = the same as far as shown
proposal-level-swapped = day and month swapped
proposal-level-one_off = one character off
proposal-level-two_off = two characters off
proposal-level-close = very alike
proposal-level-near = alike
proposal-level-far = little alike
proposal-level-same_house = the same house
proposal-level-same_road = the same road
proposal-level-same_year = the same year
proposal-level-other = different
proposal-level-missing = not known
link-title = Check and link
link-record = This record
link-subject = Possible subject
link-find = Find
link-find-hint = Search by the identifier on the document. What is found is shown beside it and noted in that person’s “who looked”.
link-not-found = The register has no such identifier
link-name-differs = The name differs from the record’s. Check the document before you decide.
link-evidence = Why it is the same
link-evidence-hint = Say what you compared, e.g. the ID number on the original document
link-evidence-missing = Please give a reason of at least 5 characters
link-go = Link
link-done = Linked: record { $number } now belongs to this subject.
link-refused = Not linked: { $why }
nav-records = Our records
records-why = One record at a time: undo a link that was wrong, or take back what was wrong from the start. To take back a whole hand-in, open it in the history.
records-number = Number of the record
records-not-found = This department has no record of this number
records-links = Linked by hand, the newest first
records-links-empty = Nothing was linked by hand yet
records-links-empty-help = Records without an identifier that an officer joins to somebody are listed here.
records-linked = Linked by
records-stands = Stands
records-undone = Undone
record-unlinked = It belongs to nobody and has no effect.
record-withdrawn = It was taken back
record-link = Linked by hand
record-unlink = Undo the link
record-unlink-what = The record leaves the file at once, with everything that followed from it: grade, lists, measures. Whoever was given it is told. It waits among the unlinked again, and the one it was taken from is not proposed for it any more.
record-unlink-why = Why it is somebody else
record-withdraw = Take it back
record-withdraw-what = The record has no effect from now on; record and reason stay and can be seen by the one it is about. Whoever was given it is told. Hand in the mended row afterwards, if there is one.
record-withdraw-why = Why it was wrong
record-founds = This is the entry of a base register that its subject stands on. Take it back only if there is nobody it could be about.
unlink-done = The link of record { $number } was undone.
withdraw-done = Record { $number } was taken back.
identifier-kind = Kind of identifier
identifier-value = Identifier
fact-name = Name
fact-identifiers = Identifiers
submission-confirmed = Confirmed
notes-title = Notes (nothing is refused for them)
note-rows = Rows: { $rows }, the first is row { $row }

due-owed = For the department to answer
due-owed-what = Objections and applications for repair, by the day they are due
due-owed-late = { $n ->
    [one] { $shown } is late
   *[other] { $shown } are late
  }
owed-why = Objections to what this department handed in, and applications for its repair. Opening one is noted in that person’s “who looked”.
owed-empty = Nothing to answer
owed-empty-help = Objections and applications for repair appear here.
owed-state = State
owed-waits = To be answered
owed-answered = Answered
plea-answered = The answer
owed-what = What
owed-since = Since
owed-due = Due
owed-days = Time left
owed-open = Open
owed-late = { $n ->
    [one] { $shown } day late
   *[other] { $shown } days late
  }
owed-today = Due today
owed-left = { $n ->
    [one] { $shown } day left
   *[other] { $shown } days left
  }
owed-no-deadline = The rules set no day
owed-late-note = { $n ->
    [one] { $shown } is past its day; please answer it first.
   *[other] { $shown } are past their day; please answer them first.
  }
plea-objection = Objection
plea-repair = Application for repair
plea-began = made on { $day }
plea-due = due by { $day }
plea-own = A colleague must answer
plea-own-done = You handed in the record that objection no. { $number } is about: another officer of the department must answer. Nobody’s file was opened.
plea-look = That you opened this file is noted in the person’s “who looked”.
plea-says = What the person says
plea-ground = Ground
plea-performed = Performed on
plea-commitment = Public commitment
plea-answer = Answer
plea-cannot-grant = A condition is not met, or the record has no effect any more, so that repair cannot be granted. Please answer with the reason.
plea-decision = Decision
plea-choose = Please choose a decision
plea-repair-yes = Grant the repair
plea-repair-yes-what = Display, sharing and use stop at once
plea-repair-no = Refuse the repair
plea-repair-no-what = The record stays as it is; the person may apply again
plea-objection-yes = Uphold the objection
plea-objection-yes-what = The record is taken back at once; then correct or withdraw it at its origin
plea-objection-no = Do not uphold it
plea-objection-no-what = The record counts again; the same ground again needs new evidence
plea-why = What you checked, and why
plea-why-hint = What you compared, and why you decide so. The person will read this.
plea-send = Send the answer
plea-granted-done = No. { $number } is answered; the decision is in effect.
plea-refused-done = No. { $number } is answered.

nav-merges = Merge files
merges-why = Where one person or one organisation has two files, its register proposes to merge them, and a second officer who has looked at both confirms it. A merge can be undone, and what followed from it follows.
merges-list = Merges of this department
merges-empty = No files have been merged
merges-empty-help = Enter two identifiers above, look at both files, and propose it.
merge-new = Propose a merge
merge-new-hint = Both files are opened, and both see it in their “who looked”.
merge-kept = The file that stays
merge-merged = The file that goes into it
merge-find = Look at both files
merge-same = Both identifiers belong to one file already
merge-number = Number
merge-when = Proposed
merge-by = By
merge-state = State
merge-proposed = Waits for a second officer
merge-in-force = Merged
merge-undone = Undone
merge-title = Two files
merge-looked = That you opened these files stands in their “who looked”.
merge-records = { $n ->
    [one] { $shown } record
   *[other] { $shown } records
}
merge-evidence = Why it is one subject
merge-evidence-hint = Say what you compared, e.g. the cancelled entry in the population register
merge-go = Propose the merge
merge-confirm-title = Confirm
merge-confirm-hint = You have compared both files and the evidence. Once confirmed, the two files are one, and grade and measures follow from the records of both.
merge-confirm-go = Confirm the merge
merge-undo-title = Undo
merge-undo-hint = Two files again, at once, and without a second officer: a wrong merge does not wait.
merge-undo-why = Why it is undone
merge-undo-go = Make it two files again
merge-other-source = The file that goes is not of this department’s register; its register must propose it
merge-refused = Not merged: { $why }
merge-propose-done = Proposed; a second officer has to confirm it.
merge-confirm-done = Confirmed: the two files are one.
merge-undo-done = Undone: two files again.
nav-representatives = Representatives
namings-why = For a company whose representative has foreign papers, or whom the register’s file names without a number: one officer names the person, a second one who has looked at both files confirms it. From then on the person can act for the company. The register’s next later entry follows it.
namings-list = Named by officers
namings-empty = Nobody has been named here
namings-empty-help = Name a representative below.
naming-number = Number
naming-when = Named
naming-by = By
naming-state = State
naming-proposed = Waits for a second officer
naming-confirmed = Confirmed
naming-taken-back = Taken back
naming-check = Check and confirm
naming-new = Name a representative
naming-new-hint = You need the company’s code and the person’s identity document. Both files are opened, and both see it in their “who looked”.
naming-organisation = Company
naming-person = Who represents it
naming-paper = Identity document
naming-paper-number = Its number
naming-name = Name
naming-name-hint = As printed on it
naming-find = Look at both
naming-no-organisation = No company has this code here
naming-no-person = Nobody here has this number and this name; check both. Whom the population register does not know yet, it hands in first
naming-title = Who represents this company
naming-looked = That you opened these files stands in their “who looked”.
naming-today = The company’s records name { $name } today, since { $day }.
naming-nobody-today = The company’s records name nobody today who is known here.
naming-evidence = What shows it
naming-evidence-hint = Say which documents you saw, e.g. passport and the resolution in the register’s file
naming-go = Name this person
naming-own = You named this person; a colleague must confirm it.
naming-confirm-title = Confirm
naming-confirm-hint = You have compared both files and the documents. Once confirmed, this person reads the company’s file and acts for it.
naming-confirm-go = Confirm
naming-take-back-title = Take back
naming-take-back-hint = It says nothing any more, at once, and without a second officer: a wrong representative does not wait.
naming-take-back-why = Why it is taken back
naming-take-back-go = Take it back
naming-other-source = This company is not in your department’s register; its register must name the representative
naming-propose-done = Named; a second officer has to confirm it.
naming-confirm-done = Confirmed: this person now acts for the company.
naming-take-back-done = Taken back.

submission-undoing = to be taken back, awaiting review
submission-undone = taken back
undo-open = Take the whole batch back…
undo-title = Take a whole batch back
undo-what = Once taken back, no record of this batch has effect or counts for grades, lists and measures. The records and the reason are kept, and those concerned can see them. The mended file can be handed in again.
undo-why = Why it is taken back
undo-why-hint = Those concerned will see it, e.g. the whole batch was of the wrong year
undo-why-missing = Give a reason of 5 to 500 characters
undo-propose = Propose it
undo-proposed = { $officer } proposes to take it back
undo-own = A colleague of this department has to review it; you cannot review your own proposal.
undo-statement = I compared the file and the reason, and the whole batch should be taken back.
undo-confirm = Confirm: take it back
undo-drop-title = Keep the batch
undo-drop-why = Why it stays
undo-drop = Keep it
undo-waits = It is proposed to take this batch back; a colleague has to review it. Until then it has its effect.
undo-is-done = This batch was taken back; none of its records has effect.
undo-confirmed-by = Reviewed by { $officer }
nav-quality = Quality
quality-what = Of the rows handed in each month, how many were taken and stayed (quality); of those with a deadline, how many came within 7 working days of their document (in time). Rows held already are left out; rows of a batch that was taken back count as not taken.
quality-empty = Nothing handed in yet
quality-empty-help = After the first file, quality and timeliness are shown here by month.
quality-month = Month
quality-files = Files
quality-undone = { $shown } taken back
quality-rows = Rows
quality-refused = Refused
quality-score = Quality
quality-late = Late
quality-timeliness = In time
quality-faults = Commonest faults

columns-title = Match the columns
columns-why = Other headers are no obstacle: say which column of the file is which, and the same headers will be known from then on.
columns-what = On the left the columns of the layout; choose for each its column of the file. They are chosen beforehand by header and content: please check them.
columns-other-layout = Another layout
columns-ours = Column of the layout
columns-yours = Column of the file
columns-required = Columns that must be there
columns-optional = Columns that may be left out
columns-example = e.g. { $example }
columns-none = (not in the file)
columns-save = Save and check again
columns-kept = This holds for this department and this layout, and can be changed later.
columns-missing = These required columns have no column of the file yet: { $columns }
columns-twice = One column of the file can stand for one column only: { $header }
due-title = { $n ->
    [0] Nothing to do now
    [one] { $shown } thing to do
   *[other] { $shown } things to do
  }
due-to-confirm-go = Confirm
due-waiting-go = View
due-unlinked-go = Compare
due-owed-go = Answer
due-owed-soonest = the first: { $left }
due-sharing = Sharing
due-sharing-what = Applications of other departments, and what is to be put right
due-sharing-go = Open
due-namings = Representatives to confirm
due-namings-what = A colleague named who represents a company
due-namings-go = Check
quality-of = Quality, { $month }
quality-more = Every month, and the commonest faults
quality-scores = Quality by month
filter-none = Nothing like that
filter-clear = Show all
submission-rows = Rows
reveal-compare = To compare with the original
reveal-contact = To contact the person
reveal-correct = To correct what was handed in
row-fault-AMOUNT-INVALID = Amount not understood
row-fault-BIRTH-MISMATCH = Date of birth differs
row-fault-CELL-ERROR = Error in a cell
row-fault-CODE-UNKNOWN = Not a known code
row-fault-COLUMN-COUNT = Wrong number of columns
row-fault-COLUMN-UNKNOWN = Unknown column
row-fault-CONFLICT = Same document, other content
row-fault-DATE-FUTURE = Date in the future
row-fault-DATE-INVALID = Date not understood
row-fault-DATE-ORDER = Dates in the wrong order
row-fault-DEMO-IDENTITY = Identity made up for the demo
row-fault-DIGITS-LOST = Digits of a long number lost
row-fault-FIELD-KIND = Wrong kind of value
row-fault-FIELD-UNKNOWN = Unknown field
row-fault-ID-ALPHABET = Odd character in an identity number
row-fault-ID-BIRTH-DATE = No date of birth in an identity number
row-fault-ID-CHECK-DIGIT = Check digit of an identity number
row-fault-ID-LENGTH = Length of an identity number
row-fault-ID-MASKED = Masked number
row-fault-ITEM-ENDED = Item no longer in use
row-fault-ITEM-NOT-OF-SOURCE = Not for this department to hand in
row-fault-ITEM-NOT-YET = Item not in use yet
row-fault-ITEM-UNKNOWN = Item not in the catalogue
row-fault-KIND-MISMATCH = Kind of document differs
row-fault-LATE = Handed in after seven working days
row-fault-NOT-IN-LIST = Not one of the choices
row-fault-NUMBER-INVALID = Number not understood
row-fault-OUT-OF-RANGE = Value out of range
row-fault-REAL-IN-DEMO = A real number in the demo
row-fault-REQUIRED = Required, but empty
row-fault-SUBJECT-KIND = Kind of subject differs
row-fault-SUBJECT-MISSING = Nobody is named
row-fault-SUBJECT-UNKNOWN = Not in the register
row-fault-TOO-LONG = Too long
row-fault-USCC-ALPHABET = Odd character in a credit code
row-fault-USCC-CHECKSUM = Check character of a credit code
