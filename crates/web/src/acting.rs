//! For whom somebody acts: at an organisation's desk its code stands in the address, and whether one may is found out anew with each
//! request.

use assess::{Bundle, Scope};
use identity::Role;
use record::SubjectId;
use store::Capacity;

use crate::access::Viewer;
use crate::error::Fault;
use crate::lang::Lang;
use crate::state::App;

/// For whom somebody acts, as every page says.
#[derive(Debug, Clone)]
pub(crate) struct Acting {
    /// The organisation's name.
    pub(crate) name: String,
    /// Its social credit code, which stands in the address.
    pub(crate) uscc: String,
    /// As what.
    pub(crate) role: Role,
}

impl Acting {
    /// Whoever asks at an organisation's desk, and acts for it, becomes its agent; any other person a stranger there.
    pub(crate) async fn at(app: &App, viewer: &mut Viewer, here: &str) -> Result<Option<Self>, Fault> {
        let (Viewer::Person { subject }, Some(uscc)) = (&*viewer, company_of(here)) else {
            return Ok(None);
        };
        let found = acts_for(app, *subject, uscc).await?;
        let (becomes, acting) =
            found.map_or((Viewer::Stranger, None), |(agent, acting)| (agent, Some(acting)));
        *viewer = becomes;
        Ok(acting)
    }

    /// Where the organisation's pages begin.
    pub(crate) fn base(&self) -> String {
        format!("{COMPANY}{}", self.uscc)
    }

    /// What every page says of it.
    pub(crate) fn says(&self, lang: Lang, bundle: &Bundle) -> String {
        let role = bundle.role(self.role.code());
        let role = role.map_or_else(String::new, |role| lang.of(&role.name));
        let said = [
            ("name", self.name.as_str()),
            ("uscc", &self.uscc),
            ("role", &role),
        ];
        lang.with("acting-for", &said)
    }
}

/// Before the code of the organisation that one acts for.
const COMPANY: &str = "/company/";

/// The code of the organisation at whose desk an address is.
fn company_of(here: &str) -> Option<&str> {
    let path = here.split('?').next()?;
    path.strip_prefix(COMPANY)?.split('/').next()
}

/// As what a person acts for an organisation today, if they do.
async fn acts_for(app: &App, person: SubjectId, uscc: &str) -> Result<Option<(Viewer, Acting)>, Fault> {
    let Some(found) = app.store.organisation(uscc).await.map_err(Fault::internal)? else {
        return Ok(None);
    };
    let mandate = app.store.mandate(person, found.subject).await;
    let Some(mandate) = mandate.map_err(Fault::internal)? else {
        return Ok(None);
    };
    let role = role_of(&mandate.capacity);
    let viewer = Viewer::Agent {
        person,
        organisation: mandate.organisation,
        role,
    };
    let acting = Acting {
        name: mandate.name,
        uscc: mandate.uscc,
        role,
    };
    Ok(Some((viewer, acting)))
}

/// What somebody may who acts for an organisation in this capacity.
pub(crate) fn role_of(capacity: &Capacity) -> Role {
    match capacity {
        Capacity::Representative => Role::Representative,
        Capacity::Appointed(appointment) => match appointment.scope {
            Scope::Act => Role::Agent,
            Scope::Read => Role::Reader,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_at_whose_desk_it_is() {
        for (here, of) in [
            ("/company", None),
            ("/company/91440604DEM000001X", Some("91440604DEM000001X")),
            ("/company/91440604DEM000001X?by=time", Some("91440604DEM000001X")),
            (
                "/company/91440604DEM000001X/looks?own=1",
                Some("91440604DEM000001X"),
            ),
            ("/company/", Some("")),
            ("/my", None),
            ("/companyx/1", None),
        ] {
            assert_eq!(company_of(here), of, "{here}");
        }
    }
}
