/// Every avatar, found by its record's id, by its avatar_id, or by its owner.
struct Avatars {
  private(set) var all = OfficialAvatars.all
  private var byID: [String: Int] = [:]
  private var byAvatarID: [String: Int] = [:]
  private var uploads: [Int64: [Int]] = [:]

  init() { for index in all.indices { register(index) } }

  mutating func add(_ avatar: Avatar) {
    all.append(avatar)
    register(all.count - 1)
  }

  private mutating func register(_ index: Int) {
    byID[all[index].id] = index
    byAvatarID[all[index].avatarID] = index
    if !all[index].isOfficial { uploads[all[index].uid, default: []].append(index) }
  }

  func avatar(id: String) -> Avatar? { byID[id].map { all[$0] } }

  func avatar(avatarID: String) -> Avatar? { byAvatarID[avatarID].map { all[$0] } }

  func uploadCount(_ uid: Int64) -> Int { uploads[uid]?.count ?? 0 }

  /// Official avatars, then the account's own, the latest first.
  func visible(to uid: Int64) -> [Avatar] {
    all.prefix(OfficialAvatars.all.count) + (uploads[uid] ?? []).reversed().map { all[$0] }
  }

  mutating func occupy(_ avatarID: String) {
    guard let index = byAvatarID[avatarID] else { return }
    all[index].sessions += 1
  }

  mutating func release(_ avatarID: String, busyUntil: Milliseconds) {
    guard let index = byAvatarID[avatarID] else { return }
    all[index].sessions -= 1
    all[index].busyUntil = max(all[index].busyUntil, busyUntil)
  }
}
