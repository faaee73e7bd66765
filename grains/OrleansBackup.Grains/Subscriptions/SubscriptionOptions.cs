using System.ComponentModel.DataAnnotations;

namespace OrleansBackup.Grains.Subscriptions;

/// <summary>How events are told to subscribers. Configuration section <c>Notices:Subscriptions</c>.</summary>
public sealed record SubscriptionOptions
{
    public const string Section = "Notices:Subscriptions";

    /// <summary>So many subscriptions a tenant may have, and the provider.</summary>
    [Range(0, 100)]
    public int Most { get; init; } = 20;

    /// <summary>So many ended deliveries of a subscription are kept; the oldest go first.</summary>
    [Range(20, 5_000)]
    public int Kept { get; init; } = 500;

    /// <summary>Ended deliveries that are older go as well.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "366.00:00:00")]
    public TimeSpan KeptFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>So many events of a subscription may wait; what comes then is left out and counted.</summary>
    [Range(10, 10_000)]
    public int MostWaiting { get; init; } = 1_000;

    /// <summary>So long calls are signed with the earlier secret as well, after it was replaced.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "30.00:00:00")]
    public TimeSpan SecretOverlap { get; init; } = TimeSpan.FromDays(1);
}
