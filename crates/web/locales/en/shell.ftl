brand = Xinlian
skip-to-content = Skip to content
other-language = 中文
other-language-tag = zh-CN
size-large = Larger text
size-normal = Normal text
sign-in = Sign in
sign-out = Sign out
made-up = Demo: all people, companies and records are made up.
made-up-label = About this demo
made-up-start = Back to the demo’s start
desk-public = Public credit information
desk-department = Department desk
desk-counter = Counter
desk-my = My credit file
foot-rules = Rules in force: edition { $edition }
foot-known = { $n ->
    [one] { $shown } record held
   *[other] { $shown } records held
  }
foot-guide = Grades and your rights
foot-public = Public search
today = Today
yes = Yes
no = No
pager-label = Pages
pager-says = { $first }–{ $last } of { $total }
pager-none = None
pager-previous = Previous
pager-next = Next
faults-title = Please correct the following
back = Back
print = Print
details = Details

nav-due = To do
nav-upload = Hand in
nav-history = History
nav-confirm = To confirm
nav-unlinked = Unlinked
nav-check = Check
nav-ledger = Today’s ledger
nav-my = My credit
nav-looks = Who looked
nav-consents = My consents
table-action = Action
