internal import AkoolCore
internal import Glibc

/// The clients of this copy of the library.
let clients: HandleTable<Client> = {
  pthread_atfork(beforeFork, afterForkInParent, afterForkInChild)
  return HandleTable()
}()

private func beforeFork() { clients.prepareFork() }

private func afterForkInParent() { clients.resumeInParent() }

private func afterForkInChild() { clients.resumeInChild() }
