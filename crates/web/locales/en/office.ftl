desk-office = Credit office
nav-overview = The district
nav-queue = Objections and repairs
nav-rules = Rules in force
nav-editions = Editions
nav-sources = Departments
nav-staff = Staff
nav-health = Health
office-records = Records
office-waiting = What waits at the departments
office-see = See
office-pleas = Objections and repairs to answer
office-pleas-what = The departments answer them in time
office-to-confirm = Hand-ins to confirm
office-to-confirm-what = Adverse records take effect once a second person has looked
office-unlinked = Records that belong to nobody yet
office-unlinked-what = They have no effect
office-months = Rows taken in, month by month
office-classes = Records by class
office-class = class
office-by-source = Records by department
office-others = Others
office-league = Timeliness and quality
office-league-what = Of the last three months. What has a deadline, such as licences and penalties, is in time within seven working days of its decision; the least timely stand first. What has none has no timeliness.
office-league-empty = Departments are listed once they hand in files.
office-no-grades = How many have which grade does not stand here: a grade is concluded from the records when it is used, and is not stored; opening everybody's file to count is not for this page. An operator counts with xinlian policy disparity when it is needed.
office-queue-what = Objections and applications for repair at all departments. Who made them and what they say is not seen here; the department of the record opens the file, which is a look written first.
office-queue-late = { $n ->
    [one] { $shown } is overdue.
   *[other] { $shown } are overdue.
  }
office-queue-empty = No objection or application is like this
office-queue-empty-help = Try another state or department.
office-plea-open = To be answered
office-plea-late = Overdue
office-plea-answered = Answered
office-rules-what = The rules of edition { $edition } in full, written from the rules themselves: what they say stands here.
office-rules-search = Search the rules
office-rules-parts = Parts of the rules
office-rules-empty = The rules do not hold these words
office-rules-empty-help = Try another word, for example fine or repair.
office-editions-what = One person drafts an edition, another approves it; it is published as a record and never changed. What was concluded before replays by the rules of its day.
office-edition-name = Edition
office-in-force-from = In force from
office-in-force = In force
office-drafted = Drafted by
office-approved = Approved by
office-digest = Digest
office-first = The first
office-first-what = This is the first edition; there is none before it to compare with.
office-changes = What changed
office-at-founding = at founding
office-edition = What edition { $edition } changed
office-against = Against edition { $edition },
office-changed = { $n ->
    [one] { $shown } clause differs.
   *[other] { $shown } clauses differ.
  }
office-no-change = Nothing differs
office-clause = Clause
office-change = Change
office-from-to = From what to what
change-added = added
change-removed = removed
change-changed = changed
office-level = Level
office-last-file = Last file
office-never = never
office-since = oldest { $day }
office-late = { $n ->
    [one] { $shown } overdue
   *[other] { $shown } overdue
  }
office-keys = Keys
office-keys-what = With a key another system hands in and asks for its department. The key itself is not here; only its hash is kept.
office-keys-empty = There is no key
office-keys-empty-help = An operator makes one with xinlian api-key add.
office-key = Name
office-until = Good until
office-used = Last used
key-good = good
key-ended = ended
key-revoked = taken back
office-endpoints = Endpoints
office-endpoints-what = Where departments' systems are told of changes of what was shared. Only the host is shown.
office-endpoints-empty = There is no endpoint
office-endpoints-empty-help = An operator registers one with xinlian webhook add.
office-host = Host
office-told = Last told
office-push-waiting = Waiting
office-push-given-up = Given up
office-staff-what = Who works where, in which role, and whether they can sign in. Operators add and close; every time stands at the auditor's desk.
office-staff-empty = Try another role or department.
office-role = Role
office-added = Added
office-open = can sign in
office-closed = closed
health-what = What
health-fine = All is in order
health-fine-why = Every line below is as it should be.
health-look = Something wants attention
health-look-why = See what is marked below.
health-database = Database
health-database-what = That this page is shown says that it answers
health-database-says = { $kind }, { $size } MiB, migration { $migration }
health-verified = Last full verification
health-verified-what = xinlian verify recomputes every commitment and projection; once a week at least
health-verified-never = never
health-verified-says = { $when }: { $records } records, { $differences } differences
health-jobs = Files of other systems
health-jobs-what = Handed over, and not yet taken in
health-wait = { $n ->
    [one] { $shown } waits
   *[other] { $shown } wait
  }
health-pushes = Tellings of changes
health-pushes-what = To departments' systems, of what was shared
health-pushes-says = { $waiting } wait, { $given } given up
health-queue = Objections and repairs
health-queue-what = To be answered by the departments
health-queue-says = { $waiting } wait, { $late } overdue
health-version = Versions
health-version-what = Program · rules
health-disk = Free space on the disk is watched by the operating system; this program does not read it. What the database takes stands above.
