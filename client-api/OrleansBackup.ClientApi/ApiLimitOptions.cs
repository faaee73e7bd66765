using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansBackup.ClientApi;

/// <summary>How long a caller may take to say what he wants. Configuration section <c>Api:Limits</c>.</summary>
/// <remarks>Callers that send a byte now and then would hold connections for ever otherwise, and need no sign-in for it.</remarks>
public sealed record ApiLimitOptions
{
    public const string Section = "Api:Limits";

    /// <summary>Until the headers of a request are there. Default 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A body comes in at this rate or faster. Default 240 bytes per second.</summary>
    [Range(1, 1_000_000)]
    public double BodyBytesPerSecond { get; init; } = 240;

    /// <summary>A body may begin more slowly for so long. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01.1", "00:05:00")]
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A connection without a request is closed after this. Default 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Connections at once. Default 2000.</summary>
    [Range(1, 1_000_000)]
    public int Connections { get; init; } = 2_000;

    internal void ApplyTo(KestrelServerLimits limits)
    {
        limits.RequestHeadersTimeout = Headers;
        limits.MinRequestBodyDataRate = new MinDataRate(BodyBytesPerSecond, BodyGrace);
        limits.KeepAliveTimeout = Idle;
        limits.MaxConcurrentConnections = Connections;
    }
}
