//! Policy bundles and every conclusion: grade, lists, measures, decisions
