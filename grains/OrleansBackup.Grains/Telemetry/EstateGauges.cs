using System.Diagnostics.Metrics;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Telemetry;

/// <summary>How the whole estate stands, told by the one process that hosts the provider's grain; every other tells nothing of it.</summary>
/// <remarks>Collectors repeat the last value of a series for ever, so a process that hosted the grain once says from then on that there is no number.</remarks>
internal static class EstateGauges
{
    private static volatile Published? _published;
    private static volatile bool _everPublished;

    public static void Publish(object publisher, EstateStanding estate)
    {
        _published = new(publisher, estate);
        _everPublished = true;
    }

    /// <summary>When the publisher leaves this process. A newer one in it stays.</summary>
    public static void Withdraw(object publisher)
    {
        if (_published is { } published && published.By == publisher)
            Interlocked.CompareExchange(ref _published, null, published);
    }

    public static IEnumerable<Measurement<double>> Resources()
    {
        var counts = _published?.Estate.Resources;
        return Told([
            Of(counts?.Protected, "protected"), Of(counts?.Healthy, "healthy"), Of(counts?.Overdue, "overdue"),
            Of(counts?.Failing, "failing"), Of(counts?.Running, "running"), Of(counts?.Unprotected, "unprotected"),
        ]);
    }

    public static IEnumerable<Measurement<double>> Tenants()
    {
        var estate = _published?.Estate;
        return Told([Of(estate?.Tenants, "all"), Of(estate?.Hindered, "hindered")]);
    }

    private static Measurement<double>[] Told(Measurement<double>[] measured) => _everPublished ? measured : [];

    private static Measurement<double> Of(int? count, string state) => new(count ?? double.NaN, new KeyValuePair<string, object?>("state", state));

    private sealed record Published(object By, EstateStanding Estate);
}
