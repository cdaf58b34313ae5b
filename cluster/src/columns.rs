//! What came out as columns of Arrow, and back.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use batch::{Outcome, Row, Wording};
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Int32Builder, Int64Builder, RecordBatch, RecordBatchOptions, StringArray,
    StringBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema, SchemaRef};
use datafusion::error::{DataFusionError, Result};

/// The columns of the table of ratings, as `xinlian rate --out` writes them.
static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let text = |name| Field::new(name, DataType::Utf8, true);
    Arc::new(Schema::new(vec![
        Field::new("subject", DataType::Int64, false),
        text("scorecard"),
        text("grade"),
        Field::new("points", DataType::Int32, true),
        text("dimensions"),
        text("reasons"),
        text("not_rated"),
    ]))
});

/// The columns of the table of ratings.
pub(crate) fn schema() -> SchemaRef {
    SCHEMA.clone()
}

/// A column in the making.
enum Column {
    Subject(Int64Builder),
    Scorecard(StringBuilder),
    Grade(StringBuilder),
    Points(Int32Builder),
    Dimensions(StringBuilder),
    Reasons(StringBuilder),
    NotRated(StringBuilder),
}

/// The columns that are asked for, in the making.
pub(crate) struct Columns<'b> {
    wording: Wording<'b>,
    schema: SchemaRef,
    columns: Vec<Column>,
    rows: usize,
}

impl<'b> Columns<'b> {
    /// Columns of this schema, which are some of those of [`schema`].
    pub(crate) fn new(wording: Wording<'b>, schema: SchemaRef) -> Self {
        let columns = schema
            .fields()
            .iter()
            .filter_map(|field| Column::of(field.name()));
        Self {
            wording,
            columns: columns.collect(),
            schema: schema.clone(),
            rows: 0,
        }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Adds what came out for one subject.
    pub(crate) fn push(&mut self, outcome: &Outcome) {
        let row = self.wording.short_row(outcome);
        for column in &mut self.columns {
            match column {
                Column::Subject(to) => to.append_value(row.subject),
                Column::Scorecard(to) => to.append_option(row.scorecard),
                Column::Grade(to) => to.append_option(row.grade),
                Column::Points(to) => to.append_option(row.points),
                Column::Dimensions(to) => to.append_option(self.wording.dimensions(outcome)),
                Column::Reasons(to) => to.append_option(self.wording.reasons(outcome)),
                Column::NotRated(to) => to.append_option(row.not_rated),
            }
        }
        self.rows += 1;
    }

    /// The rows so far.
    pub(crate) fn take(&mut self) -> Result<RecordBatch> {
        let columns = self.columns.iter_mut().map(Column::take).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(std::mem::take(&mut self.rows)));
        Ok(RecordBatch::try_new_with_options(
            self.schema.clone(),
            columns,
            &options,
        )?)
    }
}

impl Column {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "subject" => Self::Subject(Int64Builder::new()),
            "scorecard" => Self::Scorecard(StringBuilder::new()),
            "grade" => Self::Grade(StringBuilder::new()),
            "points" => Self::Points(Int32Builder::new()),
            "dimensions" => Self::Dimensions(StringBuilder::new()),
            "reasons" => Self::Reasons(StringBuilder::new()),
            "not_rated" => Self::NotRated(StringBuilder::new()),
            _ => return None,
        })
    }

    fn take(&mut self) -> ArrayRef {
        match self {
            Self::Subject(column) => Arc::new(column.finish()),
            Self::Points(column) => Arc::new(column.finish()),
            Self::Scorecard(column)
            | Self::Grade(column)
            | Self::Dimensions(column)
            | Self::Reasons(column)
            | Self::NotRated(column) => Arc::new(column.finish()),
        }
    }
}

/// Whom the first row of a batch with all columns is of.
pub(crate) fn first_subject(batch: &RecordBatch) -> Option<i64> {
    let subjects = batch.columns().first()?.as_primitive_opt::<Int64Type>()?;
    subjects.values().first().copied()
}

/// Hands over the rows of a batch that has all columns.
pub(crate) fn each_row<E: From<DataFusionError>>(
    batch: &RecordBatch,
    mut each: impl FnMut(&Row<'_>) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let other =
        || DataFusionError::Execution("the columns that came back are not those of ratings".to_owned());
    if batch.schema().fields() != schema().fields() {
        return Err(other().into());
    }
    let [subject, scorecard, grade, points, dimensions, reasons, not_rated] = batch.columns() else {
        return Err(other().into());
    };
    let subject = subject.as_primitive_opt::<Int64Type>().ok_or_else(other)?;
    let points = points.as_primitive_opt::<Int32Type>().ok_or_else(other)?;
    let texts = |column: &'_ ArrayRef| column.as_string_opt::<i32>().cloned().ok_or_else(other);
    let (scorecard, grade, not_rated) = (texts(scorecard)?, texts(grade)?, texts(not_rated)?);
    let (dimensions, reasons) = (texts(dimensions)?, texts(reasons)?);
    for at in 0..batch.num_rows() {
        each(&Row {
            subject: subject.value(at),
            scorecard: text(&scorecard, at),
            grade: text(&grade, at),
            points: points.is_valid(at).then(|| points.value(at)),
            dimensions: text(&dimensions, at).map(Cow::Borrowed),
            reasons: text(&reasons, at).map(Cow::Borrowed),
            not_rated: text(&not_rated, at),
        })?;
    }
    Ok(())
}

fn text(column: &StringArray, at: usize) -> Option<&str> {
    column.is_valid(at).then(|| column.value(at))
}
