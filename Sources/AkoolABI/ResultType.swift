// swift-format-ignore-file: AlwaysUseLowerCamelCase, TypeNamesShouldBeCapitalized

/// What became of a call: `AKOOL_OK`, which is 0, or one of `AKOOL_ERR_…`.
///
/// New codes may be added; no code ever changes its number or meaning. `akool_result_name` tells the name.
public typealias akool_result = Int32
