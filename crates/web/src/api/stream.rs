//! Answers that go out as they are made: NDJSON, a block at a time, never the whole in memory. A block waits until the client has
//! taken those before it, and whoever makes them stops when nobody is left to take them. An answer that was cut off has no last line,
//! and its connection says so.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::{Body as HttpBody, Frame};
use serde::Serialize;
use tokio::sync::mpsc;
use tracing::Instrument as _;

use crate::error::Fault;

/// What a stream of JSON objects, one a line, is called.
pub(super) const KIND: &str = "application/x-ndjson";
/// Blocks that are made before the client has taken them.
const BLOCKS_AHEAD: usize = 2;

/// Where the lines of an answer go.
pub(super) struct Lines {
    to: mpsc::Sender<Result<Bytes, axum::Error>>,
    block: Vec<u8>,
}

impl Lines {
    /// Puts a line into the block.
    pub(super) fn say(&mut self, line: &impl Serialize) -> Result<(), Fault> {
        serde_json::to_writer(&mut self.block, line).map_err(Fault::internal)?;
        self.block.push(b'\n');
        Ok(())
    }

    /// Sends the block, once there is room for it.
    pub(super) async fn send(&mut self) -> Result<(), Fault> {
        let block = Bytes::from(std::mem::take(&mut self.block));
        let sent = self.to.send(Ok(block)).await;
        sent.map_err(|_| Fault::internal("the client of a stream has gone"))
    }
}

/// An answer whose lines are made meanwhile.
pub(super) fn ndjson<F>(produce: impl FnOnce(Lines) -> F) -> Response
where
    F: Future<Output = Result<(), Fault>> + Send + 'static,
{
    let (to, blocks) = mpsc::channel(BLOCKS_AHEAD);
    let produced = produce(Lines {
        to: to.clone(),
        block: Vec::new(),
    });
    let sending = async move {
        if let Err(fault) = produced.await
            && !to.is_closed()
        {
            tracing::error!(%fault, "a stream was cut off");
            // If nobody takes it any more, the client knows.
            let _ = to.send(Err(axum::Error::new(fault))).await;
        }
    };
    tokio::spawn(sending.in_current_span());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(KIND)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Body::new(Blocks(blocks))).into_response()
}

/// Whether an answer is one of these: it has no tag, for it is never whole.
pub(super) fn is_stream(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes() == KIND.as_bytes())
}

struct Blocks(mpsc::Receiver<Result<Bytes, axum::Error>>);

impl HttpBody for Blocks {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.0.poll_recv(cx).map(|block| Some(block?.map(Frame::data)))
    }
}
