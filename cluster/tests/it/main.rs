//! A rating on DataFusion and on Ballista is the one that `xinlian rate` makes, to the byte.

mod city;
mod cluster;
mod here;
