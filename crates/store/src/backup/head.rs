//! The head of the chain over the commitments.
//!
//! ```text
//! head of no record    = 32 zero bytes
//! head of n + 1        = SHA-256("xinlian/head/v1" ‖ head of n ‖ number, 8 bytes, the greatest first ‖ commitment)
//! ```

use record::TreeSize;
use sha2::{Digest as _, Sha256};

use crate::Result;
use crate::db::{Tx, args};

const DOMAIN: &[u8] = b"xinlian/head/v1";
const BLOCK: i64 = 10_000;

/// The head of so many records, in hexadecimal digits.
pub(super) async fn head(tx: &mut Tx, size: TreeSize) -> Result<String> {
    let (mut head, mut from) = ([0; 32], 0);
    loop {
        let sql = "SELECT number, commitment FROM record WHERE number >= $1 AND number < $2 ORDER BY number LIMIT $3";
        let rows = tx.rows(sql, args![from, size, BLOCK]).await?;
        let Some(last) = rows.last() else { break };
        from = last.int(0)? + 1;
        for row in &rows {
            head = next(head, row.int(0)?, row.hash(1)?);
        }
    }
    Ok(crate::keys::to_hex(&head))
}

fn next(head: [u8; 32], number: i64, commitment: [u8; 32]) -> [u8; 32] {
    let mut digest = Sha256::new_with_prefix(DOMAIN);
    digest.update(head);
    digest.update(number.to_be_bytes());
    digest.update(commitment);
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_and_its_place_matter() {
        let chain = |of: &[(i64, u8)]| {
            of.iter()
                .fold([0; 32], |head, (number, byte)| next(head, *number, [*byte; 32]))
        };
        let head = chain(&[(0, 1), (1, 2)]);
        for other in [
            &[(0, 1)][..],
            &[(0, 2), (1, 1)],
            &[(1, 2), (0, 1)],
            &[(0, 1), (2, 2)],
        ] {
            assert_ne!(chain(other), head, "{other:?}");
        }
    }
}
