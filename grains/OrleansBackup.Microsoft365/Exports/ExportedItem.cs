namespace OrleansBackup.Microsoft365.Exports;

/// <summary>What became of one item of an export.</summary>
/// <param name="Id">As it was asked for.</param>
/// <param name="Content">What the caller made of the stream; null: there was none.</param>
/// <param name="Failure">Why the service did not hand it over, as a code; null when it did.</param>
public sealed record ExportedItem<T>(string Id, T? Content, string? Failure) where T : class;
