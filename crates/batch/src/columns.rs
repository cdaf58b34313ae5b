//! Columns into Parquet, a row group at a time.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::error::Result;

/// One column's values of a row group. A column that may lack values has one level for each row.
pub(crate) enum Column {
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Optional32(Vec<i32>, Vec<i16>),
    Text(Vec<ByteArray>, Option<Vec<i16>>),
}

impl Column {
    /// A column of numbers of which some are lacking.
    pub(crate) fn optional(values: impl Iterator<Item = Option<i32>>) -> Self {
        let (mut found, mut levels) = (Vec::new(), Vec::new());
        for value in values {
            levels.push(i16::from(value.is_some()));
            found.extend(value);
        }
        Self::Optional32(found, levels)
    }

    /// A column of texts of which some are lacking.
    pub(crate) fn texts<'t>(values: impl Iterator<Item = Option<&'t str>>) -> Self {
        let mut texts = Texts::default();
        values.for_each(|value| texts.push(value));
        texts.column()
    }

    /// A column of texts of which none is lacking.
    pub(crate) fn required<'t>(values: impl Iterator<Item = &'t str>) -> Self {
        Self::Text(values.map(ByteArray::from).collect(), None)
    }
}

/// A column of texts in the making, of which some are lacking.
#[derive(Default)]
pub(crate) struct Texts {
    found: Vec<ByteArray>,
    levels: Vec<i16>,
}

impl Texts {
    pub(crate) fn push(&mut self, value: Option<&str>) {
        self.levels.push(i16::from(value.is_some()));
        self.found.extend(value.map(ByteArray::from));
    }

    pub(crate) fn column(self) -> Column {
        Column::Text(self.found, Some(self.levels))
    }
}

/// A Parquet file in the making.
pub(crate) struct Table(SerializedFileWriter<BufWriter<File>>);

impl Table {
    /// Begins a file of this schema, in the words of Parquet.
    pub(crate) fn create(place: &Path, schema: &str) -> Result<Self> {
        let schema = Arc::new(parse_message_type(schema)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .build();
        let file = BufWriter::with_capacity(1 << 20, File::create(place)?);
        Ok(Self(SerializedFileWriter::new(
            file,
            schema,
            Arc::new(properties),
        )?))
    }

    /// Writes a row group; its columns are in the order of the schema.
    pub(crate) fn write(&mut self, columns: &[Column]) -> Result<()> {
        let mut group = self.0.next_row_group()?;
        for column in columns {
            let Some(mut writer) = group.next_column()? else {
                break;
            };
            match column {
                Column::Int32(values) => writer.typed::<Int32Type>().write_batch(values, None, None)?,
                Column::Int64(values) => writer.typed::<Int64Type>().write_batch(values, None, None)?,
                Column::Optional32(values, levels) => {
                    writer
                        .typed::<Int32Type>()
                        .write_batch(values, Some(levels), None)?
                }
                Column::Text(values, levels) => {
                    writer
                        .typed::<ByteArrayType>()
                        .write_batch(values, levels.as_deref(), None)?
                }
            };
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }

    /// Ends the file.
    pub(crate) fn finish(self) -> Result<()> {
        self.0.close()?;
        Ok(())
    }
}
