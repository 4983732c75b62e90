internal import AkoolCore

/// The clients of this copy of the library.
let clients = HandleTable<Client>()
