/// The events of a stream that may be dropped, by their places, oldest first.
struct DroppableEvents {
  private var links = LinkTable()
  private var progress = LinkTable.List()
  private var states = LinkTable.List()
  private var subjectLinks = LinkTable()
  private var subjects: [Event.Subject: LinkTable.List] = [:]

  /// Adds an event that is younger than all others. No-op for lasting events.
  mutating func insert(_ event: Event, at place: Int) {
    guard let subject = event.subject else { return }
    switch event.importance {
    case .progress: links.append(place, to: &progress)
    case .state: links.append(place, to: &states)
    case .lasting: break
    }
    subjectLinks.append(place, to: &subjects[subject, default: LinkTable.List()])
  }

  mutating func remove(_ event: Event, at place: Int) {
    guard let subject = event.subject else { return }
    switch event.importance {
    case .progress: links.remove(place, from: &progress)
    case .state: links.remove(place, from: &states)
    case .lasting: break
    }
    remove(place, of: subject)
  }

  private mutating func remove(_ place: Int, of subject: Event.Subject) {
    guard var list = subjects[subject] else { return }
    subjectLinks.remove(place, from: &list)
    subjects[subject] = list.isEmpty ? nil : list
  }

  /// The place of the event to drop when a new one comes to a full stream. Nil when none matters less than the new one.
  ///
  /// The oldest progress goes first, then the oldest state. Within its own importance an event replaces the oldest of
  /// its subject, which says the least.
  func victim(for event: Event) -> Int? {
    switch event.importance {
    case .progress: return oldest(of: event) ?? progress.first
    case .state: return progress.first ?? oldest(of: event) ?? states.first
    case .lasting: return progress.first ?? states.first
    }
  }

  private func oldest(of event: Event) -> Int? { event.subject.flatMap { subjects[$0]?.first } }
}
