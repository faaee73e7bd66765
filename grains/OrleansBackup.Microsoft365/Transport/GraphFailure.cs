using System.Collections.Immutable;
using System.Net;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Transport;

/// <summary>How an attempt ended badly.</summary>
internal enum FailureCause
{
    /// <summary>The service answered with an error.</summary>
    Answered,

    /// <summary>No whole answer came: connection refused, reset, stalled, or the body was cut short.</summary>
    Broken,
}

/// <summary>One failed attempt, as facts: what it means is decided by <see cref="FailureMeaning"/>.</summary>
internal sealed record GraphFailure
{
    /// <summary>Our code for a refusal that the service explains in words only.</summary>
    public const string DeltaNotSupported = "DeltaNotSupported";

    /// <inheritdoc cref="DeltaNotSupported"/>
    public const string NoSharePointLicence = "NoSharePointLicence";

    public required FailureCause Cause { get; init; }

    public int Status { get; init; }

    /// <summary>Outermost first; inner errors carry the code that is worth knowing.</summary>
    public ImmutableArray<string> Codes { get; init; } = [];

    public string? RequestId { get; init; }

    /// <summary>What the service asked for: the larger of Retry-After and RateLimit-Reset.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public Uri? Location { get; init; }

    public bool HasEmptyBody { get; init; }

    /// <summary>Facts that exist only as text; the text itself is dropped, it can quote content.</summary>
    public bool SaysPayloadReadFailed { get; init; }

    public bool SaysOverMailboxConcurrency { get; init; }

    public Exception? Exception { get; init; }

    public string Code => Codes is [.., var deepest] ? deepest : Status != 0 ? $"HTTP{Status}" : "NoAnswer";

    public bool Has(params ReadOnlySpan<string> codes)
    {
        foreach (var code in codes)
        {
            if (Codes.Contains(code, StringComparer.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>Reads an answer's error object, wherever it is nested; anything else leaves <see cref="Codes"/> empty.</summary>
    public static GraphFailure Read(HttpStatusCode status, ReadOnlyMemory<byte> body)
    {
        var failure = new GraphFailure { Cause = FailureCause.Answered, Status = (int)status, HasEmptyBody = body.IsEmpty };
        try
        {
            using var document = JsonDocument.Parse(TolerantJson.Repair(body));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error)
                ? failure.WithError(error) : failure;
        }
        catch (JsonException)
        {
            return failure; // HTML, empty or cut: the status has to do
        }
    }

    public GraphFailure WithError(JsonElement error)
    {
        var text = TolerantJson.GetText(error, "message") ?? "";
        var codes = ImmutableArray.CreateBuilder<string>();
        for (var depth = 0; error.ValueKind == JsonValueKind.Object && depth < 10; depth++)
        {
            if (TolerantJson.GetText(error, "code") is { Length: > 0 and <= 200 } code) codes.Add(code);
            if (!error.TryGetProperty("innerError", out var inner) && !error.TryGetProperty("innererror", out inner)) break;
            error = inner;
        }

        if (text.Contains("'DeltaToken' not supported", StringComparison.OrdinalIgnoreCase)) codes.Add(DeltaNotSupported);
        if (text.Contains("does not have a SPO license", StringComparison.OrdinalIgnoreCase)) codes.Add(NoSharePointLicence);
        return this with
        {
            Codes = codes.ToImmutable(),
            SaysPayloadReadFailed = text.Contains("IO error during request payload read", StringComparison.OrdinalIgnoreCase),
            SaysOverMailboxConcurrency = text.Contains("MailboxConcurrency", StringComparison.OrdinalIgnoreCase),
        };
    }
}

/// <summary>Carries a <see cref="GraphFailure"/> from an attempt to the loop that decides.</summary>
internal sealed class AttemptFailedException(GraphFailure failure) : Exception($"An attempt failed: {failure.Code}.", failure.Exception)
{
    public GraphFailure Failure { get; } = failure;
}
