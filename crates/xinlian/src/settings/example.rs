//! A whole file with every setting, each commented out and explained.

use super::file::section;
use super::{SETTINGS, USUAL_FILE};

/// The text of the file.
pub(crate) fn example() -> String {
    let mut lines = vec![
        format!(
            "# Settings of Xinlian. The usual place of this file is {USUAL_FILE}; `--config FILE` or XINLIAN_CONFIG"
        ),
        "# names another. An option of the command line goes before its variable, a variable before this file, and this".to_owned(),
        "# file before what is built in. `xinlian config check` says what holds, and why. Remove the `#` before what".to_owned(),
        "# you set.".to_owned(),
    ];
    let mut last = "";
    for setting in &SETTINGS {
        let of = section(setting.key);
        if of != last {
            lines.extend([String::new(), format!("[{of}]")]);
            last = of;
        }
        lines.extend(setting.says.lines().map(|line| format!("# {line}")));
        let built_in = setting.default.map(|value| format!("; built in: `{value}`"));
        let (flag, env) = (setting.flag, setting.env);
        lines.push(format!("# {flag}, {env}{}", built_in.unwrap_or_default()));
        let name = setting.key.trim_start_matches(of).trim_start_matches('.');
        let marks = if setting.kind.is_bare() { "" } else { "\"" };
        lines.push(format!("#{name} = {marks}{}{marks}", setting.such_as));
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::SettingsFile;
    use super::*;

    #[test]
    fn it_is_a_file_without_fault_and_says_everything_once_the_marks_are_gone() {
        let text = example();
        SettingsFile::parse(Path::new("x.toml"), &text).unwrap();
        let whole: String = text
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let file = SettingsFile::parse(Path::new("x.toml"), &whole).unwrap();
        for setting in &SETTINGS {
            assert_eq!(file.value(setting).unwrap().0, setting.such_as, "{}", setting.key);
        }
    }

    #[test]
    fn the_docs_hold_it_as_it_is() {
        let held = include_str!("../../../../docs/xinlian.example.toml");
        assert_eq!(
            held,
            example(),
            "do: xinlian config example > docs/xinlian.example.toml"
        );
    }
}
