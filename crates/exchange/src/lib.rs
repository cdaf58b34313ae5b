//! Files in and out: readers, layouts, row-level reports, error workbooks
