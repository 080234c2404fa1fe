//! # The words and the socket of exercise `gil`
