internal import AkoolCore

/// The voices that the service brings along.
enum OfficialVoices {
  static let all: [Voice] = [
    voice("6698c9d69cf7b0d61d1b7001", "Xb7hH8MSUJpSbSDYk0k2", "Alice", "Female", "English", "en", 1, "News"),
    voice("6698c9d69cf7b0d61d1b7002", "iP95p4xoKVk53GoZ742B", "Chris", "Male", "English", "en", 3, "Conversation"),
    voice("6698c9d69cf7b0d61d1b7003", "SIMULATED-voice-ada", "Ada", "Female", "Polish", "pl", 1, "Conversation"),
    voice("6698c9d69cf7b0d61d1b7004", "SIMULATED-voice-bruno", "Bruno", "Male", "German", "de", 3, "Advertisement"),
    voice("6698c9d69cf7b0d61d1b7005", "SIMULATED-voice-dana", "Dana", "Female", "French", "fr", 2, "News"),
    voice("6698c9d69cf7b0d61d1b7006", "SIMULATED-voice-elif", "Elif", "Female", "Turkish", "tr", 4, "Conversation"),
    voice("6698c9d69cf7b0d61d1b7007", "SIMULATED-voice-femi", "Femi", "Male", "Chinese", "zh", 3, "News"),
  ]

  private static func voice(
    _ id: String, _ voiceID: String, _ name: String, _ gender: String, _ language: String, _ locale: String,
    _ model: Int, _ scenario: String
  ) -> Voice {
    Voice(
      id: id, uid: 1, isCloned: false, voiceID: voiceID, name: name, gender: gender, language: language,
      locale: locale, style: ["Calm"], age: ["Middle"], scenario: [scenario],
      model: "Akool Multilingual \(model)", source: nil, progress: .done, createdAt: 1_721_288_150_000)
  }
}
