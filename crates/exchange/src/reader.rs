//! Who reads a workbook: a process of its own, under bounds that the system keeps ([ADR 0009]).
//!
//! [ADR 0009]: ../../../docs/adr/0009-foreign-formats-in-a-child.md

use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use assess::Text;
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::FileFault;
use crate::fault::unreadable;
use crate::read::spool::{Sheet, gather};
use crate::read::text::Data;
use crate::read::workbook::{Source, copy_out};

/// The word by which the program is started as a reader.
pub const READER_COMMAND: &str = "read-workbook";

/// The most memory a reading process may have mapped, in bytes; the program itself is some 40 MB of it.
const MEMORY_MOST_BYTES: u64 = 256 << 20;
/// The least processor time it gets, in seconds.
const SECONDS_LEAST: u64 = 4;
/// Bytes of a file for which it gets a second more.
const BYTES_A_SECOND: u64 = 512 << 10;
/// How much longer than its processor time it may take, for a busy machine.
const PATIENCE: u32 = 4;

/// Who reads files whose readers were written by others: workbooks and Parquet.
#[derive(Debug, Clone)]
pub enum Reader {
    /// This process. For tests, and within the reading process itself.
    Here,
    /// A new process of this program, started with [`READER_COMMAND`].
    Child(PathBuf),
}

impl Reader {
    /// A process of the program that is running.
    ///
    /// # Errors
    /// When the system does not say where that program is.
    pub fn of_this_program() -> std::io::Result<Self> {
        std::env::current_exe().map(Self::Child)
    }

    pub(crate) fn read(&self, data: &Data) -> Result<Vec<Sheet>, FileFault> {
        match self {
            Self::Here => {
                let mut frames = Vec::new();
                let copied = copy_out(data.source()?, &mut frames);
                copied.map_err(|error| unreadable(&error))?;
                gather(&mut frames.as_slice()).unwrap_or_else(|| Err(gave_up()))
            }
            Self::Child(program) => read_by_child(program, data).map_err(|error| unreadable(&error))?,
        }
    }
}

fn read_by_child(program: &Path, data: &Data) -> std::io::Result<Result<Vec<Sheet>, FileFault>> {
    let file = data.file()?;
    let seconds = seconds(file.metadata()?.len());
    let mut child = Command::new(program)
        .args([READER_COMMAND, &seconds.to_string()])
        .env_clear()
        .current_dir("/")
        .stdin(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let frames = child.stdout.take();
    let child = Arc::new(Mutex::new(child));
    let (done, is_done) = mpsc::channel::<()>();
    let of_watch = Arc::clone(&child);
    let watch = std::thread::spawn(move || {
        let limit = Duration::from_secs(seconds).saturating_mul(PATIENCE);
        if is_done.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
            // It ends here or has ended already.
            let _ended = of_watch.lock().unwrap_or_else(PoisonError::into_inner).kill();
        }
    });
    let sheets = frames.and_then(|frames| gather(&mut BufReader::new(frames)));
    drop(done);
    // Whoever was told enough, or nonsense, need not go on.
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    let _ended = child.kill();
    let _status = child.wait()?;
    drop(child);
    let _joined = watch.join();
    Ok(sheets.unwrap_or_else(|| Err(gave_up())))
}

fn seconds(bytes: u64) -> u64 {
    SECONDS_LEAST + bytes / BYTES_A_SECOND
}

/// What the reading process does: takes the bounds upon itself, reads the file on its standard input and writes its rows to
/// standard output, for nobody but the process that started it. `seconds` is its processor time.
pub fn serve_reader(seconds: u64) -> ExitCode {
    match bound(seconds).and_then(|()| copy()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn bound(seconds: u64) -> std::io::Result<()> {
    for (resource, most) in [
        (Resource::As, MEMORY_MOST_BYTES),
        (Resource::Cpu, seconds),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Nofile, 16),
    ] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)?;
    }
    Ok(())
}

fn copy() -> std::io::Result<()> {
    // A descriptor of its own, from whose beginning everything is read.
    let file = std::fs::File::from(rustix::io::dup(std::io::stdin())?);
    let source: Box<dyn Source> = Box::new(file);
    let mut out = BufWriter::new(std::io::stdout().lock());
    copy_out(source, &mut out)?;
    out.flush()
}

/// The reader ended without a word: it reached its bounds, or broke.
fn gave_up() -> FileFault {
    FileFault::new(
        "TOO-LARGE",
        Text::new(
            "读取此文件所需的内存或时间超出上限，或文件已损坏",
            "reading this file takes more memory or time than is allowed, or the file is broken",
        ),
        Text::new(
            "请用表格软件打开，只留数据，另存为 CSV（UTF-8），或拆成几个文件",
            "open it in a spreadsheet program, keep nothing but the rows and save it as CSV (UTF-8), or split it",
        ),
    )
}
