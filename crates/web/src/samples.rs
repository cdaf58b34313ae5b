//! Every template, rendered with its samples in both languages.

use crate::lang::{Lang, MISSING};
use crate::page::Samples;

fn check<T: Samples>() {
    for lang in Lang::ALL {
        let samples = T::samples(lang);
        assert!(!samples.is_empty());
        for sample in samples {
            let html = sample.render().unwrap();
            check_page(&html, std::any::type_name::<T>(), lang);
        }
    }
}

fn check_page(html: &str, page: &str, lang: Lang) {
    let missing = html
        .split_once(MISSING.0)
        .map(|(_, rest)| rest.chars().take(60).collect::<String>());
    assert_eq!(missing, None, "{page}: a key without words");
    assert!(
        html.contains(&format!("<html lang=\"{}\"", lang.tag())),
        "{page}: its language"
    );
    assert_eq!(
        html.matches("<h1").count(),
        1,
        "{page}: one heading of the first level"
    );
    assert_eq!(html.matches("<main").count(), 1, "{page}: one main");
    for inline in [" style=", "<style", " onclick", " onchange", "javascript:"] {
        assert!(!html.contains(inline), "{page}: {inline}, which the CSP refuses");
    }
    for script in html.split("<script").skip(1) {
        assert!(
            script.starts_with(" src=\"/assets/"),
            "{page}: a script that is not our own"
        );
    }
    for label in html.split("<label for=\"").skip(1) {
        let id = label.split('"').next().unwrap();
        assert!(
            html.contains(&format!("id=\"{id}\"")),
            "{page}: a label for `{id}`, which is not there"
        );
    }
    for input in html.split("<input").skip(1).chain(html.split("<select").skip(1)) {
        let tag = input.split('>').next().unwrap();
        if tag.contains("type=\"hidden\"") {
            continue;
        }
        let id = tag.split("id=\"").nth(1).and_then(|rest| rest.split('"').next());
        let id = id.unwrap_or_else(|| panic!("{page}: a field without an id: {tag}"));
        assert!(
            html.contains(&format!("for=\"{id}\"")),
            "{page}: `{id}` has no label"
        );
    }
    let mut ids: Vec<&str> = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "{page}: an id stands twice");
}

macro_rules! pages {
    ($($name:ident = $page:ty;)*) => {$(
        #[test]
        fn $name() {
            check::<$page>();
        }
    )*};
}

pages! {
    error = crate::error::ErrorPage;
    sign_in = crate::sign_in::SignInPage;
    demo = crate::demo::DemoPage;
    public_home = crate::public::home::HomePage;
    public_gallery = crate::public::gallery::GalleryPage;
    public_guide = crate::public::guide::GuidePage;
    public_guides = crate::public::guides::GuidesPage;
    public_topic = crate::public::guides::TopicPage;
    public_reference = crate::public::reference::ReferencePage;
    public_organisations = crate::public::organisations::SearchPage;
    public_organisation = crate::public::organisation::OrganisationPage;
    public_list = crate::public::list::ListPage;
    public_open_data = crate::public::open_data::OpenDataPage;
    public_announcements = crate::public::announcements::AnnouncementsPage;
    public_announcement = crate::public::announcements::AnnouncementPage;
    public_verify = crate::public::verify::VerifyPage;
    department_home = crate::department::home::HomePage;
    department_upload = crate::department::upload::UploadPage;
    department_preview = crate::department::preview::PreviewPage;
    department_submissions = crate::department::submissions::SubmissionsPage;
    department_submission = crate::department::submission::SubmissionPage;
    department_confirm_list = crate::department::confirm_list::ConfirmListPage;
    department_confirm = crate::department::confirm::ConfirmPage;
    department_unlinked = crate::department::unlinked::UnlinkedPage;
    department_link = crate::department::link::LinkPage;
    department_records = crate::department::own_record::RecordsPage;
    department_record = crate::department::own_record::RecordPage;
    department_merge = crate::department::merge::MergePage;
    department_representatives = crate::department::representatives::RepresentativesPage;
    department_representative = crate::department::representative::RepresentativePage;
    department_quality = crate::department::quality::QualityPage;
    department_columns = crate::department::columns::ColumnsPage;
    department_sharing = crate::department::sharing::SharingPage;
    department_sharing_catalogue = crate::department::sharing::catalogue::CataloguePage;
    department_sharing_new = crate::department::sharing::new::NewPage;
    department_sharing_one = crate::department::sharing::one::SharePage;
    department_sharing_answer = crate::department::sharing::answer::AnswerPage;
    department_sharing_events = crate::department::sharing::events::EventsPage;
    department_sharing_matrix = crate::department::sharing::matrix::MatrixPage;
    department_undo = crate::department::undo::UndoPage;
    department_merges = crate::department::merges::MergesPage;
    department_owed = crate::department::owed::OwedPage;
    department_plea = crate::department::plea::PleaPage;
    counter_check = crate::counter::check::CheckPage;
    counter_decision = crate::counter::decision::DecisionPage;
    counter_objection_ask = crate::counter::objection::ask::AskPage;
    counter_objection_write = crate::counter::objection::write::WritePage;
    counter_objection_receipt = crate::counter::objection::receipt::ReceiptPage;
    counter_letter = crate::counter::letter::LetterPage;
    counter_receipt = crate::counter::receipt::ReceiptPage;
    counter_ledger = crate::counter::ledger::LedgerPage;
    audit_home = crate::audit::home::HomePage;
    audit_looks = crate::audit::looks::LooksPage;
    audit_unusual = crate::audit::unusual::UnusualPage;
    audit_unusual_one = crate::audit::unusual_one::OnePage;
    audit_questions = crate::audit::questions::QuestionsPage;
    audit_question = crate::audit::question::QuestionPage;
    audit_acts = crate::audit::acts::ActsPage;
    office_home = crate::office::home::HomePage;
    office_announcements = crate::office::announcements::AnnouncementsPage;
    office_announcement = crate::office::announcement::AnnouncementPage;
    office_announcement_edit = crate::office::announcement::EditPage;
    office_reports = crate::office::monthly::ReportsPage;
    office_report = crate::office::monthly::one::ReportPage;
    office_simulations = crate::office::simulation::list::SimulationsPage;
    statistics = crate::statistics::show::StatisticsPage;
    office_simulation_example = crate::office::simulation::example::ExamplePage;
    office_simulation = crate::office::simulation::one::SimulationPage;
    office_simulation_file = crate::office::simulation::file::FilePage;
    office_simulation_new = crate::office::simulation::draft::DraftPage;
    office_queue = crate::office::queue::QueuePage;
    office_rules = crate::office::rules::RulesPage;
    office_editions = crate::office::editions::EditionsPage;
    office_edition = crate::office::editions::EditionPage;
    office_sources = crate::office::sources::SourcesPage;
    office_staff = crate::office::staff::StaffPage;
    office_health = crate::office::health::HealthPage;
    my_question = crate::my::question::QuestionPage;
    my_home = crate::my::home::HomePage;
    my_messages = crate::my::messages::MessagesPage;
    my_companies = crate::my::companies::CompaniesPage;
    my_agents = crate::my::agents::AgentsPage;
    my_record = crate::my::record::RecordPage;
    my_repair = crate::my::repair::RepairPage;
    my_repair_check = crate::my::repair_check::CheckPage;
    my_report = crate::my::report::ReportPage;
    my_reports = crate::my::reports::ReportsPage;
    my_looks = crate::my::looks::LooksPage;
    my_consents = crate::my::consents::ConsentsPage;
}
