//! Pages for everyone. They find organisations only; nobody is found by name.

pub(crate) mod announcements;
pub(crate) mod data;
pub(crate) mod gallery;
pub(crate) mod guide;
pub(crate) mod guides;
pub(crate) mod home;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod open_data;
pub(crate) mod organisation;
pub(crate) mod organisations;
pub(crate) mod reference;
pub(crate) mod share;
pub(crate) mod shown;
pub(crate) mod verify;
