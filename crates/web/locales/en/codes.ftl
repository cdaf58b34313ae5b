standing-counts = In force
standing-counts-means = This record is in force.
standing-pending = Waiting for confirmation, no effect yet
standing-pending-means = An adverse record takes effect only once a second officer of the department has confirmed it. It has no effect now.
standing-underway = Not yet served, no effect
standing-underway-means = The list asks for a notice, time for a defence, a decision and its delivery. Not all of that has happened, so the decision has no effect.
standing-disputed = Contested, suspended
standing-disputed-means = An objection was filed. Until it is answered the record does not count in any grade, and every page says that it is contested.
standing-ended = Ended ({ $day })
standing-ended-means = Its term is over and it has no effect any more.
standing-repaired = Repaired
standing-repaired-means = After credit repair, display, sharing and use have stopped.
standing-corrected = Corrected
standing-corrected-means = A corrected record stands in its place.
standing-withdrawn = Withdrawn
standing-withdrawn-means = The record was taken back and has no effect any more.
standing-future = Not begun
standing-future-means = Its day has not come.
standing-uncatalogued = Not in the catalogue
standing-uncatalogued-means = The catalogue in force has no such item, so it has no effect.
standing-unknown = —

act-publish-policy = Rules published
act-confirm = Confirmed
act-link = Linked to a subject
act-unlink = Link undone
act-withdraw = Withdrawn
act-object = Objection
act-answer = Objection answered
act-repair = Credit repair
act-notice = Notice of rating
act-consent = Consent to use of the grade
act-revoke = Consent revoked

kind-person = Person
kind-organisation = Organisation
kind-sole_trader = Sole trader

identifier-resident_id = Resident ID number
identifier-resident_id_old = 15-digit resident number
identifier-passport = Passport
identifier-hk_macao_permit = Hong Kong and Macao residents’ permit
identifier-taiwan_permit = Taiwan residents’ permit
identifier-foreign_permanent_resident = Foreign permanent resident’s card
identifier-uscc = Unified social credit code
identifier-organisation_code = Organisation code
identifier-business_registration = Business registration number

rating-no_notice = Not rated yet
rating-minor = Under 18, not rated
rating-deceased = No longer rated
rating-no_scorecard = Not rated

verdict-ordinary = Ordinary procedure
verdict-defer_materials = Can be accepted, the rest to follow
verdict-complete = Complete, can be accepted
verdict-zero_visit = No visit needed, can be settled now

reason-nothing_missing = All materials are there
reason-no_visit_needed = Departments hold all materials; the applicant hands in none
reason-trusted = The credit condition of this service is met
reason-core_missing = A core material is missing
reason-no_consent = The applicant has not agreed to use of the grade: ordinary procedure, with no other effect
reason-purpose_without_grade = This purpose does not use the grade
reason-trust_not_open = Deferral is not open this time; the applicant can see why in their own file
reason-no_trust_path = This service has no deferral
reason-other_subject = This service is not for this kind of applicant
reason-unknown_service = The rules in force have no such service

fault-SAME-OFFICER = Whoever handed it in cannot confirm it; another officer of the department must.
fault-OTHER-SOURCE = Only an officer of the department that handed it in can do this.
fault-ALREADY-CONFIRMED = It has been confirmed already.
fault-NOTHING-PENDING = Nothing in it waits for confirmation, or it is not finished.
fault-ALREADY-LINKED = This record belongs to a subject already.
fault-NOT-LINKED = This record belongs to no subject.
fault-NO-REASON = Please give a reason of 5 to 500 characters.
fault-NOT-OF-SUBJECT = This record is not about you.
fault-SAME-GROUND = You have contested it on this ground already; the same ground again needs new evidence.
fault-WRONG-KIND = This kind of record cannot be treated so.

identifier-fault-REQUIRED = it is empty
identifier-fault-ID-LENGTH = it has { $found } characters and should have { $wanted }
identifier-fault-USCC-ALPHABET = character { $place } is “{ $found }”; these codes have no I O S V Z
identifier-fault-ID-ALPHABET = character { $place } is “{ $found }”, where only digits may be
identifier-fault-ID-BIRTH-DATE = characters 7 to 14, “{ $found }”, are no date of birth
identifier-fault-ID-CHECK-DIGIT = the check digit “{ $found }” does not fit; one character may be a slip
identifier-fault-DEMO-IDENTITY = this is a made-up identity of the demo
identifier-fault-REAL-IN-DEMO = the demo takes made-up identities only; please enter no real number
