//! Desks: server-side pages over store, assess and exchange
