using System.Diagnostics.Metrics;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Telemetry;

/// <summary>How the whole estate stands, told by the one process that hosts the provider's grain; every other tells nothing of it.</summary>
internal static class EstateGauges
{
    private static volatile Published? _published;

    public static void Publish(object publisher, EstateStanding estate) => _published = new(publisher, estate);

    /// <summary>When the publisher leaves this process. A newer one in it stays.</summary>
    public static void Withdraw(object publisher)
    {
        if (_published is { } published && published.By == publisher)
            Interlocked.CompareExchange(ref _published, null, published);
    }

    public static IEnumerable<Measurement<long>> Resources() => _published?.Estate.Resources is not { } counts ? [] :
    [
        Of(counts.Protected, "protected"), Of(counts.Healthy, "healthy"), Of(counts.Overdue, "overdue"),
        Of(counts.Failing, "failing"), Of(counts.Running, "running"), Of(counts.Unprotected, "unprotected"),
    ];

    public static IEnumerable<Measurement<long>> Tenants() => _published?.Estate is not { } estate ? [] : [Of(estate.Tenants, "all"), Of(estate.Hindered, "hindered")];

    private static Measurement<long> Of(long count, string state) => new(count, new KeyValuePair<string, object?>("state", state));

    private sealed record Published(object By, EstateStanding Estate);
}
