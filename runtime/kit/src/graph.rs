//! # The words and the socket of Part 3: the graph of objects
