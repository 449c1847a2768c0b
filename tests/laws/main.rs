//! Laws that hold for every program and every network, on random ones.

mod batch;
mod drawn;
mod exact;
mod explain;
mod flips;
mod formula;
mod layout;
mod oracle;
mod picture;
mod printing;
mod random;
mod reasons;
mod replay;
mod rules;
mod saved;
mod saving;
mod session;
mod survey;
mod table;
