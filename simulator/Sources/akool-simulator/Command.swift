import ArgumentParser

/// The command line of the simulator.
@main
struct Command: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "akool-simulator",
    abstract: "Simulates AKOOL's streaming-avatar service over HTTP. Nothing is real and nothing is charged.",
    discussion: """
      The first line on standard output says where it listens. GET /_simulator/books shows the money, \
      GET /_simulator/requests every request received.
      """
  )

  @OptionGroup(title: "Where it listens") var listening: ListeningOptions
  @OptionGroup(title: "What it simulates") var scene: SceneOptions

  @Flag(help: "Write one line for each request to standard error.")
  var log = false

  @Flag(help: "End when standard input is closed, so that no test leaves it behind.")
  var exitWithStdin = false

  func run() async throws {
    ProcessLimits.prepare()
    let world = try scene.world()
    let authority = listening.tls ? try CertificateAuthority(names: listening.certificateNames) : nil
    await Ending.arrange(withStandardInput: exitWithStdin) { authority?.remove() }
    defer { authority?.remove() }
    let answerer = Answerer(
      world: world, log: log ? RequestLog() : nil, scheme: listening.tls ? "https" : "http")
    let sender = Task { await WebhookSender(world: world).run() }
    defer { sender.cancel() }
    try await Listener(options: listening, authority: authority, answerer: answerer).run()
  }
}
