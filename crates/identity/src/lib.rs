//! Who signs in: staff with password and one-time code, persons, sessions
