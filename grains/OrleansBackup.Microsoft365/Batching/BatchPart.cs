using System.Text.Json;
using OrleansBackup.Microsoft365.Transport;

namespace OrleansBackup.Microsoft365.Batching;

/// <summary>One GET within a batch.</summary>
/// <param name="Url">Relative to the version's root, with a leading slash.</param>
/// <param name="Prefer">The part's own preferences: those of the batch do not reach it.</param>
internal sealed record BatchPart(string Url, string? Prefer);

/// <summary>The answer to one part: a body, or how it failed for good.</summary>
internal sealed record BatchAnswer(int Status, JsonElement Body, GraphFailure? Failure);
