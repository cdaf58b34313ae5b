//! A body comes at a pace: whoever sends a byte now and then would otherwise hold a place for as long as they like.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Sleep;

use crate::state::App;

/// A body without a length has the time of the longest that is taken.
const LENGTH_MOST: u64 = 64 * 1024 * 1024;

/// Gives a request's body as long as its length needs at the least pace.
pub(crate) async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .unwrap_or(LENGTH_MOST)
        .min(LENGTH_MOST);
    let seconds = length / app.running.body_bytes_per_second.max(1);
    let time = app.running.body_silence + Duration::from_secs(seconds);
    let (parts, body) = request.into_parts();
    let body = Body::new(InTime {
        body,
        end: Box::pin(tokio::time::sleep(time)),
    });
    next.run(Request::from_parts(parts, body)).await
}

/// A body that ends with a fault once its time is over.
struct InTime {
    body: Body,
    end: Pin<Box<Sleep>>,
}

impl HttpBody for InTime {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.end.as_mut().poll(cx).is_ready() {
            let slow = std::io::Error::new(std::io::ErrorKind::TimedOut, "the body came too slowly");
            return Poll::Ready(Some(Err(axum::Error::new(slow))));
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
